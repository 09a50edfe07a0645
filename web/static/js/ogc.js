// @ts-check
// The map of a page of open data: the items of the page, in their place, over the schematic background.
import { text } from "./i18n.js";
import { loadKarta } from "./map.js";

/** @param {HTMLElement} frame */
async function showItems(frame) {
  const { map, plots, base } = await loadKarta();
  plots.remove();
  /** @type {import("leaflet").GridLayerOptions} */ (base.options).minZoom = 0;
  const answer = await fetch(frame.dataset.ogcMap ?? "");
  if (!answer.ok) throw new Error(`${answer.status} for the items of the map`);
  const items = L.geoJSON(await answer.json(), {
    interactive: false,
    style: { className: "ogc-shape", weight: 2 },
    pointToLayer: (_feature, latlng) => L.circleMarker(latlng, { radius: 5, weight: 2, className: "ogc-shape" }),
  });
  items.addTo(map);
  map.setMinZoom(0);
  // Reference layers may lie anywhere on earth; the map otherwise keeps to the region.
  map.setMaxBounds(/** @type {any} */ (null));
  if (items.getBounds().isValid()) map.fitBounds(items.getBounds(), { animate: false, maxZoom: 15, padding: [16, 16] });
}

const frame = document.querySelector("[data-ogc-map]");
if (frame instanceof HTMLElement) {
  try {
    await showItems(frame);
  } catch (error) {
    const note = document.createElement("p");
    note.className = "map-loading";
    note.setAttribute("role", "alert");
    note.textContent = text("map_failed");
    frame.append(note);
    throw error;
  }
}
