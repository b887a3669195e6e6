import { axis, chart, empty, page, type Option, type View } from "../chart";
import { csv, h, save } from "../dom";
import { count, metricName, number, plural, share, signed, words } from "../format";
import type { State } from "../state";
import { tip } from "../trial_text";

/** What each rule asked, how often, and what it cost; a click selects the candidates that it rejected. */
function ledger(state: State): View {
  const run = state.run;
  const rules = run.data.ledger;
  if (rules.length === 0) return empty("Constraint ledger", "The job has no constraints: every candidate is feasible.", "ledger");
  const body = h("tbody");
  const most = Math.max(1, ...rules.map((r) => r.rejected));
  const pick = (rule: string) => state.select(run.ids.filter((t) => run.state(t) === "rejected" && run.rule(t) === rule), `rejected by ${rule}`);
  const paint = () =>
    body.replaceChildren(...rules.map((r) =>
      h("tr", { class: `${r.rejected > 0 ? "link" : ""}${state.why === `rejected by ${r.rule}` ? " on" : ""}`, "data-rule": r.rule, onclick: () => r.rejected > 0 && pick(r.rule) },
        h("td", {}, r.rejected > 0 ? h("button", { class: "plain" }, r.rule) : h("b", {}, r.rule), h("div", { class: "note" }, r.kind && r.kind !== r.rule ? `${words(r.kind)}: ` : "", r.asks)),
        h("td", {}, r.hard ? "hard" : "soft"),
        h("td", { class: "n" }, count(r.checked)),
        h("td", { class: "n" }, count(r.violated)),
        h("td", { class: "n" }, h("span", { class: "sharebar", "aria-hidden": "true" }, h("i", { style: { width: `${(100 * r.rejected) / most}%` } })), count(r.rejected)),
        h("td", { class: "n" }, share(r.rejected / Math.max(1, run.count))),
        h("td", { class: "n" }, r.closest === null ? "–" : [`${share(r.closest)} `, h("button", { class: "plain", title: "Pick this trial", onclick: (e: Event) => (e.stopPropagation(), state.pick(r.closest_trial)) }, `#${r.closest_trial}`)]),
        h("td", { class: "n" }, r.median === null ? "–" : share(r.median)),
        h("td", { class: "n" }, number(r.core_seconds)))));
  paint();
  const head = ["Rule", "Kind", "Checked", "Violated", "Rejected", "Share of proposals", "Closest miss", "Median miss", "Core-seconds spent"];
  const element = h("section", { class: "card", id: "chart-ledger" },
    h("header", {}, h("h2", {}, "Constraint ledger"), h("div", { class: "tools" }, h("button", { class: "tool", title: "Save the ledger as CSV", onclick: () => save("ledger.csv", "text/csv", csv(["rule", "kind", "hard", "asks", "checked", "violated", "rejected", "closest", "median", "closest_trial", "core_seconds"], rules.map((r) => [r.rule, r.kind, r.hard, r.asks, r.checked, r.violated, r.rejected, r.closest, r.median, r.closest_trial, r.core_seconds]))) }, "CSV"))),
    h("p", { class: "note" }, "A click on a rule selects the candidates that it rejected. Rules that need latency or training are checked only on candidates that no rule before them rejected. A candidate that violates several rules counts as rejected by the first. Soft rules lower U and reject nothing. A miss is relative to the bound."),
    h("div", { class: "scroll-x" }, h("table", { class: "grid-table" }, h("thead", {}, h("tr", {}, head.map((name, i) => h("th", { class: i > 1 ? "n" : null }, name)))), body)));
  return { element, update: paint };
}

