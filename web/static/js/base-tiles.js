// `L.baseTiles(url, options)`: the schematic background from our own tiles: municipalities, business areas and
// the infrastructure that distances are measured to. It takes no part in pointing and clicking.
import { text } from "./i18n.js";
import { pathOf } from "./plot-tiles.js";
import { VectorTiles } from "./vector-tiles.js";

/** @typedef {import("./geometry.js").TileFeature} TileFeature */
/** @typedef {import("./vector-tiles.js").Tile} Tile */

/** The zoom from which infrastructure is drawn, and from which it and business areas show their names. */
const INFRASTRUCTURE_FROM = 10;
const NAMES_FROM = { infrastructure: 11, parks: 13 };
/** Which name stays where two would overlap. */
const PRECEDENCE = ["municipalitynames", "parks", "infrastructure"];

/** @typedef {{ text: string, latlng: import("leaflet").LatLng, className: string }} Name */

/** @typedef {"motorway_junction" | "rail_terminal" | "port" | "airport"} InfrastructureKind */
/** @typedef {`letter_${InfrastructureKind}`} LetterKey */

/** The letter in each infrastructure symbol, by the key of its text; the legend explains them. */
export const LETTERS = /** @type {Record<InfrastructureKind, LetterKey>} */ ({
  motorway_junction: "letter_motorway_junction",
  rail_terminal: "letter_rail_terminal",
  port: "letter_port",
  airport: "letter_airport",
});

export class BaseTiles extends VectorTiles {
  /**
   * @param {string} url
   * @param {import("leaflet").GridLayerOptions} [options]
   */
  constructor(url, options) {
    super(url, { className: "base-tiles", interactive: false, ...options });
    /** Over a background of someone else only the borders are drawn. */
    this.isQuiet = false;
    /** @type {Map<string, import("leaflet").Marker>} */
    this.names = new Map();
    this.on("load", () => this.placeNames());
  }

  /** @param {boolean} quiet */
  setQuiet(quiet) {
    this.isQuiet = quiet;
    this.repaint();
    this.placeNames();
  }

  /** @param {import("leaflet").Map} map */
  onRemove(map) {
    for (const name of this.names.values()) name.remove();
    this.names.clear();
    return super.onRemove(map);
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Tile} tile
   */
  draw(context, tile) {
    const palette = this.palette;
    const land = joined(tile.layers.municipalities);
    if (!this.isQuiet) {
      context.fillStyle = palette["--map-land"];
      context.fill(land);
      const parks = joined(tile.layers.parks);
      context.fillStyle = palette["--map-park"];
      context.fill(parks);
    }
    context.strokeStyle = palette["--map-border"];
    context.lineWidth = 1.25;
    context.stroke(land);
    if (!this.isQuiet && tile.coords.z >= INFRASTRUCTURE_FROM) {
      for (const feature of tile.layers.infrastructure ?? []) drawInfrastructure(context, feature, palette);
    }
  }

  /** Put the names of what is in view into the map, once each, as elements with plain text. */
  placeNames() {
    const map = this._map;
    if (!map) return;
    /** @type {Map<string, Name>} */
    const wanted = new Map();
    for (const tile of this.tiles.values()) {
      if (tile.coords.z !== this._tileZoom) continue;
      for (const [layer, features] of Object.entries(tile.layers)) {
        if (!this.namesLayer(layer, map.getZoom())) continue;
        for (const feature of features) {
          const text = String(feature.properties.name ?? "");
          if (!text || !isOwn(feature, this.getTileSize().x)) continue;
          const key = `${layer}|${text}`;
          if (!wanted.has(key)) wanted.set(key, { text, latlng: this.latlngOf(tile, feature), className: layer });
        }
      }
    }
    this.replaceNames(apart(wanted, map));
  }

  /** @param {string} layer @param {number} zoom */
  namesLayer(layer, zoom) {
    if (layer === "municipalitynames") return !this.isQuiet && zoom <= 13;
    if (layer === "infrastructure") return !this.isQuiet && zoom >= NAMES_FROM.infrastructure;
    return layer === "parks" && zoom >= NAMES_FROM.parks;
  }

