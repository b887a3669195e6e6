import "./style.css";
import { empty, type View } from "./chart";
import type { ReportDocument } from "./document";
import { h } from "./dom";
import { helpDialog } from "./help";
import { moment, quantity } from "./format";
import { follow } from "./live";
import { Run } from "./run";
import { mark } from "./mark";
import { State } from "./state";
import { startTheme, toggleTheme } from "./theme";
import { verdict } from "./trial_text";
import { kViews, viewOf } from "./views";

const kVersion = 1;

/** The document, or why there is none to show. */
function checked(data: ReportDocument | null): ReportDocument | string {
  if (data === null) return "This page has no data. gensynth report RUN --out FILE writes a page with the data of a run.";
  if (data.format !== "gensynth.report") return `This page has data of the format "${data.format}"; expected "gensynth.report".`;
  if (data.version !== kVersion) return `The data has version ${data.version} of gensynth.report; this page reads version ${kVersion}.`;
  if (data.runs.length === 0) return "This report contains no run.";
  return data;
}

function embedded(): ReportDocument | null {
  return JSON.parse(document.getElementById("report-data")?.textContent ?? "null") as ReportDocument | null;
}

function explain(text: string): void {
  document.getElementById("app")!.replaceChildren(h("main", { class: "alone" }, empty("Nothing to show", text).element));
}

