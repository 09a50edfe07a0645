// Single plots from the API, for outlines and the small card: each asked for once.
import { momentQuery } from "./state.js";

/** @typedef {import("geojson").Feature} Feature */

/** @type {Map<number, Promise<Feature>>} */
const known = new Map();
const MOST_KEPT = 200;

/**
 * A plot as GeoJSON with its facts, longitude and latitude.
 * @param {number} id
 * @returns {Promise<Feature>} rejected where the plot can't be had; then it is asked for again the next time
 */
export function fetchPlot(id) {
  const kept = known.get(id);
  if (kept) return kept;
  const asked = request(id);
  known.set(id, asked);
  asked.catch(() => known.delete(id));
  if (known.size > MOST_KEPT) known.delete(/** @type {number} */ (known.keys().next().value));
  return asked;
}

/**
 * The places of buildings on a plot, drawn where they fit.
 * @param {number} id
 * @param {string} query the buildings, as the card in the list has them
 * @returns {Promise<import("geojson").FeatureCollection>}
 */
export async function fetchFit(id, query) {
  const address = `/api/plots/${id}/fit?${query}`;
  const reply = await fetch(address, { headers: { accept: "application/geo+json" } });
  if (!reply.ok) throw new Error(`${address}: ${reply.status}`);
  return reply.json();
}

/** @param {number} id @returns {Promise<Feature>} */
async function request(id) {
  const address = `/ogc/collections/plots/items/${id}${momentQuery()}`;
  const reply = await fetch(address, { headers: { accept: "application/geo+json" } });
  if (!reply.ok) throw new Error(`${address}: ${reply.status}`);
  return reply.json();
}

/**
 * The address of a plot's page.
 * @param {number} id
 * @param {import("./i18n.js").Lang} lang
 */
export function plotPage(id, lang) {
  return (lang === "sv" ? `/tomt/${id}` : `/en/plot/${id}`) + momentQuery();
}
