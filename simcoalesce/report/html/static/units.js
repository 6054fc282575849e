// Units: numbers of a chart as people read them.

const short = new Intl.NumberFormat("en", { maximumSignificantDigits: 4 });
const SECONDS_IN = [[1e-6, "ns", 1e-9], [1e-3, "µs", 1e-6], [1, "ms", 1e-3], [600, "s", 1], [7200, "min", 60], [Infinity, "h", 3600]];

const isNone = (value) => value === null || value === undefined;

export const number = (value) => (isNone(value) ? "–" : short.format(value));

/** Write seconds of a time axis in the unit that its span asks for. */
export function clocked(value, span) {
  if (span <= 2) return `${+(value * 1000).toFixed(3)} ms`;
  if (span <= 180) return `${+value.toFixed(2)} s`;
  const total = Math.round(Math.abs(value));
  return `${value < 0 ? "-" : ""}${Math.floor(total / 60)}:${String(total % 60).padStart(2, "0")}`;
}

/** Write a value in its unit: that of a metric, or any other word. */
export function measured(value, unit) {
  if (isNone(value)) return "–";
  if (unit === "ratio") return `${short.format(100 * value)} %`;
  if (unit === "USD") return `$${short.format(value)}`;
  if (unit !== "s" || value === 0) return short.format(value);
  const [, name, factor] = SECONDS_IN.find(([below]) => Math.abs(value) < below);
  return `${short.format(value / factor)} ${name}`;
}
