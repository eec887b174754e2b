import type { Target } from "../../../cli/clusters";
import { deleteDefinitions } from "../../../cli/definitions/delete";
import { definitionTable, findDefinitions, keptDefinitionsNotice } from "../../../cli/definitions/kept";
import type { Kubectl } from "../../../cli/kubectl";
import { createProgress } from "../../../cli/progress";
import { requireNotNeeded } from "../../../cli/up/leaving";
import { PetrichorError } from "../../../components/errors";
import type { Project } from "../../../stacks/project";

const target = { name: "eu", stack: { environment: "dev", domain: "dev.example.com" } } as unknown as Target;

/** A cluster with definitions of two engines, and three custom resources. */
const kubectl = {
  text: (_: string, what: string, ...rest: readonly string[]) => {
    if (what === "customresourcedefinitions") {
      expect(rest).toContain("petrichor.dev/engine,petrichor.dev/stack=dev-eu");
      return Promise.resolve(
        [
          "drops.rain.example.com|rain.example.com/Drop|rain",
          "clouds.rain.example.com|rain.example.com/Cloud|rain",
          "gusts.wind.example.com|wind.example.com/Gust|wind",
          "",
        ].join("\n"),
      );
    }
    expect(what).toBe("drops.rain.example.com,clouds.rain.example.com,gusts.wind.example.com");
    return Promise.resolve("rain.example.com/v1|Drop\nrain.example.com/v1beta1|Drop\nwind.example.com/v1|Gust\n");
  },
} as unknown as Kubectl;

/** A project whose one engine has these definitions. */
function running(names: readonly string[], provided: readonly string[] = []): Pick<Project, "platform" | "stack"> {
  const objects = names.map((name) => ({ kind: "CustomResourceDefinition", metadata: { name } }));
  return { platform: { engines: [{ objects }] }, stack: { provided } } as unknown as Project;
}

describe("definitions on a cluster", () => {
  const states = async (project?: Pick<Project, "platform" | "stack">): Promise<string[]> =>
    (await findDefinitions(kubectl, target, project)).map(({ name, state }) => `${name.split(".")[0] ?? ""} ${state}`);

  test("are used where an engine of the stack has them, and kept where none has them any more", async () => {
    expect(await states(running(["drops.rain.example.com"]))).toEqual(["drops used", "clouds kept", "gusts kept"]);
    expect(await states()).toEqual(["drops kept", "clouds kept", "gusts kept"]);
  });

  test("are used by an engine that others run", async () => {
    expect(await states(running([], ["wind"]))).toEqual(["drops kept", "clouds kept", "gusts used"]);
  });

  test("are listed with what is of their kinds", async () => {
    const found = await findDefinitions(kubectl, target, running(["gusts.wind.example.com"]));
    expect(
      definitionTable(found)
        .split("\n")
        .map((line) => line.trim().split(/ {2,}/)),
    ).toEqual([
      ["ENGINE", "CRD", "CUSTOM RESOURCES", "STATE"],
      ["rain", "drops.rain.example.com", "2", "kept"],
      ["rain", "clouds.rain.example.com", "0", "kept"],
      ["wind", "gusts.wind.example.com", "1", "used"],
    ]);
  });

  test("that are kept are told by engine, with the command that deletes them", async () => {
    const told = keptDefinitionsNotice(
      await findDefinitions(kubectl, target, running(["gusts.wind.example.com"])),
      "dev",
    );
    expect(told).toMatch(/^rain +2 +2$/m);
    expect(told).toContain("until you name them: `petrichor crds delete rain -s dev`.");
    expect(keptDefinitionsNotice([], "dev")).toBe("");
  });
});

