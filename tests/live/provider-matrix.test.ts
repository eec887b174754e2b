import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ensureTools } from "../../toolchain/build";
import { deleteCluster, startCluster } from "../../toolchain/cluster/cluster";
import { lineReporter } from "../../toolchain/report";
import { describeEmbedded, runTool } from "../support/embedded";
import type { Case } from "./provider/cases";
import { playControllers, Server } from "./provider/cluster";
import * as cancelled from "./provider/conditions/cancelled";
import * as conflicting from "./provider/conditions/conflicting";
import * as failing from "./provider/conditions/failing";
import * as gone from "./provider/conditions/gone";
import * as ready from "./provider/conditions/ready";
import * as slow from "./provider/conditions/slow";
import * as unreachable from "./provider/conditions/unreachable";
import { nodeImage } from "./provider/image";
import { kinds, version } from "./provider/kinds";
import type { Tools } from "./provider/engine";
import { Scenario } from "./provider/scenario";
import { sources } from "./provider/sources";

/** A condition: what is done to an object of every kind, and what each operation has to come to. */
interface Condition {
  readonly run: (scenario: Scenario) => Promise<void>;
  readonly cases: readonly Case[];
}

const conditions: Record<string, Condition> = { ready, slow, failing, conflicting, gone, unreachable, cancelled };

jest.setTimeout(60_000);

const firstBuild = 40 * 60_000;
const home = mkdtempSync(join(tmpdir(), "petrichor-live-provider-"));
const cluster = { name: "matrix", home };
const controllers = new AbortController();

let tools: Tools;
let server: Server;
let image: string;

describeEmbedded("the Kubernetes provider", () => {
  beforeAll(async () => {
    tools = await ensureTools(["pulumi", "pulumi-language-nodejs", "pulumi-resource-kubernetes"], {
      report: lineReporter(),
    });
    const at = await startCluster(cluster);
    server = new Server(at.kubeconfig, home);
    image = nodeImage(
      await runTool(
        "images",
        ...["build", "--source", join(__dirname, "provider/workload"), "--repository", `${at.registry}/test/workload`],
      ),
      at.registry,
    );
    await server.apply({
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      metadata: { name: "widgets.petrichor.test" },
      spec: {
        group: "petrichor.test",
        scope: "Namespaced",
        names: { kind: "Widget", plural: "widgets", singular: "widget", listKind: "WidgetList" },
        versions: [version],
      },
    });
    await server.kubectl("wait", "crd/widgets.petrichor.test", "--for=condition=Established");
    void playControllers(server, controllers.signal);
  }, firstBuild);

  afterAll(async () => {
    controllers.abort();
    await sleep(1000);
    await deleteCluster(cluster);
    rmSync(home, { recursive: true, force: true });
  }, 120_000);

  describe.each(Object.entries(conditions))("%s", (name, { run, cases }) => {
    let scenario: Scenario | undefined;

    beforeAll(async () => {
      scenario = await new Scenario(name, tools, server, image).prepare();
      await run(scenario);
    }, 10 * 60_000);
    afterAll(() => scenario?.engine.remove());

    const cells = cases.flatMap((row) =>
      kinds
        .filter(row.only ?? (() => true))
        .map((kind) => [kind.kind, row.operation, row.expectation, row, kind] as const),
    );
    it.each(cells)(`%s × %s × ${name}: %s`, (_kind, _operation, _expectation, row, kind) => {
      if (scenario === undefined) throw new Error("the scenario did not start");
      expect(sources[row.source]).toBeDefined();
      row.check(scenario.look(row.operation, kind), kind, scenario);
    });
  });
});
