import type { View } from "../chart";
import { csv, h, save } from "../dom";
import { count, metricTitle, plural, quantity, words } from "../format";
import { kStates, type Run } from "../run";
import type { State } from "../state";
import { filter, kFilterHelp } from "../filter";
import { mark } from "../mark";

interface Column {
  key: string;
  title: string;
  wide?: boolean;
  /** Aligned to the right. */
  figure?: boolean;
  value(run: Run, t: number): number | string | null;
  text?(run: Run, t: number): string;
}

const kRow = 36;

/** Filters and order, which last while the page is open: a live page draws the table anew. */
const kept = { run: -1, query: "", hidden: new Set<string>(), sort: { key: "trial", down: false }, onlySelected: false, scroll: 0 };

function columns(run: Run): Column[] {
  const metric = (name: string): Column => ({
    key: name, title: metricTitle(name).replace("ImageNet", "IN"), figure: true, value: (r, t) => r.metric(name, t), text: (r, t) => quantity(name, r.metric(name, t)).replace(/ (ms|%)$/, ""),
  });
  const names = [...new Set([run.accuracy, "top1", "latency_ms", "params", "macs", "depth"])].filter((n) => run.metrics.has(n));
  return [
    { key: "trial", title: "Trial", value: (_, t) => t },
    { key: "state", title: "State", value: (r, t) => r.state(t) },
    { key: "u", title: "U (dB)", figure: true, value: (r, t) => r.u(t), text: (r, t) => quantity("u", r.u(t)).replace(" dB", "") },
    ...names.map(metric),
    { key: "core_seconds", title: "core-s", figure: true, value: (r, t) => r.data.trials.core_seconds[t - 1], text: (r, t) => r.data.trials.core_seconds[t - 1].toFixed(1) },
    { key: "reason", title: "Why it ended", wide: true, value: (r, t) => r.reason(t) },
  ];
}

