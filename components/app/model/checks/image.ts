import { pinnedImage } from "../image";
import type { StackInput } from "../input";
import type { Checked } from "./check";

/** What runs has to be known, and to be the same tomorrow. */
export function checkImage({ app, name, workload, input, report }: Checked): void {
  const { image, source } = workload;
  const { environment, builds = false } = input.stack;
  if (image !== undefined && source !== undefined) {
    report("FIELD_CONFLICT", ["source"], "image and source are both given.", "Keep one of them.");
    return;
  }
  if (image === undefined && source === undefined) {
    report("FIELD_MISSING", ["image"], "image is missing.", "Give an image, or a source to build one from.");
    return;
  }
  if (pinnedImage(image, input.release.apps[app.app.name]?.[name]?.image) !== undefined) return;
  if (image !== undefined) {
    report(
      "IMAGE_UNPINNED",
      ["image"],
      `image is "${image}", whose tag may name another image tomorrow.`,
      `Write its digest ("@sha256:…"), or run \`petrichor lock ${environment}\`.`,
    );
    return;
  }
  if (source !== undefined && !("folder" in source)) {
    report(
      "SOURCE_UNSUPPORTED",
      ["source"],
      "source is of a kind that nothing here builds yet.",
      'Use folder("…"), or build the image elsewhere and give its digest in `image`.',
    );
    return;
  }
  report(
    "RELEASE_MISSING",
    ["source"],
    `the release of "${environment}" has no image for it.`,
    builds ? `Build it: \`petrichor up ${environment}\`.` : promoted(app.app.name, name, input.stack),
  );
}

function promoted(app: string, workload: string, { environment, releasedIn }: StackInput): string {
  const from = releasedIn?.(app, workload);
  const command = `\`petrichor promote ${from ?? "FROM"} ${environment} --app ${app}\``;
  return from === undefined
    ? `No other environment has one yet: run the app in one, then promote it from there, ${command}.`
    : `Promote it: ${command}.`;
}
