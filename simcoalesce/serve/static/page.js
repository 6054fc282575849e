// The page: it asks the server what if, and shows what it is told.

import { blockElements, tableOf } from "./blocks.js";
import { Charts } from "./charts.js";
import { Connection } from "./connection.js";
import { Controls } from "./controls.js";
import { byId, fill, make, tell } from "/shared/dom.js";
import { hashOf, stateOf, withValue } from "./state.js";
import { takeButtons } from "./take.js";

const NAMED = ["slowest", "first-429", "first-error", "first-miss", "first-hit"];
const FULL = "data-number";

let state = stateOf(location.hash);
let asked = 0; // the number of the change under way; 0 if none is
let isWaiting = false; // whether the state has changed since it was asked
let startedAt = 0;
let last = {};

const connection = new Connection(heard);
const charts = new Charts(byId("charts"), why);
const controls = new Controls(byId("groups"), (key, value, ofFile) => ask(withValue(state, key, value, ofFile)));

/** Ask what if: at once, or as soon as the question under way has its first answer. */
function ask(next, action) {
  state = next;
  keep();
  if (asked && !action) {
    isWaiting = true;
    return;
  }
  isWaiting = false;
  startedAt = performance.now();
  const { view, ...rest } = state;
  asked = connection.ask("change", { state: rest, view, do: action ?? null });
  say(`Simulating …`, "busy");
}

/** Keep the state in the address. */
function keep() {
  const hash = hashOf(state);
  if (hash !== (location.hash || "#")) history.replaceState(null, "", hash);
}

function answered() {
  asked = 0;
  if (isWaiting) ask(state);
}

function say(text, kind) {
  byId("status").textContent = text;
  byId("dot").className = `dot ${kind}`;
}

function heard(event, told) {
  if (told.number !== undefined && told.number < asked) return;
  HEARD[event]?.(told);
}

const HEARD = {
  hello() {
    tell(byId("gone"), "");
    asked = 0;
    ask(state);
  },

  lost() {
    asked = 0;
    tell(byId("gone"), "The server does not answer, or has eight pages open already. This page keeps what you changed, and asks again until it is answered.");
    say("No server", "bad");
    idle();
  },

  charts(told) {
    if (!isWaiting) {
      state = { ...told.state, view: state.view };
      keep();
    }
    problems([], "change");
    byId("sentence").textContent = told.sentence;
    charts.show(told);
    showViews(told);
    fill(byId("warnings"), JSON.stringify(told.warnings), () => told.warnings.map((one) => make("li", { text: one })));
    byId("warnings-box").hidden = !told.warnings.length;
    performance.measure("answer", { start: startedAt, end: performance.now() });
    document.body.setAttribute(FULL, told.number);
    answered();
  },

  page(told) {
    if (isWaiting) return;
    showPage(told);
  },

  numbers(told) {
    showNumbers(told);
    if (told.runs === told.of) byId("spoken").textContent = byId("sentence").textContent;
    say(`${told.runs} of ${told.of} runs`, told.runs === told.of ? "good" : "busy");
  },

  progress(told) {
    if (told.what === "explain") return explaining(told);
    say(`${told.done} of ${told.of} runs`, "busy");
  },

  problem(told) {
    problems(told.problems, told.of);
    idle();
    if (told.of === "change") {
      say("Not simulated", "bad");
      answered();
    }
  },

  why(told) {
    tell(byId("why-problem"), "");
    tell(byId("why"), told.text);
    byId("request").value = told.request;
    byId("why").scrollIntoView({ block: "nearest" });
  },

  explained(told) {
    idle();
    byId("explained").replaceChildren(make("p", { class: "headline", text: told.headline }),
      ...told.blocks.flatMap((block) => blockElements(block, told.title)));
  },

  finished() {
    idle();
  },

  stopped(told) {
    problems([{ key: "", where: "", message: told.message }], "change");
    say("Stopped", "bad");
    idle();
    answered();
  },
};

/** Show problems beside what they are about. */
function problems(list, of) {
  if (of !== "change") return tell(byId(`${of}-problem`), list.map((one) => one.message).join("; "));
  const others = controls.problems(list);
  const ofPath = others.filter((one) => /^path/.test(one.key || one.where));
  const rest = others.filter((one) => !ofPath.includes(one));
  tell(byId("path-problem"), ofPath.map((one) => one.message).join("; "));
  tell(byId("problem"), rest.map((one) => [one.where, one.message].filter(Boolean).join(": ")).join("; "));
}

function showViews({ view, views, seed, requests, points }) {
  const key = JSON.stringify([view.kind, views]);
  fill(byId("views"), key, () => (views.length < 2 ? [] : views.map((one) => make("button", {
    type: "button", text: one.name, "aria-pressed": String(one.kind === view.kind), "data-focus": one.kind,
    onclick: () => ask({ ...state, view: one.kind }),
  }))));
  const some = points.shown < points.of ? `; ${points.shown} of ${points.of.toLocaleString("en")} requests one by one` : "";
  byId("shown").textContent = `One run, seed ${seed}, ${requests.toLocaleString("en")} requests; 0 is ${view.clock}${some}. Dashed: the file.`;
}

