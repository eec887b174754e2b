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
