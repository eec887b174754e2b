import { setTimeout as sleep } from "node:timers/promises";
import { resourceOf, type KubeObject, type Server } from "./cluster";
import {
  Engine,
  type Outcome,
  type Resource,
  type RunOptions,
  type StateResource,
  type Step,
  type Tools,
} from "./engine";
import { definition, kinds, type Kind } from "./kinds";
import type { Mode } from "./workloads";

/** What one operation of the engine did to the object of one kind. */
export interface Seen {
  readonly code: number | null;
  readonly output: string;
  readonly steps: readonly Step[];
  readonly ops: readonly string[];
  readonly message: string;
  readonly state: StateResource | undefined;
  readonly before: KubeObject | undefined;
  readonly after: KubeObject | undefined;
}

export interface Program {
  readonly mode?: Mode;
  readonly replaced?: boolean;
  /** Value of a label that every object has: what an update in place changes. */
  readonly label?: string;
  readonly annotations?: Record<string, string>;
  /** Version of the pods of those kinds that have more than one. */
  readonly rollout?: string;
  /** Seconds that each operation may take. */
  readonly patience?: number;
  readonly only?: (kind: Kind) => boolean;
}

export const labelName = "petrichor.test/step";

/** One condition of the matrix: a stack with an object of every kind in a namespace of its own. */
export class Scenario {
  readonly namespace: string;
  readonly engine: Engine;
  private readonly seen = new Map<string, ReadonlyMap<string, Seen>>();

  constructor(
    readonly name: string,
    private readonly tools: Tools,
    readonly server: Server,
    private readonly image: string,
  ) {
    this.namespace = `matrix-${name}`;
    this.engine = this.newEngine();
  }

  private newEngine(): Engine {
    return new Engine(this.tools, {
      KUBECONFIG: this.server.kubeconfig,
      PULUMI_PARALLEL: "40",
      PULUMI_K8S_AWAIT_ALL: "true",
    });
  }

