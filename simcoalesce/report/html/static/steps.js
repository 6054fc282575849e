// Steps: a slider over the rows of a table, a row for each setting that was simulated.

import { make } from "./dom.js";

class Steps {
  constructor(table, rows, names) {
    this.rows = rows;
    this.names = names;
    const label = rows[0].cells[0].textContent;
    this.value = make("output", { class: "chosen" });
    const first = Math.max(rows.findIndex((row) => row.querySelector(".good")), 0);
    this.slider = make("input", { type: "range", min: 0, max: rows.length - 1, step: 1, value: first, "aria-label": `${label}: simulated setting` });
    this.slider.addEventListener("input", () => this.show());
    this.numbers = make("dl");
    const ticks = make("div", { class: "ticks" }, ...rows.map(() => make("span")));
    this.element = make("div", { class: "slider" }, make("p", { class: "change" }, make("b", { text: label }), this.value),
      make("div", { class: "track" }, this.slider, ticks), this.numbers);
    this.show();
  }

  show() {
    const row = this.rows[this.slider.value];
    const [, setting, ...cells] = row.cells;
    this.value.textContent = setting.textContent;
    this.slider.setAttribute("aria-valuetext", [...row.cells].slice(1).map((cell, at) => `${at ? `${this.names[at + 1]} ` : ""}${cell.textContent}`).join(", "));
    this.numbers.replaceChildren(...cells.map((cell, at) => {
      const tone = cell.firstElementChild?.className;
      return make("div", {}, make("dt", { text: this.names[at + 2] }), make("dd", { class: tone || null, text: cell.textContent || "–" }));
    }));
  }
}

/** Put sliders before each table of settings, one for each change in it. */
export function slideSteps() {
  for (const table of document.querySelectorAll("table.steps")) {
    const names = [...table.tHead.rows[0].cells].map((one) => one.textContent);
    const groups = Map.groupBy ? Map.groupBy(table.tBodies[0].rows, (row) => row.cells[0].textContent) : new Map();
    const sliders = [...groups.values()].filter((rows) => rows.length > 1).map((rows) => new Steps(table, rows, names).element);
    const box = table.closest(".scroll");
    box.before(make("div", { class: "sliders" }, ...sliders));
    const all = make("details", { class: "all" }, make("summary", { text: "All simulated settings as a table" }));
    box.before(all);
    all.append(box);
  }
}
