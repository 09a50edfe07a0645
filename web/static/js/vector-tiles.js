// A Leaflet layer of vector tiles drawn on canvas: fetches, decodes, keeps what it decoded, and paints again
// without asking the server. What is painted is the subclass's.
import { readFeatures } from "./geometry.js";
import { readPalette } from "./symbols.js";

/** @typedef {import("./geometry.js").TileFeature} TileFeature */
/**
 * @typedef {object} Tile
 * @property {HTMLCanvasElement} canvas
 * @property {import("leaflet").Coords} coords
 * @property {AbortController} abort
 * @property {Record<string, TileFeature[]>} layers features by the name of their layer
 */

export class VectorTiles extends L.GridLayer {
  /**
   * @param {string} url address of the tiles with {z}, {x} and {y}
   * @param {import("leaflet").GridLayerOptions} [options]
   */
  constructor(url, options) {
    super(options);
    this.url = url;
    /** @type {Map<HTMLElement, Tile>} */
    this.tiles = new Map();
    /** @type {import("./symbols.js").Palette} */
    this.palette = {};
    this.on("tileunload", (event) => this.forget(/** @type {any} */ (event).tile));
  }

  /** @param {import("leaflet").Map} map */
  onAdd(map) {
    this.palette = readPalette(map.getContainer());
    this.stopWatching = watchScheme(() => {
      this.palette = readPalette(map.getContainer());
      this.repaint();
    });
    return super.onAdd(map);
  }

  /** @param {import("leaflet").Map} map */
  onRemove(map) {
    this.stopWatching?.();
    return super.onRemove(map);
  }

  /**
   * @param {import("leaflet").Coords} coords
   * @param {import("leaflet").DoneCallback} done
   * @returns {HTMLElement}
   */
  createTile(coords, done) {
    const canvas = document.createElement("canvas");
    /** @type {Tile} */
    const tile = { canvas, coords, abort: new AbortController(), layers: {} };
    this.tiles.set(canvas, tile);
    this.load(tile).then(
      () => done(undefined, canvas),
      (error) => {
        // A tile that has left the view was given up on purpose; anything else is the layer's `tileerror`.
        if (!tile.abort.signal.aborted) done(error, canvas);
      },
    );
    return canvas;
  }

  /** @param {Tile} tile */
  async load(tile) {
    const size = this.getTileSize().x;
    const bytes = await this.bytesOf(tile);
    if (bytes.byteLength > 0) {
      for (const [name, layer] of Object.entries(L.decodeTile(bytes).layers)) {
        tile.layers[name] = this.read(readFeatures(layer, size), name);
      }
    }
    this.paint(tile);
  }

  /**
   * The bytes of a tile; none where nothing lies in it. A subclass may have them from elsewhere.
   * @param {Tile} tile
   * @returns {Promise<ArrayBuffer>}
   */
  async bytesOf(tile) {
    const { x, y, z } = tile.coords;
    const address = L.Util.template(this.url, { x, y, z });
    // The answer to a search must not queue behind tiles.
    const reply = await fetch(address, { signal: tile.abort.signal, priority: "low" });
    if (!reply.ok) throw new Error(`${address}: ${reply.status}`);
    return reply.status === 204 ? new ArrayBuffer(0) : reply.arrayBuffer();
  }

  /**
   * What to keep of one layer of a tile; a subclass may gather it.
   * @param {TileFeature[]} features
   * @param {string} _layer
   */
  read(features, _layer) {
    return features;
  }

  /** @param {HTMLElement} canvas */
  forget(canvas) {
    this.tiles.get(canvas)?.abort.abort();
    this.tiles.delete(canvas);
  }

  /** Draw every tile in view again from what was decoded; the server is not asked. */
  repaint() {
    for (const tile of this.tiles.values()) this.paint(tile);
  }

  /** @param {Tile} tile */
  paint(tile) {
    const size = this.getTileSize().x;
    const density = window.devicePixelRatio || 1;
    tile.canvas.width = tile.canvas.height = Math.round(size * density);
    const context = /** @type {CanvasRenderingContext2D} */ (tile.canvas.getContext("2d"));
    context.setTransform(density, 0, 0, density, 0, 0);
    this.draw(context, tile, density);
  }

  /**
   * Draw one tile; the subclass's part.
   * @param {CanvasRenderingContext2D} _context
   * @param {Tile} _tile
   * @param {number} _density
   */
  draw(_context, _tile, _density) {}

  /**
   * The tile under a place, and the place in the tile's own pixels; null where no tile is loaded.
   * @param {import("leaflet").LatLng} latlng
   */
  tileAt(latlng) {
    const size = this.getTileSize().x;
    const zoom = this._tileZoom;
    if (zoom === undefined) return null;
    const point = this._map.project(latlng, zoom);
    const [column, row] = [Math.floor(point.x / size), Math.floor(point.y / size)];
    for (const tile of this.tiles.values()) {
      const { x, y, z } = tile.coords;
      if (x === column && y === row && z === zoom) return { tile, x: point.x - x * size, y: point.y - y * size };
    }
    return null;
  }
}

/**
 * Tell when the page's colours may have changed: scheme, forced colours, or a theme set on the root element.
 * @param {() => void} changed
 * @returns {() => void} stop telling
 */
export function watchScheme(changed) {
  const queries = ["(prefers-color-scheme: dark)", "(forced-colors: active)"].map((text) => matchMedia(text));
  for (const query of queries) query.addEventListener("change", changed);
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributeFilter: ["class", "data-theme"] });
  return () => {
    for (const query of queries) query.removeEventListener("change", changed);
    observer.disconnect();
  };
}
