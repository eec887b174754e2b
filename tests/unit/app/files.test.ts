import { image, render } from "../../support/apps";

interface Pod {
  readonly containers: readonly { readonly volumeMounts: readonly { mountPath: string; subPath?: string }[] }[];
  readonly volumes: readonly {
    readonly name: string;
    readonly projected?: {
      readonly sources: readonly { readonly secret?: { name: string; items: { key: string; path: string }[] } }[];
    };
  }[];
}

test("files of several Secrets with the same key are told apart", () => {
  const files = {
    "/etc/client/tls.crt": { secret: "client", key: "tls.crt" },
    "/etc/server/tls.crt": { secret: "server", key: "tls.crt" },
    "/etc/copy/tls.crt": { secret: "server", key: "tls.crt" },
  };
  const objects = render({ name: "shop", workloads: { web: { kind: "service", image, files } } });
  const { spec } = objects.find(({ kind }) => kind === "Deployment") as unknown as {
    spec: { template: { spec: Pod } };
  };
  const pod = spec.template.spec;
  const sources = pod.volumes.find(({ name }) => name === "files")?.projected?.sources ?? [];
  const projected = sources.flatMap(({ secret }) =>
    (secret?.items ?? []).map(({ key, path }) => [path, `${secret?.name ?? ""}/${key}`] as const),
  );
  expect(new Set(projected.map(([path]) => path)).size).toBe(3);
  const mounts = pod.containers[0]?.volumeMounts ?? [];
  const mounted = mounts.map(({ mountPath, subPath }) => [mountPath, new Map(projected).get(subPath ?? "")]);
  expect(Object.fromEntries(mounted)).toMatchObject({
    "/etc/client/tls.crt": "client/tls.crt",
    "/etc/server/tls.crt": "server/tls.crt",
    "/etc/copy/tls.crt": "server/tls.crt",
  });
});