/** All trials: filters, sorting, and rows that exist only while they are in sight. */
export function table(state: State): View {
  const run = state.run;
  const shown = columns(run);
  const states = new Set<string>(kStates.filter((name) => run.data.counts[name]));
  if (kept.run !== run.index) Object.assign(kept, { run: run.index, query: "", hidden: new Set(), sort: { key: "trial", down: false }, onlySelected: false, scroll: 0 });
  const hidden = kept.hidden;
  let { sort, onlySelected } = kept;
  let rows: number[] = [];

  const query = h("input", { type: "search", id: "filter", placeholder: "latency_ms < 20 state:scored", "aria-label": "Filter trials", title: kFilterHelp, spellcheck: "false", autocomplete: "off", oninput: () => ((kept.scroll = 0), refresh()) });
  const problem = h("span", { class: "problem", role: "alert" });
  const summary = h("span", { class: "note", "aria-live": "polite" });
  const chips = [...states].map((name) => {
    const chip = h("button", { class: "chip", "aria-pressed": String(!hidden.has(name)), onclick: () => {
      if (!hidden.delete(name)) hidden.add(name);
      chip.setAttribute("aria-pressed", String(!hidden.has(name)));
      refresh();
    } }, mark(name), ` ${name} `, h("small", {}, count(run.data.counts[name])));
    return chip;
  });
  const selectedOnly = h("button", { class: "chip", "aria-pressed": String(onlySelected), onclick: () => {
    onlySelected = !onlySelected;
    selectedOnly.setAttribute("aria-pressed", String(onlySelected));
    refresh();
  } }, "selected only");
  const heads = shown.map((column) =>
    h("button", { class: `th ${column.key}${column.wide ? " wide" : ""}${column.figure ? " n" : ""}`, role: "columnheader", onclick: () => {
      sort = { key: column.key, down: sort.key === column.key ? !sort.down : column.key === "u" || column.key.endsWith("top1") };
      refresh();
    } }, column.title),
  );
  const body = h("div", { class: "tbody", role: "rowgroup" });
  const scroll = h("div", { class: "tscroll", role: "table", "aria-label": "Trials", tabindex: "0" }, h("div", { class: "thead", role: "row" }, heads), body);
  const element = h("section", { class: "card tall", id: "chart-trials" },
    h("header", {}, h("h2", {}, "Trials"), h("div", { class: "tools" }, h("button", { class: "tool", title: "Save the rows shown as CSV", onclick: () => saveCsv() }, "CSV"))),
    h("div", { class: "filters" }, query, chips, selectedOnly, problem), summary, scroll);

  function saveCsv(): void {
    save("trials.csv", "text/csv", csv([...shown.map((c) => c.key), "feasible", "rule"], rows.map((t) => [...shown.map((c) => c.value(run, t)), run.feasible(t), run.rule(t)])));
  }
  function refresh(): void {
    Object.assign(kept, { query: query.value, sort, onlySelected });
    const { test, problem: message } = filter(run, query.value);
    problem.textContent = message;
    const pinned = onlySelected && state.selection.size > 0;
    rows = run.ids.filter((t) => !hidden.has(run.state(t)) && (!pinned || state.selection.has(t)) && test(t));
    const column = shown.find((c) => c.key === sort.key)!;
    const keys = new Map(rows.map((t) => [t, column.value(run, t)]));
    const sign = sort.down ? -1 : 1;
    rows.sort((a, b) => {
      const [x, y] = [keys.get(a), keys.get(b)];
      if (x == null || y == null) return x == null ? (y == null ? a - b : 1) : -1;
      return (typeof x === "number" && typeof y === "number" ? x - y : String(x).localeCompare(String(y))) * sign || a - b;
    });
    heads.forEach((head, i) => head.setAttribute("aria-sort", shown[i].key === sort.key ? (sort.down ? "descending" : "ascending") : "none"));
    summary.textContent = `${plural(rows.length, "trial")} of ${count(run.count)}${state.selection.size > 0 ? `; ${count(state.selection.size)} selected, ${state.why}` : ""}`;
    selectedOnly.hidden = state.selection.size === 0;
    body.style.height = `${rows.length * kRow}px`;
    scroll.scrollTop = kept.scroll;
    paint();
  }
  function paint(): void {
    const first = Math.max(0, Math.floor(scroll.scrollTop / kRow) - 8);
    const last = Math.min(rows.length, first + Math.ceil((scroll.clientHeight || 600) / kRow) + 18);
    const lines: HTMLElement[] = [];
    for (let i = first; i < last; ++i) lines.push(line(rows[i], i));
    body.replaceChildren(...lines);
  }
  function line(t: number, i: number): HTMLElement {
    const status = run.state(t);
    const classes = ["tr", state.selection.has(t) && "selected", t === state.route.trial && "focused", t === run.winner && "winner"].filter(Boolean).join(" ");
    return h("a", { class: classes, role: "row", href: state.address({ view: "trial", trial: t }), style: { top: `${i * kRow}px` }, "data-trial": t },
      shown.map((column) => {
        const text = column.text ? column.text(run, t) : String(column.value(run, t) ?? "–");
        const cell = column.key === "state" ? [mark(status, run.feasible(t)), ` ${words(status)}`] : column.key === "trial" && t === run.winner ? [`${t} `, h("b", {}, "winner")] : text;
        return h("span", { class: `td ${column.key}${column.wide ? " wide" : ""}${column.figure ? " n" : ""}`, role: "cell", title: column.wide ? text : null }, cell);
      }));
  }
  scroll.addEventListener("scroll", () => ((kept.scroll = scroll.scrollTop), paint()), { passive: true });
  const observer = new ResizeObserver(paint);
  observer.observe(scroll);
  query.value = kept.query;
  refresh();
  const before = kept.scroll;
  requestAnimationFrame(() => (scroll.scrollTop = before));
  return { element, update: refresh, dispose: () => observer.disconnect() };
}
