// Legend: a switch for each thing of a chart, with its value under the pointer.

import { make } from "./dom.js";

export class Legend {
  /** Show a legend; `switched` gets the place of a thing and whether it is shown. */
  constructor(switched) {
    this.switched = switched;
    this.at = make("span", { class: "at" });
    this.keys = make("div", { class: "keys" });
    this.element = make("div", { class: "legend" }, this.keys, this.at);
    this.hidden = new Set();
  }

  /** Name what is drawn; what was switched off stays so. */
  show(layers) {
    const names = layers.map((one) => one.name + one.label);
    this.hidden = new Set([...this.hidden].filter((name) => layers.some((one) => one.name === name)));
    const shape = JSON.stringify([names, layers.map((one) => [one.fill, one.stroke])]);
    if (shape !== this.shape) this.build(shape, layers);
    layers.forEach(({ label, total }, place) => { this.labels[place].textContent = total ? `${label} ${total}` : label; });
  }

  build(shape, layers) {
    this.shape = shape;
    this.labels = layers.map(() => make("span"));
    this.values = layers.map(() => make("span", { class: "value" }));
    this.keys.replaceChildren(...layers.map((layer, place) => {
      const swatch = make("span", { class: `swatch as-${layer.as}` });
      swatch.style.background = layer.fill;
      swatch.style.borderColor = layer.stroke;
      const button = make("button", { type: "button", class: "key", "aria-pressed": String(!this.hidden.has(layer.name)) },
        swatch, this.labels[place], this.values[place]);
      button.addEventListener("click", () => this.press(button, layer.name, place));
      return button;
    }));
  }

  press(button, name, place) {
    const isShown = this.hidden.has(name);
    if (isShown) this.hidden.delete(name); else this.hidden.add(name);
    button.setAttribute("aria-pressed", String(isShown));
    this.switched(place, isShown);
  }

  /** Say what is under the pointer; nothing if it is elsewhere. */
  read(at, texts) {
    this.at.textContent = at;
    texts.forEach((text, place) => { if (this.values[place]) this.values[place].textContent = text; });
  }
}
