import { axis, chart, empty, page, type Option, type View } from "../chart";
import { escape } from "../dom";
import { metricTitle, number, plural, quantity, signed, tick } from "../format";
import type { State } from "../state";

const kBars = 24;

/** The credit of the winner's decisions, with one standard deviation. */
function credit(state: State): View {
  const run = state.run;
  const data = run.data.credit;
  if (!data) return empty("What the winner's decisions are worth", run.winner === null ? "There is no winner yet, so no decision has a credit." : "The credit of decisions is computed when the search has ended.", "credit");
  if (data.basis === "unknown" || data.decisions.length === 0) {
    return empty("What the winner's decisions are worth", `${plural(data.observed, "trial")} of this run ${data.observed === 1 ? "has" : "have"} an accuracy; the inquisitor needs more before it credits decisions.`, "credit");
  }
  const bars = [...data.decisions].filter((d) => Math.abs(d.u) >= 0.005).sort((a, b) => Math.abs(b.u) - Math.abs(a.u)).slice(0, kBars).sort((a, b) => a.u - b.u);
  if (bars.length === 0) return empty("What the winner's decisions are worth", "No single decision of the winner changes U by 0.01 dB or more.", "credit");
  return chart({
    id: "credit", title: "What the winner's decisions are worth", height: 80 + 24 * bars.length,
    note: `Difference in U between trial ${data.trial} and the mean of the same network with another answer to one decision. ${data.basis === "computed" ? "All of it is computed from the structure." : `Cost is computed; accuracy is predicted by an inquisitor fitted to ${plural(data.observed, "trial")}. Lines span one standard deviation to each side; pale bars are smaller than it.`} ${data.decisions.length > bars.length ? `The ${bars.length} largest of ${data.decisions.length} are drawn.` : ""}`,
    option: (t, width) => {
      const narrow = width < 560;
      const clear = (d: (typeof bars)[0]) => Math.abs(d.u) > d.deviation;
      return {
        grid: { left: narrow ? 150 : 270, right: narrow ? 30 : 60, top: 8, bottom: 54 },
        tooltip: { trigger: "item", formatter: (p: Option) => {
          const d = bars[p.dataIndex];
          const others = d.alternatives.map((a) => `<tr><td>${escape(a.answer)}</td><td>${a.u === null ? "" : `${signed(a.u)} dB`} ${a.feasible ? "" : `infeasible: ${escape(a.rule)}`}</td></tr>`).join("");
          return `<b>${escape(d.name)} = ${escape(d.answer)}</b><br>${signed(d.u)} dB ± ${number(d.deviation)}; by accuracy ${signed(d.by_accuracy)} dB<table class="tip"><tr><td>instead</td><td></td></tr>${others}</table>`;
        } },
        xAxis: axis(t, "credit in dB of U", { type: "value", min: Math.floor(Math.min(0, ...bars.map((d) => d.u - d.deviation))), max: Math.ceil(Math.max(0, ...bars.map((d) => d.u + d.deviation))) }),
        yAxis: { type: "category", data: bars.map((d) => `${d.name} = ${d.answer}`), axisTick: { show: false }, axisLine: { onZero: false, lineStyle: { color: t.line } }, axisLabel: { color: t.ink, width: narrow ? 140 : 255, overflow: "truncate", fontSize: 11.5, interval: 0 } },
        series: [
          { id: "bars", type: "bar", barWidth: 13, data: bars.map((d) => ({ value: d.u, itemStyle: { color: d.u > 0 ? t.state.scored : t.state.rejected, opacity: clear(d) ? 0.9 : 0.4, borderRadius: 3, decal: d.u < 0 ? { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [2, 4], rotation: Math.PI / 4, color: "rgba(255,255,255,.35)" } : undefined } })) },
          { id: "deviations", type: "custom", silent: true, z: 3, data: bars.map((d, i) => [d.u, i, d.deviation]), encode: { x: 0, y: 1 }, renderItem: (_: Option, api: Option) => {
            const [u, i, sd] = [api.value(0) as number, api.value(1) as number, api.value(2) as number];
            if (!(sd > 0)) return null;
            const [a, b] = [api.coord([u - sd, i]), api.coord([u + sd, i])];
            const line = (x1: number, y1: number, x2: number, y2: number) => ({ type: "line", shape: { x1, y1, x2, y2 }, style: { stroke: t.ink, lineWidth: 1.2 } });
            return { type: "group", children: [line(a[0], a[1], b[0], b[1]), line(a[0], a[1] - 4, a[0], a[1] + 4), line(b[0], b[1] - 4, b[0], b[1] + 4)] };
          } },
        ],
      };
    },
    data: () => ({ header: ["decision", "answer", "u", "deviation", "by_accuracy", "compared"], rows: data.decisions.map((d) => [d.name, d.answer, d.u, d.deviation, d.by_accuracy, d.compared]) }),
    description: () => `Credit of ${bars.length} decisions of the winner in dB. Largest: ${bars.at(-1)!.name} = ${bars.at(-1)!.answer}, ${signed(bars.at(-1)!.u)} dB.`,
  });
}

