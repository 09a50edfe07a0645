// The map by keyboard: Leaflet moves and zooms; here are the steps through the ranked matches and the help.
// Single letters count only while the map has the focus.
import { text } from "./i18n.js";

/**
 * @typedef {object} Actions
 * @property {(step: 1 | -1) => void} step select the next or the previous match
 * @property {() => void} open open the selected plot's page
 * @property {() => void} clear
 */

/**
 * @param {HTMLElement} container the map's own element
 * @param {Actions} actions
 */
export function listenToKeys(container, actions) {
  const help = helpDialog();
  container.after(help);
  /** @type {Record<string, () => void>} */
  const keys = {
    n: () => actions.step(1),
    p: () => actions.step(-1),
    Enter: actions.open,
    Escape: actions.clear,
    "?": () => help.showModal(),
  };
  container.addEventListener("keydown", (event) => {
    if (event.target !== container || event.ctrlKey || event.metaKey || event.altKey) return;
    const action = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!action) return;
    event.preventDefault();
    action();
  });
}

function helpDialog() {
  const dialog = document.createElement("dialog");
  dialog.className = "map-keys";
  const heading = document.createElement("h2");
  heading.textContent = text("help");
  heading.id = "map-keys-heading";
  dialog.setAttribute("aria-labelledby", heading.id);
  const list = document.createElement("dl");
  for (const [key, meaning] of lines()) {
    const [term, description] = [document.createElement("dt"), document.createElement("dd")];
    term.textContent = key;
    description.textContent = meaning;
    list.append(term, description);
  }
  const close = document.createElement("button");
  close.type = "button";
  close.textContent = text("close");
  close.addEventListener("click", () => dialog.close());
  dialog.append(heading, list, close);
  return dialog;
}

function lines() {
  return [
    [text("key_arrows"), text("help_arrows")],
    ["+ −", text("help_zoom")],
    ["N", text("help_next")],
    ["P", text("help_previous")],
    ["Enter", text("help_enter")],
    [text("key_escape"), text("help_escape")],
    ["?", text("help_help")],
  ];
}
