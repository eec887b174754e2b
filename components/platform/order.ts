import { PetrichorError } from "../errors";
import type { Engine } from "./engine";

/** Puts each engine behind those it needs; engines without an order between them keep theirs. */
export function inNeedOrder(engines: readonly Engine[]): Engine[] {
  const ordered = new Set<Engine>();
  const visit = (engine: Engine): void => {
    engine.needs.forEach(visit);
    ordered.add(engine);
  };
  engines.forEach(visit);
  return [...ordered];
}

/**
 * The engines that a stack runs: every known one that is not turned off.
 * @throws PetrichorError ENGINE_NEEDED where one is turned off that another needs
 */
export function enginesOf(known: readonly Engine[], off: readonly string[], place: { file?: string } = {}): Engine[] {
  const wanted = known.filter(({ id }) => !off.includes(id));
  const missing = inNeedOrder(wanted).find(({ id }) => off.includes(id));
  if (missing === undefined) return inNeedOrder(wanted);
  const who = wanted.filter(({ needs }) => needs.includes(missing)).map(({ id }) => id);
  throw new PetrichorError(
    "ENGINE_NEEDED",
    `engine "${missing.id}" is turned off, and ${who.map((id) => `"${id}"`).join(", ")} ${who.length === 1 ? "needs" : "need"} it.`,
    `Keep "${missing.id}", or turn off ${who.map((id) => `"${id}"`).join(" and ")} too.`,
    place,
  );
}
