import { type Connection, everyoneOutside, type Party } from "./connections";
import type { Range } from "./ranges";

/** What is open, by pods: first who reaches them, then whom they reach. */
export function connectionsText(all: readonly Connection[], of: (party: Party) => boolean = () => true): string {
  const names = new Set(all.flatMap(({ from, to }) => [from, to].filter((one) => one.inside && of(one))).map(nameOf));
  const blocks = [...names].sort().map((name) => {
    const rows = [
      ...rowsOf(
        all.filter(({ to }) => to.name === name),
        "from",
      ),
      ...rowsOf(
        all.filter(({ from }) => from.name === name),
        "to",
      ),
    ];
    const width = Math.max(...rows.map(({ end }) => end.length));
    const lines = rows.map(({ way, end, open }) => `  ${way.padEnd(4)} ${end.padEnd(width)}  ${open}\n`);
    return `${name}\n${lines.join("")}`;
  });
  return blocks.join("\n");
}

interface Row {
  readonly way: "from" | "to";
  readonly end: string;
  readonly open: string;
}

/** One row for each other end. */
function rowsOf(some: readonly Connection[], way: Row["way"]): Row[] {
  const ends = [...new Set(some.map((one) => one[way].name))].sort();
  const rows = ends.map((end) => {
    const here = some.filter((one) => one[way].name === end);
    const services = [...new Set(here.flatMap((one) => one.services))];
    const open = here.map(({ ports, protocol }) => portsText(ports, protocol));
    const through = services.length === 0 ? "" : `  through ${services.join(", ")}`;
    return { way, end, open: (isAll(here) ? "every port" : open.join(" ")) + through };
  });
  return asOne(rows, way);
}

/** All who are outside on one row, where the same is open to each of them. */
function asOne(rows: readonly Row[], way: Row["way"]): Row[] {
  const outside = rows.filter(({ end }) => everyoneOutside.includes(end));
  const [first] = outside;
  const alike = outside.length === everyoneOutside.length && outside.every(({ open }) => open === first?.open);
  if (first === undefined || !alike) return [...rows];
  return [{ way, end: "everyone outside", open: first.open }, ...rows.filter((row) => !outside.includes(row))];
}

function isAll(some: readonly Connection[]): boolean {
  return some.length === 3 && some.every(({ ports }) => portsText(ports, "TCP") === "1-65535/tcp");
}

/** For example `80/tcp 8000-8010/tcp`. */
export function portsText(ports: readonly Range[], protocol: string): string {
  const ranges = ports.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`));
  return ranges.map((range) => `${range}/${protocol.toLowerCase()}`).join(" ");
}

function nameOf({ name }: Party): string {
  return name;
}
