// The map of a baked page: Leaflet over one PMTiles file beside the page, and nothing else.
import { BakedList, factsOf, nameOf } from "./baked-list.js";
import { BaseTiles, LETTERS } from "./base-tiles.js";
import { text } from "./i18n.js";
import { PlotTiles, plotId } from "./plot-tiles.js";
import { Archive } from "./pmtiles.js";
import { drawSwatch } from "./symbols.js";
import { watchScheme } from "./vector-tiles.js";

/** @typedef {import("./geometry.js").TileFeature} TileFeature */
/** @typedef {import("./vector-tiles.js").Tile} Tile */
/** @typedef {import("./baked-list.js").Listed} Listed */

/** The layers of the file that are plots; the others are the base map. */
const OF_PLOTS = new Set(["plots", "clusters"]);

/** @param {Archive} archive @param {Tile} tile */
const bytesFrom = (archive, tile) => archive.tile(tile.coords.z, tile.coords.x, tile.coords.y);

class BakedPlots extends PlotTiles {
  /** @param {Archive} archive @param {import("leaflet").GridLayerOptions} options */
  constructor(archive, options) {
    super("", options);
    this.archive = archive;
  }

  /** @param {Tile} tile */
  bytesOf(tile) {
    return bytesFrom(this.archive, tile);
  }

  /** @param {TileFeature[]} features @param {string} layer */
  read(features, layer) {
    return OF_PLOTS.has(layer) ? super.read(features, layer) : [];
  }
}

class BakedBase extends BaseTiles {
  /** @param {Archive} archive @param {import("leaflet").GridLayerOptions} options */
  constructor(archive, options) {
    super("", options);
    this.archive = archive;
  }

  /** @param {Tile} tile */
  bytesOf(tile) {
    return bytesFrom(this.archive, tile);
  }

  /** @param {TileFeature[]} features @param {string} layer */
  read(features, layer) {
    return OF_PLOTS.has(layer) ? [] : features;
  }
}

/** @param {HTMLElement} place @param {Archive} archive */
function makeMap(place, archive) {
  const { minZoom, maxZoom, extent, zoomIn, zoomOut, attribution } = place.dataset;
  const [west, south, east, north] = String(extent).split(" ").map(Number);
  const box = L.latLngBounds([south, west], [north, east]);
  const map = L.map(place, {
    zoomControl: false,
    attributionControl: false,
    minZoom: Number(minZoom),
    maxZoom: Number(maxZoom) + 1, // one deeper than the file goes: drawn twice as large
    maxBounds: box.pad(0.5),
  });
  L.control.zoom({ zoomInTitle: zoomIn, zoomOutTitle: zoomOut }).addTo(map);
  L.control.attribution({ prefix: false }).addAttribution(String(attribution)).addTo(map);
  L.control.scale({ imperial: false, position: "bottomright" }).addTo(map);
  const options = { minZoom: Number(minZoom), maxZoom: Number(maxZoom) + 1, maxNativeZoom: Number(maxZoom) };
  map.fitBounds(box, { animate: false });
  new BakedBase(archive, options).addTo(map);
  const plots = new BakedPlots(archive, options).addTo(map);
  return { map, plots };
}

/** Where the list and the map meet: one plot is shown at a time. */
class Shown {
  /** @param {import("leaflet").Map} map @param {Map<number, Listed>} listed @param {HTMLElement} card */
  constructor(map, listed, card) {
    this.map = map;
    this.listed = listed;
    this.card = card;
    this.ring = L.layerGroup().addTo(map);
    card.querySelector("button")?.addEventListener("click", () => this.hide());
  }

  /**
   * @param {Listed} plot
   * @param {import("leaflet").LatLng | null} at where it was clicked; null: go to where it is
   */
  show(plot, at) {
    this.fill(nameOf(plot), factsOf(plot));
    this.ring.clearLayers();
    const place = plot.lonlat ? L.latLng(plot.lonlat[1], plot.lonlat[0]) : at;
    if (!place) return;
    this.ring.addLayer(L.circleMarker(place, { radius: 15, weight: 3, fill: false, interactive: false, className: "plot-ring is-selected" }));
    if (!at) this.map.setView(place, Math.max(this.map.getZoom(), Math.min(14, this.map.getMaxZoom())), { animate: false });
  }

  /** @param {TileFeature} feature @param {import("leaflet").LatLng} at */
  showFeature(feature, at) {
    const id = plotId(feature);
    const { label, area } = feature.properties;
    const unlisted = { plot_id: id, name: text("baked_plot", { id }), municipality: "", label: String(label), area_m2: Number(area), lonlat: null };
    this.show(this.listed.get(id) ?? unlisted, at);
  }

  /** @param {string} name @param {string} facts */
  fill(name, facts) {
    const [heading, line] = this.card.querySelectorAll("p");
    heading.textContent = name;
    line.textContent = facts;
    this.card.hidden = false;
  }

  hide() {
    this.card.hidden = true;
    this.ring.clearLayers();
    this.map.getContainer().focus({ preventScroll: true });
  }
}

function drawLegend() {
  const legend = /** @type {HTMLElement} */ (document.getElementById("map-legend"));
  for (const place of legend.querySelectorAll("[data-swatch]")) {
    if (place instanceof HTMLElement) drawSwatch(place, place.dataset.swatch ?? "");
  }
  for (const place of legend.querySelectorAll("[data-letter]")) {
    const kind = /** @type {import("./base-tiles.js").InfrastructureKind} */ (place.getAttribute("data-letter"));
    place.textContent = text(LETTERS[kind]);
  }
}

/** @param {string} file @param {unknown} reason */
function tellFailure(file, reason) {
  const notice = /** @type {HTMLElement} */ (document.getElementById("baked-fault"));
  notice.textContent = text("baked_failed", { file, reason: reason instanceof Error ? reason.message : String(reason) });
  notice.hidden = false;
}

async function start() {
  const place = /** @type {HTMLElement} */ (document.getElementById("baked-map"));
  const card = /** @type {HTMLElement} */ (document.getElementById("baked-card"));
  const file = String(place.dataset.file);
  const archive = new Archive(file);
  drawLegend();
  watchScheme(drawLegend);
  try {
    const { landbank } = await archive.metadata();
    /** @type {Listed[]} */
    const listed = landbank.plots ?? [];
    const { map, plots } = makeMap(place, archive);
    const shown = new Shown(map, new Map(listed.map((plot) => [plot.plot_id, plot])), card);
    plots.on("plotclick", (/** @type {any} */ event) => shown.showFeature(event.feature, event.latlng));
    plots.on("clusterclick", (/** @type {any} */ event) => map.setView(event.latlng, map.getZoom() + 2, { animate: false }));
    plots.on("tileerror", (/** @type {any} */ event) => tellFailure(file, event.error));
    map.getContainer().addEventListener("keydown", (event) => event.key === "Escape" && shown.hide());
    if (listed.length > 0) new BakedList(listed, (plot) => {
      place.scrollIntoView({ block: "nearest" });
      shown.show(plot, null);
    });
  } catch (error) {
    tellFailure(file, error);
  }
}

start();
