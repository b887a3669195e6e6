import { empty, page, type View } from "../chart";
import { h } from "../dom";
import { duration, metricName, number, plural, quantity, share, words } from "../format";
import { mark } from "../mark";
import type { State } from "../state";
import { verdict } from "../trial_text";
import { curves } from "./curves";

/** Everything about one trial: #/trial/N. */
export function trial(state: State): View {
  const { run } = state;
  const t = state.route.trial;
  if (t === null || !run.has(t)) return empty("There is no such trial", `The run has the trials 1 to ${run.count}.`);
  const columns = run.data.trials;
  const network = run.networks.get(t);
  const metrics = [...run.metrics.values()].filter((m) => m.value[t - 1] !== null);
  const verdicts = columns.verdicts.filter((v) => v.violation[t - 1] !== null);
  const rules = new Map(run.data.ledger.map((r) => [r.rule, r]));
  const attempts = run.data.timeline.filter((a) => a.trial === t);
  const changes = run.data.near_misses.find((m) => m.trial === t);
  const children = run.ids.filter((id) => columns.parents[id - 1].includes(t));
  const linkTo = (id: number) => h("a", { href: state.address({ view: "trial", trial: id }) }, `trial ${id}`);
  const links = (list: number[]) => list.slice(0, 12).map((id, i) => [i ? ", " : "", linkTo(id)]);
  const figures = [...new Set([run.accuracy, "proxy_top1", "top1", "latency_ms", "params", "macs", "peak_memory_bytes"])].flatMap((name) => metrics.filter((m) => m.name === name));
  const summary = h("section", { class: "card hero", id: "trial" },
    h("header", {}, h("div", {}, h("span", { class: "eyebrow" }, t === run.winner ? "Winner" : run.front.has(t) ? "On the front" : "Trial"), h("h2", {}, `Trial ${t}`), h("p", {}, mark(run.state(t), run.feasible(t)), ` ${verdict(run, t)}. `, h("span", { class: "note" }, run.reason(t)))),
      h("div", { class: "hero-u" }, h("b", {}, run.u(t) === null ? "" : quantity("u", run.u(t))), run.u(t) === null ? null : h("small", {}, "U"),
        h("div", { class: "tools" }, t > 1 ? h("a", { class: "button", href: state.address({ view: "trial", trial: t - 1 }), "aria-label": "Previous trial" }, "←") : null, t < run.count ? h("a", { class: "button", href: state.address({ view: "trial", trial: t + 1 }), "aria-label": "Next trial" }, "→") : null))),
    h("dl", { class: "figures" }, figures.map((m) => {
      const range = run.interval(m.name, t);
      return h("div", { class: "figure" }, h("dt", {}, metricName(m.name)), h("dd", {}, quantity(m.name, m.value[t - 1])),
        h("small", {}, m.provenance === "exact" ? "counted" : m.provenance, range ? `, ${number(range[0])} to ${number(range[1])}` : "", m.in_distribution?.[t - 1] === 0 ? ", out of distribution" : ""));
    })),
    h("p", {}, duplicateText(), columns.parents[t - 1].length ? ["Its parents are ", links(columns.parents[t - 1]), ". "] : null, children.length ? [`It is a parent of `, links(children), children.length > 12 ? ` and ${children.length - 12} more` : "", ". "] : null,
      attempts.length ? attempts.map((a) => `Attempt ${a.attempt} by ${a.worker} was ${a.outcome} after ${duration(a.end_s - a.start_s)}. `) : null),
    h("nav", { class: "actions" }, network ? [h("a", { class: "button", href: state.address({ view: "network", trial: t }) }, "Network"), h("a", { class: "button", href: state.address({ view: "latency", trial: t }) }, "Latency"), run.winner !== null && run.winner !== t ? h("a", { class: "button", href: state.address({ view: "network", trial: t, against: run.winner }) }, "Difference to the winner") : null] : null));
  function duplicateText() {
    const of = columns.duplicate_of[t! - 1];
    return of > 0 ? ["It builds the same network as ", linkTo(of), ". "] : null;
  }
  const judged = h("section", { class: "card", id: "verdicts" }, h("h2", {}, "Verdicts"),
    verdicts.length === 0 ? h("p", { class: "note" }, run.state(t) === "duplicate" ? "A duplicate is not judged." : "No constraint has judged this trial.")
      : h("div", { class: "scroll-x" }, h("table", { class: "grid-table" }, h("thead", {}, h("tr", {}, ["Rule", "Kind", "Verdict", "Measured", "Off the bound"].map((n, i) => h("th", { class: i > 2 ? "n" : null }, n)))),
        h("tbody", {}, verdicts.map((v) => {
          const off = v.violation[t - 1]!;
          return h("tr", {}, h("td", {}, h("b", {}, v.rule), h("div", { class: "note" }, rules.get(v.rule)?.asks ?? "")), h("td", {}, rules.get(v.rule)?.hard === false ? "soft" : "hard"), h("td", {}, h("span", { class: `flag ${off > 0 ? "bad" : "good"}` }, off > 0 ? "! violated" : "✓ met")), h("td", { class: "n" }, number(v.measured[t - 1], 4)), h("td", { class: "n" }, off > 0 ? share(off) : "–"));
        })))),
    changes ? h("p", {}, `${plural(changes.changes.length, "single change")} would make it feasible, first of all ${changes.changes[0].decision} = ${changes.changes[0].to} instead of ${changes.changes[0].from}. `, h("a", { href: state.address({ view: "constraints", trial: t }) }, "All of them")) : null);
  const answers = h("section", { class: "card", id: "decisions" }, h("h2", {}, "Decisions"),
    network ? h("div", { class: "decisions" }, network.decisions.map(([name, answer]) => h("div", {}, h("code", {}, name), h("b", {}, answer)))) : h("p", { class: "note" }, `The decisions of this trial are not in the report; gensynth log ${run.data.path} show ${t} prints them.`));
  const views: View[] = [{ element: summary }, { element: judged }];
  if (run.data.rungs.trial.includes(t)) views.push(curves(state, 300));
  views.push({ element: answers });
  views.push({ element: h("section", { class: "card" }, h("h2", {}, "All metrics"), h("div", { class: "scroll-x" }, h("table", { class: "grid-table" }, h("tbody", {}, metrics.map((m) => h("tr", {}, h("td", {}, words(m.name)), h("td", { class: "n" }, quantity(m.name, m.value[t - 1])), h("td", {}, m.provenance), h("td", { class: "note" }, m.source))))))) });
  return page(...views);
}
