import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { stringify } from "yaml";
import { clusterStatus } from "../../../toolchain/cluster/status";
import { toolPath } from "../../../toolchain/locate";
import { answerOf } from "../../support/ask";
import { eventually } from "../../support/embedded";
import { type Outcome, TestProject } from "../../support/project";

const app = "apps/shop/app.ts";
const stack = "stacks/shop.ts";

/** What `up` tells a machine. */
export interface UpResult {
  readonly changes: readonly { readonly operation: string; readonly resource: string }[];
  readonly unchanged: number;
  readonly workloads: readonly {
    readonly app: string;
    readonly workload: string;
    readonly addresses: readonly string[];
  }[];
  readonly kept: readonly { readonly namespace: string; readonly name: string; readonly size: string }[];
}

/** What the report says of the orders. */
export interface Report {
  readonly orders: number;
  readonly packed: number;
  readonly pieces: number;
  readonly revenue: number;
}

/** The shop on a cluster of its own, in a copy of the project that a test may change. */
export class Shop {
  readonly project = new TestProject();
  #address = "";

  /** Takes down the cluster and the copy. */
  async delete(): Promise<void> {
    await this.project.run(["cluster", "delete", "shop"]);
    this.project.delete();
  }

  /** Changes the app file; the text to replace must be there. */
  edit(from: string, to: string, file = app): void {
    const text = this.project.read(file);
    if (!text.includes(from)) throw new Error(`${file} lacks ${from}`);
    this.project.write(file, text.replace(from, to));
  }

  /** Says which apps the stack runs. */
  place(...apps: readonly string[]): void {
    const text = this.project.read(stack);
    this.project.write(stack, text.replace(/apps: \[.*\]/, `apps: ${JSON.stringify(apps)}`));
  }

  /** Runs `up` and expects it to end well. */
  async up(): Promise<UpResult> {
    const { code, stdout, stderr } = await this.project.run(["up", "shop", "--json"]);
    if (code !== 0) throw new Error(`up ended with ${code}:\n${stdout}${stderr}`);
    const [result] = JSON.parse(stdout) as UpResult[];
    if (result === undefined) throw new Error("up told no result");
    this.#address = result.workloads.find(({ workload }) => workload === "web")?.addresses[0] ?? "";
    return result;
  }

  /** Runs `up` and returns how it ended. */
  async tryUp(): Promise<Outcome> {
    return this.project.run(["up", "shop"]);
  }

  /** Runs `kubectl` in the namespace of the shop. */
  async kubectl(line: string): Promise<string> {
    const { addresses } = await clusterStatus({ name: "shop", home: this.project.home });
    const program = await toolPath("kubectl");
    if (program === undefined || addresses === undefined) throw new Error("no kubectl, or no cluster");
    const args = ["--kubeconfig", addresses.kubeconfig, ...line.split(" ")];
    if (!args.includes("--namespace")) args.push("--namespace", "shop");
    const { stdout } = await promisify(execFile)(program, args);
    return stdout.trim();
  }

  /** Unique id of an object: another one after it was made anew. */
  async uid(object: string): Promise<string> {
    return this.kubectl(`get ${object} --output jsonpath={.metadata.uid}`);
  }

  /** What a browser gets. */
  async page(route = "/"): Promise<string> {
    return eventually(async () => {
      const { status, body } = await answerOf(`${this.#address}${route}`);
      if (status !== 200) throw new Error(`the page answered ${status}`);
      return body;
    });
  }

  /** Fills in the page's form and sends it, again where the shop did not take it; returns the order's number. */
  async order(article: string, quantity: number): Promise<string> {
    const [, id = ""] = /name="id" value="([^"]+)"/.exec(await this.page()) ?? [];
    const form = { id, article, quantity: String(quantity), customer: "Ada" };
    await eventually(async () => {
      const { headers } = await answerOf(`${this.#address}/orders`, { form, timeout: 10_000 });
      expect(headers.location).toBe("/#orders");
    }, 120_000);
    return id;
  }

  /** Waits until the page shows an order as packed. */
  async packed(id: string): Promise<void> {
    await eventually(async () => {
      const [, order = ""] = (await this.page("/orders")).split(`data-order="${id}"`);
      expect(order.split("</li>")[0]).toContain("packed ");
    }, 120_000);
  }

  /** Runs the report now, as its schedule would, and returns what it printed. */
  async report(name: string): Promise<Report> {
    await this.kubectl(`create job --from=cronjob/report ${name}`);
    await this.kubectl(`wait --for=condition=complete job/${name} --timeout=300s`);
    const lines = (await this.kubectl(`logs job/${name}`)).split("\n");
    const line = lines.find((text) => text.includes('"msg":"report"'));
    const { orders, packed, pieces, revenue } = JSON.parse(line ?? "") as Report;
    return { orders, packed, pieces, revenue };
  }

  /** Runs the report's program in a pod that has the api's address, but no link to it; returns what it printed. */
  async tryToReport(namespace: string): Promise<string> {
    const container = "{.spec.jobTemplate.spec.template.spec.containers[0].image}";
    const image = await this.kubectl(`get cronjob report --output jsonpath=${container}`);
    const file = "stranger.yaml";
    this.project.write(file, stringify(stranger(namespace, image)));
    await this.kubectl(`apply --filename ${path.join(this.project.folder, file)} --namespace ${namespace}`);
    await this.kubectl(
      `wait --for=jsonpath={.status.phase}=Failed pod/stranger --namespace ${namespace} --timeout=120s`,
    );
    const said = await this.kubectl(`logs stranger --namespace ${namespace}`);
    await this.kubectl(`delete pod stranger --namespace ${namespace}`);
    return said;
  }
}

function stranger(namespace: string, image: string): object {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "stranger", namespace, labels: { "petrichor.dev/workload": "worker" } },
    spec: {
      restartPolicy: "Never",
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
      containers: [
        {
          name: "main",
          image,
          env: [{ name: "API_URL", value: "http://api.shop.svc:9000" }],
          resources: { requests: { cpu: "10m", memory: "32Mi" }, limits: { memory: "64Mi" } },
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ["ALL"] },
          },
        },
      ],
    },
  };
}
