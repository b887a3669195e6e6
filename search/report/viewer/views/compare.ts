import { axis, chart, page, type Option, type View } from "../chart";
import { h } from "../dom";
import { count, duration, metricTitle, number, quantity, words } from "../format";
import type { State } from "../state";
import { bestSoFar } from "./history";

const kDashes = ["solid", "dashed", "dotted", [8, 3, 2, 3]];
const kMarks = ["circle", "diamond", "triangle", "rect"];

/** Several runs side by side. */
export function compare(state: State): View {
  const { runs } = state;
  const style = (i: number) => ({ type: kDashes[i % kDashes.length] });
  const fresh = (i: number, run = runs[i]) => {
    const steps = bestSoFar(run, "u");
    const ordinal = run.data.trials.ordinal;
    const points = steps.map(([t, u]) => [ordinal[t - 1], u, t]);
    return points.length > 0 ? [...points, [run.evaluated, points.at(-1)![1], points.at(-1)![2]]] : [];
  };
  const best = chart({
    id: "compare-history", title: "Best feasible U by evaluated trials", height: 340,
    note: "Runs with different objectives or data have values of U that cannot be compared.",
    option: (t) => ({
      grid: { left: 56, right: 20, top: 40, bottom: 54 }, legend: { top: 0, left: 0, type: "scroll" }, tooltip: { trigger: "item", formatter: (p: Option) => `<b>${p.seriesName}</b><br>trial ${p.value[2]}: ${quantity("u", p.value[1])}` },
      xAxis: axis(t, "evaluated trials", { type: "value" }), yAxis: axis(t, "U (dB)", { type: "value", scale: true, nameGap: 40 }),
      series: runs.map((run, i) => ({ id: `r${i}`, name: run.data.name, type: "line", step: "end", data: fresh(i), symbol: kMarks[i % 4], symbolSize: 6, lineStyle: { width: 2, ...style(i) } })),
    }),
    data: () => ({ header: ["run", "evaluated", "trial", "u"], rows: runs.flatMap((run, i) => fresh(i).map((p) => [run.data.name, p[0], p[2], p[1]])) }),
    description: () => `Best feasible U of ${runs.length} runs.`,
  });
  const accuracy = runs.every((r) => r.accuracy === runs[0].accuracy) ? runs[0].accuracy : "top1";
  const fronts = chart({
    id: "compare-fronts", title: "Fronts", height: 380,
    note: `${metricTitle(accuracy)} by predicted latency of the feasible trials that no other of their run beats in both.`,
    option: (t) => ({
      grid: { left: 56, right: 20, top: 40, bottom: 54 }, legend: { top: 0, left: 0, type: "scroll" }, tooltip: { trigger: "item", formatter: (p: Option) => `<b>${p.seriesName}</b>, trial ${p.value[2]}<br>${quantity(accuracy, p.value[1])} at ${quantity("latency_ms", p.value[0])}` },
      xAxis: axis(t, metricTitle("latency_ms"), { type: "value", scale: true }), yAxis: axis(t, metricTitle(accuracy), { type: "value", scale: true, nameGap: 40 }),
      series: runs.map((run, i) => ({ id: `f${i}`, name: run.data.name, type: "line", step: "end", symbol: kMarks[i % 4], symbolSize: 8, lineStyle: { width: 2, ...style(i) }, data: run.data.front.map((t) => [run.metric("latency_ms", t), run.metric(accuracy, t), t]).filter((p) => p[1] !== null) })),
    }),
    click: (event) => event.value?.[2] && state.go({ view: "trial", run: runs.findIndex((r) => r.data.name === event.seriesName), trial: event.value[2] }),
    data: () => ({ header: ["run", "trial", "latency_ms", accuracy], rows: runs.flatMap((run) => run.data.front.map((t) => [run.data.name, t, run.metric("latency_ms", t), run.metric(accuracy, t)])) }),
    description: () => `Pareto fronts of ${runs.length} runs.`,
  });
  const rows: [string, (i: number) => string | Node][] = [
    ["Winner", (i) => (runs[i].winner === null ? "none" : h("a", { href: state.address({ view: "trial", run: i, trial: runs[i].winner }) }, `trial ${runs[i].winner}`))],
    ["U of the winner", (i) => (runs[i].winner === null ? "–" : quantity("u", runs[i].u(runs[i].winner!)))],
    ...["proxy_top1", "top1", "latency_ms", "params", "macs"].filter((n) => runs.some((r) => r.metrics.has(n))).map((n): [string, (i: number) => string] => [metricTitle(n), (i) => (runs[i].winner === null ? "–" : quantity(n, runs[i].metric(n, runs[i].winner!)))]),
    ["Proposed", (i) => count(runs[i].count)], ["Evaluated", (i) => count(runs[i].evaluated)], ["Feasible", (i) => count(runs[i].data.trials.feasible.reduce((a: number, b) => a + b, 0))], ["On the front", (i) => count(runs[i].front.size)],
    ["Time", (i) => duration(runs[i].data.ended - runs[i].data.started)], ["Core-seconds", (i) => number(runs[i].data.trials.core_seconds.reduce((a, b) => a + b, 0))],
    ["Strategy", (i) => words(runs[i].data.strategy)], ["Seed", (i) => String(runs[i].data.seed)], ["Device", (i) => runs[i].data.device],
  ];
  const table = h("section", { class: "card", id: "chart-compare" }, h("h2", {}, "Runs"), h("div", { class: "scroll-x" }, h("table", { class: "grid-table" },
    h("thead", {}, h("tr", {}, h("th"), runs.map((run, i) => h("th", {}, h("a", { href: state.address({ view: "overview", run: i, trial: null }) }, run.data.name))))), h("tbody", {}, rows.map(([name, value]) => h("tr", {}, h("td", {}, name), runs.map((_, i) => h("td", {}, value(i)))))))));
  const options = differing(runs.map((run) => flat(run.data.job)));
  const job = h("section", { class: "card", id: "chart-jobs" }, h("h2", {}, "What differs in their jobs"), options.length === 0 ? h("p", { class: "note" }, "Nothing: the jobs are the same.") : h("div", { class: "scroll-x" }, h("table", { class: "grid-table" }, h("thead", {}, h("tr", {}, h("th", {}, "Key"), runs.map((r) => h("th", {}, r.data.name)))), h("tbody", {}, options.map(([key, values]) => h("tr", {}, h("td", {}, h("code", {}, key)), values.map((v) => h("td", {}, v))))))));
  return page({ element: table }, best, fronts, { element: job });
}

/** The keys of a job with their values as texts; constraints are named by their label. */
function flat(value: unknown, path = ""): Map<string, string> {
  if (value === null || typeof value !== "object") return new Map([[path, typeof value === "string" ? value : JSON.stringify(value)]]);
  const name = (key: string, item: unknown) => {
    const label = item !== null && typeof item === "object" && ("label" in item ? item.label : "constraint" in item ? item.constraint : null);
    return typeof label === "string" ? label : key;
  };
  return new Map(Object.entries(value).flatMap(([key, item]) => [...flat(item, path ? `${path}.${name(key, item)}` : name(key, item))]));
}
function differing(jobs: Map<string, string>[]): [string, string[]][] {
  return [...new Set(jobs.flatMap((job) => [...job.keys()]))].map((key): [string, string[]] => [key, jobs.map((job) => job.get(key) ?? "–")]).filter(([, values]) => new Set(values).size > 1);
}
