/** Ports given at a load balancer, by who holds them, for example `shop/db/sql`. */
export type GivenPorts = Readonly<Record<string, number>>;

export interface PortAllocation {
  readonly given: GivenPorts;
  /** Freed ports that are not given again yet, the longest free first. */
  readonly resting: readonly number[];
}

export interface PortRequest {
  /** First and last port of the pool, both included. */
  readonly pool: { readonly first: number; readonly last: number };
  /** Who wants a port. */
  readonly holders: readonly string[];
  /** Ports that somebody asks for by number, which nobody else gets. Default: none. */
  readonly reserved?: readonly number[];
  readonly previous: PortAllocation;
}

export type PortResult = PortAllocation & {
  /** Holders for whom the pool has no port left. */
  readonly refused: readonly string[];
};

/**
 * Gives each holder a port: the one it has, else the lowest that is neither held nor resting, else the one that rested longest.
 * Ports of holders that are gone rest. Pure; the order of the holders doesn't matter.
 */
export function allocatePorts({ pool, holders, reserved = [], previous }: PortRequest): PortResult {
  const wanted = [...new Set(holders)].sort();
  const kept = wanted.flatMap((holder) => {
    const port = Object.hasOwn(previous.given, holder) ? previous.given[holder] : undefined;
    return port === undefined ? [] : [[holder, port] as const];
  });
  const held = new Set(kept.map(([, port]) => port));
  const freed = Object.values(previous.given).sort((one, other) => one - other);
  const resting = [...new Set([...previous.resting, ...freed])].filter((port) => !held.has(port));
  const all = Array.from({ length: pool.last - pool.first + 1 }, (_, index) => pool.first + index);
  const open = new Set(all.filter((port) => !held.has(port) && !reserved.includes(port)));
  const rested = new Set(resting);
  const free = [...[...open].filter((port) => !rested.has(port)), ...resting.filter((port) => open.has(port))];
  const has = new Set(kept.map(([holder]) => holder));
  const waiting = wanted.filter((holder) => !has.has(holder));
  const taken = waiting.flatMap((holder, index) => {
    const port = free[index];
    return port === undefined ? [] : [[holder, port] as const];
  });
  const used = new Set(taken.map(([, port]) => port));
  return {
    given: Object.fromEntries([...kept, ...taken]),
    resting: resting.filter((port) => !used.has(port)),
    refused: waiting.slice(taken.length),
  };
}
