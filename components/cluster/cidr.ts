import { isIPv4 } from "node:net";

/** An IPv4 block as numbers: its first address and the length of its prefix in bits. */
export interface Block {
  /** First address, 0 to 2³²−1. */
  readonly first: number;
  /** Prefix length in bits, 0 to 32. */
  readonly prefix: number;
}

/** Reads `10.0.0.1` as 0 to 2³²−1. Undefined for anything else. */
export function parseAddress(text: string): number | undefined {
  return isIPv4(text) ? text.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0) : undefined;
}

/** Reads `10.0.0.0/16`. Undefined for anything else, and for a block whose address has bits set outside its prefix. */
export function parseBlock(text: string): Block | undefined {
  const [address = "", bits = "", ...rest] = text.split("/");
  const first = parseAddress(address);
  if (rest.length > 0 || first === undefined || !/^(\d|[12]\d|3[0-2])$/.test(bits)) return undefined;
  const block = { first, prefix: Number(bits) };
  return first % size(block) === 0 ? block : undefined;
}

/** Writes a block the way `parseBlock` reads it. */
export function formatBlock(block: Block): string {
  return `${formatAddress(block.first)}/${block.prefix}`;
}

/** Writes one address of a block: `address(block, 10)` of `172.20.0.0/16` is `172.20.0.10`. */
export function address(block: Block, offset: number): string {
  return formatAddress(block.first + offset);
}

/** Number of addresses in a block. */
export function size(block: Block): number {
  return 2 ** (32 - block.prefix);
}

/** Whether two blocks share an address. */
export function overlaps(a: Block, b: Block): boolean {
  return a.first < b.first + size(b) && b.first < a.first + size(a);
}

/** Whether every address of `inner` lies in `outer`. */
export function contains(outer: Block, inner: Block): boolean {
  return inner.first >= outer.first && inner.first + size(inner) <= outer.first + size(outer);
}

/** Whether the block is for private networks (RFC 1918). */
export function isPrivate(block: Block): boolean {
  return privateBlocks.some((outer) => contains(outer, block));
}

/**
 * Cuts blocks of the given prefix lengths out of one block: aligned, none overlapping, in the order asked for, largest first placed.
 * Undefined where they don't fit.
 */
export function allocate(within: Block, prefixes: readonly number[]): Block[] | undefined {
  const order = prefixes
    .map((prefix, index) => ({ prefix, index }))
    .sort((a, b) => a.prefix - b.prefix || a.index - b.index);
  const blocks = new Array<Block>(prefixes.length);
  let next = within.first;
  for (const { prefix, index } of order) {
    const block = { first: next, prefix };
    if (!contains(within, block)) return undefined;
    blocks[index] = block;
    // From large to small, the end of one block is always aligned for the next.
    next += size(block);
  }
  return blocks;
}

function formatAddress(value: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join(".");
}

const privateBlocks: readonly Block[] = [
  { first: 10 * 2 ** 24, prefix: 8 },
  { first: 172 * 2 ** 24 + 16 * 2 ** 16, prefix: 12 },
  { first: 192 * 2 ** 24 + 168 * 2 ** 16, prefix: 16 },
];
