import { appendFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { main, type Provider } from "@pulumi/pulumi/provider";
import { cloudAnswers, cloudInvoke } from "./clouds";

/**
 * A provider plugin that stands in for a cloud's: it takes every resource, gives back what it was given with the outputs of `cloudAnswers`, and
 * keeps a log. It lets the real engine run what the clouds' stacks ask for. It proves nothing about AWS and Azure themselves: no schema, no
 * permission and no quota is looked at.
 *
 * Variables: `STAND_IN_LOG`, a file that gets a line for each resource that is made or deleted; `STAND_IN_OUTPUTS`, JSON of type → outputs that
 * go before those of `cloudAnswers`; `STAND_IN_CHANGED`, JSON of resource name → properties that somebody changed by hand.
 */
type Properties = Readonly<Record<string, unknown>>;

const given = (variable: string): Readonly<Record<string, Properties>> =>
  JSON.parse(process.env[variable] ?? "{}") as Record<string, Properties>;

const typeOf = (urn: string): string => urn.split("::")[2]?.split("$").at(-1) ?? "";
const nameOf = (urn: string): string => urn.split("::").slice(3).join("::");

function log(operation: string, urn: string): void {
  const file = process.env["STAND_IN_LOG"];
  if (file !== undefined) appendFileSync(file, `${operation} ${typeOf(urn)} ${nameOf(urn)}\n`);
}

function outputs(urn: string, inputs: Properties): Properties {
  return { ...inputs, ...cloudAnswers(typeOf(urn), nameOf(urn), inputs), ...given("STAND_IN_OUTPUTS")[typeOf(urn)] };
}

const provider: Provider = {
  version: "0.0.0",
  create(urn, inputs: Properties) {
    log("create", urn);
    return Promise.resolve({ id: `${nameOf(urn)}-id`, outs: outputs(urn, inputs) });
  },
  diff(_id, _urn, olds: Properties, news: Properties) {
    return Promise.resolve({ changes: Object.keys(news).some((key) => !isDeepStrictEqual(olds[key], news[key])) });
  },
  read(id, urn, props: Properties) {
    return Promise.resolve({ id, props: { ...props, ...given("STAND_IN_CHANGED")[nameOf(urn)] } });
  },
  update(_id, urn, _olds, news: Properties) {
    log("update", urn);
    return Promise.resolve({ outs: outputs(urn, news) });
  },
  delete(_id, urn) {
    log("delete", urn);
    return Promise.resolve();
  },
  invoke(token) {
    return Promise.resolve({ outputs: cloudInvoke(token) });
  },
};

void main(provider, process.argv.slice(2));
