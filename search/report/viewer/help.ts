import { h } from "./dom";

const kKeys: [string, string][] = [
  ["1 … 9", "open a view"],
  ["j, k", "the next and the previous trial, in all views"],
  ["w", "the winner"],
  ["o", "open the trial"],
  ["n", "its network"],
  ["/", "filter the trials"],
  ["Esc", "clear the selection"],
  ["t", "light or dark"],
  ["?", "this help"],
];

export function helpDialog(): HTMLDialogElement {
  const dialog = h("dialog", { class: "card help", "aria-label": "Keyboard and help" },
    h("h2", {}, "Keyboard"),
    h("dl", {}, kKeys.map(([key, text]) => [h("dt", {}, h("kbd", {}, key)), h("dd", {}, text)])),
    h("p", { class: "note" }, "Click a mark to pick its trial; drag a rectangle to select several. The address of the page holds view, run and trial, so that it can be kept and sent. Each chart saves its drawing as SVG and its data as CSV. The page loads nothing and sends nothing."),
    h("button", { class: "button", onclick: () => dialog.close() }, "Close"));
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  return dialog;
}
