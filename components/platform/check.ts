import type { AppModel } from "../app/model/types";
import { PetrichorError } from "../errors";
import { isUnderDomainCertificate } from "./certificates";
import type { EngineContext } from "./engine";

type Context = Pick<EngineContext, "capabilities" | "facts" | "settings">;

/** Ports of the gateway's own: plain HTTP, and TLS. */
const ownPorts = 2;

/**
 * What apps ask of a cluster's gateway that it can't give.
 * @returns PORT_LIMIT, HOST_TAKEN
 */
export function gatewayProblems(apps: readonly AppModel[], context: Context): PetrichorError[] {
  if (context.capabilities.gateway !== true) return [];
  return [...tooManyPorts(apps, context), ...sharedListeners(apps, context)];
}

function tooManyPorts(apps: readonly AppModel[], { facts, settings }: Context): PetrichorError[] {
  const { loadBalancerPorts: limit } = facts;
  const asking = addressesOf(apps).filter(({ expose }) => expose.type === "layer4");
  const [first] = asking.slice(limit === undefined ? asking.length : limit - ownPorts);
  if (limit === undefined || first === undefined) return [];
  return [
    new PetrichorError(
      "PORT_LIMIT",
      `apps ask for ${asking.length} ports at the load balancer of ${settings.owner}, which serves ${limit}, ${ownPorts} of them for hosts.`,
      "Place some of the apps on another cluster, or give up ports.",
      first.place,
    ),
  ];
}

/** A host with a listener of its own has it from one app, and without a certificate of the domain every host has one. */
function sharedListeners(apps: readonly AppModel[], context: Context): PetrichorError[] {
  if (context.capabilities.certificates !== true) return [];
  const owners = new Map<string, string>();
  return addressesOf(apps).flatMap(({ app, expose, place }) => {
    if (expose.type !== "route" || isUnderDomainCertificate(expose.host, context)) return [];
    const owner = owners.get(expose.host) ?? app.name;
    owners.set(expose.host, owner);
    if (owner === app.name) return [];
    const message = `"${expose.host}" has a certificate of its own, which app "${owner}" brings already.`;
    return [new PetrichorError("HOST_TAKEN", message, "Give one of the apps another host.", place)];
  });
}

function addressesOf(apps: readonly AppModel[]) {
  return apps.flatMap((app) =>
    app.workloads.flatMap((workload) =>
      ("expose" in workload ? workload.expose : []).map((expose, index) => ({
        app,
        expose,
        place: { file: app.file, app: app.name, workload: workload.name, field: `expose[${index}]` },
      })),
    ),
  );
}
