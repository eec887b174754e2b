import { podKinds, type Kind } from "./kinds";
import type { ObjectRule } from "./rule";

type Judged = Pick<ObjectRule, "match" | "expression" | "message">;

interface Containers {
  /**
   * Which containers are judged: `containers` are all that run, init and ephemeral ones among them; `ownContainers` leaves out
   * those that a person adds to a running pod for debugging.
   */
  readonly of?: "containers" | "ownContainers";
  /** Default: every kind that carries a pod. */
  readonly match?: readonly Kind[];
  /** True of a container `c` that is as it must be. */
  readonly condition: string;
  /** Gives what is wrong with a container `c`, for example `'runs as root'`. */
  readonly says: string;
}

/** A rule that must hold for each container; the message names those for which it does not. */
export function everyContainer({ of = "containers", match = podKinds, condition, says }: Containers): Judged {
  const list = `variables.${of}`;
  return {
    match,
    expression: `${list}.all(c, ${condition})`,
    message: `${list}.filter(c, !(${condition})).map(c, 'container ' + c.name + ' ' + ${says}).join('; ')`,
  };
}

interface Items {
  readonly match: readonly Kind[];
  /** Gives the list. */
  readonly list: string;
  /** True of an `item` that is as it must be. */
  readonly condition: string;
  /** Gives what is wrong with an `item`. */
  readonly says: string;
}

/** A rule that must hold for each item of a list; the message tells of those for which it does not. */
export function everyItem({ match, list, condition, says }: Items): Judged {
  return {
    match,
    expression: `${list}.all(item, ${condition})`,
    message: `${list}.filter(item, !(${condition})).map(item, ${says}).join('; ')`,
  };
}

/** A list literal of CEL. */
export function listOf(texts: readonly string[]): string {
  return `[${texts.map(quoted).join(", ")}]`;
}

/** A string literal of CEL. */
export function quoted(text: string): string {
  return `'${text.replace(/\\/g, "\\\\").replace(/'/g, "\\'")}'`;
}
