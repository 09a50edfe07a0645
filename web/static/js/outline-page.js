// @ts-check
// Puts the map beside the list of corners on the pages that change plots' ground. Which list is drawn is the page's
// choice where it has several; the others are then ground to snap to.
import { text } from "./i18n.js";
import { loadKarta } from "./map.js";
import { offerBackgrounds } from "./map-background.js";
import { OutlineEditor } from "./outline-editor.js";
import { OutlineFault, readOutline } from "./outline.js";
import { toGrid } from "../vendor/projection.js";

/** @typedef {import("./outline.js").Ring} Ring */

/** @typedef {{ neighbours: Ring[], lon: number, lat: number }} Ground what the server says of the surroundings */

/** @param {HTMLElement} frame @returns {Ground} */
function groundOf(frame) {
  const block = frame.closest("form")?.querySelector("[data-outline-ground]");
  return JSON.parse(block?.textContent || '{"neighbours": [], "lon": 11.97, "lat": 57.7}');
}

/** The rings that a list of corners writes; none while it is no outline. @param {HTMLTextAreaElement} field @returns {Ring[]} */
function ringsIn(field) {
  try {
    return readOutline(field.value, toGrid).flat();
  } catch (error) {
    if (error instanceof OutlineFault) return [];
    throw error;
  }
}

/** @param {HTMLElement} frame */
async function start(frame) {
  const ground = groundOf(frame);
  const karta = await loadKarta();
  const { map } = karta;
  map.setView([ground.lat, ground.lon], 16, { animate: false });
  const tools = document.createElement("div");
  tools.className = "map-tools";
  map.getContainer().parentElement?.before(tools);
  offerBackgrounds(tools, karta.backgrounds, karta);
  new ResizeObserver(() => map.invalidateSize({ animate: false })).observe(map.getContainer());
  const fields = [...frame.querySelectorAll("textarea")];
  const others = L.layerGroup().addTo(map);
  const editor = new OutlineEditor(frame, map, fields[0]);
  const use = (/** @type {HTMLTextAreaElement} */ field, { moves = true } = {}) => {
    const rings = fields.filter((one) => one !== field).flatMap(ringsIn);
    const base = /** @type {Ring[]} */ (JSON.parse(frame.dataset.outlineBase || "[]"));
    editor.setNeighbours([...ground.neighbours, ...base, ...rings]);
    others.clearLayers();
    for (const ring of [...base, ...rings]) others.addLayer(L.polygon(ring.map(editor.latLng), { className: "outline-beside", interactive: false }));
    if (editor.field !== field) editor.edit(field, { moves });
  };
  use(fields[0]);
  editor.lookAt(JSON.parse(frame.dataset.outlineBase || "[]"));
  for (const choice of frame.querySelectorAll("[data-draws]")) {
    choice.addEventListener("change", () => {
      const field = document.getElementById(choice.getAttribute("data-draws") ?? "");
      if (field instanceof HTMLTextAreaElement) use(field);
    });
  }
}

const frame = document.querySelector("[data-outline-frame]");
if (frame instanceof HTMLElement) {
  try {
    await start(frame);
  } catch (error) {
    const note = document.createElement("p");
    note.className = "map-loading";
    note.setAttribute("role", "alert");
    note.textContent = text("map_failed_drawing");
    frame.querySelector(".map-frame")?.append(note);
    throw error;
  }
}
const fault = document.getElementById("fel");
if (fault) fault.focus();
