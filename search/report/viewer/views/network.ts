import { empty, page, type View } from "../chart";
import type { Network } from "../document";
import { csv, h, s, save } from "../dom";
import { metricTitle, number, plural, quantity, share, words } from "../format";
import { kHeight, kWidth, layout, type Node } from "../layout";
import type { State } from "../state";
import { theme } from "../theme";
import { noNetwork } from "./latency";
import { differences } from "./lineage";

const kInks: Record<string, [string, string]> = {
  condenser: ["#f6b26b", "#8f5a1c"], embedding: ["#f5e06e", "#7d6b12"], expansion: ["#9cc3f0", "#2f5f97"], gate: ["#d9a6e0", "#7c3f86"],
};
const kOther: [RegExp, string, string][] = [
  [/1×1/, "#b9dcd3", "#2f7566"], [/k×k/, "#8fc7e8", "#23648c"], [/depthwise/, "#bcd0f5", "#42609f"], [/attention/, "#e7b8d6", "#8c4373"],
  [/blur/, "#f4c7ae", "#9a5430"], [/pool/, "#f6e0b0", "#8a6a1f"], [/linear/, "#d6d0f2", "#5a4d9d"], [/join/, "#d8dde4", "#5f6b7a"], [/./, "#e6e9ee", "#6b7683"],
];
function colours(ink: string): [string, string] {
  const named = Object.entries(kInks).find(([name]) => ink.startsWith(name));
  if (named) return named[1];
  const found = kOther.find(([pattern]) => pattern.test(ink))!;
  return [found[1], found[2]];
}
/** From pale to strong; readable in both themes and without hue. */
function heat(part: number): string {
  const mix = (a: number, b: number) => Math.round(a + (b - a) * Math.min(1, Math.max(0, part)));
  return `rgb(${mix(240, 178)},${mix(240, 36)},${mix(235, 20)})`;
}

type Mode = "kind" | "latency" | "MACs";

