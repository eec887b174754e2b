import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import type { KubeObject } from "../components/kube/object";
import type { AdmissionPolicy } from "./admission";

/** A request as admission sees it. */
export interface Subject {
  readonly object?: KubeObject;
  readonly oldObject?: KubeObject;
  /** Default: CREATE. */
  readonly operation?: "CREATE" | "UPDATE" | "DELETE";
}

/** `raw` judges the object as it is written; `admitted` as the API server sees it, with its defaults filled in. */
export type Form = "raw" | "admitted";

/** What the API server's library says of one subject. */
export interface Answer {
  /** How many policies match it. */
  readonly judged: number;
  readonly findings?: readonly {
    readonly policy: string;
    readonly message: string;
    /** The expression could not be evaluated; the API server refuses such an object too. */
    readonly failed?: true;
  }[];
  /** Why the object could not be read; nothing was judged then. */
  readonly unreadable?: string;
}

/** Why a policy must not go to a cluster. */
export interface Problem {
  readonly policy: string;
  readonly field: string;
  readonly message: string;
}

/** An expression with one small change in it. */
export interface Mutant {
  readonly change: string;
  readonly expression: string;
}

/**
 * The API server's own CEL library in a process beside this one. It costs a start of about a tenth of a second; requests are
 * answered in order. `close` it, or the program does not end.
 */
export class CelEvaluator {
  readonly #process: ChildProcessByStdio<Writable, Readable, null>;
  readonly #waiting: { resolve: (result: unknown) => void; reject: (error: Error) => void }[] = [];
  readonly #ended: Promise<unknown>;
  #requests = 0;

  /** @param program path of the toolchain's `cel` */
  constructor(program: string) {
    this.#process = spawn(program, { stdio: ["pipe", "pipe", "inherit"] });
    this.#ended = once(this.#process, "close");
    createInterface({ input: this.#process.stdout }).on("line", (line) => {
      this.#answer(line);
    });
    const fail = (error: Error): void => {
      for (const { reject } of this.#waiting.splice(0)) reject(error);
    };
    this.#process.on("error", fail);
    this.#process.stdin.on("error", fail);
    this.#process.on("close", () => {
      fail(new Error("the CEL evaluator ended"));
    });
  }

  /** Makes policies ready; they replace those loaded before. */
  async load(policies: readonly AdmissionPolicy[]): Promise<void> {
    await this.#ask({ load: { policies } });
  }

  /** Judges subjects by the loaded policies. */
  async judge(parameters: KubeObject, form: Form, subjects: readonly Subject[]): Promise<readonly Answer[]> {
    return (await this.#ask({ judge: { parameters, form, subjects } })) as Answer[];
  }

  /** What the API server would refuse in policies, or warn of: syntax, unknown fields, types. */
  async check(policies: readonly AdmissionPolicy[]): Promise<readonly Problem[]> {
    return (await this.#ask({ check: { policies } })) as Problem[];
  }

  /** Objects as the API server hands them to admission policies. */
  async admit(objects: readonly KubeObject[]): Promise<readonly { object?: KubeObject; error?: string }[]> {
    return (await this.#ask({ admit: { objects } })) as { object?: KubeObject; error?: string }[];
  }

  /** Every expression that differs from this one by one small change. */
  async mutants(expression: string): Promise<readonly Mutant[]> {
    return (await this.#ask({ mutants: { expression } })) as Mutant[];
  }

  /** Lets the process end once what was asked is answered. */
  async close(): Promise<void> {
    this.#process.stdin.end();
    await this.#ended;
  }

  async #ask(operation: object): Promise<unknown> {
    const answer = new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
    });
    this.#process.stdin.write(`${JSON.stringify({ id: ++this.#requests, ...operation })}\n`);
    return answer;
  }

  #answer(line: string): void {
    const { error, result } = JSON.parse(line) as { error?: string; result?: unknown };
    const asked = this.#waiting.shift();
    if (error === undefined) asked?.resolve(result);
    else asked?.reject(new Error(error));
  }
}
