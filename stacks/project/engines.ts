import { PetrichorError } from "../../components/errors";
import type { Stack } from "../stack";

/** What a stack says of its engines and what they need to know, where the two don't fit: STACK_INVALID, ENGINE_LACKING. */
export function engineProblems({ engines, certificates, clusters }: Stack): PetrichorError[] {
  const hasManager = engines.includes("cert-manager");
  const addressed = Object.entries(clusters).flatMap(([name, cluster]) =>
    cluster.kind === "existing" && cluster.facts.loadBalancerAddresses !== undefined ? [name] : [],
  );
  return [
    ...(hasManager && certificates === undefined
      ? [
          new PetrichorError(
            "STACK_INVALID",
            'certificates: the engine "cert-manager" asks an authority for certificates, and nothing says in whose name.',
            'Add `certificates: { email: "…" }`.',
            { field: "certificates" },
          ),
        ]
      : []),
    ...(!hasManager && certificates !== undefined ? [lacking("certificates", "certificates", "cert-manager")] : []),
    ...(engines.includes("metallb") ? [] : addressed).map((name) =>
      lacking(`clusters.${name}.facts.loadBalancerAddresses`, "addresses for load balancers", "metallb"),
    ),
  ];
}

function lacking(field: string, what: string, engine: string): PetrichorError {
  const message = `${field} says how ${what} are given, and no engine of the stack does that.`;
  return new PetrichorError("ENGINE_LACKING", message, `Add "${engine}" to \`engines\`, or take the field out.`, {
    field,
  });
}