/** Builds the page. `live`: where the state of the connection is shown. Returns what takes new data of the same runs. */
function build(data: ReportDocument, live: HTMLElement | null): (data: ReportDocument) => void {
  const root = document.getElementById("app")!;
  const state = new State(data.runs.map((run, i) => new Run(run, i)));
  const nav = h("nav", { class: "views", "aria-label": "Views" });
  const main = h("main", { id: "main", tabindex: "-1" });
  const bar = h("footer", { class: "bar", "aria-live": "polite" });
  const help = helpDialog();
  const runBox = h("select", { class: "runs", "aria-label": "Run", onchange: () => state.go({ run: Number(runBox.value), view: state.route.view === "trial" ? "overview" : state.route.view }) },
    state.runs.map((run) => h("option", { value: run.index }, run.data.name)));
  runBox.hidden = state.runs.length < 2;
  root.replaceChildren(
    h("a", { class: "skip", href: "#main", onclick: (e: Event) => (e.preventDefault(), main.focus()) }, "Skip to the content"),
    h("header", { class: "top" },
      h("a", { class: "brand", href: "#/overview" }, h("i", { "aria-hidden": "true" }), "gensynth"),
      runBox.hidden ? h("span", { class: "run-name" }, state.run.data.name) : runBox,
      h("span", { class: "grow" }),
      live ?? h("span", { class: "written" }, `written ${moment(data.written)}`),
      h("button", { class: "tool", title: "Keyboard and help (?)", "aria-label": "Keyboard and help", onclick: () => help.showModal() }, "?"),
      h("button", { class: "tool", title: "Light or dark (t)", "aria-label": "Light or dark", onclick: toggleTheme }, "◐")),
    nav, main, bar, help);

  let view: View | null = null;
  let shownKey = "";
  function show(): void {
    const entry = viewOf(state);
    const { route } = state;
    // Views of one trial are made anew for each trial; the others keep their filters when only the focus moves.
    const key = `${route.view}/${route.run}${entry.single ? `/${state.focus}/${route.against}` : ""}`;
    runBox.value = String(route.run);
    nav.replaceChildren(...kViews.filter((v) => v.shown(state)).map((v) =>
      h("a", { href: state.address({ view: v.name, against: null }), "aria-current": v.name === entry.name || (entry.name === "trial" && v.name === "trials") ? "page" : null }, v.title)));
    nav.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
    if (key === shownKey) {
      view?.update?.();
    } else {
      view?.dispose?.();
      view = entry.make(state);
      shownKey = key;
      main.replaceChildren(view.element);
      main.dataset.view = entry.name;
      scrollTo(0, 0);
      document.title = `${entry.name === "trial" ? `Trial ${route.trial}` : entry.title} · ${state.run.data.name} · gensynth`;
    }
    showBar();
  }
  function showBar(): void {
    const { run, selection } = state;
    const trial = state.route.trial;
    const parts: Node[] = [];
    if (trial !== null && run.has(trial) && state.route.view !== "trial") {
      parts.push(h("span", { class: "bar-trial" }, mark(run.state(trial), run.feasible(trial)), h("b", {}, ` Trial ${trial}`), ` ${verdict(run, trial)}`,
        run.metric(run.accuracy, trial) !== null ? ` · ${quantity(run.accuracy, run.metric(run.accuracy, trial))}` : "",
        run.metric("latency_ms", trial) !== null ? ` · ${quantity("latency_ms", run.metric("latency_ms", trial))}` : ""),
        h("a", { class: "button", href: state.address({ view: "trial", trial }) }, "Open"),
        h("a", { class: "button", href: state.address({ view: "network", trial }) }, "Network"));
    }
    if (selection.size > 0) {
      parts.push(h("span", {}, h("b", {}, selection.size.toLocaleString("en-GB")), ` selected, ${state.why}`),
        h("a", { class: "button", href: state.address({ view: "trials" }) }, "List"));
    }
    if (parts.length > 0) parts.push(h("button", { class: "button quiet", onclick: () => state.clear() }, "Clear"));
    bar.replaceChildren(...parts);
    bar.hidden = parts.length === 0;
  }
  state.listen((change) => {
    if (change.route) show();
    else view?.update?.();
    showBar();
  });

  addEventListener("keydown", (event) => {
    const target = event.target as HTMLElement;
    if (event.key === "Escape" && target.matches("input, select")) target.blur();
    if (event.ctrlKey || event.metaKey || event.altKey || target.matches("input, select, textarea") || help.open) return;
    const move = (step: number) => {
      const next = (state.route.trial ?? state.focus ?? 0) + (state.route.trial === null ? 0 : step);
      if (state.run.has(next)) state.pick(next);
    };
    const shown = kViews.filter((v) => v.shown(state));
    if (event.key === "?") help.showModal();
    else if (event.key === "t") toggleTheme();
    else if (event.key === "Escape") state.clear();
    else if (event.key === "j") move(1);
    else if (event.key === "k") move(-1);
    else if (event.key === "w" && state.run.winner !== null) state.pick(state.run.winner);
    else if (event.key === "n") state.go({ view: "network" });
    else if (event.key === "o" && state.focus !== null) state.go({ view: "trial", trial: state.focus });
    else if (event.key === "/") {
      state.go({ view: "trials" });
      setTimeout(() => document.getElementById("filter")?.focus(), 50);
    } else if (/^[1-9]$/.test(event.key) && shown[Number(event.key) - 1]) state.go({ view: shown[Number(event.key) - 1].name, against: null });
    else return;
    event.preventDefault();
  });
  show();
  return (next) => {
    const { x, y } = { x: scrollX, y: scrollY };
    state.runs = next.runs.map((run, i) => new Run(run, i));
    // A view of one trial does not change while the trial is there; the others are drawn anew.
    // Nor is one drawn anew in which the reader types or chooses something.
    const busy = main.contains(document.activeElement) && document.activeElement!.matches("input[type=search], select");
    if (!busy && (!viewOf(state).single || !state.run.networks.has(state.focus ?? 0))) shownKey = "";
    show();
    scrollTo(x, y);
  };
}

async function start(): Promise<void> {
  startTheme();
  let first: ReportDocument | null;
  try {
    first = embedded();
  } catch (error) {
    return explain(`The data of this report is damaged: ${String(error)}. Write the report again with gensynth report.`);
  }
  if (first?.format === "gensynth.live") return follow(checked, build, explain);
  const data = checked(first);
  if (typeof data === "string") explain(data);
  else build(data, null);
}

void start();
