import { axis, chart, empty, type Option, type View } from "../chart";
import { h } from "../dom";
import { count, metricName, metricTitle, plural, quantity, tick } from "../format";
import type { State } from "../state";
import { kShapes, type Theme } from "../theme";
import { tip } from "../trial_text";

const kCosts = ["latency_ms", "params", "macs"];

/** What the reader chose, which lasts while the page is open: a live page draws the chart anew. */
const kept: { x?: string; y?: string; logarithmic?: boolean; intervals: boolean; references: boolean } = { intervals: false, references: false };

/** Accuracy by cost: feasible filled, infeasible hollow, the front as a line, bounds, reference networks. */
export function pareto(state: State, height = 460): View {
  const run = state.run;
  const costs = kCosts.filter((name) => run.metrics.has(name));
  const accuracies = [...new Set([run.accuracy, "top1"])].filter((name) => run.metrics.has(name));
  if (costs.length === 0 || accuracies.length === 0) {
    return empty("Pareto front", run.count === 0 ? "The run has no trials yet." : "No candidate has come as far as a measured or predicted accuracy: all were rejected before.", "front");
  }
  let x = costs.find((name) => name === kept.x) ?? costs[0];
  let y = accuracies.find((name) => name === kept.y) ?? accuracies[0];
  // Costs that span an order of magnitude would crowd together on a linear axis.
  const spread = () => {
    const values = run.ids.map((t) => run.metric(x, t)).filter((v): v is number => v !== null && v > 0);
    return values.reduce((a, b) => Math.max(a, b), 0) / values.reduce((a, b) => Math.min(a, b), Infinity);
  };
  let logarithmic = kept.logarithmic ?? spread() > 6;
  let { intervals, references } = kept;
  const redraw = () => (Object.assign(kept, { x, y, intervals, references }), view.redraw());

  const points = (feasible: boolean) =>
    run.ids
      .filter((t) => run.state(t) !== "duplicate" && run.feasible(t) === feasible)
      .filter((t) => run.metric(x, t) !== null && run.metric(y, t) !== null)
      .map((t) => [run.metric(x, t), run.metric(y, t), t]);
  const at = (t: number) => [run.metric(x, t), run.metric(y, t), t];
  /** The front of the axes chosen, by rising cost. */
  const front = () => {
    let best = -Infinity;
    return points(true)
      .sort((a, b) => a[0]! - b[0]! || b[1]! - a[1]!)
      .filter((p) => p[1]! > best && ((best = p[1]!), true));
  };
  const known = () => run.data.references.filter((n) => x === "latency_ms" || n.params > 0);
  const refX = (n: { latency_ms: number; params: number; macs: number }) =>
    x === "latency_ms" ? n.latency_ms : x === "params" ? n.params : n.macs;
  const showReferences = () => references && y === "top1";

  function lines(t: Theme): Option[] {
    return run.data.bounds
      .filter((bound) => bound.metric === x || bound.metric === y)
      .map((bound) => ({
        [bound.metric === x ? "xAxis" : "yAxis"]: bound.bound,
        lineStyle: { color: t.state.rejected, type: bound.hard ? "solid" : "dashed", width: 1.25, opacity: 0.85 },
        label: {
          formatter: `${bound.side} ${quantity(bound.metric, bound.bound)}`,
          position: bound.metric === x ? "insideEndTop" : "insideStartTop",
          color: t.state.rejected,
          fontSize: 11,
        },
      }));
  }
  function option(t: Theme, width: number): Option {
    const [good, bad, line] = [points(true), points(false), front()];
    const onFront = new Set(line.map((p) => p[2]));
    const type = logarithmic ? "log" : "value";
    const narrow = width < 560;
    return {
      grid: { left: 62, right: narrow ? 16 : 28, top: 44, bottom: 52 },
      legend: { top: 0, left: 0, type: "scroll", data: ["front", "feasible", "infeasible", ...(showReferences() ? ["reference networks"] : [])] },
      tooltip: {
        trigger: "item",
        formatter: (p: Option) => (p.seriesId === "references" ? p.data.tip : p.value?.[2] ? tip(run, p.value[2]) : ""),
      },
      brush: { xAxisIndex: 0, yAxisIndex: 0, throttleType: "debounce", throttleDelay: 120, brushStyle: { color: `${t.accent}22`, borderColor: t.accent }, outOfBrush: { colorAlpha: 0.35 } },
      xAxis: axis(t, metricTitle(x), { type, logBase: spread() < 100 ? 2 : 10, scale: true, axisLabel: { color: t.soft, hideOverlap: true, formatter: tick, ...(logarithmic ? { showMinLabel: false, showMaxLabel: false } : {}) }, ...(logarithmic ? { min: (e: Option) => e.min * 0.9, max: (e: Option) => e.max * 1.1 } : {}) }),
      yAxis: axis(t, metricTitle(y), { type: "value", scale: true, nameGap: 42 }),
      dataZoom: [{ type: "inside", xAxisIndex: 0, filterMode: "none", zoomOnMouseWheel: "ctrl" }, { type: "inside", yAxisIndex: 0, filterMode: "none", zoomOnMouseWheel: "ctrl" }],
      series: [
        {
          id: "infeasible", name: "infeasible", type: "scatter", data: bad, symbol: kShapes.rejected, symbolSize: bad.length > 800 ? 6 : 9,
          itemStyle: { color: "transparent", borderColor: t.state.rejected, borderWidth: 1.1, opacity: bad.length > 800 ? 0.45 : 0.85 },
          progressive: 4000, emphasis: { scale: 1.4 },
        },
        {
          id: "feasible", name: "feasible", type: "scatter", data: good.filter((p) => !onFront.has(p[2])), symbolSize: good.length > 800 ? 6 : 9,
          itemStyle: { color: t.state.scored, opacity: 0.62 }, emphasis: { scale: 1.4 }, progressive: 4000,
        },
        {
          id: "front", name: "front", type: "line", step: "end", data: line, symbol: "circle", symbolSize: 10, z: 4, showAllSymbol: true,
          lineStyle: { color: t.state.scored, width: 2 }, itemStyle: { color: t.state.scored, borderColor: t.card, borderWidth: 1.5 },
          markLine: { symbol: "none", silent: true, animation: false, data: lines(t) },
        },
        ...(intervals ? [whiskers(t, line)] : []),
        ...(showReferences()
          ? [{
              id: "references", name: "reference networks", type: "scatter", symbol: "rect", symbolSize: 7, z: 3,
              itemStyle: { color: t.soft },
              labelLayout: { hideOverlap: true },
              label: { show: true, position: "right", formatter: (p: Option) => p.data.name, color: t.soft, fontSize: 10 },
              data: known().map((n) => ({
                name: n.name, value: [refX(n), n.top1],
                tip: `<b>${n.name}</b><br>published ImageNet top-1 ${quantity("top1", n.top1)}<br>latency ${quantity("latency_ms", n.latency_ms)}, predicted`,
              })),
            }]
          : []),
      ],
    };
  }
  /** Intervals of the points of the front, in both directions. */
  function whiskers(t: Theme, line: (number | null)[][]): Option {
    return {
      id: "intervals", type: "custom", silent: true, z: 2, data: line, encode: { x: 0, y: 1 },
      renderItem: (_: Option, api: Option) => {
        const trial = api.value(2) as number;
        const shapes: Option[] = [];
        const add = (from: number[], to: number[]) => {
          const [a, b] = [api.coord(from), api.coord(to)];
          shapes.push({ type: "line", shape: { x1: a[0], y1: a[1], x2: b[0], y2: b[1] }, style: { stroke: t.state.scored, opacity: 0.55, lineWidth: 1.2 } });
        };
        const [px, py] = [api.value(0) as number, api.value(1) as number];
        const [rx, ry] = [run.interval(x, trial), run.interval(y, trial)];
        if (rx) add([rx[0], py], [rx[1], py]);
        if (ry) add([px, ry[0]], [px, ry[1]]);
        return { type: "group", children: shapes };
      },
    };
  }

  const controls = {
    x: select("Cost", costs, (name) => ((x = name), redraw())),
    y: select("Accuracy", accuracies, (name) => ((y = name), sync(), redraw())),
    log: check("log", "Logarithmic cost", logarithmic, (on) => ((kept.logarithmic = logarithmic = on), redraw())),
    range: check("intervals", "Show the 90 % intervals of the front", intervals, (on) => ((intervals = on), redraw())),
    reference: check("references", "Show reference networks with their published accuracy", references, (on) => ((references = on), redraw())),
  };
  (controls.x as HTMLSelectElement).value = x;
  (controls.y as HTMLSelectElement).value = y;
  function sync(): void {
    controls.reference.hidden = y !== "top1" || run.data.references.length === 0;
  }
  sync();

  const view = chart({
    id: "front",
    title: "Pareto front",
    height,
    note: () => {
      const unknown = run.count - points(true).length - points(false).length;
      const far = run.data.bounds.filter((b) => b.metric === x).map((b) => `${b.side} ${quantity(b.metric, b.bound)}`);
      const kind = run.provenance(x) === "predicted" ? `${metricName(x)} is predicted for ${run.data.device}. ` : "";
      return `${kind.charAt(0).toUpperCase()}${kind.slice(1)}${unknown > 0 ? `${plural(unknown, "candidate")} ${unknown === 1 ? "has" : "have"} no ${metricName(y)} or no ${metricName(x)} and ${unknown === 1 ? "is" : "are"} not drawn. ` : ""}${far.length ? `The job allows ${far.join(" and ")}. ` : ""}Drag to select candidates in all views; hold Ctrl and turn the wheel to zoom.`;
    },
    option,
    overlay: (t) => [
      {
        id: "selected", type: "scatter", silent: true, z: 5, symbolSize: 12, data: [...state.selection].filter((id) => run.metric(x, id) !== null && run.metric(y, id) !== null).map(at),
        itemStyle: { color: "transparent", borderColor: t.accent, borderWidth: 1.6 },
      },
      {
        id: "focus", type: "scatter", silent: true, z: 6, symbolSize: 18, data: state.focus !== null && run.metric(y, state.focus) !== null && run.metric(x, state.focus) !== null ? [at(state.focus)] : [],
        itemStyle: { color: "transparent", borderColor: t.ink, borderWidth: 2 },
        label: { show: true, position: "top", color: t.ink, fontWeight: 600, textBorderColor: t.card, textBorderWidth: 3, formatter: () => (state.focus === run.winner ? `winner · ${state.focus}` : `trial ${state.focus}`) },
      },
    ],
    data: () => ({
      header: ["trial", "state", "feasible", "on_front", x, y, "u"],
      rows: [...points(true), ...points(false)].map(([a, b, t]) => [t, run.state(t!), run.feasible(t!), run.front.has(t!), a, b, run.u(t!)]),
    }),
    click: (event) => event.value?.[2] && state.pick(event.value[2]),
    ready: (instance) => {
      instance.on("brushSelected", (event) => {
        const found = new Set<number>();
        const batch = (event as Option).batch?.[0];
        if (!batch?.areas?.length) return;
        const option = instance.getOption() as Option;
        for (const series of batch.selected) {
          const { id, data } = option.series[series.seriesIndex];
          if (["infeasible", "feasible", "front"].includes(id)) for (const i of series.dataIndex) found.add(data[i][2]);
        }
        state.select(found, `in the rectangle on the front`);
      });
    },
    drawn: (instance) =>
      instance.dispatchAction({ type: "takeGlobalCursor", key: "brush", brushOption: { brushType: "rect", brushMode: "single" } }),
    controls: [controls.x, controls.y, controls.log, controls.range, controls.reference].filter((node) => node !== null),
    description: () =>
      `Scatter plot of ${metricName(y)} by ${metricName(x)}: ${count(points(true).length)} feasible and ${count(points(false).length)} infeasible candidates, ${count(front().length)} on the front.`,
  });
  return view;
}

export function select(label: string, names: string[], change: (name: string) => void): HTMLElement {
  const box = h("select", { "aria-label": label, onchange: () => change(box.value) }, ...names.map((n) => h("option", { value: n }, metricName(n))));
  box.hidden = names.length < 2;
  return box;
}
export function check(text: string, title: string, on: boolean, change: (on: boolean) => void): HTMLElement {
  const box = h("input", { type: "checkbox", onchange: () => change(box.checked) });
  box.checked = on;
  return h("label", { class: "check", title }, box, text);
}
