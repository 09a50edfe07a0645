// What is marked above the tiles: the pointed-at and the selected plot by an outline of their own geometry, and
// the best matches by their number. The tiles below are not painted again for any of it.
import { fetchPlot } from "./plot-source.js";

/** @typedef {import("./list.js").Card} Card */
/** @typedef {import("geojson").Feature} Feature */

/** Pixels under which an outline alone is hard to find, so that a ring goes around it. */
const SMALL = 24;
/** Milliseconds that one must point at a plot before its outline is fetched. */
const REST = 120;

export class Marks {
  /** @param {import("leaflet").Map} map */
  constructor(map) {
    this.map = map;
    this.numbers = L.layerGroup().addTo(map);
    this.hover = L.layerGroup().addTo(map);
    this.selection = L.layerGroup().addTo(map);
    this.buildings = L.layerGroup().addTo(map);
    // The numbers repeat the list, which has the same plots as links.
    map.getPane("markerPane")?.setAttribute("aria-hidden", "true");
    /** @type {Feature | null} */
    this.selected = null;
    /** @type {number | undefined} */
    this.waiting = undefined;
    map.on("zoomend", () => this.selected && this.outline(this.selection, this.selected, "is-selected"));
  }

  /**
   * Number the best matches.
   * @param {Card[]} cards
   * @param {(id: number) => void} chosen
   */
  setNumbers(cards, chosen) {
    this.numbers.clearLayers();
    for (const card of cards) {
      if (card.rank === null || card.rank > 20 || !Number.isFinite(card.lat + card.lon)) continue;
      const marker = numberMarker(card, card.rank);
      marker.on("click", () => chosen(card.id));
      this.numbers.addLayer(marker);
    }
  }

  /**
   * Mark the plot that is pointed at; null marks none.
   * @param {number | null} id
   * @param {import("leaflet").LatLngExpression | null} latlng where it is, as far as is known
   */
  setHover(id, latlng) {
    clearTimeout(this.waiting);
    this.hover.clearLayers();
    if (id === null) return;
    if (latlng) this.hover.addLayer(ring(L.latLng(latlng), "is-hovered"));
    this.waiting = window.setTimeout(() => {
      fetchPlot(id).then(
        (plot) => this.outline(this.hover, plot, "is-hovered"),
        () => undefined, // the ring stays: an outline that can't be had is no fault to speak of
      );
    }, REST);
    const asked = this.waiting;
    this.hover.once("layerremove", () => clearTimeout(asked));
  }

  /** @param {Feature | null} plot */
  setSelected(plot) {
    this.selected = plot;
    this.selection.clearLayers();
    this.buildings.clearLayers();
    if (plot) this.outline(this.selection, plot, "is-selected");
  }

  /**
   * Draw the buildings on the selected plot.
   * @param {import("geojson").FeatureCollection} drawing
   */
  setBuildings(drawing) {
    this.buildings.clearLayers();
    const features = drawing.features.filter((one) => one.properties?.role !== "plot");
    if (!features.length) return;
    this.buildings.addLayer(
      L.geoJSON(/** @type {any} */ ({ type: "FeatureCollection", features }), {
        interactive: false,
        style: (feature) => ({ className: `fit-${feature?.properties?.role}`, weight: 2 }),
      }),
    );
  }

  /**
   * @param {import("leaflet").LayerGroup} group
   * @param {Feature} plot
   * @param {string} className
   */
  outline(group, plot, className) {
    group.clearLayers();
    const bounds = boundsOf(plot);
    if (!bounds) return;
    for (const part of ["plot-halo", "plot-outline"]) {
      group.addLayer(
        L.geoJSON(plot, {
          interactive: false,
          style: { className: `${part} ${className}`, fill: false, weight: part === "plot-halo" ? 6 : 3 },
          pointToLayer: (_feature, latlng) => ring(latlng, className),
        }),
      );
    }
    if (this.sizeOf(bounds) < SMALL) group.addLayer(ring(bounds.getCenter(), className));
  }

  /** @param {import("leaflet").LatLngBounds} bounds @returns {number} pixels of the longer side on the screen */
  sizeOf(bounds) {
    const [one, other] = [bounds.getNorthWest(), bounds.getSouthEast()].map((at) => this.map.latLngToLayerPoint(at));
    return Math.max(Math.abs(one.x - other.x), Math.abs(one.y - other.y));
  }
}

/** @param {Feature} plot @returns {import("leaflet").LatLngBounds | null} null for a plot without any place */
export function boundsOf(plot) {
  if (!plot.geometry) return null;
  const bounds = L.geoJSON(plot).getBounds();
  return bounds.isValid() ? bounds : null;
}

/** @param {import("leaflet").LatLng} latlng @param {string} className */
function ring(latlng, className) {
  return L.circleMarker(latlng, { radius: 13, weight: 3, fill: false, interactive: false, className: `plot-ring ${className}` });
}

/** @param {Card} card @param {number} rank */
function numberMarker(card, rank) {
  const label = document.createElement("span");
  label.textContent = String(rank);
  const icon = L.divIcon({ html: label, className: "map-number", iconSize: [24, 24] });
  return L.marker([card.lat, card.lon], { icon, keyboard: false, zIndexOffset: 1000 - rank });
}
