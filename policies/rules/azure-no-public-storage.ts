import { at, everyResource, told } from "../clouds";
import type { CloudRule } from "../rule";

export const azureNoPublicStorage: CloudRule = {
  scope: "cloud",
  cloud: "azure",
  name: "azure-no-public-storage",
  topic: "cloud",
  title: "Storage in Azure is closed to the public and speaks TLS",
  why: "One open container is the usual way in which a company's data ends up on the internet.",
  remedy: "Turn public blobs and shared keys off, and ask for HTTPS with TLS 1.2",
  level: "mandatory",
  frameworks: { cis: "Azure 4.1, 4.6, 4.15" },
  judge: everyResource(
    ["azure-native:storage:StorageAccount", "azure-native:storage:BlobContainer"],
    (properties, { type }) => {
      if (type === "azure-native:storage:BlobContainer") {
        const access = at(properties, "publicAccess") ?? "None";
        return access === "None" ? undefined : `publicAccess is ${told(access)}`;
      }
      if (at(properties, "allowBlobPublicAccess") !== false) return "blobs may be public";
      if (at(properties, "allowSharedKeyAccess") !== false) return "shared keys let in";
      if (at(properties, "enableHttpsTrafficOnly") === false) return "it answers without TLS";
      const version = at(properties, "minimumTlsVersion");
      return version === "TLS1_2" || version === "TLS1_3" ? undefined : "it takes TLS older than 1.2";
    },
  ),
};
