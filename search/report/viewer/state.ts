import type { Run } from "./run";

/** What the page shows: the address holds the run, the view and the trial; the selection is shared by all views. */
export interface Route {
  view: string;
  run: number;
  trial: number | null;
  against: number | null;
}

type Listener = (change: { route: boolean; selection: boolean }) => void;

export class State {
  runs: Run[];
  route: Route = { view: "overview", run: 0, trial: null, against: null };
  selection: ReadonlySet<number> = new Set();
  /** Why these trials are selected: "rejected by size". */
  why = "";
  private listeners = new Set<Listener>();

  constructor(runs: Run[]) {
    this.runs = runs;
    this.read();
    addEventListener("hashchange", () => {
      const before = this.route;
      this.read();
      if (before.run !== this.route.run) this.selection = new Set();
      this.tell(true, before.run !== this.route.run || before.trial !== this.route.trial);
    });
  }

  get run(): Run {
    return this.runs[this.route.run];
  }
  /** The trial that single-trial views show: the one in the address, else the winner, else the last one. */
  get focus(): number | null {
    const { trial } = this.route;
    if (trial !== null && this.run.has(trial)) return trial;
    return this.run.winner ?? this.run.data.networks[0]?.trial ?? (this.run.count || null);
  }

  listen(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
  private tell(route: boolean, selection: boolean): void {
    for (const listener of [...this.listeners]) listener({ route, selection });
  }

  /** "#/trial/17?run=1&against=3", "#/front?trial=17". */
  address(change: Partial<Route>): string {
    const next = { ...this.route, ...change };
    if (next.run !== this.route.run) next.trial = next.against = change.trial ?? null;
    const path = next.view === "trial" && next.trial !== null ? `#/trial/${next.trial}` : `#/${next.view}`;
    const query = new URLSearchParams();
    if (next.run > 0) query.set("run", String(next.run));
    if (next.trial !== null && next.view !== "trial") query.set("trial", String(next.trial));
    if (next.against !== null && next.view === "network") query.set("against", String(next.against));
    const text = query.toString();
    return path + (text ? `?${text}` : "");
  }
  go(change: Partial<Route>): void {
    location.hash = this.address(change);
  }
  pick(trial: number): void {
    this.go({ trial });
  }

  select(trials: Iterable<number>, why: string): void {
    this.selection = new Set(trials);
    this.why = this.selection.size > 0 ? why : "";
    this.tell(false, true);
  }
  clear(): void {
    this.selection = new Set();
    this.why = "";
    if (this.route.trial !== null && this.route.view !== "trial") this.go({ trial: null, against: null });
    this.tell(false, true);
  }

  private read(): void {
    const [path, query] = location.hash.replace(/^#\/?/, "").split("?");
    const [view, id] = path.split("/");
    const parameters = new URLSearchParams(query ?? "");
    const whole = (text: string | null | undefined) => (text && /^\d+$/.test(text) ? Number(text) : null);
    const run = whole(parameters.get("run")) ?? 0;
    this.route = {
      view: view || "overview",
      run: run < this.runs.length ? run : 0,
      trial: whole(view === "trial" ? id : parameters.get("trial")),
      against: whole(parameters.get("against")),
    };
  }
}
