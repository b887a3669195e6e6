/** Colours of the page, and marks of states. The hues are those of Okabe and Ito, which most colour-blind
 * people distinguish; each state also has a shape of its own. */
export interface Theme {
  dark: boolean;
  ink: string;
  soft: string;
  line: string;
  card: string;
  accent: string;
  palette: string[];
  state: Record<string, string>;
}

const kLight: Record<string, string> = {
  scored: "#0072b2", rejected: "#c2410c", pruned: "#b7791f", failed: "#a3337d",
  duplicate: "#8a94a3", running: "#00806a", queued: "#64748b", lost: "#a3337d", preempted: "#8a94a3",
};
const kDark: Record<string, string> = {
  scored: "#56b4e9", rejected: "#f0834a", pruned: "#e6b450", failed: "#e29bc8",
  duplicate: "#7d8794", running: "#3cc9a7", queued: "#94a3b8", lost: "#e29bc8", preempted: "#7d8794",
};

export const kShapes: Record<string, string> = {
  scored: "circle",
  rejected: "diamond",
  pruned: "triangle",
  failed: "path://M2 0 5 3 8 0 10 2 7 5 10 8 8 10 5 7 2 10 0 8 3 5 0 2Z",
  duplicate: "rect",
  running: "arrow",
  queued: "roundRect",
};

const kPaletteLight = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#b38f00", "#56b4e9", "#7a5195", "#6b7280"];
const kPaletteDark = ["#56b4e9", "#f0834a", "#3cc9a7", "#e29bc8", "#e6c454", "#8fd0f5", "#b39ddb", "#9aa4b2"];

export function theme(): Theme {
  const style = getComputedStyle(document.documentElement);
  const of = (name: string) => style.getPropertyValue(name).trim();
  const dark = document.documentElement.dataset.theme === "dark";
  return {
    dark,
    ink: of("--ink"),
    soft: of("--soft"),
    line: of("--line"),
    card: of("--card"),
    accent: of("--accent"),
    palette: dark ? kPaletteDark : kPaletteLight,
    state: dark ? kDark : kLight,
  };
}

const kKey = "gensynth-theme";

/** Sets the theme of the page: what the reader chose before, else what the system prefers. */
export function startTheme(): void {
  let chosen: string | null = null;
  try {
    chosen = localStorage.getItem(kKey);
  } catch {
    // A page from a file may have no storage; the theme then lasts as long as the page.
  }
  const system = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    document.documentElement.dataset.theme = chosen ?? (system.matches ? "dark" : "light");
  };
  apply();
  system.addEventListener("change", () => {
    apply();
    dispatchEvent(new Event("themechange"));
  });
}

export function toggleTheme(): void {
  const next = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
  document.documentElement.dataset.theme = next;
  try {
    localStorage.setItem(kKey, next);
  } catch {
    // See startTheme.
  }
  dispatchEvent(new Event("themechange"));
}
