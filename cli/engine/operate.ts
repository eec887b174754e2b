import type { EngineEvent } from "@pulumi/pulumi/automation";
import { PetrichorError, PetrichorErrors } from "../../components/errors";
import type { Progress, Step } from "../progress";
import { ambientPlugin } from "./pulumi";
import type { EngineStack } from "./session";
import { type Change, changeOf, isShown, resourceTitle, verbOf } from "./changes";

export type Operation = "up" | "preview" | "destroy" | "refresh";

export interface OperationOptions {
  readonly progress: Progress;
  /** Folder of a policy pack that judges the resources. Default: none. */
  readonly policyPack?: string;
  /** Whether objects that exist already are taken over rather than refused. Default: false. */
  readonly takeOver?: boolean;
  /** Whether the engine looks at the cluster before it compares, and so notices what was changed by hand. Default: false. */
  readonly refresh?: boolean;
  /** Ends the operation in good order: what is under way is finished, nothing new begins. */
  readonly signal?: AbortSignal;
}

/** What a rule of the policy pack has against a resource, without refusing it. */
export interface Advice {
  readonly rule: string;
  /** `Cluster aws-eu`; absent where the rule is about the stack as a whole. */
  readonly resource?: string;
  readonly message: string;
}

/** What an operation came to. */
export interface OperationResult {
  readonly changes: readonly Change[];
  readonly advice: readonly Advice[];
  /** Resources that stayed as they were. */
  readonly unchanged: number;
}

/**
 * Lets the Pulumi engine work on a stack and shows what it does.
 * @throws PetrichorError ENGINE_FAILED with what the engine reported; PLUGIN_MISSING before anything is done;
 *   POLICY_VIOLATED, one for each violation, when a rule of the policy pack refuses it
 */
export async function operate(
  stack: EngineStack,
  operation: Operation,
  { progress, policyPack, takeOver = false, refresh = false, signal }: OperationOptions,
): Promise<OperationResult> {
  await stack.requirePlugin();
  const watcher = new EventWatcher(progress);
  const args = [
    operation,
    "--json",
    "--color",
    "never",
    ...(operation === "preview" ? [] : ["--yes", "--skip-preview"]),
  ];
  if (refresh) args.push("--refresh");
  if (policyPack !== undefined) args.push("--policy-pack", policyPack);
  // Set to "false" it would become an input of the provider, and a plain `pulumi preview` would want to take it out again.
  const environment = takeOver ? { PULUMI_K8S_UPSERT_EXISTING_OBJECTS: "true" } : {};
  try {
    await stack.run({ args, environment, onEvent: watcher.take, ...(signal === undefined ? {} : { signal }) });
  } catch (error) {
    throw watcher.failure(error, stack.name);
  } finally {
    progress.end();
  }
  return watcher.result();
}

/** What the engine says of a program that ended badly. */
const programEnded = "Program exited with non-zero exit code";
/** What the engine says in the end of an operation that a rule refuses. */
const operationFailed = /^(preview|update|destroy|refresh) failed$/;
/** Lines of the program's own words that are shown then: enough for an error and the place it comes from. */
const printedLines = 12;

/** Turns the engine's events into progress while it works, and into a result or an error at the end. */
class EventWatcher {
  readonly #steps = new Map<string, Step>();
  readonly #changes: Change[] = [];
  readonly #advice: Advice[] = [];
  readonly #refused: Advice[] = [];
  readonly #errors: { readonly urn?: string; readonly message: string }[] = [];
  /** What the program itself printed to standard error. */
  readonly #printed: string[] = [];
  #unchanged = 0;

  constructor(private readonly progress: Progress) {}

  readonly take = (event: EngineEvent): void => {
    this.#begin(event);
    this.#finish(event);
    this.#diagnose(event);
  };

