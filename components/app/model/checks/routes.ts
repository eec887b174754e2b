import { isIP } from "node:net";
import { RE2JS } from "re2js";
import type { Expose } from "../../definition/network";
import type { RouteRule } from "../../definition/routes";
import { type FieldPath, formatPath } from "../../../input/path";
import { listens, portOf, settlePorts } from "../ports";
import { scalingOf, settleScale } from "../scale";
import type { Settled } from "../settle";
import type { Checked } from "./check";

type Route = Extract<Expose, { host: string }>;

/** What addresses say of requests fits together, and can be carried out by a proxy. */
export function checkRoutes(checked: Checked): void {
  const { workload, report } = checked;
  if (!("expose" in workload)) return;
  workload.expose.forEach((one, index) => {
    const path = ["expose", index];
    checkGateway(checked, one, path);
    if ("tls" in one) {
      if (isUdp(workload, one)) {
        const message = `expose[${index}] is for TLS, and the port speaks UDP.`;
        report("FIELD_CONFLICT", path, message, "Name a port that speaks TCP.");
      }
      return;
    }
    if (!("host" in one)) {
      checkBlocks(one.allow, [...path, "allow"], report);
      if (isUdp(workload, one) && (one.allow !== undefined || one.connections !== undefined)) {
        const message = `expose[${index}] is for UDP, which has no connections to count or refuse.`;
        report("FIELD_CONFLICT", path, message, "Take `allow` and `connections` out.");
      }
      return;
    }
    checkBlocks(one.traffic?.allow, [...path, "traffic", "allow"], report);
    checkBlocks(one.traffic?.deny, [...path, "traffic", "deny"], report);
    one.routes?.forEach((rule, at) => {
      const place = [...path, "routes", at];
      checkRule(rule, place, report);
      checkTargets(checked, rule, place);
      if (isGrpc(workload, one)) checkGrpc(rule, place, report);
    });
  });
}

/** What only a gateway can do; a load balancer of the workload's own would silently leave it out. */
const gatewayFields = [
  "routes",
  "traffic",
  "certificate",
  "clientCertificates",
  "tls",
  "allow",
  "connections",
] as const;

function checkGateway({ input, report }: Checked, one: Expose, path: FieldPath): void {
  const { capabilities } = input.stack;
  if (capabilities === undefined || capabilities.gateway === true) return;
  const asked = gatewayFields.filter((field) => Object.hasOwn(one, field));
  if (asked.length === 0) return;
  const message = `${formatPath(path)} has ${asked.join(", ")}, which takes a gateway.`;
  report("ENGINE_LACKING", path, message, 'Add "envoy-gateway" to the engines of the stack.');
}

function checkRule(rule: RouteRule, path: FieldPath, report: Checked["report"]): void {
  const { rewrite } = rule;
  const patterns: [FieldPath, string | undefined][] = [
    [["path", "regex"], typeof rule.path === "object" && "regex" in rule.path ? rule.path.regex : undefined],
    [["rewrite", "regex"], rewrite?.regex],
    ...Object.entries(rule.headers ?? {}).map(([name, value]) => pattern(["headers", name], value)),
    ...Object.entries(rule.query ?? {}).map(([name, value]) => pattern(["query", name], value)),
  ];
  for (const [field, text] of patterns) {
    const wrong = text === undefined ? undefined : regexProblem(text);
    if (wrong !== undefined) {
      const message = `${field.at(-1) ?? ""} has ${JSON.stringify(text)}, which is no regular expression: ${wrong}.`;
      report(
        "REGEX_INVALID",
        [...path, ...field],
        message,
        "Write it in the syntax of RE2, without look-around and back-references.",
      );
    }
  }
  const ends = (["redirect", "answer", "to"] as const).filter((field) => rule[field] !== undefined);
  if (ends.length > 1) {
    report("FIELD_CONFLICT", path, `${ends.join(" and ")} are both given.`, "Keep one of them.");
  }
  if (rewrite !== undefined && (rule.redirect !== undefined || rule.answer !== undefined)) {
    report("FIELD_CONFLICT", path, "rewrite is given, and no workload is asked.", "Take `rewrite` out.");
  }
  const changes = [rewrite?.path, rewrite?.prefix, rewrite?.regex].filter((one) => one !== undefined);
  if (changes.length > 1 || (rewrite?.regex === undefined) !== (rewrite?.with === undefined)) {
    const message = "rewrite changes the path in more than one way, or only half says how.";
    report("FIELD_CONFLICT", [...path, "rewrite"], message, "Give one of `path`, `prefix`, or `regex` with `with`.");
  }
  const replacesPrefix = rewrite?.prefix !== undefined || rule.redirect?.prefix !== undefined;
  if (replacesPrefix && typeof rule.path === "object") {
    report("FIELD_CONFLICT", path, "prefix replaces a path prefix, and the rule's path is none.", 'Write path: "/…".');
  }
}

