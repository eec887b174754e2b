import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { createInterface } from "node:readline";
import { credentials, type ServiceError } from "@grpc/grpc-js";
import { runtime } from "@pulumi/pulumi";
import { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import {
  AnalyzeRequest,
  type AnalyzeResponse,
  AnalyzerResource,
  AnalyzerResourceOptions,
  AnalyzeStackRequest,
  ConfigureAnalyzerRequest,
  EnforcementLevel,
  PolicyConfig,
  type RemediateResponse,
} from "@pulumi/pulumi/proto/analyzer_pb";
import { type JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { KubeObject } from "../../components/kube/object";

/** A resource as the engine tells the pack of it. */
export interface PackResource {
  /** Type token, for example `kubernetes:apps/v1:Deployment`. */
  readonly type: string;
  readonly name: string;
  readonly properties: object;
  /** Properties that are known only once others are made. Default: none. */
  readonly unknown?: readonly string[];
}

/** What the pack has against a resource. */
export interface PackFinding {
  readonly rule: string;
  readonly message: string;
  readonly level: "advisory" | "mandatory";
  /** The resource's name; empty where the pack names none. */
  readonly resource: string;
}

const launcher = require.resolve("@pulumi/pulumi/cmd/run-policy-pack");

/** The policy pack in a process of its own, started and asked as Pulumi's engine does it: over gRPC, one resource after the other. */
export class PolicyPack {
  #requests = 0;

  private constructor(
    private readonly process: ChildProcess,
    private readonly client: AnalyzerClient,
  ) {}

  /**
   * Starts the pack for a stack.
   * @param project folder of the project, whose stack files the pack reads
   */
  static async start(project: string, stack: string): Promise<PolicyPack> {
    // The first argument is the engine's address; the pack never calls it.
    const child = spawn(process.execPath, [launcher, "127.0.0.1:1", path.join(project, "policies")], {
      cwd: path.join(project, "policies"),
      env: { ...process.env, PULUMI_NODEJS_PROJECT: "petrichor", PULUMI_NODEJS_STACK: stack },
      stdio: ["ignore", "pipe", "inherit"],
    });
    const lines = createInterface({ input: child.stdout });
    const [port] = (await Promise.race([
      once(lines, "line"),
      once(child, "exit").then(([code]) => {
        throw new Error(`the policy pack ended with ${String(code)} before it was ready`);
      }),
    ])) as [string];
    return new PolicyPack(child, new AnalyzerClient(`127.0.0.1:${port}`, credentials.createInsecure()));
  }

  /** What the pack has against one Kubernetes object. */
  async judge(object: KubeObject): Promise<readonly PackFinding[]> {
    const request = this.#request(resourceOf(object));
    return findings(await this.#call((answer) => this.client.analyze(request, answer)));
  }

  /** What the pack has against all resources of a stack together. */
  async judgeStack(resources: readonly PackResource[]): Promise<readonly PackFinding[]> {
    const request = new AnalyzeStackRequest();
    request.setResourcesList(
      resources.map((resource) => {
        const told = new AnalyzerResource();
        told.setType(resource.type).setName(resource.name).setUrn(urnOf(resource));
        return told.setProperties(structOf(withUnknowns(resource))).setOptions(new AnalyzerResourceOptions());
      }),
    );
    return findings(await this.#call((answer) => this.client.analyzeStack(request, answer)));
  }

  /** The object as each rule that has a fix makes it, by the rule's name; each goes on from the one before. */
  async remedy(object: KubeObject): Promise<ReadonlyMap<string, KubeObject>> {
    const request = this.#request(resourceOf(object));
    const response = await this.#call<RemediateResponse>((answer) => this.client.remediate(request, answer));
    return new Map(
      response
        .getRemediationsList()
        .map((one) => [one.getPolicyname(), one.getProperties()?.toJavaScript() as unknown as KubeObject]),
    );
  }

  /** Sets what rules do, as a file given to `--policy-pack-config` does; the others do what the stack says. */
  async configure(levels: Readonly<Record<string, "remediate">>): Promise<void> {
    const request = new ConfigureAnalyzerRequest();
    for (const rule of Object.keys(levels)) {
      const config = new PolicyConfig().setEnforcementlevel(EnforcementLevel.REMEDIATE).setProperties(structOf({}));
      request.getPolicyconfigMap().set(rule, config);
    }
    await this.#call((answer) => this.client.configure(request, answer));
  }

  async stop(): Promise<void> {
    this.client.close();
    const ended = once(this.process, "exit");
    this.process.kill();
    await ended;
  }

  #request(resource: PackResource): AnalyzeRequest {
    const request = new AnalyzeRequest();
    // The engine asks about each resource once: variants of one object are different resources to the pack.
    const urn = `${urnOf(resource)}::${++this.#requests}`;
    request.setType(resource.type).setName(resource.name).setUrn(urn);
    return request.setProperties(structOf(resource.properties)).setOptions(new AnalyzerResourceOptions());
  }

  async #call<T>(send: (answer: (error: ServiceError | null, response: T) => void) => unknown): Promise<T> {
    return new Promise((resolve, reject) => {
      send((error, response) => {
        if (error === null) resolve(response);
        else reject(error);
      });
    });
  }
}

/** A Kubernetes object as the resource that the program makes of it. */
export function resourceOf(object: KubeObject): PackResource {
  const group = object.apiVersion.includes("/") ? object.apiVersion : `core/${object.apiVersion}`;
  const { namespace, name } = object.metadata;
  const named = namespace === undefined ? name : `${namespace}/${name}`;
  return { type: `kubernetes:${group}:${object.kind}`, name: named, properties: object };
}

function urnOf({ type, name }: PackResource): string {
  return `urn:pulumi:it::petrichor::${type}::${name}`;
}

/** The properties as a preview has them, what is not known yet among them. */
function withUnknowns({ properties, unknown = [] }: PackResource): object {
  return { ...properties, ...Object.fromEntries(unknown.map((name) => [name, runtime.unknownValue])) };
}

function structOf(properties: object): Struct {
  return Struct.fromJavaScript(JSON.parse(JSON.stringify(properties)) as Record<string, JavaScriptValue>);
}

function findings(response: AnalyzeResponse): readonly PackFinding[] {
  return response.getDiagnosticsList().map((one) => ({
    rule: one.getPolicyname(),
    message: one.getMessage(),
    level: one.getEnforcementlevel() === EnforcementLevel.MANDATORY ? "mandatory" : "advisory",
    resource: one.getUrn().split("::")[3] ?? "",
  }));
}
