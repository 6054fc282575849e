// Elements of the page: made, found and filled. All text is set as text, never as HTML.

export const byId = (id) => document.getElementById(id);

/** Make an element with properties and children. */
export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class") element.className = value;
    else if (name === "text") element.textContent = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}

/** Show a text in an element that is hidden without one. */
export function tell(element, text) {
  element.textContent = text;
  element.hidden = !text;
}

/** Fill an element anew, unless it shows the same already. */
export function fill(element, key, children) {
  if (element.dataset.shown === key) return;
  element.dataset.shown = key;
  const active = document.activeElement;
  const focused = element.contains(active) ? active.dataset.focus : undefined;
  element.replaceChildren(...children());
  if (focused) element.querySelector(`[data-focus="${CSS.escape(focused)}"]`)?.focus();
}
