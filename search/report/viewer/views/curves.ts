import { axis, chart, empty, type Option, type View } from "../chart";
import { count, metricTitle, number, plural } from "../format";
import type { State } from "../state";
import { tip } from "../trial_text";

const kLines = 300;

/** Accuracy after each rung of training; what was pruned is faded, the thresholds are marks. */
export function curves(state: State, height = 360): View {
  const run = state.run;
  const { rungs } = run.data;
  if (rungs.trial.length === 0) {
    return empty("Learning curves", run.data.trained ? "No trial has reached a rung of its training yet." : "The job trains nothing, so there are no learning curves: its candidates are scored from structure alone.", "curves");
  }
  const lines = new Map<number, [number, number | null][]>();
  const floors = new Map<number, number>();
  rungs.trial.forEach((t, i) => {
    lines.set(t, [...(lines.get(t) ?? [[0, null] as [number, number | null]]).filter((p) => p[1] !== null), [rungs.images[i], rungs.top1[i]]]);
    const floor = rungs.prune_below[i];
    if (floor !== null) floors.set(rungs.images[i], Math.max(floor, floors.get(rungs.images[i]) ?? 0));
  });
  // Many lines hide one another: the best and those in focus stay.
  const best = [...lines.keys()].sort((a, b) => (run.u(b) ?? -1e9) - (run.u(a) ?? -1e9));
  const drawn = best.slice(0, kLines);
  return chart({
    id: "curves", title: "Learning curves", height,
    note: () => `Hold-out accuracy at the rungs of training. ${drawn.length < lines.size ? `The ${count(drawn.length)} trials of the highest U are drawn, of ${count(lines.size)}. ` : ""}${floors.size > 0 ? "A dash marks the highest threshold below which a trial was pruned at that rung. " : ""}Dashed lines are pruned or rejected trials.`,
    option: (t) => ({
      grid: { left: 56, right: 20, top: 20, bottom: 56 },
      tooltip: { trigger: "item", formatter: (p: Option) => (p.seriesId === "floors" ? `pruned below ${number(p.value[1])} % after ${number(p.value[0])} images` : p.seriesName ? tip(run, Number(p.seriesName)) : "") },
      xAxis: axis(t, "training images", { type: "value", scale: true, axisLabel: { color: t.soft, hideOverlap: true, formatter: (v: number) => number(v) } }),
      yAxis: axis(t, metricTitle("proxy_top1"), { type: "value", scale: true, nameGap: 38 }),
      series: [
        ...drawn.map((id) => {
          const good = run.state(id) === "scored" && run.feasible(id);
          const colour = good ? t.state.scored : (t.state[run.state(id)] ?? t.soft);
          return { id: `t${id}`, name: String(id), type: "line", data: lines.get(id), symbol: good ? "circle" : run.state(id) === "pruned" ? "triangle" : "diamond", symbolSize: 5, triggerLineEvent: true, lineStyle: { width: 1.4, color: colour, opacity: good ? 0.55 : 0.35, type: good ? "solid" : "dashed" }, itemStyle: { color: colour, opacity: good ? 0.7 : 0.45 }, emphasis: { lineStyle: { width: 3, opacity: 1 } } };
        }),
        ...(floors.size > 0 ? [{ id: "floors", name: "", type: "scatter", symbol: "rect", symbolSize: [26, 2.5], z: 4, data: [...floors], itemStyle: { color: t.state.pruned } }] : []),
      ],
    }),
    overlay: (t) => {
      const strong = [...new Set([...(state.focus !== null ? [state.focus] : []), ...[...state.selection].slice(0, 40)])].filter((id) => lines.has(id));
      // A fixed number of series, so that lines of an earlier selection are replaced.
      return Array.from({ length: 41 }, (_, i) => ({
        id: `strong-${i}`, name: strong[i] !== undefined ? String(strong[i]) : "", type: "line", silent: true, z: 6, data: strong[i] !== undefined ? lines.get(strong[i]) : [], symbolSize: 7,
        lineStyle: { width: 2.6, color: strong[i] === state.focus ? t.ink : t.accent }, itemStyle: { color: strong[i] === state.focus ? t.ink : t.accent },
        endLabel: { show: strong[i] === state.focus, formatter: () => (state.focus === run.winner ? "winner" : String(strong[i])), color: t.ink, fontWeight: 600, textBorderColor: t.card, textBorderWidth: 3, offset: [-46, -12] },
      }));
    },
    click: (event) => /^\d+$/.test(event.seriesName ?? "") && state.pick(Number(event.seriesName)),
    data: () => ({ header: ["trial", "images", "top1", "loss", "train_loss", "prune_below"], rows: rungs.trial.map((t, i) => [t, rungs.images[i], rungs.top1[i], rungs.loss[i], rungs.train_loss[i], rungs.prune_below[i]]) }),
    description: () => `Learning curves of ${plural(drawn.length, "trial")}.`,
  });
}