  result(): OperationResult {
    return { changes: this.#changes, advice: this.#advice, unchanged: this.#unchanged };
  }

  failure(error: unknown, stack: string): PetrichorError | PetrichorErrors {
    const others = this.#errors.filter(({ message }) => !operationFailed.test(message.trim()));
    if (others.length === 0 && this.#refused.length > 0) {
      return new PetrichorErrors(this.#refused.map((refused) => violation(refused, stack)));
    }
    const messages = [
      ...this.#errors.map(({ urn, message }) => (urn === undefined ? message : `${resourceTitle(urn)}: ${message}`)),
      ...this.#refused.map(({ rule, message }) => `${rule}: ${message}`),
    ];
    const reported = messages.length === 0 ? [error instanceof Error ? error.message : String(error)] : messages;
    // The engine says only that the program ended; why, the program has printed.
    const why = reported.some((text) => text.includes(programEnded)) ? this.#printed.slice(-printedLines) : [];
    const told = new Set([...why, ...reported]);
    const message = `the engine could not finish.\n${[...told].map((text) => indent(text.trim())).join("\n")}\n`;
    return new PetrichorError(
      "ENGINE_FAILED",
      message,
      "Correct the cause and run the command again; what is done stays done.",
      { stack },
      { cause: error },
    );
  }

  #begin({ resourcePreEvent }: EngineEvent): void {
    const metadata = resourcePreEvent?.metadata;
    const verb = metadata === undefined ? undefined : verbOf(metadata);
    if (metadata === undefined || verb === undefined || !isShown(metadata)) return;
    if (resourcePreEvent?.planning === true) return;
    this.#steps.set(stepKey(metadata), this.progress.step(`${verb.doing} ${resourceTitle(metadata.urn)}`));
  }

  #finish(event: EngineEvent): void {
    const metadata = (event.resOutputsEvent ?? event.resOpFailedEvent)?.metadata;
    if (metadata === undefined) return;
    const step = this.#steps.get(stepKey(metadata));
    this.#steps.delete(stepKey(metadata));
    if (event.resOpFailedEvent !== undefined) {
      step?.failed();
      return;
    }
    step?.done();
    const change = changeOf(event);
    if (change !== undefined) this.#changes.push(change);
    else if (isShown(metadata)) this.#unchanged++;
  }

  #diagnose({ diagnosticEvent, policyEvent }: EngineEvent): void {
    if (policyEvent !== undefined) {
      const into = policyEvent.enforcementLevel === "mandatory" ? this.#refused : this.#advice;
      into.push(adviceOf(policyEvent));
    }
    if (diagnosticEvent === undefined || (diagnosticEvent.ephemeral ?? false)) return;
    if (diagnosticEvent.severity === "error")
      this.#errors.push({ ...withUrn(diagnosticEvent.urn), message: diagnosticEvent.message });
    if (diagnosticEvent.severity === "info#err") this.#printed.push(diagnosticEvent.message.trimEnd());
    const text = `${diagnosticEvent.prefix ?? ""}${diagnosticEvent.message.trim()}`;
    if (diagnosticEvent.severity === "warning" && !text.startsWith(ambientPlugin)) this.progress.line(text);
  }
}

type PolicyEvent = NonNullable<EngineEvent["policyEvent"]>;

function adviceOf({ policyName: rule, resourceUrn, message }: PolicyEvent): Advice {
  // The engine repeats what the rule is about in front of what the rule says.
  const said = message.trim().split("\n").at(-1)?.trim() ?? "";
  const urn = resourceUrn ?? "";
  return {
    rule,
    message: said,
    ...(urn === "" || urn.includes("::pulumi:pulumi:Stack::") ? {} : { resource: resourceTitle(urn) }),
  };
}

function violation({ rule, resource, message }: Advice, stack: string): PetrichorError {
  return new PetrichorError(
    "POLICY_VIOLATED",
    `${resource === undefined ? "" : `${resource} `}breaks the rule ${rule}: ${message}`,
    "Correct the stack file, or have it exempted there.",
    { stack },
  );
}

function stepKey({ op, urn }: { readonly op: string; readonly urn: string }): string {
  return `${op} ${urn}`;
}

function withUrn(urn: string | undefined): { urn?: string } {
  return urn === undefined || urn === "" ? {} : { urn };
}

function indent(text: string): string {
  return text.replace(/^/gm, "  ");
}
