import { s } from "./dom";

const kPaths: Record<string, string> = {
  scored: "M6 1a5 5 0 1 0 0 10A5 5 0 1 0 6 1Z",
  rejected: "M6 .5 11.5 6 6 11.5 .5 6Z",
  pruned: "M6 1 11.5 11 .5 11Z",
  failed: "M2 .5 6 4.5 10 .5 11.5 2 7.5 6 11.5 10 10 11.5 6 7.5 2 11.5 .5 10 4.5 6 .5 2Z",
  duplicate: "M1.5 1.5h9v9h-9Z",
  running: "M2 1 11 6 2 11Z",
  queued: "M1 3h10v2H1ZM1 7h10v2H1Z",
};

/** The mark of a state: a shape and a colour; filled when the trial is feasible or the state needs no such difference. */
export function mark(state: string, feasible = true): SVGElement {
  const hollow = state === "rejected" || state === "pruned" || state === "duplicate" || !feasible;
  return s("svg", { class: `mark ${state}${hollow ? " hollow" : ""}`, viewBox: "-1 -1 14 14", width: 12, height: 12, "aria-hidden": "true" }, s("path", { d: kPaths[state] ?? kPaths.scored }));
}
