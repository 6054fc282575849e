// Panel: one chart as a canvas of uPlot, which stays while its numbers change.

import { make } from "./dom.js";
import { hatched } from "./hatches.js";
import { Legend } from "./legend.js";
import { backdrop, marks } from "./backdrop.js";
import { clocked, measured, number } from "./units.js";

const FADED = { file: [5, 4], limit: [2, 3] };
const METRIC = new Set(["1", "s", "1/s", "ratio", "USD"]);
const FEW = 12;
const STEP_OUT = 1.6;
const BELOW_PX = 34;
const LEFT_PX = 58;
const CHARACTER_PX = 6.5;

const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

const colourOf = ({ name, ink }) => css(`--line-${ink ?? name}`) || css("--ink");

export class Panel {
  /** Show a chart in an element; `chosen` gets the number of a request that is clicked. */
  constructor(parent, { chosen = null, height = 210, sync = "time" } = {}) {
    [this.chosen, this.height, this.sync, this.top] = [chosen, height, sync, 0];
    this.title = make("h3");
    this.whole = make("button", { type: "button", class: "whole", text: "Whole axis", hidden: true, onclick: () => this.scale(true) });
    this.canvas = make("div", { class: "canvas", tabindex: "0", role: "img" });
    this.told = make("p", { class: "unseen", "aria-live": "polite" });
    this.legend = new Legend((place, isShown) => this.switch(place, isShown));
    const head = make("figcaption", {}, this.title, this.whole);
    this.element = make("figure", { class: "panel" }, head, this.canvas, this.legend.element, this.told);
    parent.append(this.element);
    this.canvas.addEventListener("keydown", (event) => this.key(event));
    new ResizeObserver(() => this.resize()).observe(this.canvas);
  }

  resize() {
    const width = this.canvas.clientWidth;
    if (this.plot && width && width !== this.plot.width) this.plot.setSize({ width, height: this.height });
  }

  show(panel, view) {
    this.panel = panel;
    this.view = view;
    this.title.textContent = panel.unit && !METRIC.has(panel.unit) ? `${panel.title}, ${panel.unit}` : panel.title;
    this.layers = this.drawn();
    const shape = JSON.stringify([this.layers.map((one) => [one.name, one.label]), view.scale, view.names, css("--ink")]);
    this.legend.show(this.layers);
    if (shape !== this.shape) this.build(shape);
    else this.plot.setData(this.data(), false);
    this.scale();
    this.canvas.setAttribute("aria-label", `${panel.title}: ${panel.summary}. Arrow keys read values, + and - zoom, Escape shows the whole.`);
  }

  /** Return what is drawn, the undermost first. */
  drawn() {
    const all = (list, as) => (list ?? []).map((one) => ({ ...one, as }));
    const layers = [...all(this.panel.bars, "bar").reverse(), ...all(this.panel.lines, "line"), ...all(this.panel.points, "point")];
    return layers.map((one) => ({ ...one, fill: one.as === "line" ? colourOf(one) : one.colour, stroke: one.edge ?? colourOf(one) }));
  }

  /** Return the numbers of all layers; bars stand on those that are shown. */
  data() {
    const below = new Array(this.panel.x.length).fill(0);
    const tops = new Map();
    for (const bar of this.panel.bars ?? []) {
      if (!this.legend.hidden.has(bar.name)) bar.values.forEach((value, at) => { below[at] += value; });
      tops.set(bar.name, [...below]);
    }
    return [this.panel.x, ...this.layers.map((one) => (one.as === "bar" ? tops.get(one.name) : one.values))];
  }

  build(shape) {
    this.plot?.destroy();
    this.shape = shape;
    const isWords = this.view.scale === "names";
    this.plot = new window.uPlot({
      width: this.canvas.clientWidth || 300,
      height: this.height,
      legend: { show: false },
      cursor: { drag: { x: !isWords, y: false }, points: this.panel.points ? { size: 11 } : { show: false },
        ...(this.panel.points || !this.sync ? {} : { sync: { key: this.sync } }) },
      scales: {
        x: { time: false, auto: false, distr: this.view.scale === "log" ? 3 : 1, range: (_plot, low, high) => [low, high] },
        y: { auto: false, distr: this.isLog() ? 3 : 1, range: (_plot, low, high) => [low, high] },
      },
      axes: [this.across(), this.axis((_plot, splits) => splits.map((one) => (one === null ? "" : measured(one, this.panel.unit))), LEFT_PX)],
      series: [{}, ...this.layers.map((layer) => this.series(layer))],
      hooks: { setCursor: [() => this.read()], setScale: [() => this.zoomed()], drawAxes: [(plot) => backdrop(plot, this, css)],
        draw: [(plot) => marks(plot, this, css)] },
    }, this.data(), this.canvas);
    this.plot.over.addEventListener("dblclick", () => this.scale(true));
    if (this.chosen && this.panel.points) this.plot.over.addEventListener("click", (event) => this.click(event));
  }

  /** Return the axis below: round numbers, or the names of what lies there. */
  across() {
    const { names } = this.view;
    if (!names) return this.axis((_plot, splits) => splits.map((one) => (one === null ? "" : this.where(one))), BELOW_PX);
    const nameOf = new Map(this.panel.x.map((x, place) => [x, names[place]]));
    return { ...this.axis((_plot, splits) => splits.map((one) => nameOf.get(one) ?? ""), BELOW_PX),
      splits: (plot, _axis, min, max) => this.apart(plot.width - LEFT_PX, min, max) };
  }

  /** Return the positions whose names do not meet. */
  apart(width, min, max) {
    const on = (x) => (this.view.scale === "log" ? Math.log(x) : x);
    let end = -Infinity;
    return this.panel.x.filter((x, place) => {
      const middle = (width * (on(x) - on(min))) / (on(max) - on(min));
      const half = ((this.view.names[place].length + 1) * CHARACTER_PX) / 2;
      if (middle - half < end) return false;
      end = middle + half;
      return true;
    });
  }

