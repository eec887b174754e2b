import { parseAddress, parseBlock, size } from "./cidr";

/** Addresses in a row. */
interface AddressRange {
  /** As it was written. */
  readonly text: string;
  /** First and last address, 0 to 2³²−1. */
  readonly first: number;
  readonly last: number;
}

/** Reads blocks (`192.168.10.0/28`) and ranges (`192.168.10.240-192.168.10.250`) of IPv4 addresses; what is neither is left out. */
export function addressRanges(written: readonly string[]): AddressRange[] {
  return written.flatMap((text) => rangeOf(text) ?? []);
}

/** What is wrong with ranges that load balancers get addresses from, as the clause that ends a sentence; nothing where they are right. */
export function rangeProblem(written: readonly string[]): string | undefined {
  const unread = written.find((text) => rangeOf(text) === undefined);
  if (unread !== undefined) return `"${unread}" is neither a block nor a range of IPv4 addresses`;
  const ordered = addressRanges(written).sort((one, other) => one.first - other.first);
  const index = ordered.findIndex(({ last }, at) => last >= (ordered[at + 1]?.first ?? Infinity));
  const [one, other] = ordered.slice(index === -1 ? ordered.length : index);
  return one === undefined || other === undefined ? undefined : `"${one.text}" and "${other.text}" share addresses`;
}

function rangeOf(text: string): AddressRange | undefined {
  const block = parseBlock(text);
  if (block !== undefined) return { text, first: block.first, last: block.first + size(block) - 1 };
  const [from = "", to = "", ...rest] = text.split("-");
  const [first, last] = [parseAddress(from), parseAddress(to)];
  if (rest.length > 0 || first === undefined || last === undefined) return undefined;
  return first <= last ? { text, first, last } : undefined;
}
