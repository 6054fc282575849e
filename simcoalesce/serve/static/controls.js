// Controls: a slider and a field, or a choice, for each value; rows stay while they are used.

import { fill, make } from "/shared/dom.js";

export class Controls {
  /** Show controls in an element; `changed` gets a key, a value and the file's own. */
  constructor(element, changed) {
    this.element = element;
    this.changed = changed;
    this.rows = new Map();
    this.opened = new Set();
  }

  /** Show groups of controls: those that are there stay, and get their new values. */
  show(groups) {
    const shape = JSON.stringify(groups.map((group) =>
      [group.title, ...group.controls.map((one) => [one.key, one.isWritten, one.stops?.length])]));
    fill(this.element, shape, () => {
      this.rows.clear();
      return groups.map((group) => this.group(group));
    });
    for (const control of groups.flatMap((group) => group.controls)) this.rows.get(control.key).update(control);
  }

  group({ title, controls }) {
    const rows = controls.map((control) => {
      const row = new Row(control, this.changed);
      this.rows.set(control.key, row);
      return [row.element, control.isWritten];
    });
    const own = rows.filter(([, isWritten]) => isWritten).map(([element]) => element);
    const others = rows.filter(([, isWritten]) => !isWritten).map(([element]) => element);
    const more = make("details", { class: "more", open: this.opened.has(title) },
      make("summary", { text: `${others.length} more, with defaults` }), ...others);
    more.addEventListener("toggle", () => this.opened[more.open ? "add" : "delete"](title));
    return make("section", { class: "group", "aria-label": title }, make("h3", { text: title }),
      ...own, others.length ? more : null);
  }

  /** Show problems beside their controls; return those that have none. */
  problems(problems) {
    for (const row of this.rows.values()) row.problem("");
    return problems.filter(({ key, where, message }) => {
      const row = this.rows.get(key) || this.rows.get(where);
      row?.problem(message);
      return !row;
    });
  }
}

let ids = 0;

class Row {
  constructor(control, changed) {
    this.control = control;
    this.changed = changed;
    this.id = `c${(ids += 1)}`;
    this.message = make("p", { class: "problem", id: `${this.id}-p`, role: "alert", hidden: true });
    this.reset = make("button", {
      type: "button", class: "reset", text: "↺", "data-focus": `${control.key}-reset`,
      onclick: () => this.set(this.control.ofFile),
    });
    this.field = control.choices.length ? this.choice() : this.text();
    this.slider = control.stops ? this.range() : null;
    this.element = make("div", { class: "control", title: control.about },
      make("label", { for: this.id, text: control.name }), this.field, this.reset,
      this.slider ? make("div", { class: "track" }, this.mark, this.slider) : null, this.message);
  }

  text() {
    return make("input", {
      id: this.id, class: "field", autocomplete: "off", spellcheck: "false", "aria-description": this.control.about,
      "data-focus": this.control.key, "aria-describedby": `${this.id}-p`,
      onchange: (event) => this.set(event.target.value.trim()),
    });
  }

  choice() {
    const options = this.control.choices.map((one) => make("option", { value: one, text: one.replaceAll("_", " ") }));
    return make("select", {
      id: this.id, class: "field", "aria-description": this.control.about, "data-focus": this.control.key,
      "aria-describedby": `${this.id}-p`, onchange: (event) => this.set(event.target.value),
    }, ...options);
  }

  range() {
    this.mark = make("span", { class: "mark", "aria-hidden": "true" });
    return make("input", {
      type: "range", min: 0, max: this.control.stops.length - 1, step: 1,
      "aria-label": this.control.name, "data-focus": `${this.control.key}-slider`,
      oninput: (event) => this.set(this.control.stops[Number(event.target.value)]),
    });
  }

  set(value) {
    this.shown(value, this.control.stops?.indexOf(value));
    this.changed(this.control.key, value, this.control.ofFile);
  }

  shown(value, at) {
    if (document.activeElement !== this.field || this.field.tagName === "SELECT") this.field.value = value;
    this.element.classList.toggle("changed", value !== this.control.ofFile);
    this.reset.hidden = value === this.control.ofFile;
    this.slider?.setAttribute("aria-valuetext", value);
    if (this.slider && at >= 0) this.fillTo(at);
  }

  fillTo(at) {
    this.slider.value = at;
    this.slider.style.setProperty("--at", at / Math.max(this.control.stops.length - 1, 1));
  }

  update(control) {
    this.control = control;
    this.shown(control.value, control.at);
    this.reset.setAttribute("aria-label", `Reset ${control.name} to ${control.ofFile}`);
    this.reset.title = `Reset to ${control.ofFile}`;
    if (!this.slider) return;
    this.mark.title = `the file: ${control.ofFile}`;
    this.mark.style.setProperty("--mark", control.mark / Math.max(control.stops.length - 1, 1));
  }

  problem(message) {
    this.message.textContent = message;
    this.message.hidden = !message;
    this.field.setAttribute("aria-invalid", message ? "true" : "false");
  }
}
