// Rows: names with a bar or an interval each, to one scale, and what they say beside it.

import { make } from "./dom.js";

const percent = (value) => `${value}%`;

/** Make a part of a track that reaches from one share of it to another. */
function part(kind, [from, until], colour) {
  const element = make("span", { class: kind });
  element.style.left = percent(from);
  element.style.width = percent(until - from);
  if (colour) element.style.background = colour;
  return element;
}

function track(row, { marks, within }) {
  return make("span", { class: "track", "aria-hidden": "true" },
    within ? part("within", within) : null,
    ...marks.map((mark) => part("mark", [mark.at, mark.at])),
    row.bar ? part("bar", row.bar, row.colour) : null,
    row.interval ? part("interval", row.interval, row.bar ? null : row.colour) : null,
    row.dot === null ? null : part("dot", [row.dot, row.dot], row.colour));
}

/** Return the rows of a view as a list. */
export function rowsOf(view) {
  const list = make("ul", { class: "rows" }, ...view.rows.map((row) => make("li", {},
    make("span", { class: "name", text: row.name }),
    track(row, view),
    make("span", { class: "says" }, make("b", { class: row.tone, text: row.text }), row.note ? make("span", { class: "note", text: ` ${row.note}` }) : null))));
  const marks = view.marks.map((mark) => make("span", { text: mark.label }));
  return make("div", {}, marks.length ? make("p", { class: "note lines" }, ...marks) : null, list);
}
