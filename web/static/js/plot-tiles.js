// `L.plotTiles(url, options)`: the plots of the inventory. A search paints them again without a request;
// pointing at one paints nothing here (the map marks it above the tiles).
import { drawClusters, gather } from "./clusters.js";
import { featureAt } from "./geometry.js";
import { drawArea, drawPoint, symbolOf } from "./symbols.js";
import { VectorTiles } from "./vector-tiles.js";

/** @typedef {import("./geometry.js").TileFeature} TileFeature */
/** @typedef {import("./vector-tiles.js").Tile} Tile */

export class PlotTiles extends VectorTiles {
  /**
   * @param {string} url
   * @param {import("leaflet").GridLayerOptions} [options]
   */
  constructor(url, options) {
    super(url, { className: "plot-tiles", ...options });
    /** @type {Map<number, number> | null} rank by plot id; null before any search: all plots count alike */
    this.ranks = null;
    /** @type {TileFeature | null} */
    this.under = null;
    /** @param {import("leaflet").LeafletMouseEvent} event */
    const point = (event) => this.point(event.latlng);
    this.onPointer = L.Util.throttle(/** @type {any} */ (point), 50, this);
    this.onClick = (/** @type {import("leaflet").LeafletMouseEvent} */ event) => this.click(event.latlng);
    this.onLeave = () => this.leave();
  }

  /** @returns {Record<string, (event: any) => void>} what the layer hears of the map, bound by Leaflet */
  getEvents() {
    const events = /** @type {any} */ (super.getEvents)?.() ?? {};
    return { ...events, mousemove: this.onPointer, mouseout: this.onLeave, click: this.onClick };
  }

  /**
   * Show which plots match, and paint again.
   * @param {Map<number, number> | null} ranks rank by plot id; null shows all plots alike
   */
  setMatches(ranks) {
    this.ranks = ranks;
    this.repaint();
  }

  /**
   * @param {TileFeature[]} features
   * @param {string} layer
   */
  read(features, layer) {
    return layer === "clusters" ? gather(features) : features;
  }

  /** @param {TileFeature} feature */
  isMatch(feature) {
    return this.ranks === null || feature.kind === "cluster" || this.ranks.has(plotId(feature));
  }

  /**
   * The plot or cluster under a place, within 8 pixels, or null; matches before others.
   * @param {import("leaflet").LatLng} latlng
   * @returns {TileFeature | null}
   */
  at(latlng) {
    const place = this.tileAt(latlng);
    if (!place) return null;
    const isPreferred = (/** @type {TileFeature} */ feature) => this.isMatch(feature);
    return featureAt(Object.values(place.tile.layers).flat(), place.x, place.y, { isPreferred });
  }

  /** @param {import("leaflet").LatLng} latlng */
  click(latlng) {
    const feature = this.at(latlng);
    if (feature?.kind === "cluster") this.fire("clusterclick", { latlng, feature });
    else if (feature) this.fire("plotclick", { latlng, feature, id: plotId(feature) });
  }

  /** @param {import("leaflet").LatLng} latlng */
  point(latlng) {
    if (!this._map) return;
    const feature = this.at(latlng);
    if (feature && this.under && isSame(feature, this.under)) return;
    this.leave();
    if (!feature) return;
    this.under = feature;
    this._map.getContainer().classList.add("is-over-plot");
    if (feature.kind !== "cluster") this.fire("plotover", { latlng, feature, id: plotId(feature) });
  }

  leave() {
    if (!this.under) return;
    const left = this.under;
    this.under = null;
    this._map?.getContainer().classList.remove("is-over-plot");
    if (left.kind !== "cluster") this.fire("plotout", { id: plotId(left) });
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Tile} tile
   * @param {number} density
   */
  draw(context, tile, density) {
    const features = Object.values(tile.layers).flat();
    const dimmed = features.filter((feature) => !this.isMatch(feature));
    const shown = features.filter((feature) => this.isMatch(feature));
    this.drawDimmed(context, dimmed);
    this.drawAreas(context, shown, density);
    drawClusters(context, shown, this.palette);
    for (const feature of shown) {
      if (feature.kind === "point") {
        drawPoint(context, feature.x, feature.y, 5.5, symbolOf(feature.properties.label), this.palette);
      }
    }
  }

  /**
   * Plots that the search left out: present, but thin.
   * @param {CanvasRenderingContext2D} context
   * @param {TileFeature[]} features
   */
  drawDimmed(context, features) {
    const path = new Path2D();
    for (const feature of features) {
      if (feature.kind === "polygon") path.addPath(pathOf(feature));
      else {
        path.moveTo(feature.x + 2.5, feature.y);
        path.arc(feature.x, feature.y, 2.5, 0, 2 * Math.PI);
      }
    }
    context.strokeStyle = this.palette["--map-dim"];
    context.lineWidth = 1;
    context.stroke(path);
  }

  /**
   * One path a label, so that thousands of areas are a handful of strokes.
   * @param {CanvasRenderingContext2D} context
   * @param {TileFeature[]} features
   * @param {number} density
   */
  drawAreas(context, features, density) {
    /** @type {Map<string, Path2D>} */
    const paths = new Map();
    for (const feature of features) {
      if (feature.kind !== "polygon") continue;
      const label = String(feature.properties.label);
      const path = paths.get(label) ?? new Path2D();
      path.addPath(pathOf(feature));
      paths.set(label, path);
    }
    for (const [label, path] of paths) drawArea(context, path, symbolOf(label), this.palette, density);
  }
}

/** @type {WeakMap<TileFeature, Path2D>} */
const PATHS = new WeakMap();

/** @param {TileFeature} feature @returns {Path2D} */
export function pathOf(feature) {
  const known = PATHS.get(feature);
  if (known) return known;
  const path = new Path2D();
  for (const ring of feature.rings) {
    for (let i = 0; i < ring.length; i += 2) {
      if (i === 0) path.moveTo(ring[0], ring[1]);
      else path.lineTo(ring[i], ring[i + 1]);
    }
    path.closePath();
  }
  PATHS.set(feature, path);
  return path;
}

/** @param {TileFeature} feature */
export function plotId(feature) {
  return Number(feature.properties.pid);
}

/** @param {TileFeature} one @param {TileFeature} other */
function isSame(one, other) {
  return one === other || (one.kind !== "cluster" && other.kind !== "cluster" && plotId(one) === plotId(other));
}

L.plotTiles = (url, options) => new PlotTiles(url, options);
