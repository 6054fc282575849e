// Charts: each panel of an answer as a canvas of uPlot, which stays while numbers change.

import { make } from "./dom.js";
import { hatched } from "./hatches.js";

const HEIGHT = matchMedia("(min-width: 118rem)").matches ? 270 : 210;
const NEAR_PX = 14;
const FADED = { file: [5, 4], limit: [2, 3] };
const uPlot = window.uPlot;

const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

const colourOf = ({ name }) => css(`--line-${name}`) || css("--ink");

/** Write seconds of an axis in the unit that its span asks for. */
function seconds(value, span) {
  if (span <= 2) return `${+(value * 1000).toFixed(3)} ms`;
  if (span <= 180) return `${+value.toFixed(2)} s`;
  const total = Math.round(Math.abs(value));
  return `${value < 0 ? "-" : ""}${Math.floor(total / 60)}:${String(total % 60).padStart(2, "0")}`;
}

const short = new Intl.NumberFormat("en", { maximumSignificantDigits: 4 });
const number = (value) => (value === null || value === undefined ? "–" : short.format(value));

class Panel {
  constructor(parent, chosen) {
    this.chosen = chosen;
    this.title = make("h3");
    this.canvas = make("div", { class: "canvas" });
    this.element = make("figure", { class: "panel" }, make("figcaption", {}, this.title), this.canvas);
    parent.append(this.element);
    this.top = 0;
    new ResizeObserver(() => this.resize()).observe(this.canvas);
  }

  resize() {
    const width = this.canvas.clientWidth;
    if (this.plot && width && width !== this.plot.width) this.plot.setSize({ width, height: HEIGHT });
  }

  show(panel, view) {
    this.panel = panel;
    this.view = view;
    this.title.textContent = `${panel.title}, ${panel.unit}`;
    const layers = this.layers();
    const shape = JSON.stringify([layers.map((one) => [one.name, one.label, one.total]), css("--ink")]);
    const data = [panel.x, ...layers.map((one) => one.drawn)];
    if (shape !== this.shape) this.build(shape, layers, data);
    else this.plot.setData(data, false);
    this.scale();
    this.plot.root.querySelector(".u-wrap").setAttribute("aria-label", `${panel.title}: ${panel.summary}`);
  }

  /** Return what is drawn, the undermost first. */
  layers() {
    const bars = (this.panel.bars ?? []).map((one) => ({ ...one, drawn: one.tops, as: "bar" })).reverse();
    const lines = (this.panel.lines ?? []).map((one) => ({ ...one, drawn: one.values, as: "line" }));
    const points = (this.panel.points ?? []).map((one) => ({ ...one, drawn: one.values, as: "point" }));
    return [...bars, ...lines, ...points];
  }

  build(shape, layers, data) {
    this.plot?.destroy();
    this.shape = shape;
    const fills = [null, ...layers.map((layer) => layer.colour ?? colourOf(layer))];
    const strokes = [null, ...layers.map((layer) => layer.edge ?? colourOf(layer))];
    this.plot = new uPlot({
      width: this.canvas.clientWidth || 300,
      height: HEIGHT,
      legend: { live: true, markers: { width: 1, fill: (_plot, at) => fills[at], stroke: (_plot, at) => strokes[at] } },
      cursor: { drag: { x: true, y: false }, points: this.panel.points ? { size: 11 } : { show: false },
        sync: { key: this.panel.points ? null : "time" } },
      scales: {
        x: { time: false, auto: false, range: (_plot, low, high) => [low, high] },
        y: { auto: false, distr: this.isLog() ? 3 : 1, range: (_plot, low, high) => [low, high] },
      },
      axes: [this.axis((_plot, splits) => splits.map((one) => seconds(one, this.span()))), this.axis((_plot, splits) => splits.map((one) => (one === null ? "" : number(one))), 54)],
      series: [{ label: "at", value: (_plot, value) => (value === null ? "–" : seconds(value, this.span())) },
        ...layers.map((layer) => this.series(layer))],
    }, data, this.canvas);
    const wrap = this.plot.root.querySelector(".u-wrap");
    wrap.setAttribute("role", "img");
    this.plot.over.addEventListener("dblclick", () => this.scale(true));
    if (this.panel.points) this.plot.over.addEventListener("click", (event) => this.click(event));
  }