/** A name in lines of at most about eleven letters. */
function lines(name: string): string {
  return name.split(" ").reduce((text, word) => (text === "" ? word : text.length - text.lastIndexOf("\n") + word.length > 12 ? `${text}\n${word}` : `${text} ${word}`), "");
}

/** Evaluated trials as lines over features; a drag along an axis selects. */
function parallel(state: State): View {
  const run = state.run;
  const { trials, columns } = run.data.features;
  if (trials.length === 0) return empty("Features and results", "No candidate has been evaluated yet.", "parallel");
  const metrics = [...new Set(["depth", "params", "macs", "latency_ms", run.accuracy])].filter((n) => run.metrics.has(n));
  // A feature that is the same for all trials separates nothing.
  const varied = columns.filter((c) => c.values.some((v) => v !== c.values[0]));
  const same = columns.filter((c) => !varied.includes(c)).map((c) => c.name);
  const all = [...varied.map((c) => ({ name: c.name, value: (_: number, i: number) => c.values[i] as number | null })), ...metrics.map((m) => ({ name: metricTitle(m), value: (t: number) => run.metric(m, t) })), { name: "U (dB)", value: (t: number) => run.u(t) }];
  // On a narrow page there is room for few axes.
  const few = ["columns (mean)", "widest map", metricTitle("params"), metricTitle("latency_ms"), metricTitle(run.accuracy), "U (dB)"];
  const axes = innerWidth < 640 ? all.filter((a) => few.includes(a.name)) : all;
  const whole = (name: string) => varied.some((c) => c.name === name && c.values.every(Number.isInteger));
  const most = 1500;
  const first = Math.max(0, trials.length - most);
  const rows = trials.map((t, i) => ({ t, values: axes.map((a) => a.value(t, i) ?? NaN) })).slice(first);
  const ready = rows.filter((r) => run.u(r.t) !== null);
  const us = ready.map((r) => run.u(r.t)!).sort((a, b) => a - b);
  const top = us[Math.floor(us.length * 0.75)] ?? Infinity;
  return chart({
    id: "parallel", title: "Features and results", height: 420,
    note: () => `${axes.length < all.length ? `${all.length - axes.length} more axes are drawn on a wider page. ` : ""}One line for each evaluated trial; the quarter of the highest U is drawn strong. Drag along an axis to select trials.${rows.length < run.evaluated ? ` The latest ${rows.length} of ${run.evaluated} are drawn.` : ""}${same.length ? ` The same for all: ${same.join(", ")}.` : ""}`,
    option: (t) => ({
      parallel: { left: 44, right: 56, top: 72, bottom: 24,
        parallelAxisDefault: { nameLocation: "end", nameGap: 18, nameTextStyle: { color: t.ink, fontSize: 11.5, lineHeight: 13, width: 90, overflow: "none" }, axisLine: { lineStyle: { color: t.soft } }, axisTick: { lineStyle: { color: t.soft } }, axisLabel: { color: t.soft, fontSize: 10.5, formatter: tick }, areaSelectStyle: { width: 18, color: t.accent, borderColor: t.accent, opacity: 0.25 } } },
      parallelAxis: axes.map((a, dim) => ({ dim, name: lines(a.name), scale: true, minInterval: whole(a.name) ? 1 : undefined })),
      tooltip: { show: false },
      series: [{ id: "lines", type: "parallel", inactiveOpacity: 0.03, activeOpacity: 0.9, progressive: 400, smooth: 0.15, data: rows.map((r) => ({ value: r.values, lineStyle: { width: 1.2, color: !run.feasible(r.t) ? t.state.rejected : (run.u(r.t) ?? -Infinity) >= top ? t.state.scored : t.soft, opacity: !run.feasible(r.t) ? 0.35 : (run.u(r.t) ?? -Infinity) >= top ? 0.75 : 0.25, type: run.feasible(r.t) ? "solid" : "dashed" } })) }],
    }),
    overlay: (t) => [{ id: "focus", type: "parallel", silent: true, z: 5, data: rows.filter((r) => r.t === state.focus || (state.selection.size <= 60 && state.selection.has(r.t))).map((r) => ({ value: r.values, lineStyle: { width: r.t === state.focus ? 3 : 2, opacity: 1, color: r.t === state.focus ? t.ink : t.accent } })) }],
    ready: (instance) => instance.on("axisareaselected", () => {
      // eslint-disable-next-line @typescript-eslint/no-explicit-any
      const series = (instance as any).getModel().getSeries()[0];
      const active: number[] = series.getRawIndicesByActiveState("active");
      state.select(active.map((i) => rows[i].t), active.length ? "on the axes" : "");
    }),
    data: () => ({ header: ["trial", ...axes.map((a) => a.name)], rows: rows.map((r) => [r.t, ...r.values.map((v) => (Number.isNaN(v) ? null : v))]) }),
    description: () => `Parallel coordinates of ${rows.length} trials over ${axes.map((a) => a.name).join(", ")}. The winner has U ${quantity("u", run.winner === null ? null : run.u(run.winner))}.`,
  });
}

export function decisions(state: State): View {
  return page(credit(state), parallel(state));
}
