// The choice of background. Our own needs no one else; any other is asked for only after the visitor chose it,
// and the label says whose host then hears of the visit. The choice is kept for this visit alone.
import { text } from "./i18n.js";

/**
 * @typedef {object} Background
 * @property {string} id
 * @property {string} name
 * @property {string} host
 * @property {"xyz" | "wms"} kind
 * @property {string} url
 * @property {string} attribution
 * @property {string | null} attributionUrl
 * @property {number} maxZoom
 * @property {string} [layers]
 * @property {string} [format]
 */

const KEPT = "landbank-background";
const OWN = "";

/**
 * Put the choice into the page; nothing where only our own background is offered.
 * @param {HTMLElement} place
 * @param {Background[]} backgrounds
 * @param {{ map: import("leaflet").Map, base: import("./base-tiles.js").BaseTiles }} layers
 */
export function offerBackgrounds(place, backgrounds, { map, base }) {
  if (backgrounds.length === 0) return;
  /** @type {import("leaflet").TileLayer | null} */
  let shown = null;
  const choose = (/** @type {string} */ id) => {
    shown?.remove();
    const chosen = backgrounds.find((background) => background.id === id);
    shown = chosen ? rasterLayer(chosen).addTo(map) : null;
    base.setQuiet(Boolean(chosen));
    map.getContainer().classList.toggle("has-background", Boolean(chosen));
    keep(chosen?.id ?? OWN);
  };
  const present = kept();
  place.append(backgrounds.length === 1 ? switchOf(backgrounds[0], present, choose) : choiceOf(backgrounds, present, choose));
  if (present !== OWN) choose(present);
}

/**
 * @param {Background} background @param {string} present @param {(id: string) => void} choose
 */
function switchOf(background, present, choose) {
  const box = input("checkbox", background.id, background.id === present);
  box.addEventListener("change", () => choose(box.checked ? background.id : OWN));
  return labelled(box, text("background_from", { name: background.name, host: background.host }));
}

/**
 * @param {Background[]} backgrounds @param {string} present @param {(id: string) => void} choose
 */
function choiceOf(backgrounds, present, choose) {
  const group = document.createElement("fieldset");
  group.className = "backgrounds";
  const legend = document.createElement("legend");
  legend.textContent = text("backgrounds");
  group.append(legend);
  const names = backgrounds.map((background) => [background.id, text("background_from", { name: background.name, host: background.host })]);
  for (const [id, name] of [[OWN, text("background_own")], ...names]) {
    const button = input("radio", id, id === present);
    button.addEventListener("change", () => choose(id));
    group.append(labelled(button, name));
  }
  return group;
}

/** @param {string} type @param {string} value @param {boolean} checked */
function input(type, value, checked) {
  const element = document.createElement("input");
  Object.assign(element, { type, value, checked, name: "bakgrund" });
  return element;
}

/** @param {HTMLInputElement} element @param {string} name */
function labelled(element, name) {
  const label = document.createElement("label");
  label.className = "background";
  const words = document.createElement("span");
  words.textContent = name;
  label.append(element, words);
  return label;
}

/** @param {Background} background @returns {import("leaflet").TileLayer} */
function rasterLayer(background) {
  const options = {
    maxNativeZoom: background.maxZoom,
    maxZoom: 18,
    zIndex: 0,
    className: "raster-background",
    attribution: attributionOf(background),
    // The rules of OpenStreetMap's tiles ask for a referrer; the origin is enough.
    referrerPolicy: /** @type {const} */ ("strict-origin-when-cross-origin"),
  };
  if (background.kind === "wms") {
    const { layers = "", format = "image/png" } = background;
    return L.tileLayer.wms(background.url, { ...options, layers, format, version: "1.3.0" });
  }
  return L.tileLayer(background.url, options);
}

/** @param {Background} background @returns {string} markup in which the operator's text is only text */
function attributionOf({ attribution, attributionUrl }) {
  const words = document.createElement(attributionUrl ? "a" : "span");
  words.textContent = attribution;
  if (attributionUrl) words.setAttribute("href", attributionUrl);
  return words.outerHTML;
}

/** @returns {string} the background chosen earlier in this visit */
function kept() {
  try {
    return sessionStorage.getItem(KEPT) ?? OWN;
  } catch {
    return OWN; // storage is shut off: each page begins with our own
  }
}

/** @param {string} id */
function keep(id) {
  try {
    sessionStorage.setItem(KEPT, id);
  } catch {
    return; // as above
  }
}
