import type { View } from "../chart";
import { h, save } from "../dom";
import type { State } from "../state";

/** The effective job, with every default. */
export function job(state: State): View {
  const text = JSON.stringify(state.run.data.job, null, 2);
  return {
    element: h("section", { class: "card", id: "chart-job" },
      h("header", {}, h("h2", {}, "Job"), h("div", { class: "tools" }, h("button", { class: "tool", title: "Save the job as JSON", onclick: () => save("job.json", "application/json", text + "\n") }, "JSON"))),
      h("p", { class: "note" }, "The effective job of the run, with every default written out. gensynth search JOB runs it again."), h("pre", { tabindex: "0" }, text)),
  };
}
