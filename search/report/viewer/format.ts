/** Numbers, durations and names as people read them. */
const kNames: Record<string, [string, string]> = {
  latency_ms: ["latency", "ms"],
  top1: ["ImageNet top-1", "%"],
  proxy_top1: ["proxy top-1", "%"],
  proxy_top5: ["proxy top-5", "%"],
  proxy_loss: ["proxy loss", ""],
  params: ["parameters", ""],
  macs: ["MACs", ""],
  depth: ["depth", "layers"],
  vertices: ["operators", ""],
  peak_memory_bytes: ["peak memory", "B"],
  weight_bytes: ["weights", "B"],
  activation_bytes: ["activations", "B"],
  u: ["U", "dB"],
};

export function metricName(name: string): string {
  return kNames[name]?.[0] ?? name.replaceAll("_", " ");
}
export function metricUnit(name: string): string {
  return kNames[name]?.[1] ?? "";
}
/** "latency (ms)". */
export function metricTitle(name: string): string {
  const unit = metricUnit(name);
  return unit ? `${metricName(name)} (${unit})` : metricName(name);
}

const kSteps: [number, string][] = [
  [1e9, "G"],
  [1e6, "M"],
  [1e3, "k"],
];

/** Three significant digits, with a prefix from a thousand on: "466 k", "6.2 M", "4.77". */
export function number(value: number | null | undefined, digits = 3): string {
  if (value == null || !Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  for (const [step, prefix] of kSteps) {
    if (size >= step * 0.9995) return `${plain(value / step, digits)} ${prefix}`;
  }
  return plain(value, digits);
}
function plain(value: number, digits: number): string {
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e4) return minus(String(value));
  if (size < 1e-4) return minus(value.toExponential(1));
  return minus(value.toFixed(Math.max(0, digits - 1 - Math.floor(Math.log10(size)))));
}
function minus(text: string): string {
  return text.replace("-", "−");
}

/** A number on an axis: without zeros at its end. */
export function tick(value: number): string {
  return number(value).replace(/(\.\d*?)0+(?=$| )/, "$1").replace(/\.(?=$| )/, "");
}

export function quantity(name: string, value: number | null | undefined): string {
  if (value == null) return "–";
  if (name === "u") return `${minus(value.toFixed(2))} dB`;
  const unit = metricUnit(name);
  const text = number(value, unit === "%" || unit === "ms" ? 3 : 3);
  return unit && unit !== "layers" ? `${text} ${unit}`.replace(/ ([kMG]) B$/, " $1B") : text;
}
export function signed(value: number | null | undefined, digits = 3): string {
  if (value == null) return "–";
  return value > 0 ? `+${number(value, digits)}` : number(value, digits);
}
export function count(value: number): string {
  return value.toLocaleString("en-GB").replaceAll(",", " ");
}
export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}
export function share(value: number, digits = 3): string {
  return `${plain(100 * value, digits)} %`;
}
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return "–";
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  if (h >= 48) return `${Math.floor(h / 24)} d ${h % 24} h`;
  return h ? `${h} h ${m} m` : m ? `${m} m ${s} s` : `${s} s`;
}
export function moment(seconds: number): string {
  return new Date(seconds * 1000).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" });
}
export function words(name: string): string {
  return name.replaceAll("_", " ");
}