  axis(values, size) {
    return { stroke: css("--faint"), grid: { stroke: css("--grid"), width: 1 }, ticks: { stroke: css("--axis"), width: 1, size: 4 },
      font: "12px system-ui, sans-serif", values, ...(size ? { size } : {}) };
  }

  series(layer) {
    const own = { show: !this.legend.hidden.has(layer.name) };
    if (layer.as === "bar") {
      return { ...own, fill: () => hatched(layer), stroke: layer.edge, width: 0, points: { show: false },
        paths: window.uPlot.paths.bars({ size: [1, 100], gap: 0 }) };
    }
    if (layer.as === "point") {
      return { ...own, stroke: layer.edge, fill: layer.colour, paths: () => null, points: { show: true, size: 7, width: 1, fill: layer.colour, stroke: layer.edge } };
    }
    const isFlat = layer.name === "limit";
    const { linear, stepped } = window.uPlot.paths;
    const isFew = layer.values.filter((one) => one !== null).length < FEW;
    const hasPoints = layer.low !== undefined || (isFew && !isFlat && layer.name !== "file");
    return { ...own, stroke: layer.stroke, width: layer.name === "file" ? 1.5 : 2, dash: FADED[layer.name] ?? layer.dash, spanGaps: layer.gaps ?? false,
      paths: this.view.scale === "names" && !isFlat ? () => null : (isFlat && !layer.steps) || layer.linear ? linear() : stepped({ align: 1 }),
      points: { show: hasPoints, size: 6 } };
  }

  switch(place, isShown) {
    this.plot.setSeries(place + 1, { show: isShown });
    this.plot.setData(this.data(), false);
  }

  /** Write a position on the axis below. */
  where(x) {
    const { scale = "time", names, unit } = this.view;
    if (names) return names[this.panel.x.indexOf(x)] ?? "";
    if (scale === "time") return clocked(x, this.span());
    return unit === "ms" ? `${number(x)} ms` : measured(x, unit);
  }

  /** Say in the legend what is under the pointer. */
  read(isSpoken = false) {
    const index = this.plot.cursor.idx;
    const isAway = index === null || index === undefined || (this.plot.cursor.left ?? -1) < 0;
    const texts = this.layers.map((layer) => (isAway ? "" : this.text(layer, index)));
    const at = isAway ? "" : this.panel.at?.[index] ?? this.where(this.panel.x[index]);
    this.legend.read(at, texts);
    if (isSpoken) this.told.textContent = [at, ...this.layers.map((layer, place) => `${layer.label} ${texts[place]}`)].join(", ");
  }

  text(layer, index) {
    if (layer.as === "point" && layer.values[index] === null) return "";
    return layer.texts?.[index] ?? measured(layer.values[index], this.panel.unit);
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
    this.zoomed();
  }

  /** Offer the whole axis while only a part of it is shown. */
  zoomed() {
    const { min, max } = this.plot?.scales.x ?? {};
    const hadFocus = document.activeElement === this.whole;
    this.whole.hidden = min === undefined || (min <= this.view.from && max >= this.view.until);
    if (this.whole.hidden && hadFocus) this.canvas.focus();
  }

  ends() {
    const { low, high, unit, floor } = this.panel;
    if (this.isLog()) return [10 ** Math.floor(Math.log10(low)), 10 ** Math.ceil(Math.log10(high * 1.01))];
    if (unit === "%") return [0, 105];
    if (high > this.top || high < this.top / 3) this.top = high * 1.15;
    return [floor ?? 0, this.top];
  }

  key(event) {
    const last = this.panel.x.length - 1;
    const index = this.plot.cursor.idx ?? -1;
    const to = { ArrowRight: index + 1, ArrowLeft: index - 1, Home: 0, End: last }[event.key];
    if (to !== undefined) this.point(Math.min(Math.max(to, 0), last));
    else if (event.key === "+" || event.key === "-") this.zoom(event.key === "+" ? 1 / STEP_OUT : STEP_OUT);
    else if (event.key === "Escape") this.scale(true);
    else return;
    event.preventDefault();
  }

  /** Put the pointer of the keyboard on a place, and say what is there. */
  point(index) {
    const { min, max } = this.plot.scales.x;
    const x = this.panel.x[index];
    if (x < min || x > max) this.scale(true);
    this.plot.setCursor({ left: this.plot.valToPos(x, "x"), top: this.plot.over.clientHeight / 2 });
    this.read(true);
  }

  zoom(factor) {
    const { min, max } = this.plot.scales.x;
    const at = this.panel.x[this.plot.cursor.idx] ?? (min + max) / 2;
    const [from, until] = [at - (at - min) * factor, at + (max - at) * factor];
    this.plot.setScale("x", { min: Math.max(from, this.view.from), max: Math.min(until, this.view.until) });
  }

  click(event) {
    const found = nearest(this.plot, this.panel, event);
    if (found !== null) this.chosen(this.panel.requests[found]);
  }
}

const NEAR_PX = 14;

/** Return the point of a panel that a click meets; null if none is near. */
function nearest(plot, { x, points }, event) {
  const box = plot.over.getBoundingClientRect();
  const [left, top] = [event.clientX - box.left, event.clientY - box.top];
  let [best, found] = [NEAR_PX ** 2, null];
  for (const { values } of points) {
    values.forEach((value, index) => {
      if (value === null) return;
      const far = (plot.valToPos(x[index], "x") - left) ** 2 + (plot.valToPos(value, "y") - top) ** 2;
      if (far < best) [best, found] = [far, index];
    });
  }
  return found;
}