  /** @param {Map<string, Name>} wanted */
  replaceNames(wanted) {
    for (const [key, marker] of this.names) {
      if (wanted.has(key)) continue;
      marker.remove();
      this.names.delete(key);
    }
    for (const [key, { text, latlng, className }] of wanted) {
      const known = this.names.get(key);
      if (known) known.setLatLng(latlng);
      else this.names.set(key, nameMarker(text, latlng, className).addTo(this._map));
    }
  }

  /** @param {Tile} tile @param {TileFeature} feature */
  latlngOf(tile, feature) {
    const size = this.getTileSize().x;
    const point = L.point(tile.coords.x * size + feature.x, tile.coords.y * size + feature.y);
    return this._map.unproject(point, tile.coords.z);
  }
}

/**
 * The names that can be written without one running over another, the important ones first.
 * @param {Map<string, Name>} names
 * @param {import("leaflet").Map} map
 */
function apart(names, map) {
  /** @type {import("leaflet").Bounds[]} */
  const taken = [];
  const order = [...names].sort(([, a], [, b]) => PRECEDENCE.indexOf(a.className) - PRECEDENCE.indexOf(b.className));
  return new Map(
    order.filter(([, name]) => {
      const box = boxOf(name, map);
      if (taken.some((other) => other.overlaps(box))) return false;
      taken.push(box);
      return true;
    }),
  );
}

/** Measures how wide a text is. */
const ruler = /** @type {CanvasRenderingContext2D} */ (document.createElement("canvas").getContext("2d"));

/** @param {Name} name @param {import("leaflet").Map} map @returns {import("leaflet").Bounds} about where it stands */
function boxOf({ text, latlng, className }, map) {
  const { x, y } = map.latLngToLayerPoint(latlng);
  ruler.font = className === "municipalitynames" ? "600 14px system-ui" : "500 13px system-ui";
  const width = ruler.measureText(text).width;
  const left = className === "infrastructure" ? x - 8 : x - width / 2;
  const right = className === "infrastructure" ? x + 11 + width : x + width / 2;
  return L.bounds([left, y - 7], [right, y + 7]);
}

/** @param {TileFeature[] | undefined} features @returns {Path2D} */
function joined(features) {
  const path = new Path2D();
  for (const feature of features ?? []) path.addPath(pathOf(feature));
  return path;
}

/**
 * Whether a feature's middle lies in the tile itself, not in the margin it shares with its neighbour.
 * @param {TileFeature} feature @param {number} size
 */
function isOwn(feature, size) {
  return feature.x >= 0 && feature.y >= 0 && feature.x < size && feature.y < size;
}

/**
 * @param {string} text
 * @param {import("leaflet").LatLng} latlng
 * @param {string} className
 */
function nameMarker(text, latlng, className) {
  const label = document.createElement("span");
  label.textContent = text;
  const icon = L.divIcon({ html: label, className: `map-name map-name-${className}`, iconSize: [0, 0] });
  return L.marker(latlng, { icon, interactive: false, keyboard: false, zIndexOffset: -1000 });
}

/**
 * A square with a letter: the letter says what it is, so the colour need not.
 * @param {CanvasRenderingContext2D} context
 * @param {TileFeature} feature
 * @param {import("./symbols.js").Palette} palette
 */
function drawInfrastructure(context, feature, palette) {
  const side = 13;
  context.fillStyle = palette["--map-place"];
  context.fillRect(feature.x - side / 2, feature.y - side / 2, side, side);
  context.fillStyle = palette["--map-land"];
  context.font = "700 10px system-ui, sans-serif";
  context.textAlign = "center";
  context.textBaseline = "middle";
  const key = LETTERS[/** @type {InfrastructureKind} */ (feature.properties.kind)];
  context.fillText(key ? text(key) : "•", feature.x, feature.y + 0.5);
}

L.baseTiles = (url, options) => new BaseTiles(url, options);
