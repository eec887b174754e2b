import type { RuleModel, WorkloadModel } from "../../../app/model/types";
import { interceptor, isIntercepted } from "../keda/http";
import { requestTime } from "../keda/timeouts";
import { type AddressOf, isGrpc, type Route } from "./address";
import { filtersOf, isAnswered } from "./filters";
import { gatewayDuration } from "./units";

type Plain = Readonly<Record<string, unknown>>;

/** The rules of an address as its route has them. */
export function routeRules(address: AddressOf<Route>): Plain[] {
  return address.expose.rules.map((rule, index) => {
    const filters = filtersOf(address, rule, index);
    const matches = isGrpc(address) ? grpcMatches(rule) : [httpMatch(rule)];
    return {
      ...(matches.length === 0 ? {} : { matches }),
      ...(filters.length === 0 ? {} : { filters }),
      ...(isAnswered(address, rule) ? {} : { backendRefs: backends(address, rule) }),
      ...(isGrpc(address) ? {} : timeouts(address, rule)),
    };
  });
}

function httpMatch({ path, method, headers, query }: RuleModel): Plain {
  return {
    path:
      typeof path === "string"
        ? { type: "PathPrefix", value: path }
        : "exact" in path
          ? { type: "Exact", value: path.exact }
          : { type: "RegularExpression", value: path.regex },
    ...(method === undefined ? {} : { method }),
    ...(headers === undefined ? {} : { headers: valueMatches(headers) }),
    ...(query === undefined ? {} : { queryParams: valueMatches(query) }),
  };
}

/** `/shop.Orders/Get` is a method of a service, `/shop.Orders` all of them, `/` everything. */
function grpcMatches({ path, headers }: RuleModel): Plain[] {
  const text = typeof path === "string" ? path : "exact" in path ? path.exact : path.regex;
  const [, service = "", method = ""] = text.split("/");
  const match = {
    ...(service === "" ? {} : { method: { type: "Exact", service, ...(method === "" ? {} : { method }) } }),
    ...(headers === undefined ? {} : { headers: valueMatches(headers) }),
  };
  return Object.keys(match).length === 0 ? [] : [match];
}

function valueMatches(wanted: NonNullable<RuleModel["headers"]>): Plain[] {
  return Object.entries(wanted).map(([name, value]) =>
    typeof value === "string"
      ? { type: "Exact", name, value }
      : { type: "RegularExpression", name, value: value.regex },
  );
}

function backends(address: AddressOf<Route>, { to }: RuleModel): Plain[] {
  const { app, workload } = address;
  const weights = Object.entries(to);
  if (weights.length === 0) return [ownBackend(address)];
  return weights.flatMap(([name, weight]) => {
    if (name === workload.name) return [{ ...ownBackend(address), weight }];
    const target = app.workloads.find((one) => one.name === name);
    return target === undefined ? [] : [{ ...mainPort(target), weight }];
  });
}

/** What scales on requests may sleep, and its requests wait where they are counted. */
function ownBackend({ workload, expose, context }: AddressOf<Route>): Plain {
  if (!isIntercepted(workload, context.capabilities)) return { name: workload.objectName, port: expose.port.port };
  return { name: interceptor.name, namespace: interceptor.namespace, port: interceptor.port };
}

function mainPort(workload: WorkloadModel): Plain {
  const port = "ports" in workload ? workload.ports[0]?.port : undefined;
  return { name: workload.objectName, ...(port === undefined ? {} : { port }) };
}

function timeouts({ workload, expose, context }: AddressOf<Route>, rule: RuleModel): Plain {
  const time = requestTime(workload, rule.timeout ?? expose.traffic.timeout, context.capabilities);
  return time === undefined ? {} : { timeouts: { request: gatewayDuration(time) } };
}
