import type { ReportDocument } from "./document";
import { h } from "./dom";

type Take = (data: ReportDocument) => void;

async function load(): Promise<ReportDocument> {
  const answer = await fetch("report.json");
  if (!answer.ok) throw new Error((await answer.text()).trim() || `the server answered ${answer.status}`);
  return (await answer.json()) as ReportDocument;
}

/** Shows what `gensynth serve` has, and again whenever it says that there is something new. */
export async function follow(
  checked: (data: ReportDocument) => ReportDocument | string,
  build: (data: ReportDocument, live: HTMLElement) => Take,
  explain: (text: string) => void,
): Promise<void> {
  const text = h("span", {}, "live");
  const badge = h("span", { class: "live", role: "status" }, h("i", { "aria-hidden": "true" }), text);
  let take: Take | null = null;
  let loading = false;
  let again = false;
  async function refresh(): Promise<void> {
    if (loading) {
      again = true;
      return;
    }
    loading = true;
    try {
      const data = checked(await load());
      if (typeof data === "string") return explain(data);
      if (take === null) take = build(data, badge);
      else take(data);
      const time = new Date(data.written * 1000).toLocaleTimeString("en-GB");
      text.textContent = `live, as of ${time}`;
      badge.classList.remove("lost");
    } catch (error) {
      lost(error instanceof Error ? error.message : String(error));
    } finally {
      loading = false;
      if (again) {
        again = false;
        void refresh();
      }
    }
  }
  function lost(reason: string): void {
    if (take === null) explain(`gensynth serve does not answer: ${reason}.`);
    text.textContent = "connection lost; trying again";
    badge.title = reason;
    badge.classList.add("lost");
  }
  document.getElementById("app")!.replaceChildren(h("main", { class: "alone" }, h("section", { class: "card empty" }, h("p", {}, "Reading the runs …"))));
  await refresh();
  const events = new EventSource("events");
  events.onmessage = () => void refresh();
  events.onerror = () => lost("gensynth serve has ended or cannot be reached");
}
