import type { HeaderChanges } from "../../../app/definition/routes";
import type { Traffic } from "../../../app/definition/traffic";
import type { RuleModel } from "../../../app/model/types";
import type { KubeObject } from "../../../kube/object";
import { toMilliseconds } from "../../../kube/units";
import { isIntercepted, recipient, recipientHeader } from "../keda/http";
import { type AddressOf, envoyApiVersion, isGrpc, metadataOf, type Route } from "./address";

type Filter = Readonly<Record<string, unknown>>;

/** What browsers are told where `securityHeaders` is on: a year of HTTPS only, and the strictest of what sites rarely need otherwise. */
const securityHeaders = {
  "strict-transport-security": "max-age=31536000; includeSubDomains",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "strict-origin-when-cross-origin",
};

const defaultPage = "<!doctype html><title>Maintenance</title><h1>Back soon</h1><p>This page is being worked on.</p>";

/** The filters of one rule, in the order in which they act. */
export function filtersOf(address: AddressOf<Route>, rule: RuleModel, index: number): Filter[] {
  const { traffic } = address.expose;
  const request = modifier("RequestHeaderModifier", [traffic.request, rule.request, recipientOf(address, rule)]);
  const strict = traffic.securityHeaders === true ? { set: securityHeaders } : undefined;
  const response = modifier("ResponseHeaderModifier", [strict, traffic.response, rule.response]);
  return [
    ...(isGrpc(address) ? [] : corsFilter(traffic.cors)),
    ...request,
    ...response,
    ...redirectFilter(rule),
    ...rewriteFilter(rule),
    ...(extensionOf(address, rule) === undefined
      ? []
      : [extensionRef(metadataOf(address, extensionName(address, index)).name)]),
  ];
}

/** What tells the interceptor whose request it is. It comes last, so that nobody else says it. */
function recipientOf({ workload, expose, context }: AddressOf<Route>, rule: RuleModel): HeaderChanges | undefined {
  const isAsked = Object.keys(rule.to).length === 0 || Object.hasOwn(rule.to, workload.name);
  if (!isAsked || !isIntercepted(workload, context.capabilities)) return undefined;
  return { set: { [recipientHeader]: recipient(workload, expose.port) } };
}

/** Whether a rule is answered by the gateway itself. */
export function isAnswered({ expose }: AddressOf<Route>, rule: RuleModel): boolean {
  return isMaintained(expose.traffic) || rule.redirect !== undefined || rule.answer !== undefined;
}

/** Objects for what the Gateway API has no filter for: answers of the gateway's own, and rewriting by regular expression. */
export function filterObjects(address: AddressOf<Route>): KubeObject[] {
  const made = address.expose.rules.flatMap((rule, index): KubeObject[] => {
    const spec = extensionOf(address, rule);
    if (spec === undefined) return [];
    const metadata = metadataOf(address, extensionName(address, index));
    return [{ apiVersion: envoyApiVersion, kind: "HTTPRouteFilter", metadata, spec }];
  });
  // Under maintenance all rules share one.
  return [...new Map(made.map((object) => [object.metadata.name, object])).values()];
}

function extensionName({ expose }: AddressOf<Route>, index: number): string {
  return isMaintained(expose.traffic) ? "maintenance" : String(index + 1);
}

function extensionOf({ expose }: AddressOf<Route>, rule: RuleModel): Filter | undefined {
  const { maintenance } = expose.traffic;
  if (isMaintained(expose.traffic)) return { directResponse: maintenancePage(maintenance) };
  const { answer, rewrite } = rule;
  if (answer !== undefined) {
    const { status, body = "", type = "text/plain" } = answer;
    return { directResponse: { statusCode: status, contentType: type, body: { type: "Inline", inline: body } } };
  }
  if (rewrite?.regex === undefined) return undefined;
  const replaceRegexMatch = { pattern: rewrite.regex, substitution: rewrite.with ?? "" };
  return { urlRewrite: { path: { type: "ReplaceRegexMatch", replaceRegexMatch } } };
}

