import type { Release } from "../release";
import type { Capabilities } from "./capabilities";
import type { Tree } from "./layers";

/** An app as it was read, and the file it was read from. Nothing about it is checked yet. */
export interface SourcedDefinition {
  /** Relative to the project folder, for example `apps/shop/app.ts`. */
  readonly file: string;
  readonly definition: unknown;
}

/** What resolving needs to know of a stack. */
export interface StackInput {
  readonly environment: string;
  /** Domain under which apps get their hosts. */
  readonly domain: string;
  /** Further domains whose hosts apps may have, with certificates of their own where no engine gets them. Default: none. */
  readonly domains?: readonly string[];
  /** First and last port at the load balancer that apps may have. Default: any. */
  readonly ports?: { readonly first: number; readonly last: number };
  /** What the clusters of the stack do for apps. Default: nothing. */
  readonly capabilities?: Capabilities;
  /** Whether `up` builds the images of apps with source; else they come from another environment. Default: false. */
  readonly builds?: boolean;
  /** The environment whose release has an image of a workload, where that of this one has none. Default: no environment has. */
  readonly releasedIn?: (app: string, workload: string) => string | undefined;
  /** Fewest replicas of everything that scales, whatever the app says. Default: 0. */
  readonly floor?: number;
  /** App → workload → fields, laid over what the app says. */
  readonly overrides?: Readonly<Record<string, Readonly<Record<string, Tree>>>>;
  /** File that overrides are written in. Default: `stacks/<environment>.ts`. */
  readonly file?: string;
}

export interface ResolveInput {
  readonly definitions: readonly SourcedDefinition[];
  readonly stack: StackInput;
  readonly release: Release;
}

/** The file that a stack is written in. */
export function stackFile(stack: StackInput): string {
  return stack.file ?? `stacks/${stack.environment}.ts`;
}
