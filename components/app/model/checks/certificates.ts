import type { Expose } from "../../definition/network";
import { automaticHost } from "../ports";
import type { Checked } from "./check";

type Route = Exclude<Expose, { l4: unknown }>;

/** What a client meets at a host before its request is read: host → who brings it first. */
export type Answering = Map<string, { readonly app: string; readonly who: string; readonly handshake: Handshake }>;

/** The Secrets that a host's listener needs; both absent: the certificate is the platform's, or the workload's own where TLS is passed on. */
interface Handshake {
  readonly isPassedOn: boolean;
  readonly certificate: string | undefined;
  readonly clients: string | undefined;
}

/**
 * A host has one certificate, and asks all of its clients for theirs or none: both are settled before anything tells which address is meant.
 * A Secret is of one app, so a host with Secrets is too.
 */
export function checkCertificates({ app, name, workload, input, report }: Checked, answering: Answering): void {
  if (!("expose" in workload)) return;
  const who = `${app.app.name}/${name}`;
  workload.expose.forEach((one, index) => {
    if ("l4" in one) return;
    const written = "host" in one ? one.host : one.tls;
    const host = written === "auto" ? automaticHost(app.app.name, name, input.stack.domain) : written;
    const handshake = handshakeOf(one);
    const first = answering.get(host);
    if (first === undefined) {
      answering.set(host, { app: app.app.name, who, handshake });
      return;
    }
    const isSame = handshakeText(handshake) === handshakeText(first.handshake);
    if (isSame && (first.app === app.app.name || !hasSecrets(handshake))) return;
    const message = `expose[${index}] answers for "${host}" with ${handshakeText(handshake)}, and workload "${first.who}" with ${handshakeText(first.handshake)}.`;
    report(
      "HOST_TAKEN",
      ["expose", index],
      message,
      "Give both the same Secrets in one app, or one of them another host.",
    );
  });
}

function handshakeOf(one: Route): Handshake {
  if ("tls" in one) return { isPassedOn: true, certificate: undefined, clients: undefined };
  const { certificate, clientCertificates } = one;
  return {
    isPassedOn: false,
    certificate,
    clients: clientCertificates === undefined ? undefined : JSON.stringify(clientCertificates),
  };
}

function hasSecrets({ certificate, clients }: Handshake): boolean {
  return certificate !== undefined || clients !== undefined;
}

function handshakeText({ isPassedOn, certificate, clients }: Handshake): string {
  if (isPassedOn) return "its own TLS";
  const own = certificate === undefined ? "the platform's certificate" : `the certificate in Secret "${certificate}"`;
  return clients === undefined ? own : `${own}, asking clients for theirs by ${clients}`;
}