function isMaintained({ maintenance = false }: Traffic): boolean {
  return maintenance !== false;
}

function maintenancePage(maintenance: Traffic["maintenance"]): Filter {
  const { page = defaultPage, retryAfter } = typeof maintenance === "object" ? maintenance : {};
  return {
    statusCode: 503,
    contentType: "text/html; charset=utf-8",
    body: { type: "Inline", inline: page },
    ...(retryAfter === undefined ? {} : { header: { set: [{ name: "retry-after", value: seconds(retryAfter) }] } }),
  };
}

function seconds(duration: Parameters<typeof toMilliseconds>[0]): string {
  return String(Math.ceil(toMilliseconds(duration) / 1000));
}

function extensionRef(name: string): Filter {
  return { type: "ExtensionRef", extensionRef: { group: "gateway.envoyproxy.io", kind: "HTTPRouteFilter", name } };
}

/** Later changes win over earlier ones. */
function modifier(
  type: "RequestHeaderModifier" | "ResponseHeaderModifier",
  changes: readonly (HeaderChanges | undefined)[],
): Filter[] {
  const set = pairs(Object.assign({}, ...changes.map((one) => one?.set)) as Record<string, string>);
  const add = pairs(Object.assign({}, ...changes.map((one) => one?.add)) as Record<string, string>);
  const remove = [...new Set(changes.flatMap((one) => one?.remove ?? []))];
  if (set.length + add.length + remove.length === 0) return [];
  const field = type === "RequestHeaderModifier" ? "requestHeaderModifier" : "responseHeaderModifier";
  return [
    {
      type,
      [field]: {
        ...(set.length === 0 ? {} : { set }),
        ...(add.length === 0 ? {} : { add }),
        ...(remove.length === 0 ? {} : { remove }),
      },
    },
  ];
}

function pairs(headers: Readonly<Record<string, string>>): { name: string; value: string }[] {
  return Object.entries(headers).map(([name, value]) => ({ name, value }));
}

function corsFilter(cors: Traffic["cors"]): Filter[] {
  if (cors === undefined) return [];
  return [
    {
      type: "CORS",
      cors: {
        allowOrigins: cors.origins,
        allowMethods: cors.methods ?? ["GET", "HEAD", "POST"],
        ...(cors.headers === undefined ? {} : { allowHeaders: cors.headers }),
        ...(cors.expose === undefined ? {} : { exposeHeaders: cors.expose }),
        ...(cors.credentials === undefined ? {} : { allowCredentials: cors.credentials }),
        ...(cors.maxAge === undefined ? {} : { maxAge: Math.ceil(toMilliseconds(cors.maxAge) / 1000) }),
      },
    },
  ];
}

function redirectFilter({ redirect }: RuleModel): Filter[] {
  if (redirect === undefined) return [];
  const { scheme, host, status = 302 } = redirect;
  return [
    {
      type: "RequestRedirect",
      requestRedirect: {
        ...(scheme === undefined ? {} : { scheme }),
        ...(host === undefined ? {} : { hostname: host }),
        ...pathChange(redirect),
        statusCode: status,
      },
    },
  ];
}

function rewriteFilter({ rewrite }: RuleModel): Filter[] {
  if (rewrite === undefined) return [];
  const change = { ...(rewrite.host === undefined ? {} : { hostname: rewrite.host }), ...pathChange(rewrite) };
  return Object.keys(change).length === 0 ? [] : [{ type: "URLRewrite", urlRewrite: change }];
}

function pathChange({ path, prefix }: { readonly path?: string; readonly prefix?: string }): Filter {
  if (path !== undefined) return { path: { type: "ReplaceFullPath", replaceFullPath: path } };
  return prefix === undefined ? {} : { path: { type: "ReplacePrefixMatch", replacePrefixMatch: prefix } };
}
