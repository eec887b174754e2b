import type { ResolveInput } from "./input";
import { targetKey } from "./links";
import { problem, type Problems } from "./problems";
import { pinnedImage, type SettledApp } from "./resolve";
import { settleScale } from "./settle";

/** Checks what fields say together, within a workload, an app and the whole stack. */
export function checkRelations(apps: readonly SettledApp[], input: ResolveInput, problems: Problems): void {
  const names = new Set(
    apps.flatMap(({ app, names: workloads }) => [...workloads].map((name) => targetKey(app.name, name))),
  );
  for (const app of apps) {
    const release = input.release.apps[app.app.name] ?? {};
    for (const [name, workload] of app.settled) {
      const report = (...args: Parameters<typeof problem>) => {
        problems.add({ source: app.source, app: app.app.name, workload: name }, problem(...args));
      };
      checkImage(workload, release[name]?.image, input.stack.environment, app.app.name, report);
      if ("scale" in workload || "replicas" in workload) {
        const { min, max } = settleScale(workload);
        if (min > max)
          report(
            "FIELD_CONFLICT",
            ["scale", "min"],
            `scale.min (${min}) is above scale.max (${max}).`,
            "Raise max or lower min.",
          );
      }
      for (const [prefix, link] of Object.entries(workload.links)) {
        const to = typeof link === "string" ? link : link.to;
        const key = to.includes("/") ? to : targetKey(app.app.name, to);
        if (!names.has(key))
          report(
            "LINK_UNKNOWN",
            ["links", prefix],
            `links.${prefix} leads to "${to}", which is not there.`,
            "Name a workload that is there.",
          );
      }
    }
  }
}

function checkImage(
  workload: { image?: string; source?: object },
  released: string | undefined,
  environment: string,
  app: string,
  report: (...args: Parameters<typeof problem>) => void,
): void {
  const { image, source } = workload;
  if (image !== undefined && source !== undefined) {
    report("FIELD_CONFLICT", ["source"], "image and source are both given.", "Keep one of them.");
    return;
  }
  if (image === undefined && source === undefined) {
    report("FIELD_MISSING", ["image"], "image is missing.", "Give an image, or a source to build one from.");
    return;
  }
  if (pinnedImage(image, released) !== undefined) return;
  if (image !== undefined) {
    report(
      "IMAGE_UNPINNED",
      ["image"],
      `image is "${image}", whose tag may name another image tomorrow.`,
      `Write its digest ("@sha256:…"), or run \`petrichor lock -s ${environment}\`.`,
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
    `Promote it from an environment that runs it: \`petrichor promote FROM ${environment} --app ${app}\`.`,
  );
}
