import { page, type View } from "../chart";
import { h } from "../dom";
import { count, duration, metricName, moment, number, plural, quantity, words } from "../format";
import { mark } from "../mark";
import { kStates } from "../run";
import type { State } from "../state";
import { history } from "./history";
import { pareto } from "./pareto";

/** A large number with its name, and what is known about it. */
function figure(name: string, value: string, remark = ""): HTMLElement {
  return h("div", { class: "figure" }, h("dt", {}, name), h("dd", {}, value), remark ? h("small", {}, remark) : null);
}

function range(state: State, name: string, t: number): string {
  const run = state.run;
  const interval = run.interval(name, t);
  const kind = run.provenance(name);
  const text = interval ? `${kind}, ${number(interval[0])} to ${number(interval[1])}` : kind === "exact" ? "counted" : kind;
  return text;
}

function winnerCard(state: State): HTMLElement {
  const run = state.run;
  const t = run.winner;
  if (t === null) {
    return h("section", { class: "card hero", id: "winner" }, h("h2", {}, "No winner yet"),
      h("p", {}, run.count === 0 ? "The run has no trials yet." : `None of ${plural(run.count, "trial")} meets every hard constraint. `,
        run.data.ledger.filter((r) => r.rejected > 0).sort((a, b) => b.rejected - a.rejected).slice(0, 4).map((r) => h("span", {}, h("b", {}, r.rule), ` rejected ${count(r.rejected)}. `)),
        run.count > 0 ? h("a", { href: state.address({ view: "constraints" }) }, "The constraints page shows which rules rejected them, and which are one change from feasible.") : null));
  }
  const names = [run.accuracy, ...(run.accuracy === "top1" ? [] : ["top1"]), "latency_ms", "params", "macs", "peak_memory_bytes"].filter((n) => run.metric(n, t) !== null);
  const flags: HTMLElement[] = [];
  const inside = run.inDistribution("top1", t);
  if (inside !== null) {
    flags.push(h("span", { class: `flag ${inside ? "good" : "bad"}` },
      inside ? "✓ ImageNet top-1 is predicted within the model's distribution" : "! ImageNet top-1 is predicted outside the model's distribution"));
  }
  const network = run.networks.get(t);
  if (network?.in_range) flags.push(h("span", { class: "flag good" }, "✓ Latency is predicted within the sizes that were measured"));
  for (const note of network?.notes ?? []) flags.push(h("span", { class: "flag bad" }, `! Latency: ${note}`));
  const remark = run.data.winner!.remark;
  const front = run.data.front.filter((id) => id !== t);
  return h("section", { class: "card hero", id: "winner" },
    h("header", {}, h("div", {}, h("span", { class: "eyebrow" }, "Winner"), h("h2", {}, h("a", { href: state.address({ view: "trial", trial: t }) }, `Trial ${t}`))),
      h("div", { class: "hero-u" }, h("b", {}, quantity("u", run.u(t))), h("small", {}, "U, universal performance"))),
    h("dl", { class: "figures" }, names.map((name) => figure(metricName(name), quantity(name, run.metric(name, t)), range(state, name, t)))),
    h("div", { class: "flags" }, flags),
    remark ? h("p", { class: "note" }, `${remark.charAt(0).toUpperCase()}${remark.slice(1)}.`) : null,
    front.length > 0 ? h("p", { class: "note" }, "Also on the front: ", front.slice(0, 6).map((id, i) => [i ? ", " : "", h("a", { href: state.address({ view: "trial", trial: id }) }, `trial ${id}`), ` (${quantity(run.accuracy, run.metric(run.accuracy, id))} at ${quantity("latency_ms", run.metric("latency_ms", id))})`]), front.length > 6 ? ` and ${front.length - 6} more` : "", ".") : null,
    h("nav", { class: "actions" },
      h("a", { class: "button", href: state.address({ view: "network", trial: t }) }, "Its network"),
      h("a", { class: "button", href: state.address({ view: "latency", trial: t }) }, "Where its time goes"),
      h("a", { class: "button", href: state.address({ view: "decisions" }) }, "Why it won")));
}

/** The definition of U with the exponents of the job. */
function formula(o: { alpha: number; beta: number; gamma: number; delta: number; accuracy: string }): Node[] {
  const part = (name: string, power: number): Node[] =>
    power === 0 ? [] : [document.createTextNode(name), ...(power === 1 ? [] : [h("sup", {}, String(power))])];
  const below = [part("parameters in M", o.beta), part("MACs in G", o.gamma), part("latency in ms", o.delta)].filter((p) => p.length > 0);
  return [
    document.createTextNode("U = 20 log₁₀( "), ...(o.alpha === 0 ? [document.createTextNode("1")] : part(`${metricName(o.accuracy)} in %`, o.alpha)),
    ...(below.length > 0 ? [document.createTextNode(" / ("), ...below.flatMap((p, i) => [...(i > 0 ? [document.createTextNode(" · ")] : []), ...p]), document.createTextNode(")")] : []),
    document.createTextNode(" ), less the penalties of soft constraints, in dB."),
  ];
}

function statusCard(state: State): HTMLElement {
  const run = state.run;
  const { counts, budget, started, ended } = run.data;
  const done = run.evaluated;
  const waiting = (counts.running ?? 0) + (counts.queued ?? 0);
  const shareDone = Math.min(1, done / Math.max(1, budget.trials));
  const total = kStates.reduce((sum, name) => sum + (counts[name] ?? 0), 0);
  return h("section", { class: "card", id: "status" }, h("header", {}, h("h2", {}, "Search"), waiting > 0 ? h("span", { class: "flag good" }, "under way when this report was written") : null),
    h("div", { class: "meter", role: "img", "aria-label": `${done} of ${budget.trials} trials evaluated` }, h("i", { style: { width: `${100 * shareDone}%` } })),
    h("p", {}, `${count(done)} of at most ${plural(budget.trials, "trial")} evaluated, out of ${plural(run.count, "candidate")} proposed, in ${duration(ended - started)}.`),
    h("div", { class: "stack", role: "img", "aria-label": "Trials by state" }, kStates.filter((n) => counts[n]).map((n) => h("i", { class: n, title: `${count(counts[n])} ${n}`, style: { flexGrow: String(Math.max(counts[n], total / 150)) } }))),
    h("ul", { class: "counts" }, kStates.filter((n) => counts[n]).map((n) => h("li", {}, mark(n), ` ${words(n)} `, h("b", {}, count(counts[n]))))),
    h("dl", { class: "facts" },
      ...([
        ["Run", run.data.path], ["Started", started ? moment(started) : "not yet"], ["Strategy", words(run.data.strategy)], ...(run.data.objective.goal ? [["Goal", words(run.data.objective.goal)] as [string, string]] : []),
        ["Space", [`${words(run.data.space)}, about 10`, h("sup", {}, run.data.log10_size.toFixed(0)), " genotypes"]], ["Device", run.data.device], ["Seed", String(run.data.seed)],
        ["Training", run.data.trained ? "short training of each candidate on the job's data" : "none: accuracy is predicted from structure"],
      ] as [string, string | (Node | string)[]][]).map(([k, v]) => [h("dt", {}, k), h("dd", {}, v)])),
    h("p", { class: "note" }, formula(run.data.objective)));
}

export function overview(state: State): View {
  const charts = page(pareto(state, 340), history(state, 340));
  const cards = h("div", { class: "two" }, winnerCard(state), statusCard(state));
  charts.element.classList.add("two");
  return { ...charts, element: h("div", { class: "page" }, cards, charts.element) };
}
