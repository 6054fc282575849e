// Charts: each panel of an answer, in the order of the server.

import { Panel } from "/shared/panel.js";

const HEIGHT = matchMedia("(min-width: 118rem)").matches ? 270 : 210;

export class Charts {
  /** Show panels in an element; `chosen` gets the number of a request that is clicked. */
  constructor(element, chosen) {
    this.element = element;
    this.options = { chosen, height: HEIGHT };
    this.panels = new Map();
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.answer && this.show(this.answer));
  }

  show(answer) {
    this.answer = answer;
    for (const panel of [...answer.panels, answer.points]) {
      if (!this.panels.has(panel.kind)) this.panels.set(panel.kind, new Panel(this.element, this.options));
      this.panels.get(panel.kind).show(panel, answer.view);
    }
  }
}