function pattern(path: FieldPath, value: string | { readonly regex: string }): [FieldPath, string | undefined] {
  return [[...path, "regex"], typeof value === "string" ? undefined : value.regex];
}

/** What is wrong with a regular expression, as the clause that ends a sentence; nothing where proxies take it. */
export function regexProblem(text: string): string | undefined {
  try {
    RE2JS.compile(text);
    return undefined;
  } catch (error) {
    return (error instanceof Error ? error.message : String(error))
      .replace(/^error parsing regexp: /, "")
      .replace(/\.$/, "");
  }
}

function checkTargets({ app, workload, input, report }: Checked, { to }: RouteRule, path: FieldPath): void {
  if (to === undefined) return;
  const weights = typeof to === "string" ? { [to]: 1 } : to;
  const place = [...path, "to"];
  if (Object.values(weights).every((weight) => weight === 0)) {
    report("FIELD_VALUE", place, "to gives no workload any weight.", "Raise one weight above 0.");
  }
  for (const name of Object.keys(weights)) {
    const target = app.settled.get(name);
    if (!app.names.has(name)) {
      const known = [...app.names].join(", ");
      report("LINK_UNKNOWN", place, `to names "${name}", and the app has no such workload.`, `Take one of ${known}.`);
      continue;
    }
    // A target that is not well-formed is reported already.
    if (target === undefined) continue;
    if (!listens(target) || settlePorts(target).length === 0) {
      report("PORT_UNKNOWN", place, `to names "${name}", which listens on no port.`, "Give it a `port`.");
    } else if (target !== workload && maySleep(target, input)) {
      const message = `to names "${name}", which may sleep: only requests to an address of its own wake it.`;
      report("FIELD_CONFLICT", place, message, "Raise its scale.min to 1, or give it an address.");
    }
  }
}

function maySleep(target: Settled, { stack }: Checked["input"]): boolean {
  if (target.kind !== "service" || target.replicas !== undefined) return false;
  return target.scale?.min === 0 || settleScale(target, scalingOf(stack)).min === 0;
}

/** The Gateway API matches gRPC by service and method, and changes nothing but headers. */
function checkGrpc(rule: RouteRule, path: FieldPath, report: Checked["report"]): void {
  const foreign = (["method", "query", "redirect", "rewrite", "timeout"] as const).filter(
    (field) => rule[field] !== undefined,
  );
  if (foreign.length > 0) {
    const message = `${foreign.join(", ")} can't be said of gRPC.`;
    report("FIELD_CONFLICT", path, message, "Take it out, or write it in `traffic`.");
  }
  const text = rule.path === undefined ? "/" : typeof rule.path === "string" ? rule.path : undefined;
  const exact = typeof rule.path === "object" && "exact" in rule.path ? rule.path.exact : undefined;
  const fits = text === undefined ? /^\/[\w.]+\/\w+$/.test(exact ?? "") : /^\/([\w.]+\/?)?$/.test(text);
  if (fits) return;
  const message = "path is neither a gRPC service nor one of its methods.";
  report("FIELD_CONFLICT", [...path, "path"], message, 'Write "/shop.Orders" or { exact: "/shop.Orders/Get" }.');
}

function checkBlocks(blocks: readonly string[] | undefined, path: FieldPath, report: Checked["report"]): void {
  blocks?.forEach((block, index) => {
    if (isBlock(block)) return;
    const fix = 'Write an address and the length of its prefix, for example "203.0.113.0/24".';
    report("FIELD_FORMAT", [...path, index], `"${block}" is no block of addresses.`, fix);
  });
}

function isBlock(block: string): boolean {
  const [address = "", length = ""] = block.split("/");
  const version = isIP(address);
  return version !== 0 && Number(length) <= (version === 4 ? 32 : 128);
}

function isUdp(workload: Settled, one: Exclude<Expose, Route>): boolean {
  const port = "ports" in workload ? portOf(settlePorts(workload), one.port) : undefined;
  const protocol = "l4" in one ? one.protocol : undefined;
  return protocol === "udp" || (protocol === undefined && port?.protocol === "udp");
}

function isGrpc(workload: Settled, one: Route): boolean {
  return "ports" in workload && portOf(settlePorts(workload), one.port)?.protocol === "grpc";
}
