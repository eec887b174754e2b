import { escaped } from "./escape";
import { columnsOf, type Topology, type TopologyNode } from "./topology";
import { wide } from "./wide";

/** Sizes in pixels. */
const box = { width: 168, height: 56 };
const gap = { column: 76, row: 20 };
const margin = 12;

/** Who calls whom as a picture (SVG) that takes its colours from the page around it. */
export function picture(topology: Topology): string {
  const columns = columnsOf(topology);
  if (columns.length === 0) return "";
  const rows = Math.max(...columns.map((column) => column.length));
  const width = columns.length * (box.width + gap.column) - gap.column + 2 * margin;
  const height = rows * (box.height + gap.row) - gap.row + 2 * margin;
  const places = new Map(
    columns.flatMap((column, x) => {
      const offset = ((rows - column.length) * (box.height + gap.row)) / 2;
      return column.map(({ id }, y) => [
        id,
        { x: margin + x * (box.width + gap.column), y: margin + offset + y * (box.height + gap.row) },
      ]);
    }),
  );
  const arrows = topology.edges.map(({ from, to }) => arrow(places.get(from), places.get(to)));
  const boxes = topology.nodes.map((node) => drawn(node, places.get(node.id)));
  return wide(
    "Who calls whom",
    `<svg viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="Workloads and the links between them">
<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0 8 4 0 8z" class="head"/></marker></defs>
${arrows.join("")}${boxes.join("")}</svg>`,
  );
}

interface Place {
  readonly x: number;
  readonly y: number;
}

function arrow(from: Place | undefined, to: Place | undefined): string {
  if (from === undefined || to === undefined) return "";
  const [x1, y1] = [from.x + box.width, from.y + box.height / 2];
  const [x2, y2] = [to.x - 2, to.y + box.height / 2];
  const bend = Math.max(30, Math.abs(x2 - x1) / 2);
  return `<path class="link" marker-end="url(#head)" d="M${x1} ${y1} C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}"/>`;
}

function drawn({ app, label, kind, isPublic }: TopologyNode, place: Place | undefined): string {
  if (place === undefined) return "";
  const { x, y } = place;
  const globe = isPublic
    ? `<circle class="globe" cx="${x + box.width - 16}" cy="${y + 16}" r="5"><title>has an address</title></circle>`
    : "";
  return `<g class="node ${isPublic ? "public" : ""}"><rect x="${x}" y="${y}" width="${box.width}" height="${box.height}" rx="10"/>
<text x="${x + 14}" y="${y + 24}" class="name">${escaped(shortened(label))}</text><text x="${x + 14}" y="${y + 42}" class="kind">${escaped(shortened(`${app} · ${kind}`))}</text>${globe}</g>`;
}

/** As much of a text as a box has room for. */
function shortened(text: string): string {
  const room = 22;
  return text.length > room ? `${text.slice(0, room - 1)}…` : text;
}
