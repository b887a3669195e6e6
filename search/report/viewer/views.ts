import { empty, page, type View } from "./chart";
import type { State } from "./state";
import { compare } from "./views/compare";
import { constraints } from "./views/constraints";
import { curves } from "./views/curves";
import { decisions } from "./views/decisions";
import { history } from "./views/history";
import { job } from "./views/job";
import { latency } from "./views/latency";
import { lineage } from "./views/lineage";
import { network } from "./views/network";
import { overview } from "./views/overview";
import { pareto } from "./views/pareto";
import { table } from "./views/table";
import { timeline } from "./views/timeline";
import { trial } from "./views/trial";

export interface ViewEntry {
  name: string;
  title: string;
  /** Shows one trial, the focus. */
  single?: boolean;
  shown(state: State): boolean;
  make(state: State): View;
}

const always = () => true;

/** The views in the order of the navigation. */
export const kViews: ViewEntry[] = [
  { name: "overview", title: "Overview", shown: always, make: overview },
  { name: "front", title: "Front", shown: always, make: (state) => page(pareto(state, 560)) },
  { name: "progress", title: "Progress", shown: always, make: (state) => page(history(state), curves(state), timeline(state)) },
  { name: "constraints", title: "Constraints", shown: always, make: constraints },
  { name: "decisions", title: "Decisions", shown: always, make: decisions },
  { name: "trials", title: "Trials", shown: always, make: table },
  { name: "network", title: "Network", single: true, shown: always, make: network },
  { name: "latency", title: "Latency", single: true, shown: always, make: latency },
  { name: "lineage", title: "Lineage", shown: always, make: lineage },
  { name: "compare", title: "Compare", shown: (state) => state.runs.length > 1, make: compare },
  { name: "job", title: "Job", shown: always, make: job },
  { name: "trial", title: "Trial", single: true, shown: () => false, make: trial },
];

export function viewOf(state: State): ViewEntry {
  const { view } = state.route;
  return (
    kViews.find((entry) => entry.name === view) ?? {
      name: view,
      title: "Not found",
      shown: always,
      make: () => empty("There is no such view", `The address names the view "${view}". Choose one from the navigation.`),
    }
  );
}
