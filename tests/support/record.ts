import * as pulumi from "@pulumi/pulumi";

/** One resource as a program asked for it. */
export interface RecordedResource {
  readonly type: string;
  readonly name: string;
  /** `type name` of the parent; absent for children of the stack. */
  readonly parent?: string;
  readonly protect?: boolean;
  /** `type name` of resources that have to exist first, beyond those whose outputs are used. */
  readonly dependsOn?: readonly string[];
  /** Name of the provider resource that is asked; absent for components, and where the default provider is used. */
  readonly provider?: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** What the cloud would answer: outputs beside the inputs. */
export type Answers = (
  type: string,
  name: string,
  inputs: Readonly<Record<string, unknown>>,
) => Record<string, unknown>;

/** A call of a provider's function. */
export interface RecordedCall {
  readonly token: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

export interface Recording<Result> {
  /** Every resource, sorted by type and name. */
  readonly resources: readonly RecordedResource[];
  readonly calls: readonly RecordedCall[];
  readonly result: Result;
}

/**
 * Runs a Pulumi program against mocks and returns every resource it registered, all awaited. It proves what a program asks for and what
 * hangs from what; it proves nothing about what a cloud says to that.
 */
export async function record<Result>(
  program: () => Promise<Result> | Result,
  {
    answers = () => ({}),
    invoke = () => ({}),
  }: { answers?: Answers; invoke?: (token: string) => Record<string, unknown> } = {},
): Promise<Recording<Result>> {
  const asked = new Map<string, Asked>();
  const declared = new Map<pulumi.Resource, Declared>();
  const calls: RecordedCall[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource({ type, name, custom, provider, inputs: given }) {
        const inputs = given as Record<string, unknown>;
        if (asked.has(`${type} ${name}`)) throw new Error(`two resources are ${type} ${name}`);
        asked.set(`${type} ${name}`, { inputs, provider: custom === true ? providerName(provider) : undefined });
        return { id: `${name}-id`, state: { ...inputs, ...answers(type, name, inputs) } };
      },
      call({ token, inputs }) {
        calls.push({ token, inputs: inputs as Record<string, unknown> });
        return invoke(token);
      },
    },
    "petrichor",
    "test",
  );
  let result: Result | undefined;
  await pulumi.runtime.runInPulumiStack(async () => {
    pulumi.runtime.registerStackTransformation(({ resource, type, name, opts }) => {
      declared.set(resource, { type, name, opts });
      return undefined;
    });
    result = await program();
    return {};
  });
  await allRegistered(declared);
  const found = await Promise.all([...declared.values()].map((one) => recorded(one, declared, asked)));
  const resources = found.sort(byTypeAndName);
  return { resources, calls, result: result as Result };
}

/** What the monitor was asked to make. */
interface Asked {
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly provider: string | undefined;
}

/** What the program said about a resource. */
interface Declared {
  readonly type: string;
  readonly name: string;
  readonly opts: pulumi.CustomResourceOptions;
}

/** Waits for every resource, also for those that come while waiting. */
async function allRegistered(declared: ReadonlyMap<pulumi.Resource, Declared>): Promise<void> {
  let known = 0;
  while (known < declared.size) {
    known = declared.size;
    await Promise.all([...declared.keys()].map(({ urn }) => new Promise((resolve) => urn.apply(resolve))));
  }
}

async function recorded(
  { type, name, opts }: Declared,
  declared: ReadonlyMap<pulumi.Resource, Declared>,
  asked: ReadonlyMap<string, Asked>,
): Promise<RecordedResource> {
  const request = asked.get(`${type} ${name}`);
  if (request === undefined) throw new Error(`${type} ${name} was never registered`);
  const label = (resource: pulumi.Resource): string[] => {
    const found = declared.get(resource);
    return found === undefined ? [] : [`${found.type} ${found.name}`];
  };
  const [parent] = opts.parent === undefined ? [] : label(opts.parent);
  const dependsOn = (await resourcesOf(opts.dependsOn)).flatMap(label);
  return {
    type,
    name,
    ...(parent === undefined ? {} : { parent }),
    ...(opts.protect === true ? { protect: true } : {}),
    ...(dependsOn.length === 0 ? {} : { dependsOn: dependsOn.sort() }),
    ...(request.provider === undefined ? {} : { provider: request.provider }),
    inputs: request.inputs,
  };
}

/** What `dependsOn` names, also where that becomes known late. */
async function resourcesOf(named: pulumi.ResourceOptions["dependsOn"]): Promise<pulumi.Resource[]> {
  const known = await new Promise((resolve) => pulumi.output(named ?? []).apply(resolve));
  return [known].flat() as pulumi.Resource[];
}

/** A provider reference is `urn::id`, and the urn ends with the provider's name. */
function providerName(reference: string | undefined): string | undefined {
  return reference === undefined || reference === "" ? undefined : reference.split("::").at(-2);
}

function byTypeAndName(a: RecordedResource, b: RecordedResource): number {
  return compare(a.type, b.type) || compare(a.name, b.name);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
