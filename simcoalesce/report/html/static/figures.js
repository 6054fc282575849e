// Figures: where a page has the numbers of a picture, a chart that can be asked.

import { make } from "./dom.js";
import { Panel } from "./panel.js";
import { rowsOf } from "./rows.js";

const HEIGHT = 260;

/** Say whether a text is the headline of the page. */
const isSaid = (text) => document.querySelector(".headline").textContent.replace(/\.$/, "") === text;

class Figure {
  constructor(figure) {
    this.figure = figure;
    const { headline, subtitle, views } = JSON.parse(figure.querySelector("script.series").textContent);
    this.views = views;
    this.shown = views[0];
    const head = make("div", { class: "said" }, isSaid(headline) ? null : make("p", { class: "shows", text: headline }), make("p", { class: "note", text: subtitle }));
    this.choices = views.length < 2 ? [] : views.map((view) => make("button", { type: "button", text: view.name, onclick: () => this.choose(view) }));
    this.drawn = make("button", { type: "button", text: "Picture", "aria-pressed": "false", onclick: () => this.asDrawn() });
    this.chart = make("div", { class: "chart" });
    this.element = make("div", { class: "asks" }, head, make("div", { class: "choice", role: "group", "aria-label": "What is shown" }, ...this.choices, this.drawn), this.chart);
    figure.prepend(this.element);
    figure.classList.add("asked");
    this.panel = this.shown.rows ? null : new Panel(this.chart, { height: HEIGHT, sync: null });
    this.choose(this.shown);
  }

  choose(view) {
    this.shown = view;
    this.asDrawn(false);
    this.draw();
    this.choices.forEach((button, place) => button.setAttribute("aria-pressed", String(this.views[place] === view)));
  }

  /** Show the picture in place of the chart, or the chart again. */
  asDrawn(isDrawn = !this.figure.classList.contains("drawn")) {
    this.figure.classList.toggle("drawn", isDrawn);
    this.drawn.setAttribute("aria-pressed", String(isDrawn));
  }

  draw() {
    if (!this.panel) return this.chart.replaceChildren(rowsOf(this.shown));
    this.panel.top = 0;
    return this.panel.show(this.shown.panel, this.shown.view);
  }
}

/** Let the keyboard scroll what is wider than the page. */
function reachWide() {
  for (const figure of document.querySelectorAll("figure")) {
    if (figure.scrollWidth > figure.clientWidth) figure.tabIndex = 0;
    else figure.removeAttribute("tabindex");
  }
}

/** Make charts of all figures that have numbers. */
export function askFigures() {
  const figures = [...document.querySelectorAll("figure:has(> script.series)")].map((one) => new Figure(one));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => figures.forEach((one) => one.draw()));
  addEventListener("resize", reachWide);
  reachWide();
}
