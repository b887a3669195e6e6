import { escape } from "./dom";
import { metricName, number, quantity, words } from "./format";
import type { Run } from "./run";

/** "scored, feasible", "rejected by size". */
export function verdict(run: Run, trial: number): string {
  const state = run.state(trial);
  if (state === "scored") return run.feasible(trial) ? "feasible" : "infeasible";
  if (state === "rejected") return `rejected by ${words(run.rule(trial)) || "a constraint"}`;
  if (state === "duplicate") return `duplicate of trial ${run.data.trials.duplicate_of[trial - 1]}`;
  return state;
}

export function withInterval(run: Run, name: string, trial: number): string {
  const value = run.metric(name, trial);
  const range = run.interval(name, trial);
  const text = quantity(name, value);
  return range ? `${text} (${number(range[0])} to ${number(range[1])})` : text;
}

/** The tooltip of a trial, as markup. */
export function tip(run: Run, trial: number): string {
  const lines: [string, string][] = [];
  const u = run.u(trial);
  if (u !== null) lines.push(["U", quantity("u", u)]);
  const names = [...new Set([run.accuracy, "top1", "latency_ms", "params", "macs"])];
  for (const name of names) {
    if (run.metric(name, trial) === null) continue;
    const provenance = run.provenance(name);
    lines.push([metricName(name), withInterval(run, name, trial) + (provenance === "predicted" ? ", predicted" : "")]);
  }
  const rows = lines.map(([k, v]) => `<tr><td>${escape(k)}</td><td>${escape(v)}</td></tr>`).join("");
  const reason = run.state(trial) === "scored" ? "" : `<div class="tip-reason">${escape(run.reason(trial))}</div>`;
  return `<b>Trial ${trial}</b> · ${escape(verdict(run, trial))}<table class="tip">${rows}</table>${reason}`;
}
