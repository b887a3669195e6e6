import { axis, chart, empty, type Option, type View } from "../chart";
import { duration, plural, share } from "../format";
import type { State } from "../state";
import { tip } from "../trial_text";

/** Which worker evaluated which trial when; gaps are idle time. */
export function timeline(state: State): View {
  const { run } = state;
  const attempts = run.data.timeline;
  if (attempts.length === 0) {
    return empty("Timeline", run.data.trained ? "No worker has begun a trial yet." : "The job trains nothing, so no worker took part: candidates are scored by the coordinator as they are proposed.", "timeline");
  }
  const workers = [...new Set(attempts.map((a) => a.worker))].sort();
  const start = Math.min(...attempts.map((a) => a.start_s));
  const end = Math.max(...attempts.map((a) => a.end_s));
  const busy = attempts.reduce((sum, a) => sum + a.end_s - a.start_s, 0) / Math.max(1e-9, (end - start) * workers.length);
  const lost = attempts.filter((a) => a.outcome === "lost" || a.outcome === "preempted").length;
  const unit = end > 7200 ? 3600 : end > 180 ? 60 : 1;
  const name = unit === 3600 ? "hours" : unit === 60 ? "minutes" : "seconds";
  const outcomes = [...new Set(attempts.map((a) => a.outcome))];
  return chart({
    id: "timeline", title: "Timeline", height: 120 + 30 * workers.length,
    note: `${plural(workers.length, "worker")} evaluated ${plural(attempts.length, "attempt")} and ${workers.length === 1 ? "was" : "were"} busy for ${share(busy, 2)} of the time between the first and the last. ${lost > 0 ? `${plural(lost, "attempt")} ended because the worker was lost or released the trial.` : "No attempt was lost."}`,
    option: (t, width) => ({
      grid: { left: width < 560 ? 84 : 150, right: 20, top: 36, bottom: 56 },
      legend: { top: 0, left: 0, data: outcomes, type: "scroll" },
      dataZoom: [{ type: "inside", xAxisIndex: 0, filterMode: "weakFilter", zoomOnMouseWheel: "ctrl" }],
      tooltip: { trigger: "item", formatter: (p: Option) => { const a = attempts[p.value[4]]; return `${tip(run, a.trial)}<div class="tip-reason">attempt ${a.attempt} by ${a.worker}: ${a.outcome} after ${duration(a.end_s - a.start_s)}</div>`; } },
      xAxis: axis(t, `${name} since the start`, { type: "value", min: 0, max: Math.ceil((end / unit) * 10) / 10 }),
      yAxis: { type: "category", inverse: true, data: workers, axisLine: { lineStyle: { color: t.line } }, axisTick: { show: false }, axisLabel: { color: t.ink, fontSize: 11, width: width < 560 ? 74 : 140, overflow: "truncate" } },
      series: outcomes.map((outcome) => ({
        id: outcome, name: outcome, type: "custom", itemStyle: { color: t.state[outcome] ?? t.soft }, encode: { x: [1, 2], y: 0 },
        data: attempts.flatMap((a, i) => (a.outcome === outcome ? [[workers.indexOf(a.worker), a.start_s / unit, a.end_s / unit, a.trial, i]] : [])),
        renderItem: (_: Option, api: Option) => {
          const [a, b] = [api.coord([api.value(1), api.value(0)]), api.coord([api.value(2), api.value(0)])];
          const trial = api.value(3) as number;
          const strong = trial === state.focus || state.selection.has(trial);
          const bad = outcome === "failed" || outcome === "lost";
          return { type: "rect", shape: { x: a[0], y: a[1] - 9, width: Math.max(1.5, b[0] - a[0] - 0.5), height: 18, r: 3 }, style: { fill: t.state[outcome] ?? t.soft, opacity: state.selection.size > 0 && !strong ? 0.3 : 0.85, stroke: strong ? t.ink : bad ? t.ink : undefined, lineWidth: strong ? 2 : 1, lineDash: bad && !strong ? [3, 2] : undefined } };
        },
      })),
    }),
    click: (event) => event.value && state.pick(event.value[3]),
    data: () => ({ header: ["trial", "attempt", "worker", "start_s", "end_s", "outcome"], rows: attempts.map((a) => [a.trial, a.attempt, a.worker, a.start_s, a.end_s, a.outcome]) }),
    description: () => `Timeline of ${attempts.length} attempts by ${workers.length} workers.`,
  });
}