  axis(values, size) {
    return { stroke: css("--faint"), grid: { stroke: css("--grid"), width: 1 }, ticks: { stroke: css("--axis"), width: 1, size: 4 },
      font: "12px system-ui, sans-serif", values, ...(size ? { size } : {}) };
  }

  series(layer) {
    const label = layer.total ? `${layer.label} ${layer.total}` : layer.label;
    const at = (_plot, _value, _series, index) => (index === null ? "–" : number(layer.values[index]));
    const common = { label, value: layer.as === "bar" ? (plot, _v, series, index) => number(index === null ? null : this.raw(layer.name, index)) : at };
    if (layer.as === "bar") {
      return { ...common, fill: () => hatched(layer), stroke: layer.edge, width: 0, points: { show: false },
        paths: uPlot.paths.bars({ size: [1, 100], gap: 0 }) };
    }
    if (layer.as === "point") {
      return { ...common, stroke: layer.edge, fill: layer.colour, paths: () => null, points: { show: true, size: 7, width: 1, fill: layer.colour, stroke: layer.edge } };
    }
    const isFlat = layer.name === "limit";
    return { ...common, stroke: colourOf(layer), width: layer.name === "file" ? 1.5 : 2,
      dash: FADED[layer.name], spanGaps: false, paths: isFlat ? uPlot.paths.linear() : uPlot.paths.stepped({ align: 1 }),
      points: { show: !isFlat && layer.name !== "file" && layer.values.filter((one) => one !== null).length < 12, size: 6 } };
  }

  raw(name, index) {
    return this.panel.bars.find((one) => one.name === name)?.values[index];
  }

  isLog() {
    return this.panel.low !== undefined;
  }

  span() {
    return this.plot ? this.plot.scales.x.max - this.plot.scales.x.min : this.view.until - this.view.from;
  }

  /** Keep the scales as long as what is shown fits into them well. */
  scale(again = false) {
    const { from, until } = this.view;
    const isOther = this.from !== from || this.until !== until;
    const [low, high] = this.ends();
    this.plot.batch(() => {
      if (isOther || again) this.plot.setScale("x", { min: from, max: until });
      else this.plot.setScale("x", { min: this.plot.scales.x.min, max: this.plot.scales.x.max });
      this.plot.setScale("y", { min: low, max: high });
    });
    this.from = from;
    this.until = until;
  }

  ends() {
    const { low, high, unit } = this.panel;
    if (this.isLog()) return [10 ** Math.floor(Math.log10(low)), 10 ** Math.ceil(Math.log10(high * 1.01))];
    if (unit === "%") return [0, 105];
    if (high > this.top || high < this.top / 3) this.top = high * 1.15;
    return [0, this.top];
  }

  click(event) {
    const box = this.plot.over.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    let [best, nearest] = [NEAR_PX ** 2, null];
    for (const { values } of this.panel.points) {
      values.forEach((value, index) => {
        if (value === null) return;
        const far = (this.plot.valToPos(this.panel.x[index], "x") - x) ** 2 + (this.plot.valToPos(value, "y") - y) ** 2;
        if (far < best) [best, nearest] = [far, index];
      });
    }
    if (nearest !== null) this.chosen(this.panel.requests[nearest]);
  }
}

export class Charts {
  /** Show panels in an element; `chosen` gets the number of a request that is clicked. */
  constructor(element, chosen) {
    this.element = element;
    this.chosen = chosen;
    this.panels = new Map();
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.answer && this.show(this.answer));
  }

  show(answer) {
    this.answer = answer;
    for (const panel of [...answer.panels, answer.points]) {
      if (!this.panels.has(panel.kind)) this.panels.set(panel.kind, new Panel(this.element, this.chosen));
      this.panels.get(panel.kind).show(panel, answer.view);
    }
  }
}