describe("an engine that leaves the stack", () => {
  const type = "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition";
  const kind = "CustomResourceDefinition";
  const known = (name: string, labels: object) => ({ urn: "", type, inputs: { kind, metadata: { name, labels } } });
  const state = {
    version: 3,
    deployment: {
      resources: [
        known("drops.rain.example.com", { "petrichor.dev/engine": "rain" }),
        known("gusts.wind.example.com", { "petrichor.dev/engine": "wind" }),
        known("flakes.snow.example.com", {}),
        { urn: "", type: "kubernetes:rain.example.com/v1:Drop", inputs: { kind: "Drop", metadata: { name: "own" } } },
        { urn: "", type: "pulumi:providers:kubernetes", inputs: {} },
      ],
    },
  };
  const custom = (name: string, metadata: object = {}) => ({ kind: "Drop", metadata: { name, ...metadata } });
  const staying = (...ids: readonly string[]) =>
    ({
      platform: { engines: ids.map((id) => ({ engine: { id } })) },
      stack: { environment: "dev" },
    }) as unknown as Pick<Project, "platform" | "stack">;
  const holding = (...items: readonly object[]) => {
    const asked: string[] = [];
    const json = (...args: readonly string[]): Promise<object> => {
      asked.push(args.join(" "));
      return Promise.resolve({ items });
    };
    return { asked, kubectl: { json } as unknown as Kubectl };
  };

  test("is missed by custom resources of other hands, and they are named", async () => {
    const others = [custom("b", { namespace: "shop" }), ...["c", "d", "e", "f", "g"].map((name) => custom(name))];
    const { asked, kubectl: cluster } = holding(...others);
    await expect(requireNotNeeded(staying("wind"), state, cluster)).rejects.toMatchObject({
      code: "ENGINE_NEEDED",
      message:
        'the engine "rain" is not in the stack any more, and what others made needs it: Drop shop/b, Drop c, Drop d, Drop e, Drop f and 1 more.',
    });
    expect(asked).toEqual(["get drops.rain.example.com --all-namespaces"]);
  });

  test("is not missed by what is ours, and what another object made", async () => {
    const ours = custom("a", { labels: { "app.kubernetes.io/managed-by": "petrichor" } });
    const made = custom("b", { ownerReferences: [{ name: "a" }] });
    const { kubectl: cluster } = holding(ours, made, custom("own"));
    await requireNotNeeded(staying("wind"), state, cluster);
  });

  test("is looked for only where there is one", async () => {
    const { asked, kubectl: cluster } = holding(custom("a"));
    await requireNotNeeded(staying("wind", "rain"), state, cluster);
    expect(asked).toEqual([]);
  });
});

describe("deleting a definition", () => {
  /** A cluster whose definition goes by itself, or once nothing of its kind has finalizers. */
  function deleting(held: readonly object[]) {
    const asked: string[] = [];
    let left = held.length;
    const text = (...args: readonly string[]): Promise<string> => {
      asked.push(args.join(" "));
      if (args[0] === "patch") left--;
      return args[0] === "wait" && left > 0
        ? Promise.reject(new PetrichorError("ENGINE_FAILED", "timed out", ""))
        : Promise.resolve("");
    };
    const json = (): Promise<object> => Promise.resolve({ items: [...held, { metadata: { name: "free" } }] });
    return { asked, kubectl: { text, json } as unknown as Kubectl };
  }
  const named = [{ name: "drops.rain.example.com" }];

  test("takes what is of its kind along", async () => {
    const { asked, kubectl: cluster } = deleting([]);
    await deleteDefinitions(cluster, named, createProgress());
    expect(asked).toEqual([
      "delete customresourcedefinition/drops.rain.example.com --ignore-not-found --wait=false",
      "wait --for=delete customresourcedefinition/drops.rain.example.com --timeout 10s",
    ]);
  });

  test("doesn't wait for an engine that is gone", async () => {
    const held = { metadata: { name: "held", namespace: "shop", finalizers: ["rain.example.com/dry"] } };
    const { asked, kubectl: cluster } = deleting([held]);
    await deleteDefinitions(cluster, named, createProgress());
    expect(asked.slice(2)).toEqual([
      'patch drops.rain.example.com held --namespace shop --type merge --patch {"metadata":{"finalizers":null}}',
      "wait --for=delete customresourcedefinition/drops.rain.example.com --timeout 120s",
    ]);
  });
});
