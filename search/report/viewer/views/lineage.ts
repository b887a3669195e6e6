import { empty, page, type View } from "../chart";
import { h, s } from "../dom";
import { plural, quantity } from "../format";
import { mark } from "../mark";
import type { Run } from "../run";
import type { State } from "../state";
import { bestSoFar } from "./history";

const kMost = 200;

/** The ancestors of a trial by generation: itself, its parents, theirs. Each once, at its nearest generation. */
function generations(run: Run, trial: number): number[][] {
  const levels = [[trial]];
  const seen = new Set([trial]);
  while (seen.size < kMost) {
    const next = [...new Set(levels.at(-1)!.flatMap((t) => run.data.trials.parents[t - 1]))].filter((t) => run.has(t) && !seen.has(t));
    if (next.length === 0) break;
    next.forEach((t) => seen.add(t));
    levels.push(next);
  }
  return levels;
}

/** What differs between the decisions of two trials: "stage2.column0.width 64 → 48". */
export function differences(run: Run, before: number, after: number): { name: string; before: string; after: string }[] | null {
  const [a, b] = [run.networks.get(before), run.networks.get(after)];
  if (!a || !b) return null;
  const old = new Map(a.decisions);
  const fresh = new Map(b.decisions);
  return [...new Set([...old.keys(), ...fresh.keys()])].filter((n) => old.get(n) !== fresh.get(n)).map((name) => ({ name, before: old.get(name) ?? "–", after: fresh.get(name) ?? "–" }));
}

function card(state: State, t: number): HTMLElement {
  const { run } = state;
  return h("a", { class: `node${t === state.route.trial ? " on" : ""}${t === run.winner ? " won" : ""}`, "data-trial": t, href: state.address({ trial: t }), title: run.reason(t) },
    h("span", {}, mark(run.state(t), run.feasible(t)), h("b", {}, ` ${t}`), t === run.winner ? " winner" : ""),
    h("small", {}, run.u(t) !== null ? quantity("u", run.u(t)) : run.state(t)));
}

function tree(state: State, trial: number): View {
  const { run } = state;
  const levels = generations(run, trial).reverse();
  if (levels.length < 2) {
    return empty(`Ancestors of trial ${trial}`, run.data.strategy === "generative_synthesis" || run.data.strategy === "random"
      ? "The strategy draws each network from its generator, not from an earlier trial, so trials have no parents. The succession above shows which trials were the best so far."
      : `Trial ${trial} has no parents: the strategy drew it at random.`, "ancestors");
  }
  const rows = levels.map((level) => h("div", { class: "generation" }, level.sort((a, b) => a - b).map((t) => card(state, t))));
  const lines = s("svg", { class: "links", "aria-hidden": "true" });
  const board = h("div", { class: "tree" }, lines, rows);
  const connect = () => {
    const frame = board.getBoundingClientRect();
    const boxes = new Map([...board.querySelectorAll<HTMLElement>(".node")].map((n) => [Number(n.dataset.trial), n.getBoundingClientRect()]));
    lines.setAttribute("width", String(board.scrollWidth));
    lines.setAttribute("height", String(board.scrollHeight));
    lines.replaceChildren(...[...boxes].flatMap(([t, box]) => run.data.trials.parents[t - 1].flatMap((p) => {
      const from = boxes.get(p);
      if (!from) return [];
      const [x1, y1, x2, y2] = [from.x + from.width / 2 - frame.x, from.bottom - frame.y, box.x + box.width / 2 - frame.x, box.y - frame.y];
      return [s("path", { d: `M${x1} ${y1}C${x1} ${(y1 + y2) / 2} ${x2} ${(y1 + y2) / 2} ${x2} ${y2}` })];
    })));
  };
  const observer = new ResizeObserver(connect);
  observer.observe(board);
  return {
    element: h("section", { class: "card", id: "chart-ancestors" }, h("h2", {}, `Ancestors of trial ${trial}`), h("p", { class: "note" }, `${plural(levels.flat().length - 1, "ancestor")} in ${plural(levels.length - 1, "generation")}; the oldest at the top.`), h("div", { class: "scroll-x" }, board)),
    update: () => board.querySelectorAll<HTMLElement>(".node").forEach((n) => n.classList.toggle("on", Number(n.dataset.trial) === state.route.trial)),
    dispose: () => observer.disconnect(),
  };
}

/** The trials that were the best so far, and what each changed against the one before. */
function succession(state: State): View {
  const { run } = state;
  const steps = bestSoFar(run, "u");
  if (steps.length === 0) return empty("Succession of the best", "No trial is feasible yet.", "succession");
  const rows = steps.map(([t, u], i) => {
    const before = i > 0 ? steps[i - 1] : null;
    const changes = before ? differences(run, before[0], t) : null;
    const text = !before ? "the first feasible trial" : changes === null ? "its decisions are not in this report" : `${plural(changes.length, "decision")} differ${changes.length === 1 ? "s" : ""}: `;
    return h("tr", { "data-trial": t, class: "link", onclick: () => state.pick(t) },
      h("td", {}, h("button", { class: "plain" }, `Trial ${t}`)), h("td", { class: "n" }, quantity("u", u)), h("td", { class: "n" }, before ? `+${(u - before[1]).toFixed(2)} dB` : ""),
      h("td", { class: "n" }, quantity(run.accuracy, run.metric(run.accuracy, t))), h("td", { class: "n" }, quantity("latency_ms", run.metric("latency_ms", t))),
      h("td", {}, text, changes?.slice(0, 4).map((c, k) => [k ? ", " : "", h("code", {}, c.name), ` ${c.before} → ${c.after}`]), changes && changes.length > 4 ? [" … ", h("a", { href: state.address({ view: "network", trial: t, against: before![0] }), onclick: (e: Event) => e.stopPropagation() }, "all of them")] : null));
  });
  const update = () => rows.forEach((row) => row.classList.toggle("on", Number(row.dataset.trial) === state.route.trial));
  update();
  return {
    element: h("section", { class: "card", id: "chart-succession" }, h("h2", {}, "Succession of the best"), h("p", { class: "note" }, "Each trial that was the best feasible one when it ended, and how its decisions differ from those of the one before."),
      h("div", { class: "scroll-x" }, h("table", { class: "grid-table" }, h("thead", {}, h("tr", {}, ["Trial", "U", "Gain", "Accuracy", "Latency", "What changed"].map((n, i) => h("th", { class: i > 0 && i < 5 ? "n" : null }, n)))), h("tbody", {}, rows)))),
    update,
  };
}

export function lineage(state: State): View {
  const { run } = state;
  const trial = run.winner ?? state.focus;
  return trial === null ? empty("Lineage", "The run has no trials yet.") : run.data.trials.parents[trial - 1].length > 0 ? page(tree(state, trial), succession(state)) : page(succession(state), tree(state, trial));
}