/** How far the rejected candidates were from the bounds, by rule. */
function misses(state: State): View {
  const run = state.run;
  const rules = run.data.ledger.filter((r) => r.rejected > 0);
  if (rules.length === 0) return empty("How far off", "No constraint has rejected a candidate.", "misses");
  // A deterministic spread, so that dots of equal height are distinguishable.
  const spread = (t: number) => (((t * 2654435761) >>> 8) % 1000) / 1000 - 0.5;
  const data = rules.map((r, i) => run.ids.filter((t) => run.state(t) === "rejected" && run.rule(t) === r.rule && run.data.trials.violation[t - 1] > 0).map((t) => [Math.max(1e-4, run.data.trials.violation[t - 1]), i + 0.7 * spread(t), t]));
  return chart({
    id: "misses", title: "How far off the rejected candidates were", height: 90 + 62 * rules.length,
    note: "Each mark is a rejected candidate; left is nearer to feasible.",
    option: (t, width) => ({
      grid: { left: width < 560 ? 96 : 170, right: 22, top: 12, bottom: 54 },
      tooltip: { formatter: (p: Option) => (p.value?.[2] ? tip(run, p.value[2]) : "") },
      xAxis: axis(t, "distance from the bound, relative to it", { type: "log", axisLabel: { color: t.soft, hideOverlap: true, formatter: (v: number) => share(v, 2) } }),
      yAxis: { ...axis(t, "", { type: "value", min: -0.5, max: rules.length - 0.5, interval: 1, inverse: true }), splitLine: { show: false }, axisTick: { show: false }, axisLabel: { show: false } },
      series: data.map((points, i) => ({
        id: `rule-${i}`, type: "scatter", data: points, symbol: "diamond", symbolSize: points.length > 1500 ? 4 : 7, progressive: 4000,
        itemStyle: { color: "transparent", borderColor: t.state.rejected, opacity: points.length > 1500 ? 0.4 : 0.8 },
        markLine: { symbol: "none", silent: true, data: [{ yAxis: i }], lineStyle: { color: t.line, type: "solid", width: 0.5 }, label: { position: "start", formatter: rules[i].rule, color: t.ink, fontSize: 12, width: width < 560 ? 84 : 158, overflow: "truncate" } },
      })),
    }),
    overlay: (t) => [{ id: "selected", type: "scatter", silent: true, z: 5, symbol: "diamond", symbolSize: 11, data: data.flat().filter((p) => state.selection.has(p[2]) && state.selection.size < 3000 || p[2] === state.route.trial), itemStyle: { color: "transparent", borderColor: t.accent, borderWidth: 1.8 } }],
    click: (event) => event.value?.[2] && state.pick(event.value[2]),
    data: () => ({ header: ["rule", "trial", "violation"], rows: data.flatMap((points, i) => points.map((p) => [rules[i].rule, p[2], p[0]])) }),
    description: () => `Relative violation of the rejected candidates by rule: ${rules.map((r) => `${r.rule} ${r.rejected}`).join(", ")}.`,
  });
}

/** Infeasible trials that one changed decision makes feasible. */
function counterfactuals(state: State): View {
  const run = state.run;
  const { near_misses: list, limits } = run.data;
  const title = "One change from feasible";
  const rejected = run.ids.filter((t) => run.state(t) === "rejected" && ["graph", "latency"].includes(run.stage(t))).length;
  if (list.length === 0) {
    return empty(title, (rejected === 0 ? "No candidate was rejected without training." : limits.near_misses === 0 ? "Changes were not sought: the search is under way, or the report was written with --near-misses 0." : `None of the ${plural(Math.min(rejected, limits.near_misses), "candidate")} nearest to their bounds becomes feasible by a single change.`) + (run.data.counts.rejected > rejected ? " Candidates that were rejected after training are not examined, because a changed network would have to be trained." : ""), "counterfactuals");
  }
  const shown = 3;
  const change = (c: (typeof list)[0]["changes"][0]) => h("li", {}, h("code", {}, c.decision), ` = `, h("b", {}, c.to), ` instead of ${c.from}`,
    h("span", { class: "note" }, [c.latency_ms !== null && `${signed(c.latency_ms)} ms`, c.top1 !== null && `${signed(c.top1)} points ${metricName("top1")}, predicted`, c.params !== null && `${signed(c.params)} parameters`].filter(Boolean).map((text) => ` · ${text}`)));
  const cards = list.map((miss) => {
    const more = miss.changes.length - shown;
    return h("article", { class: "miss", "data-trial": miss.trial },
      h("p", {}, h("button", { class: "plain", onclick: () => state.pick(miss.trial) }, `Trial ${miss.trial}`), ` is ${share(miss.violation)} off the bound of ${miss.rule}. ${miss.changes.length === 1 ? "One change makes" : `${miss.changes.length} single changes make`} it feasible:`),
      h("ul", {}, miss.changes.slice(0, shown).map(change)),
      more > 0 ? h("details", {}, h("summary", {}, `${more} more`), h("ul", {}, miss.changes.slice(shown).map(change))) : null);
  });
  const saveCsv = () => save("one-change.csv", "text/csv", csv(["trial", "rule", "violation", "decision", "from", "to", "latency_ms", "params", "macs", "top1"], list.flatMap((m) => m.changes.map((c) => [m.trial, m.rule, m.violation, c.decision, c.from, c.to, c.latency_ms, c.params, c.macs, c.top1]))));
  const element = h("section", { class: "card", id: "chart-counterfactuals" },
    h("header", {}, h("h2", {}, title), h("div", { class: "tools" }, h("button", { class: "tool", title: "Save the changes as CSV", onclick: saveCsv }, "CSV"))),
    h("p", { class: "note" }, `Every neighbour of the ${plural(Math.min(rejected, limits.near_misses), "rejected candidate")} nearest to its bound was assessed against the constraints that need no training. The smallest change of latency comes first.`),
    h("div", { class: "misses" }, cards));
  const update = () => cards.forEach((card) => card.classList.toggle("on", Number(card.dataset.trial) === state.route.trial || state.selection.has(Number(card.dataset.trial))));
  update();
  return { element, update };
}

export function constraints(state: State): View {
  return page(ledger(state), misses(state), counterfactuals(state));
}
