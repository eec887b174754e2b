import { z } from "zod";
import { absolutePath, labelOf, seconds, objectName, size } from "./scalars";

const mount = absolutePath.meta({ description: "Where it appears in the container." });

const persistent = z.strictObject({
  mount,
  size: size.meta({ description: "Size asked for. It may grow later, not shrink." }),
  class: objectName.meta({ description: "StorageClass. Default: the cluster's." }).exactOptional(),
  access: z
    .enum(["one-node", "many-nodes"])
    .meta({ description: "Whether replicas on several nodes may mount it at once." })
    .exactOptional(),
  retain: z
    .boolean()
    .meta({ description: "Whether the data stays when the workload goes or has fewer replicas." })
    .exactOptional(),
  backup: z
    .strictObject({
      schedule: z.string().min(9).meta({ description: "When, as a cron schedule in UTC." }),
      keep: seconds.meta({ description: "How long a backup is kept." }).exactOptional(),
    })
    .meta({ description: "Backups of the volume. Default: none.", examples: [{ schedule: "0 2 * * *" }] })
    .exactOptional(),
});
const scratch = z.strictObject({
  mount,
  scratch: size.meta({ description: "Most space it may take; it is empty in every new pod." }),
  medium: z.enum(["disk", "memory"]).meta({ description: "Where it lives." }).exactOptional(),
});
const secretFolder = z.strictObject({
  mount,
  secret: objectName.meta({ description: "Secret in the app's namespace whose keys appear as files." }),
});
const configFolder = z.strictObject({
  mount,
  config: objectName.meta({ description: "ConfigMap in the app's namespace whose keys appear as files." }),
});

export const volumes = z
  .record(
    labelOf("a volume", 30),
    z.union([persistent, scratch, secretFolder, configFolder], {
      error: "a volume with a `mount` and one of `size`, `scratch`, `secret` or `config`",
    }),
  )
  .meta({
    description: "Folders that outlive the container, or come from outside it. Everything else is read-only.",
    examples: [{ data: { mount: "/data", size: "20Gi" }, tmp: { mount: "/tmp", scratch: "64Mi" } }],
  });

export type Volume = z.output<typeof volumes>[string];
export type PersistentVolume = z.output<typeof persistent>;
export type ScratchVolume = z.output<typeof scratch>;
