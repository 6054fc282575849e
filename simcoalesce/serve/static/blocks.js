// Blocks of a report: headings, sentences and tables, as the server words them.

import { make } from "/shared/dom.js";

const toned = (tag, part, more = {}) =>
  make(tag, { ...more, class: [part.tone, more.class].filter(Boolean).join(" ") || null, text: part.text });

/** Return the table of a block. */
export function tableOf(block, label) {
  const isNumber = (column) => (block.numbers.includes(column) ? "number" : null);
  const head = make("tr", {}, ...block.header.map((name, column) =>
    make(name ? "th" : "td", { scope: name ? "col" : null, class: isNumber(column), text: name })));
  const rows = block.rows.map((row) => make("tr", {}, ...row.map((part, column) =>
    toned("td", part, { class: isNumber(column) }))));
  const table = make("table", { "aria-label": label }, make("thead", {}, head), make("tbody", {}, ...rows));
  return make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": label }, table);
}

/** Return the elements of a block. */
export function blockElements(block, label) {
  const name = block.title || label;
  return [
    block.title ? make("h3", { text: block.title }) : null,
    ...block.lines.map((line) => toned("p", line)),
    block.header.length ? tableOf(block, name) : null,
    ...block.notes.map((note) => make("p", { class: "note", text: note })),
  ].filter(Boolean);
}
