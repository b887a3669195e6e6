import type { Network } from "./document";

/** A box of the drawing: an operator with what the runtime fuses into it. */
export interface Node {
  index: number;
  /** Into Network.kernels: several where the runtime needs a copy beside the operator, none for the image. */
  kernels: number[];
  vertices: number[];
  label: string;
  ink: string;
  section: number;
  lane: number;
  ms: number;
  macs: number;
  x: number;
  y: number;
  from: number[];
  to: number[];
}

export interface Section {
  title: string;
  y: number;
  height: number;
  lanes: { title: string; x: number; width: number }[];
}

export interface Layout {
  nodes: Node[];
  sections: Section[];
  width: number;
  height: number;
}

export const kWidth = 136;
export const kHeight = 32;
const kRow = 50;
const kLaneGap = 30;
const kSubGap = 10;
const kTop = 40;

/** Kernels as nodes: stages as bands from top to bottom, columns as lanes, depth as rows. A node without a column of its
 * own is alone in its row. */
export function layout(network: Network): Layout {
  const nodes = makeNodes(network);
  const sections: Section[] = [];
  const last = Math.max(...nodes.map((n) => n.section));
  let y = 0;
  let width = 0;
  const bands: { members: Node[]; laneWidth: Map<number, number>; total: number }[] = [];
  for (let s = 0; s <= last; ++s) {
    const members = nodes.filter((n) => n.section === s);
    if (members.length === 0) continue;
    const rows = placeRows(nodes, members);
    const slots = new Map<string, number>();
    const laneSlots = new Map<number, number>();
    const slot = new Map<Node, number>();
    for (const node of members) {
      const key = `${node.lane}/${rows.get(node)}`;
      const at = slots.get(key) ?? 0;
      slots.set(key, at + 1);
      slot.set(node, at);
      if (node.lane >= 0) laneSlots.set(node.lane, Math.max(laneSlots.get(node.lane) ?? 1, at + 1));
    }
    const lanes = [...laneSlots.keys()].sort((a, b) => a - b);
    const laneWidth = new Map(lanes.map((lane) => [lane, laneSlots.get(lane)! * (kWidth + kSubGap) - kSubGap]));
    const wide = Math.max(1, ...members.filter((n) => n.lane < 0).map((n) => slots.get(`-1/${rows.get(n)}`)!)) * (kWidth + kSubGap) - kSubGap;
    const total = Math.max(wide, lanes.reduce((sum, lane) => sum + laneWidth.get(lane)!, 0) + kLaneGap * Math.max(0, lanes.length - 1));
    const height = kTop + (Math.max(...rows.values()) + 1) * kRow;
    for (const node of members) {
      node.y = y + kTop + rows.get(node)! * kRow;
      const count = slots.get(`${node.lane}/${rows.get(node)}`)!;
      const own = count * (kWidth + kSubGap) - kSubGap;
      const before = lanes.filter((lane) => lane < node.lane).reduce((sum, lane) => sum + laneWidth.get(lane)! + kLaneGap, 0);
      const middle = node.lane < 0 ? total / 2 : before + laneWidth.get(node.lane)! / 2;
      node.x = middle - own / 2 + slot.get(node)! * (kWidth + kSubGap);
    }
    let x = 0;
    sections.push({
      title: titleOf(members[0], network, s, last), y, height,
      lanes: lanes.length < 2 ? [] : lanes.map((lane) => {
        const box = { title: `column ${lane}`, x, width: laneWidth.get(lane)! };
        x += laneWidth.get(lane)! + kLaneGap;
        return box;
      }),
    });
    bands.push({ members, laneWidth, total });
    width = Math.max(width, total);
    y += height + 14;
  }
  bands.forEach((band, i) => {
    const shift = (width - band.total) / 2;
    band.members.forEach((node) => (node.x += shift));
    sections[i].lanes.forEach((lane) => (lane.x += shift));
  });
  return { nodes, sections, width, height: y };
}

function titleOf(node: Node, network: Network, section: number, last: number): string {
  const stage = network.vertices.stage[node.vertices[0]];
  if (stage >= 0) return `Stage ${stage}`;
  return section === 0 ? (last === 0 ? "Network" : "Stem") : "Head";
}

function makeNodes(network: Network): Node[] {
  const { vertices, kernels } = network;
  const owner = new Array<number>(vertices.id.length).fill(-1);
  const groups: { kernels: number[]; vertices: number[] }[] = [];
  kernels.vertices.forEach((list, kernel) => {
    const before = list.map((v) => owner[v]).find((group) => group >= 0);
    const group = before === undefined ? groups.push({ kernels: [], vertices: [] }) - 1 : before;
    groups[group].kernels.push(kernel);
    for (const v of list) {
      if (owner[v] < 0) {
        owner[v] = group;
        groups[group].vertices.push(v);
      }
    }
  });
  vertices.id.forEach((_, v) => {
    if (owner[v] < 0) {
      owner[v] = groups.length;
      groups.push({ kernels: [], vertices: [v] });
    }
  });
  // The first and the last stage decide what is stem and what is head.
  const stages = [...new Set(vertices.stage.filter((s) => s >= 0))].sort((a, b) => a - b);
  const firstStaged = vertices.stage.findIndex((s) => s >= 0);
  const sectionOf = (v: number) => {
    const stage = vertices.stage[v];
    if (stages.length === 0) return 0;
    return stage >= 0 ? 1 + stages.indexOf(stage) : v < firstStaged ? 0 : stages.length + 1;
  };
  const nodes = groups.map(({ kernels: own, vertices: list }, index): Node => {
    const v = list[0];
    return {
      index, kernels: own, vertices: list, label: vertices.label[v], ink: vertices.ink[v], section: sectionOf(v), lane: vertices.stage[v] >= 0 ? vertices.column[v] : -1,
      ms: own.reduce((sum, k) => sum + kernels.ms[k], 0), macs: own.reduce((sum, k) => sum + kernels.macs[k], 0), x: 0, y: 0, from: [], to: [],
    };
  });
  vertices.inputs.forEach((inputs, v) => {
    for (const u of inputs) {
      const [a, b] = [owner[u], owner[v]];
      if (a !== b && !nodes[b].from.includes(a)) {
        nodes[b].from.push(a);
        nodes[a].to.push(b);
      }
    }
  });
  return nodes;
}

/** Rows within a section: below all inputs of the same section; a node of no lane has its row for itself. */
function placeRows(nodes: Node[], members: Node[]): Map<Node, number> {
  const rows = new Map<Node, number>();
  const used = new Set<number>();
  const exclusive = new Set<number>();
  const waiting = new Set(members);
  while (waiting.size > 0) {
    // In topological order; a graph without cycles always has a member whose inputs are placed.
    const next = [...waiting].filter((n) => n.from.every((f) => !waiting.has(nodes[f])));
    if (next.length === 0) break;
    for (const node of next) {
      let row = Math.max(0, ...node.from.map((f) => (rows.get(nodes[f]) ?? -1) + 1));
      if (node.lane < 0) while (used.has(row) && !onlyWide(row)) ++row;
      else while (exclusive.has(row)) ++row;
      rows.set(node, row);
      used.add(row);
      if (node.lane < 0) exclusive.add(row);
      waiting.delete(node);
    }
  }
  for (const node of waiting) rows.set(node, 0);
  return rows;

  function onlyWide(row: number): boolean {
    return exclusive.has(row);
  }
}