function drawing(trial: number, network: Network, against: Network | null): View {
  const plan = layout(network);
  const { nodes } = plan;
  let mode: Mode = "kind";
  let scale = 0;
  let chosen: Node | null = null;
  const key = (n: Node, net: Network) => `${net.vertices.stage[n.vertices[0]]}/${n.lane}/${n.label}`;
  const fresh = new Set<Node>();
  let missing = 0;
  if (against) {
    const left = new Map<string, number>();
    for (const n of layout(against).nodes) left.set(key(n, against), (left.get(key(n, against)) ?? 0) + 1);
    for (const n of nodes) {
      const rest = left.get(key(n, network)) ?? 0;
      if (rest > 0) left.set(key(n, network), rest - 1);
      else fresh.add(n);
    }
    missing = [...left.values()].reduce((a, b) => a + b, 0);
  }
  const most = { latency: Math.max(...nodes.map((n) => n.ms), 1e-9), MACs: Math.max(...nodes.map((n) => n.macs), 1) };

  const holder = h("div", { class: "drawing", tabindex: "0", "aria-label": `Drawing of the network of trial ${trial}; arrow keys move between its kernels` });
  const detail = h("aside", { class: "detail", "aria-live": "polite" });
  const legend = h("div", { class: "legend" });

  function picture(): SVGElement {
    const t = theme();
    const pad = 20;
    const [left, right] = [96, 24];
    const [w, tall] = [plan.width + left + right, plan.height + pad];
    const svg = s("svg", { viewBox: `0 0 ${w} ${tall}`, width: w * scale, height: tall * scale, xmlns: "http://www.w3.org/2000/svg", "font-family": "Inter, system-ui, sans-serif", role: "group" });
    svg.append(s("rect", { width: w, height: tall, fill: t.card }));
    plan.sections.forEach((section, i) => {
      svg.append(s("rect", { x: 6, y: section.y + 6, width: w - 12, height: section.height + 4, rx: 10, fill: i % 2 ? "none" : t.line, opacity: 0.28 }));
      svg.append(s("text", { x: 18, y: section.y + 28, fill: t.ink, "font-size": 13, "font-weight": 650 }, section.title));
      const ms = nodes.filter((n) => n.y >= section.y && n.y < section.y + section.height).reduce((sum, n) => sum + n.ms, 0);
      svg.append(s("text", { x: 18, y: section.y + 44, fill: t.soft, "font-size": 11 }, `${number(ms)} ms`));
    });
    for (const n of nodes) {
      for (const f of n.from) {
        const from = nodes[f];
        const [x1, y1, x2, y2] = [left + from.x + kWidth / 2, from.y + kHeight, left + n.x + kWidth / 2, n.y];
        const across = from.lane !== n.lane && from.lane >= 0 && n.lane >= 0;
        const bend = Math.max(12, (y2 - y1) / 2);
        svg.append(s("path", { d: `M${x1} ${y1}C${x1} ${y1 + bend} ${x2} ${y2 - bend} ${x2} ${y2}`, fill: "none", stroke: across ? t.accent : t.soft, "stroke-width": across ? 1.8 : 1.1, opacity: chosen && (chosen === n || chosen === from) ? 1 : 0.55 }));
      }
    }
    for (const section of plan.sections) {
      for (const lane of section.lanes) svg.append(s("text", { x: left + lane.x + lane.width / 2, y: section.y + 26, fill: t.soft, stroke: t.card, "stroke-width": 4, "paint-order": "stroke", "font-size": 10.5, "text-anchor": "middle" }, lane.title));
    }
    for (const n of nodes) svg.append(box(n, left));
    return svg;
  }
  function box(n: Node, left: number): SVGElement {
    const t = theme();
    const [fill, stroke] = mode === "kind" ? colours(n.ink) : [heat(Math.sqrt((mode === "latency" ? n.ms : n.macs) / most[mode])), "#8c6a5f"];
    const strong = mode !== "kind" && (mode === "latency" ? n.ms : n.macs) / most[mode] > 0.3;
    const outside = n.kernels.some((k) => network.kernels.measured_range[k] === 0);
    const group = s("g", { class: "kernel", transform: `translate(${left + n.x} ${n.y})`, tabindex: "-1", role: "button", "data-node": n.index, "aria-label": `${n.label}, ${number(n.ms)} ms`, onclick: () => choose(n) });
    group.append(
      s("title", {}, `${network.vertices.id[n.vertices[0]]}: ${n.label}, ${network.vertices.shape[n.vertices.at(-1)!]}, ${number(n.macs)} MACs, ${number(n.ms)} ms predicted`),
      s("rect", { width: kWidth, height: kHeight, rx: 6, fill, stroke: chosen === n ? t.ink : fresh.has(n) ? t.state.rejected : stroke, "stroke-width": chosen === n || fresh.has(n) ? 2.5 : 0.9, "stroke-dasharray": outside && chosen !== n && !fresh.has(n) ? "4 2" : null }),
      s("text", { x: 8, y: 19, "font-size": 11.5, fill: strong ? "#fff" : "#1a2330" }, n.label.length > 16 ? `${n.label.slice(0, 15)}…` : n.label),
      s("text", { x: kWidth - 7, y: 19, "font-size": 10, fill: strong ? "#fff" : "#445062", "text-anchor": "end" }, n.ms > 0 ? (n.label.length > 13 ? "" : number(n.ms, 2)) : ""),
      s("rect", { x: 6, y: kHeight - 6, width: (kWidth - 12) * (n.ms / most.latency), height: 2.5, rx: 1.2, fill: strong ? "#fff" : stroke, opacity: 0.8 }));
    if (fresh.has(n)) group.append(s("text", { x: -12, y: 21, "font-size": 15, "font-weight": 700, fill: t.state.rejected }, "+"));
    return group;
  }
  function draw(): void {
    if (scale === 0) scale = Math.min(1, Math.max(0.45, (holder.clientWidth - 18) / (plan.width + 120)));
    const { scrollLeft, scrollTop } = holder;
    holder.replaceChildren(picture());
    holder.scrollTo(scrollLeft, scrollTop);
    legend.replaceChildren(...(mode === "kind"
      ? [...new Set(nodes.map((n) => n.ink))].map((ink) => h("span", {}, h("i", { style: { background: colours(ink)[0], borderColor: colours(ink)[1] } }), ink === "other" ? "other operators" : ink))
      : [h("span", {}, h("i", { style: { background: heat(0.05) } }), `little ${mode}`), h("span", {}, h("i", { style: { background: heat(1) } }), mode === "latency" ? `${number(most.latency)} ms` : `${number(most.MACs)} MACs`)]),
      h("span", {}, h("i", { class: "bar-key" }), "bar: share of the slowest kernel"), network.kernels.measured_range.includes(0) ? h("span", {}, h("i", { class: "dash-key" }), "dashed: unlike the kernels measured") : "");
  }
  function choose(n: Node | null, show = false): void {
    chosen = n;
    draw();
    if (!n) {
      detail.replaceChildren(h("p", { class: "note" }, "Click a kernel to see its operators, shapes and cost. Drag or scroll to move, use the buttons to zoom."));
      return;
    }
    if (show) holder.querySelector(`[data-node="${n.index}"]`)?.scrollIntoView({ block: "nearest", inline: "nearest" });
    const { vertices: v, kernels } = network;
    const total = n.vertices.reduce((sum, i) => sum + v.params[i], 0);
    const rows: [string, string][] = [
      ["Output", v.shape[n.vertices.at(-1)!]], ["Input", n.from.map((f) => v.shape[nodes[f].vertices.at(-1)!]).join(", ") || "the image"],
      ["Parameters", number(total)], ["MACs", number(n.macs)],
      ...(n.kernels.length > 0 ? ([["Latency", `${number(n.ms)} ms predicted, ${share(n.ms / network.latency_ms, 2)}`], ["Kernels", n.kernels.map((k) => words(kernels.class[k])).join(", ")], ["Bound by", [...new Set(n.kernels.map((k) => kernels.bound_by[k]))].join(", ")], ["Memory moved", quantity("peak_memory_bytes", n.kernels.reduce((sum, k) => sum + kernels.bytes[k], 0))], ["Like those measured", n.kernels.every((k) => kernels.measured_range[k]) ? "yes" : "no"]] as [string, string][]) : []),
      ["Stage", v.stage[n.vertices[0]] < 0 ? "none" : String(v.stage[n.vertices[0]])], ["Column", n.lane < 0 ? "none" : String(n.lane)], ["Role", v.role[n.vertices[0]]],
    ];
    const step = (list: number[]) => list.map((i, k) => [k ? ", " : "", h("button", { class: "plain", onclick: () => choose(nodes[i], true) }, nodes[i].label)]);
    detail.replaceChildren(h("h3", {}, n.label), h("p", { class: "note" }, n.vertices.map((i) => v.id[i]).join(" + ")), h("dl", { class: "facts" }, rows.map(([k, text]) => [h("dt", {}, k), h("dd", {}, text)])),
      h("p", {}, "Reads ", n.from.length ? step(n.from) : "the image", "."), n.to.length ? h("p", {}, "Read by ", step(n.to), ".") : "");
  }
  const zoom = (factor: number) => {
    scale = factor === 0 ? Math.min(1.4, (holder.clientWidth - 18) / (plan.width + 120), (holder.clientHeight - 18) / (plan.height + 20)) : Math.min(3, Math.max(0.12, scale * factor));
    draw();
  };
  holder.addEventListener("keydown", (event) => {
    const list = { ArrowDown: chosen?.to, ArrowUp: chosen?.from }[event.key as "ArrowDown"];
    let next: Node | undefined;
    if (!chosen && event.key.startsWith("Arrow")) next = nodes[0];
    else if (list) next = nodes[list[0]];
    else if (chosen && (event.key === "ArrowLeft" || event.key === "ArrowRight")) {
      const way = event.key === "ArrowLeft" ? -1 : 1;
      next = nodes.filter((n) => Math.abs(n.y - chosen!.y) < 4 && (n.x - chosen!.x) * way > 0).sort((a, b) => Math.abs(a.x - chosen!.x) - Math.abs(b.x - chosen!.x))[0];
    } else if (event.key === "+" || event.key === "-") zoom(event.key === "+" ? 1.25 : 0.8);
    else return;
    event.preventDefault();
    event.stopPropagation();
    if (next) choose(next, true);
  });
  let grip: { x: number; y: number } | null = null;
  holder.addEventListener("pointerdown", (e) => (grip = e.pointerType === "mouse" && e.button === 0 ? { x: e.clientX + holder.scrollLeft, y: e.clientY + holder.scrollTop } : null));
  holder.addEventListener("pointermove", (e) => {
    if (grip && e.buttons) holder.scrollTo(grip.x - e.clientX, grip.y - e.clientY);
  });
  holder.addEventListener("wheel", (e) => {
    if (!e.ctrlKey) return;
    e.preventDefault();
    zoom(e.deltaY < 0 ? 1.15 : 1 / 1.15);
  }, { passive: false });
  const colour = h("select", { "aria-label": "Colour by", onchange: () => ((mode = colour.value as Mode), draw()) }, (["kind", "latency", "MACs"] as const).map((m) => h("option", { value: m }, m === "kind" ? "colour: operator" : `colour: ${m}`)));
  const tools = h("div", { class: "tools" }, colour,
    h("button", { class: "tool", title: "Zoom out", "aria-label": "Zoom out", onclick: () => zoom(0.8) }, "−"), h("button", { class: "tool", title: "Zoom in", "aria-label": "Zoom in", onclick: () => zoom(1.25) }, "+"), h("button", { class: "tool", title: "Show the whole network", onclick: () => zoom(0) }, "fit"),
    h("button", { class: "tool", title: "Save the drawing as SVG", onclick: () => { const keep = scale; scale = 1; save(`trial-${trial}.svg`, "image/svg+xml", new XMLSerializer().serializeToString(picture())); scale = keep; } }, "SVG"),
    h("button", { class: "tool", title: "Save the kernels as CSV", onclick: () => save(`trial-${trial}.csv`, "text/csv", csv(["kernel", "label", "stage", "column", "output", "macs", "ms", "new"], nodes.map((n) => [network.vertices.id[n.vertices[0]], n.label, network.vertices.stage[n.vertices[0]], n.lane, network.vertices.shape[n.vertices.at(-1)!], n.macs, n.ms, fresh.has(n)]))) }, "CSV"));
  const observer = new ResizeObserver(() => { if (scale === 0 && holder.clientWidth > 0) choose(null); });
  observer.observe(holder);
  addEventListener("themechange", draw);
  return {
    element: h("section", { class: "card", id: "chart-network" },
      h("header", {}, h("h2", {}, `Network of trial ${trial}`), tools),
      h("p", { class: "note" }, `${plural(network.vertices.id.length, "operator")} in ${plural(network.kernels.ms.length, "kernel")}, ${number(network.params)} parameters, ${number(network.macs)} MACs, ${quantity("latency_ms", network.latency_ms)} predicted (${number(network.low)} to ${number(network.high)}). ${against ? `A plus and a strong border mark the ${plural(fresh.size, "kernel")} that trial ${against.trial} has not at the same stage and column; ${plural(missing, "kernel")} of it ${missing === 1 ? "is" : "are"} not here.` : "A box is an operator with what the runtime fuses into it; the number is its predicted latency in ms."}`),
      legend, h("div", { class: "split" }, holder, detail)),
    dispose: () => {
      observer.disconnect();
      removeEventListener("themechange", draw);
    },
  };
}

