import type { Run } from "./run";

export const kFilterHelp =
  "Words separated by spaces; all must hold. A comparison of a metric (latency_ms < 20, u >= 58, params < 5e5), " +
  "state:scored, rule:size, stage:graph, feasible, infeasible, front, a number of a trial (#17), or a text in the reason.";

type Test = (trial: number) => boolean;

/** Reads a filter. A word that it cannot read is reported, and all trials pass. */
export function filter(run: Run, text: string): { test: Test; problem: string } {
  const tests: Test[] = [];
  const comparison = /([a-z_]\w*)\s*(<=|>=|<|>|=)\s*([-+\d.e]+)/gi;
  let problem = "";
  const rest = text.replace(comparison, (whole, name: string, sign: string, bound: string) => {
    const limit = Number(bound);
    const value = reader(run, name);
    if (!value || Number.isNaN(limit)) {
      const known = ["u", "trial", "core_seconds", ...run.metrics.keys()].join(", ");
      problem = value ? `${whole}: ${bound} is not a number` : `There is no metric ${name}. Known: ${known}`;
      return "";
    }
    tests.push((t) => {
      const v = value(t);
      if (v === null) return false;
      return sign === "<" ? v < limit : sign === "<=" ? v <= limit : sign === ">" ? v > limit : sign === ">=" ? v >= limit : v === limit;
    });
    return "";
  });
  for (const word of rest.split(/\s+/).filter(Boolean)) {
    const [key, ...more] = word.split(":");
    const wanted = more.join(":").toLowerCase();
    if (word === "feasible") tests.push((t) => run.feasible(t));
    else if (word === "infeasible") tests.push((t) => !run.feasible(t));
    else if (word === "front") tests.push((t) => run.front.has(t));
    else if (/^#\d+$/.test(word)) tests.push((t) => t === Number(word.slice(1)));
    else if (key === "state" && wanted) tests.push((t) => run.state(t).startsWith(wanted));
    else if (key === "rule" && wanted) tests.push((t) => run.rule(t).toLowerCase().includes(wanted));
    else if (key === "stage" && wanted) tests.push((t) => run.stage(t) === wanted);
    else if (word !== "and") tests.push((t) => run.reason(t).toLowerCase().includes(word.toLowerCase()));
  }
  return problem ? { test: () => true, problem } : { test: (t) => tests.every((one) => one(t)), problem };
}

function reader(run: Run, name: string): ((t: number) => number | null) | null {
  if (name === "u") return (t) => run.u(t);
  if (name === "trial") return (t) => t;
  if (name === "core_seconds") return (t) => run.data.trials.core_seconds[t - 1];
  return run.metrics.has(name) ? (t) => run.metric(name, t) : null;
}
