import { empty, page, type View } from "./chart";
import type { State } from "./state";
import { history } from "./views/history";
import { overview } from "./views/overview";
import { pareto } from "./views/pareto";
import { table } from "./views/table";

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
  { name: "progress", title: "Progress", shown: always, make: (state) => page(history(state)) },
  { name: "trials", title: "Trials", shown: always, make: table },
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
