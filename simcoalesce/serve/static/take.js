// What one takes along: texts that are copied or downloaded, and the address.

import { byId } from "/shared/dom.js";

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    byId("copied").textContent = "Copied.";
  } catch {
    byId("copied").textContent = "The browser does not let this page copy.";
  }
}

function save(text, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "application/yaml" }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

/** Let the buttons of the page copy and download. */
export function takeButtons() {
  for (const button of document.querySelectorAll("[data-copy]")) {
    button.addEventListener("click", () => copy(byId(button.dataset.copy).textContent));
  }
  for (const button of document.querySelectorAll("[data-save]")) {
    button.addEventListener("click", () => save(byId(button.dataset.save).textContent, button.dataset.name));
  }
  byId("copy-address").addEventListener("click", () => copy(location.href));
}