  /** The namespace, a service with a pod behind it, and a definition whose list's name is taken. */
  async prepare(): Promise<this> {
    await this.engine.create();
    await this.server.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: this.namespace } });
    await this.server.kubectl("wait", "--namespace", this.namespace, "serviceaccount/default", "--for=create");
    await this.server.apply(backing(this.namespace, "backing", this.image));
    await this.server.apply({
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "backing", namespace: this.namespace },
      spec: { selector: { app: "backing" }, ports: [{ port: 80 }] },
    });
    await this.server.apply({
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      metadata: { name: `takens.${this.name}.petrichor.test` },
      ...definition(this.name, "Taken"),
    });
    return this;
  }

  /** Puts a pod behind the Service of slow scenarios a while after that exists. */
  async backLate(after: number): Promise<void> {
    await this.server.kubectl(
      "wait",
      "--namespace",
      this.namespace,
      "service/service",
      "--for=create",
      "--timeout=60s",
    );
    await sleep(after);
    await this.server.apply(backing(this.namespace, "late", this.image));
  }

  objectName(kind: Kind, program: Program = {}): string {
    const setting = this.setting(program);
    const given = kind.name?.(setting);
    if (given !== undefined) return given;
    const second = setting.replaced && kind.replacedBy === "metadata.name" ? "-second" : "";
    const scenario = kind.clusterScoped === true ? `matrix-${this.name}-` : "";
    return `${scenario}${kind.kind.toLowerCase()}${second}`;
  }

  resources(program: Program = {}): readonly Resource[] {
    return kinds.filter(program.only ?? (() => true)).map((kind) => ({
      type: typeOf(kind),
      name: kind.kind,
      inputs: this.object(kind, program),
      options: program.patience === undefined ? {} : { customTimeouts: timeouts(program.patience) },
    }));
  }

  object(kind: Kind, program: Program = {}): object {
    const setting = this.setting(program);
    const annotations = { ...kind.annotations?.(setting), ...program.annotations };
    return {
      apiVersion: kind.apiVersion,
      kind: kind.kind,
      metadata: {
        name: this.objectName(kind, program),
        ...(kind.clusterScoped !== true && { namespace: this.namespace }),
        labels: { [labelName]: program.label ?? "first" },
        ...(Object.keys(annotations).length > 0 && { annotations }),
      },
      ...kind.body(setting),
    };
  }

  /** Runs the engine and notes what became of each kind's object. */
  async observe(
    operation: string,
    run: (engine: Engine) => Promise<Outcome>,
    program: Program = {},
    engine = this.engine,
  ): Promise<Outcome> {
    const before = await this.objects();
    const outcome = await run(engine);
    const after = await this.objects();
    const state = engine.state();
    this.seen.set(
      operation,
      new Map(
        kinds.map((kind) => {
          const steps = outcome.steps.get(kind.kind) ?? [];
          const name = this.objectName(kind, program);
          const former = this.objectName(kind);
          const seen: Seen = {
            code: outcome.code,
            output: outcome.output,
            steps,
            ops: steps.map(({ op }) => op),
            message: outcome.messages.get(kind.kind) ?? "",
            state: state.get(kind.kind),
            before: before.get(`${kind.kind} ${former}`),
            after: after.get(`${kind.kind} ${name}`),
          };
          return [kind.kind, seen] as const;
        }),
      ),
    );
    return outcome;
  }

  up(operation: string, program: Program = {}, options: RunOptions = {}): Promise<Outcome> {
    return this.observe(operation, (engine) => engine.up(this.resources(program), options), program);
  }

  /** Imports the objects into a stack. Default: this one. */
  import(program: Program = {}, options: RunOptions = {}, engine = this.engine): Promise<Outcome> {
    const resources = kinds.map((kind) => {
      const name = this.objectName(kind, program);
      const id = kind.clusterScoped === true ? name : `${this.namespace}/${name}`;
      return { type: typeOf(kind), name: kind.kind, id };
    });
    engine.write("import.json", JSON.stringify({ resources }));
    const args = ["--file", "import.json", "--yes", "--skip-preview", "--generate-code=false", "--protect=false"];
    return this.observe("import", (it) => it.pulumi(["import", ...args], options), program, engine);
  }

  /** Imports the objects into a stack beside this one, which is forgotten. */
  async importAside(program: Program = {}, options: RunOptions = {}): Promise<void> {
    const engine = await this.newEngine().create();
    await this.import(program, options, engine);
    engine.remove();
  }

  look(operation: string, kind: Kind): Seen {
    const seen = this.seen.get(operation)?.get(kind.kind);
    if (seen === undefined) throw new Error(`${operation} was not run in scenario ${this.name}`);
    return seen;
  }

  /** Does something to every kind's object as another client would. */
  async byOthers(
    act: (kind: Kind, name: string) => Promise<void>,
    only: (kind: Kind) => boolean = () => true,
  ): Promise<void> {
    for (const kind of kinds.filter(only)) await act(kind, this.objectName(kind));
  }

  private async objects(): Promise<ReadonlyMap<string, KubeObject>> {
    const all = await this.server.list(kinds.map(resourceOf));
    const ours = all.filter(
      ({ metadata }) => metadata.namespace === undefined || metadata.namespace === this.namespace,
    );
    return new Map(ours.map((each) => [`${each.kind} ${each.metadata.name}`, each]));
  }

  private setting({ mode = "ready", replaced = false, rollout }: Program) {
    return { mode, replaced, rollout, image: this.image, scenario: this.name };
  }
}

const typeOf = ({ apiVersion, kind }: Kind): string =>
  `kubernetes:${apiVersion.includes("/") ? "" : "core/"}${apiVersion}:${kind}`;

const timeouts = (seconds: number): object => ({ create: `${seconds}s`, update: `${seconds}s`, delete: `${seconds}s` });

function backing(namespace: string, app: string, image: string): object {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: `behind-${app}`, namespace, labels: { app } },
    spec: { terminationGracePeriodSeconds: 1, containers: [{ name: "main", image, args: ["serve"] }] },
  };
}