function showPage(told) {
  last = told;
  byId("file").textContent = told.file;
  byId("title").textContent = told.title;
  byId("question").textContent = told.question;
  document.title = `${told.title} · what if`;
  controls.show(told.groups);
  showPath(told);
  chips("variants", told.variants.map((one) => ({ name: one.name, title: one.title, isOn: one.name === state.variant })),
    ({ name }) => ask({ ...state, variant: name === state.variant ? null : name, set: [] }));
  chips("remedies", told.remedies.map((one) => ({ name: one.kind, label: one.label, title: [one.about, one.warning].filter(Boolean).join(" Mind: ") })),
    ({ name }) => ask(state, { act: "remedy", kind: name }));
  showChanged(told);
  byId("command").textContent = told.command;
  byId("variant").textContent = told.variantYaml || "# nothing is changed";
  byId("yaml").textContent = told.yaml;
}

function chips(id, list, clicked) {
  byId(`${id}-box`).hidden = !list.length;
  byId(`${id}-count`).textContent = list.length;
  fill(byId(id), JSON.stringify(list), () => list.map((one) => make("button", {
    type: "button", class: "chip", text: one.label ?? one.name, title: one.title, "data-focus": one.name,
    "aria-pressed": one.isOn === undefined ? null : String(one.isOn), onclick: () => clicked(one),
  })));
}

function showPath({ path, addable }) {
  byId("path-count").textContent = path.length;
  fill(byId("path"), JSON.stringify(path), () => path.map((layer, at) => make("li", { title: layer.about },
    make("span", { class: "layer", text: layer.kind }),
    layer.inline ? make("span", { class: "inline", text: layer.inline }) : null,
    make("span", { class: "acts" },
      act("↑", `Move ${layer.kind} up`, at > 0, { act: "move", at, to: at - 1 }),
      act("↓", `Move ${layer.kind} down`, at < path.length - 1, { act: "move", at, to: at + 1 }),
      act("×", `Remove ${layer.kind}`, path.length > 1, { act: "remove", at })))));
  fill(byId("layer"), JSON.stringify(addable), () => addable.map(({ kind, about }) => make("option", { value: kind, text: kind, title: about })));
}

const act = (text, label, isPossible, action) => make("button", {
  type: "button", class: "small", text, "aria-label": label, title: label, disabled: !isPossible,
  "data-focus": `${action.act}-${action.at}`, onclick: () => ask(state, action),
});

function showChanged({ options, note }) {
  const isChanged = options.length > 0 || state.variant !== null;
  byId("reset").disabled = !isChanged;
  const list = [...(state.variant ? [`@${state.variant}`] : []), ...options];
  fill(byId("changed"), JSON.stringify([list, note]), () => [
    note ? make("p", { class: "note", text: note }) : null,
    list.length ? make("p", { class: "options" }, ...list.map((one) => make("code", { text: one }))) : null,
  ].filter(Boolean));
}

function showNumbers(told) {
  byId("runs").textContent = told.runs === 1 ? "one run" : `${told.runs} runs`;
  byId("numbers").replaceChildren(...blockElements(told.numbers, "Numbers"));
  byId("expectations-box").hidden = !told.expectations.header.length;
  if (told.expectations.header.length) byId("expectations").replaceChildren(tableOf(told.expectations, "Expectations"));
  byId("bill").replaceChildren(...(told.bill ? blockElements(told.bill, "The bill") : []));
  byId("tiles").replaceChildren(...told.tiles.map((tile) => make("div", { class: "tile" },
    make("p", { class: "what", text: tile.what }), make("p", { class: `value ${tile.tone}`, text: tile.now }),
    make("p", { class: "was", text: tile.file ? `file ${tile.file}` : " " }))));
}

function why(request) {
  tell(byId("why-problem"), "");
  const { view, ...rest } = state;
  connection.ask("why", { state: rest, request: String(request) });
}

function explaining({ done, of }) {
  const bar = byId("explain-progress");
  bar.hidden = false;
  if (of) [bar.max, bar.value] = [of, done];
  byId("explain-state").textContent = of ? `${Math.floor(done)} of about ${of} runs` : `${Math.floor(done)} runs`;
}

/** Nothing is explained any more. */
function idle() {
  byId("explain").disabled = false;
  byId("explain-progress").hidden = true;
  byId("explain-state").textContent = "";
}

byId("explain").addEventListener("click", () => {
  byId("explain").disabled = true;
  explaining({ done: 0 });
  const { view, ...rest } = state;
  connection.ask("explain", { state: rest });
});
byId("named").append(...NAMED.map((name) => make("button", {
  type: "button", text: name.replace("-", " "), onclick: () => why(name),
})));
byId("why-form").addEventListener("submit", (event) => {
  event.preventDefault();
  why(byId("request").value.trim());
});
byId("add").addEventListener("click", () => ask(state, { act: "add", kind: byId("layer").value }));
byId("reset").addEventListener("click", () => ask({ ...state, variant: null, set: [] }));
addEventListener("hashchange", () => ask(stateOf(location.hash)));
takeButtons();
