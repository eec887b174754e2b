import { PetrichorError, throwAll } from "../../components/errors";
import { certificateProblem } from "../../components/platform/certificate";
import { certificateSecret, gatewayNamespace } from "../../components/platform/engines/envoy-gateway/names";
import type { Project } from "../../stacks/project";
import type { Kubectl } from "../kubectl";

/** A certificate that an address answers with. */
interface WantedCertificate {
  readonly namespace: string;
  readonly secret: string;
  readonly host: string;
  readonly place: PetrichorError["place"];
}

/**
 * Checks the certificates that people put on a cluster, so that an address doesn't come up whose clients turn away. One that is not there
 * yet is no mistake: its namespace may be new.
 * @throws PetrichorErrors CERTIFICATE_INVALID
 */
export async function requireCertificates(project: Project, kubectl: Kubectl, now = new Date()): Promise<void> {
  const errors = await Promise.all(
    wantedCertificates(project).map(async ({ namespace, secret, host, place }) => {
      const pem = await certificateIn(kubectl, namespace, secret);
      const wrong = pem === undefined ? undefined : certificateProblem(pem, host, now);
      if (wrong === undefined) return [];
      const message = `the certificate in the Secret ${namespace}/${secret} ${wrong}, and "${host}" would answer with it.`;
      return [new PetrichorError("CERTIFICATE_INVALID", message, "Put another certificate into the Secret.", place)];
    }),
  );
  throwAll(errors.flat());
}

/** The certificates that hosts bring themselves, and the one of the stack's domain where it is not made here. */
export function wantedCertificates({ apps, stack, cluster, platform }: Project): WantedCertificate[] {
  const own = apps.flatMap(({ model }) =>
    model.workloads.flatMap((workload) =>
      ("expose" in workload ? workload.expose : []).flatMap((expose, index) => {
        if (expose.type !== "route" || expose.certificate === undefined) return [];
        const field = `expose[${index}].certificate`;
        const place = { file: model.file, app: model.name, workload: workload.name, field };
        return [{ namespace: model.namespace, secret: expose.certificate, host: expose.host, place }];
      }),
    ),
  );
  const { gateway, certificates } = platform.capabilities;
  const isGiven = gateway === true && certificates !== true && cluster.definition.kind !== "embedded";
  const place = { stack: stack.environment };
  const host = `any.${stack.domain}`;
  return [...own, ...(isGiven ? [{ namespace: gatewayNamespace, secret: certificateSecret, host, place }] : [])];
}

async function certificateIn(kubectl: Kubectl, namespace: string, name: string): Promise<string | undefined> {
  const path = "jsonpath={.data.tls\\.crt}";
  const data = await kubectl.text("get", "secret", name, "-n", namespace, "--ignore-not-found", "--output", path);
  return data === "" ? undefined : Buffer.from(data, "base64").toString();
}
