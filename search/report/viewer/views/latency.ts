import { axis, chart, empty, page, type Option, type View } from "../chart";
import type { Kernels, Network } from "../document";
import { escape } from "../dom";
import { h } from "../dom";
import { number, plural, quantity, share, words } from "../format";
import type { Run } from "../run";
import type { State } from "../state";

export function stageName(stage: number): string {
  return stage < 0 ? "stem and head" : `stage ${stage}`;
}

/** What to show where a trial's network is not in the report. */
export function noNetwork(run: Run, trial: number | null, title: string): View {
  if (trial === null) return empty(title, "The run has no trials yet.");
  return empty(title, `The network of trial ${trial} is not in this report, which includes the ${plural(run.networks.size, "most interesting network")} of the run. gensynth report --networks N includes more; gensynth profile ${run.data.path}#${trial} prints this one.`);
}

/** The kernels of one class in one stage, split by whether they are like kernels that were measured. */
function groups(kernels: Kernels): Map<string, { stage: number; name: string; measured: boolean; ms: number; kernels: number[] }> {
  const found = new Map();
  kernels.ms.forEach((ms, i) => {
    const measured = kernels.measured_range[i] === 1;
    const key = `${kernels.stage[i]}/${kernels.class[i]}/${measured}`;
    const group = found.get(key) ?? { stage: kernels.stage[i], name: kernels.class[i], measured, ms: 0, kernels: [] };
    group.ms += ms;
    group.kernels.push(i);
    found.set(key, group);
  });
  return found;
}

function byStage(trial: number, network: Network): View {
  const all = [...groups(network.kernels).values()];
  const stages = [...new Set(all.map((g) => g.stage))].sort((a, b) => a - b);
  const sum = (list: { ms: number }[]) => list.reduce((total, g) => total + g.ms, 0);
  const classes = [...new Set(all.map((g) => g.name))].sort((a, b) => sum(all.filter((g) => g.name === b)) - sum(all.filter((g) => g.name === a)));
  const outside = sum(all.filter((g) => !g.measured));
  return chart({
    id: "latency", title: `Where the time of trial ${trial} goes`, height: 110 + 44 * stages.length,
    note: `${quantity("latency_ms", network.latency_ms)} predicted, ${number(network.low)} to ${number(network.high)} ms with 90 % probability. ${outside > 0 ? `Hatched: ${share(outside / network.latency_ms, 2)} of it is in kernels unlike those that were measured on this device.` : "All of it is in kernels like those that were measured on this device."} ${network.notes.length ? `The model notes: ${network.notes.join("; ")}.` : ""}`,
    option: (t) => ({
      grid: { left: 104, right: 24, top: 54, bottom: 54 },
      legend: { top: 0, left: 0, type: "scroll", data: classes.map(words) },
      tooltip: { trigger: "item", formatter: (p: Option) => `<b>${escape(String(p.seriesName))}</b>, ${escape(String(p.name))}<br>${number(p.value)} ms, ${share(p.value / network.latency_ms, 2)} of the network${p.data.kernels ? `<br>${plural(p.data.kernels, "kernel")}${p.data.measured ? "" : ", unlike those measured"}` : ""}` },
      xAxis: axis(t, "predicted latency (ms)", { type: "value" }),
      yAxis: { type: "category", inverse: true, data: stages.map(stageName), axisLine: { lineStyle: { color: t.line } }, axisTick: { show: false }, axisLabel: { color: t.ink } },
      series: classes.flatMap((name, c) => [true, false].map((measured) => ({
        id: `${name}-${measured}`, name: words(name), type: "bar", stack: "ms", barWidth: 22, itemStyle: { color: t.palette[c % t.palette.length], borderColor: t.card, borderWidth: 1, ...(c >= t.palette.length ? { opacity: 0.6 } : {}), ...(measured ? {} : { decal: { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [2, 4], rotation: -Math.PI / 4, color: t.dark ? "rgba(0,0,0,.55)" : "rgba(255,255,255,.7)" } }) },
        data: stages.map((stage) => {
          const group = all.find((g) => g.stage === stage && g.name === name && g.measured === measured);
          return { value: group?.ms ?? 0, kernels: group?.kernels.length, measured };
        }),
      }))),
    }),
    data: () => ({ header: ["stage", "kernel", "like_measured", "kernels", "ms"], rows: all.map((g) => [g.stage, g.name, g.measured, g.kernels.length, g.ms]) }),
    description: () => `Predicted latency by stage: ${stages.map((s) => `${stageName(s)} ${number(sum(all.filter((g) => g.stage === s)))} ms`).join(", ")}.`,
  });
}

function slowest(state: State, trial: number, network: Network): View {
  const { kernels, vertices } = network;
  const order = kernels.ms.map((_, i) => i).sort((a, b) => kernels.ms[b] - kernels.ms[a]).slice(0, 20);
  const head = ["Kernel", "Class", "Stage", "Output", "MACs", "ms", "Share", "Bound by"];
  return {
    element: h("section", { class: "card", id: "chart-kernels" }, h("h2", {}, "The slowest kernels"),
      h("p", { class: "note" }, `The ${order.length} slowest of ${plural(kernels.ms.length, "kernel")}. A star marks one unlike those that were measured. `, h("a", { href: state.address({ view: "network", trial }) }, "The network shows where they are.")),
      h("div", { class: "scroll-x" }, h("table", { class: "grid-table" }, h("thead", {}, h("tr", {}, head.map((name, i) => h("th", { class: i > 3 && i < 7 ? "n" : null }, name)))),
        h("tbody", {}, order.map((i) => {
          const v = kernels.vertices[i][0];
          return h("tr", {}, h("td", {}, h("code", {}, vertices.id[v])), h("td", {}, words(kernels.class[i]), kernels.measured_range[i] ? "" : " *"), h("td", {}, stageName(kernels.stage[i])), h("td", {}, vertices.shape[kernels.vertices[i].at(-1)!]),
            h("td", { class: "n" }, number(kernels.macs[i])), h("td", { class: "n" }, number(kernels.ms[i])), h("td", { class: "n" }, share(kernels.ms[i] / network.latency_ms, 2)), h("td", {}, kernels.bound_by[i]));
        }))))),
  };
}

export function latency(state: State): View {
  const trial = state.focus;
  const network = trial === null ? undefined : state.run.networks.get(trial);
  if (trial === null || !network) return noNetwork(state.run, trial, "Latency");
  return page(byStage(trial, network), slowest(state, trial, network));
}
