import { axis, chart, empty, type Option, type View } from "../chart";
import { duration, metricTitle, metricName, quantity } from "../format";
import type { Run } from "../run";
import type { State } from "../state";
import { kShapes } from "../theme";
import { tip } from "../trial_text";
import { select } from "./pareto";

/** The best value so far of feasible trials, as [trial, value] where it rose. */
export function bestSoFar(run: Run, name: string): [number, number][] {
  const steps: [number, number][] = [];
  for (const t of run.ids) {
    const value = name === "u" ? run.u(t) : run.metric(name, t);
    if (!run.feasible(t) || run.state(t) !== "scored" || value === null) continue;
    if (steps.length === 0 || value > steps[steps.length - 1][1]) steps.push([t, value]);
  }
  return steps;
}

/** The value of each trial in order of proposal, and the best feasible one so far. */
export function history(state: State, height = 340): View {
  const run = state.run;
  const names = ["u", ...new Set([run.accuracy, "top1"].filter((name) => run.metrics.has(name)))];
  if (run.ids.every((t) => run.u(t) === null)) {
    return empty("History", run.count === 0 ? "The run has no trials yet." : "No trial has been scored yet, so there is no U to draw.", "history");
  }
  let y = "u";
  const value = (t: number) => (y === "u" ? run.u(t) : run.metric(y, t));
  const of = (feasible: boolean) =>
    run.ids.filter((t) => run.state(t) !== "duplicate" && run.feasible(t) === feasible && value(t) !== null).map((t) => [t, value(t)!]);
  const pruned = () => of(false).filter(([t]) => run.state(t) === "pruned");
  const box = select("Value", names, (name) => ((y = name), view.redraw()));
  const view = chart({
    id: "history",
    title: "History",
    height,
    note: () => {
      const steps = bestSoFar(run, y);
      if (steps.length === 0) return "No trial is feasible yet.";
      const [t, best] = steps[steps.length - 1];
      const seconds = run.data.trials.proposed_s[t - 1];
      return `The best feasible trial so far is ${t} with ${quantity(y, best)}; it was proposed ${seconds == null ? "" : `${duration(seconds)} after the start, `}as ${t} of ${run.count}.`;
    },
    controls: [box],
    option: (t) => {
      const [good, bad, cut] = [of(true), of(false).filter(([id]) => run.state(id) !== "pruned"), pruned()];
      const steps = bestSoFar(run, y);
      const line = steps.length > 0 ? [...steps, [run.count, steps[steps.length - 1][1]]] : [];
      const many = good.length + bad.length > 2000;
      return {
        grid: { left: 58, right: 18, top: 40, bottom: 50 },
        legend: { top: 0, left: 0, data: ["best feasible so far", "feasible", "infeasible", ...(cut.length ? ["pruned"] : [])], type: "scroll" },
        tooltip: { trigger: "item", formatter: (p: Option) => (p.value?.[0] ? tip(run, p.value[0]) : "") },
        brush: { xAxisIndex: 0, yAxisIndex: 0, throttleType: "debounce", throttleDelay: 120, brushStyle: { color: `${t.accent}22`, borderColor: t.accent } },
        xAxis: axis(t, "trial, in order of proposal", { type: "value", min: 0, max: Math.max(run.count, 1), splitLine: { show: false } }),
        yAxis: axis(t, metricTitle(y), { type: "value", scale: true, nameGap: 40 }),
        series: [
          { id: "infeasible", name: "infeasible", type: "scatter", data: bad, symbol: kShapes.rejected, symbolSize: many ? 5 : 8, itemStyle: { color: "transparent", borderColor: t.state.rejected, borderWidth: 1, opacity: many ? 0.45 : 0.85 }, progressive: 4000 },
          { id: "pruned", name: "pruned", type: "scatter", data: cut, symbol: kShapes.pruned, symbolSize: 8, itemStyle: { color: "transparent", borderColor: t.state.pruned, borderWidth: 1.2 } },
          { id: "feasible", name: "feasible", type: "scatter", data: good, symbolSize: many ? 5 : 8, itemStyle: { color: t.state.scored, opacity: 0.6 }, progressive: 4000 },
          { id: "best", name: "best feasible so far", type: "line", step: "end", data: line, symbol: "none", z: 4, lineStyle: { color: t.state.running, width: 2.5 }, itemStyle: { color: t.state.running } },
        ],
      };
    },
    overlay: (t) => [
      { id: "selected", type: "scatter", silent: true, z: 5, symbolSize: 11, data: [...state.selection].filter((id) => value(id) !== null).map((id) => [id, value(id)]), itemStyle: { color: "transparent", borderColor: t.accent, borderWidth: 1.6 } },
      { id: "focus", type: "scatter", silent: true, z: 6, symbolSize: 16, data: state.focus !== null && value(state.focus) !== null ? [[state.focus, value(state.focus)]] : [], itemStyle: { color: "transparent", borderColor: t.ink, borderWidth: 2 } },
    ],
    data: () => ({
      header: ["trial", "state", "feasible", y, "best_feasible_so_far"],
      rows: (() => {
        let best: number | null = null;
        return run.ids.filter((t) => value(t) !== null).map((t) => {
          const v = value(t)!;
          if (run.feasible(t) && (best === null || v > best)) best = v;
          return [t, run.state(t), run.feasible(t), v, best];
        });
      })(),
    }),
    click: (event) => event.value?.[0] && event.seriesId !== "best" && state.pick(event.value[0]),
    ready: (instance) =>
      instance.on("brushSelected", (event) => {
        const batch = (event as Option).batch?.[0];
        if (!batch?.areas?.length) return;
        const found = new Set<number>();
        const option = instance.getOption() as Option;
        for (const part of batch.selected) {
          const { id, data } = option.series[part.seriesIndex];
          if (["infeasible", "feasible", "pruned"].includes(id)) for (const i of part.dataIndex) found.add(data[i][0]);
        }
        state.select(found, "in the rectangle on the history");
      }),
    drawn: (instance) =>
      instance.dispatchAction({ type: "takeGlobalCursor", key: "brush", brushOption: { brushType: "rect", brushMode: "single" } }),
    description: () => `${metricName(y)} of ${run.count} trials in order of proposal, with the best feasible one so far.`,
  });
  return view;
}
