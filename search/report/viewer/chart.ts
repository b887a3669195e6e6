import { BarChart, CustomChart, LineChart, ParallelChart, ScatterChart } from "echarts/charts";
import {
  AriaComponent, BrushComponent, DataZoomComponent, GridComponent, LegendComponent, MarkLineComponent,
  ParallelComponent, TooltipComponent,
} from "echarts/components";
import * as echarts from "echarts/core";
import { CanvasRenderer, SVGRenderer } from "echarts/renderers";
import { csv, h, save } from "./dom";
import { type Theme, theme } from "./theme";

echarts.use([
  BarChart, CustomChart, LineChart, ParallelChart, ScatterChart, AriaComponent, BrushComponent, DataZoomComponent,
  GridComponent, LegendComponent, MarkLineComponent, ParallelComponent, TooltipComponent, CanvasRenderer, SVGRenderer,
]);

// The options of ECharts are typed loosely: its own types depend on every component that is in use.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Option = Record<string, any>;
type Cell = string | number | boolean | null | undefined;

export interface ChartSpec {
  id: string;
  title: string;
  /** One or two sentences under the title. */
  note?: string | (() => string);
  height: number | (() => number);
  option(theme: Theme, width: number): Option;
  /** Series with ids that show selection and focus; replaced whenever these change. */
  overlay?(theme: Theme): Option[];
  data(): { header: string[]; rows: Cell[][] };
  click?(event: Option): void;
  /** Called once with the chart, to listen to brushes. */
  ready?(chart: echarts.ECharts): void;
  /** Called after each drawing. */
  drawn?(chart: echarts.ECharts): void;
  controls?: Node[];
  /** What the chart shows, for people who do not see it. */
  description(): string;
}

export interface View {
  element: HTMLElement;
  /** Called when selection or focus changed. */
  update?(): void;
  dispose?(): void;
}

/** A view that draws itself anew when its settings changed. */
export interface Chart extends View {
  redraw(): void;
}

/** Settings that all charts share. */
function base(t: Theme): Option {
  return {
    animation: false,
    textStyle: { fontFamily: "Inter, system-ui, sans-serif", color: t.ink, fontSize: 12 },
    color: t.palette,
    tooltip: {
      confine: true,
      backgroundColor: t.card,
      borderColor: t.line,
      borderWidth: 1,
      padding: [8, 11],
      textStyle: { color: t.ink, fontSize: 12 },
      extraCssText: "box-shadow:0 6px 24px rgb(0 0 0 / .16);border-radius:8px;max-width:340px;white-space:normal",
    },
    legend: { textStyle: { color: t.soft }, inactiveColor: t.line, itemWidth: 14, itemHeight: 10, itemGap: 14, icon: undefined },
  };
}

/** An axis in the style of the page. */
export function axis(t: Theme, name: string, more: Option = {}): Option {
  return {
    name,
    nameLocation: "middle",
    nameGap: 30,
    nameTextStyle: { color: t.soft, fontSize: 12 },
    axisLine: { lineStyle: { color: t.line } },
    axisTick: { lineStyle: { color: t.line } },
    axisLabel: { color: t.soft, hideOverlap: true },
    splitLine: { lineStyle: { color: t.line, opacity: 0.55 } },
    ...more,
  };
}

/** A card with a chart that saves itself as SVG and its data as CSV. */
export function chart(spec: ChartSpec): Chart {
  const canvas = h("div", { class: "chart", role: "img" });
  const note = h("p", { class: "note" });
  const buttons = h(
    "div",
    { class: "tools" },
    spec.controls,
    h("button", { class: "tool", onclick: () => saveSvg(), title: "Save this chart as SVG" }, "SVG"),
    h("button", { class: "tool", onclick: () => saveCsv(), title: "Save the data of this chart as CSV" }, "CSV"),
  );
  const element = h(
    "section",
    { class: "card", id: `chart-${spec.id}` },
    h("header", {}, h("h2", {}, spec.title), buttons),
    note,
    canvas,
  );
  let instance: echarts.ECharts | null = null;

  const height = () => (typeof spec.height === "function" ? spec.height() : spec.height);
  function options(width: number): Option {
    const t = theme();
    const option = spec.option(t, width);
    const common = base(t);
    return {
      ...common,
      ...option,
      tooltip: { ...common.tooltip, ...option.tooltip },
      legend: option.legend ? { ...common.legend, ...option.legend } : undefined,
      series: [...(option.series ?? []), ...(spec.overlay?.(t) ?? [])],
    };
  }
  function saveSvg(): void {
    const [width, tall] = [Math.max(720, canvas.clientWidth), height()];
    const copy = echarts.init(null, null, { renderer: "svg", ssr: true, width, height: tall });
    copy.setOption({ backgroundColor: theme().card, ...options(width) });
    save(`${spec.id}.svg`, "image/svg+xml", copy.renderToSVGString());
    copy.dispose();
  }
  function saveCsv(): void {
    const { header, rows } = spec.data();
    save(`${spec.id}.csv`, "text/csv", csv(header, rows));
  }
  function draw(): void {
    canvas.style.height = `${height()}px`;
    if (canvas.clientWidth === 0) return;
    if (!instance) {
      instance = echarts.init(canvas, null, { renderer: "canvas" });
      instance.on("click", (event) => spec.click?.(event as Option));
      spec.ready?.(instance);
    }
    instance.resize();
    note.textContent = (typeof spec.note === "function" ? spec.note() : spec.note) ?? "";
    note.hidden = note.textContent === "";
    canvas.setAttribute("aria-label", spec.description());
    instance.setOption(options(canvas.clientWidth), { notMerge: true });
    spec.drawn?.(instance);
  }

  let width = 0;
  const observer = new ResizeObserver(() => {
    if (canvas.clientWidth !== width) {
      width = canvas.clientWidth;
      draw();
    }
  });
  observer.observe(canvas);
  addEventListener("themechange", draw);
  return {
    element,
    redraw: draw,
    update: () => {
      if (!instance) return;
      if (spec.overlay) instance.setOption({ series: spec.overlay(theme()) });
      else draw();
    },
    dispose: () => {
      observer.disconnect();
      removeEventListener("themechange", draw);
      instance?.dispose();
    },
  };
}

/** A card that says what is missing and how to get it. */
export function empty(title: string, text: string, id = ""): View {
  return {
    element: h("section", { class: "card empty", id: id ? `chart-${id}` : null }, h("h2", {}, title), h("p", {}, text)),
  };
}

/** Several views on one page. */
export function page(...views: View[]): View {
  return {
    element: h("div", { class: "page" }, ...views.map((view) => view.element)),
    update: () => views.forEach((view) => view.update?.()),
    dispose: () => views.forEach((view) => view.dispose?.()),
  };
}