/** What differs in the decisions, with a choice of the other trial. */
function difference(state: State, trial: number): View {
  const { run } = state;
  const others = [...run.networks.keys()].filter((t) => t !== trial).sort((a, b) => a - b);
  if (others.length === 0) return empty("Difference", "The report includes no other network to compare with.", "difference");
  const parents = run.data.trials.parents[trial - 1].filter((t) => run.networks.has(t));
  const against = state.route.against;
  const box = h("select", { "aria-label": "Compare with", onchange: () => state.go({ trial, against: box.value ? Number(box.value) : null }) },
    h("option", { value: "" }, "nothing"), others.map((t) => h("option", { value: t }, `trial ${t}${t === run.winner ? ", the winner" : ""}${parents.includes(t) ? ", a parent" : ""}`)));
  box.value = against === null ? "" : String(against);
  const list = against !== null ? differences(run, against, trial) : null;
  const metric = (name: string) => {
    if (against === null) return null;
    const [a, b] = [run.metric(name, against), run.metric(name, trial)];
    return h("tr", {}, h("td", {}, metricTitle(name)), h("td", { class: "n" }, quantity(name, a)), h("td", { class: "n" }, quantity(name, b)), h("td", { class: "n" }, a !== null && b !== null ? `${b > a ? "+" : ""}${quantity(name, b - a).replace("%", "points")}` : "–"));
  };
  const metrics = [...new Set([run.accuracy, "top1", "latency_ms", "params", "macs"])].filter((n) => run.metrics.has(n));
  return {
    element: h("section", { class: "card", id: "chart-difference" },
      h("header", {}, h("h2", {}, "Difference"), h("div", { class: "tools" }, "against ", box, parents[0] ? h("a", { class: "button", href: state.address({ trial, against: parents[0] }) }, "its parent") : null, run.winner !== null && run.winner !== trial && run.networks.has(run.winner) ? h("a", { class: "button", href: state.address({ trial, against: run.winner }) }, "the winner") : null)),
      against === null ? h("p", { class: "note" }, "Choose another trial to see which decisions and kernels differ.")
        : list === null ? h("p", {}, `The network of trial ${against} is not in this report.`)
        : [h("div", { class: "scroll-x" }, h("table", { class: "grid-table" }, h("thead", {}, h("tr", {}, ["", `trial ${against}`, `trial ${trial}`, "difference"].map((n, i) => h("th", { class: i ? "n" : null }, n)))), h("tbody", {}, metrics.map(metric)))),
           h("p", { class: "note" }, list.length === 0 ? "All decisions are the same." : `${plural(list.length, "decision")} ${list.length === 1 ? "differs" : "differ"}:`),
           list.length ? h("div", { class: "scroll-x" }, h("table", { class: "grid-table" }, h("thead", {}, h("tr", {}, ["Decision", `trial ${against}`, `trial ${trial}`].map((n) => h("th", {}, n)))), h("tbody", {}, list.map((d) => h("tr", {}, h("td", {}, h("code", {}, d.name)), h("td", {}, d.before), h("td", {}, h("b", {}, d.after))))))) : null]),
  };
}

export function network(state: State): View {
  const trial = state.focus;
  const shown = trial === null ? undefined : state.run.networks.get(trial);
  if (trial === null || !shown) return noNetwork(state.run, trial, "Network");
  const against = state.route.against === null ? null : (state.run.networks.get(state.route.against) ?? null);
  return page(drawing(trial, shown, against), difference(state, trial));
}
