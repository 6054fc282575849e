// Sorting: a click on the head of a column sorts a table; the third brings its order back.

import { make } from "./dom.js";

const FACTORS = { ns: 1e-9, "µs": 1e-6, ms: 1e-3, s: 1, min: 60, h: 3600, d: 86400 };
const MEASURED = /^[^\d+−-]{0,3}([+−-]?)\$?(\d[\d,]*(?:\.\d+)?)(?:e([+-]?\d+))?\s?(ns|µs|ms|s|min|h|d)?(?![\w:])/;
const CLOCK = /(\d+):(\d\d)(?::(\d\d(?:\.\d+)?))?/;
const FEWEST = 3;
const NEXT = { none: "ascending", ascending: "descending", descending: "none" };
const words = new Intl.Collator("en", { numeric: true });

/** Return the number that a text begins with, in base units; null if there is none. */
export function numberOf(text) {
  const clock = text.match(CLOCK);
  if (clock) return Number(clock[1]) * 3600 + Number(clock[2]) * 60 + Number(clock[3] ?? 0);
  const found = text.match(MEASURED);
  if (!found) return null;
  const [, sign, digits, power = "0", unit] = found;
  const size = Number(digits.replaceAll(",", "")) * 10 ** Number(power) * (FACTORS[unit] ?? 1);
  return sign && sign !== "+" ? -size : size;
}

class Sortable {
  constructor(table) {
    this.body = table.tBodies[0];
    this.rows = [...this.body.rows];
    this.heads = [...table.tHead.rows[0].cells];
    this.heads.forEach((head, column) => {
      if (!head.textContent.trim()) return;
      const button = make("button", { type: "button", class: "sort" });
      button.append(...head.childNodes);
      button.addEventListener("click", () => this.sort(column));
      head.append(button);
      head.setAttribute("aria-sort", "none");
    });
  }

  sort(column) {
    const how = NEXT[this.heads[column].getAttribute("aria-sort")];
    this.heads.forEach((head, place) => head.hasAttribute("aria-sort") && head.setAttribute("aria-sort", place === column ? how : "none"));
    const sorted = how === "none" ? this.rows : this.sorted(column, how === "ascending" ? 1 : -1);
    this.body.append(...sorted);
  }

  /** Return the rows by a column; what has no value stays at the end. */
  sorted(column, sign) {
    const isNumber = this.heads[column].classList.contains("number");
    const keyed = this.rows.map((row) => {
      const text = row.cells[column]?.textContent.trim() ?? "";
      const value = numberOf(text);
      return { row, text, value, isNone: isNumber ? value === null : !text };
    });
    const isNumeric = isNumber || keyed.every((one) => one.isNone || one.value !== null);
    keyed.sort((a, b) => (a.isNone - b.isNone) || (a.isNone ? 0 : sign * (isNumeric ? a.value - b.value : words.compare(a.text, b.text))));
    return keyed.map((one) => one.row);
  }
}

/** Let tables of several rows be sorted. */
export function sortTables() {
  for (const table of document.querySelectorAll("table")) {
    if (table.tHead && table.tBodies[0].rows.length >= FEWEST) new Sortable(table);
  }
}
