// Plane geometry of tile features, in CSS pixels of their tile; no Leaflet, no canvas, no page.

/**
 * @typedef {object} TileFeature
 * @property {"polygon" | "point" | "cluster"} kind
 * @property {Float32Array[]} rings x, y, x, y, ... of each ring; empty unless a polygon
 * @property {number} x the feature's middle
 * @property {number} y
 * @property {[number, number, number, number]} box west, north, east, south
 * @property {Record<string, string | number | boolean>} properties
 */

/**
 * Whether a point lies in a polygon: inside an odd number of its rings.
 * @param {readonly Float32Array[]} rings
 * @param {number} x
 * @param {number} y
 */
export function isInside(rings, x, y) {
  let inside = false;
  for (const ring of rings) {
    for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2) {
      const [ax, ay, bx, by] = [ring[i], ring[i + 1], ring[j], ring[j + 1]];
      if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
    }
  }
  return inside;
}

/**
 * The distance from a point to the nearest edge of a polygon's rings.
 * @param {readonly Float32Array[]} rings
 * @param {number} x
 * @param {number} y
 */
export function distanceToRings(rings, x, y) {
  let nearest = Infinity;
  for (const ring of rings) {
    for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2) {
      nearest = Math.min(nearest, distanceToSegment(x, y, ring[j], ring[j + 1], ring[i], ring[i + 1]));
    }
  }
  return nearest;
}

/**
 * @param {number} x @param {number} y
 * @param {number} ax @param {number} ay @param {number} bx @param {number} by
 */
export function distanceToSegment(x, y, ax, ay, bx, by) {
  const [dx, dy] = [bx - ax, by - ay];
  const length2 = dx * dx + dy * dy;
  const share = length2 === 0 ? 0 : Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / length2));
  return Math.hypot(x - ax - share * dx, y - ay - share * dy);
}

/**
 * How far a click misses a feature: 0 inside it; Infinity when its box is farther than the tolerance.
 * @param {TileFeature} feature
 * @param {number} x
 * @param {number} y
 * @param {number} tolerance
 */
export function missBy(feature, x, y, tolerance) {
  const [west, north, east, south] = feature.box;
  if (x < west - tolerance || x > east + tolerance || y < north - tolerance || y > south + tolerance) {
    return Infinity;
  }
  if (feature.kind !== "polygon") return Math.hypot(x - feature.x, y - feature.y);
  return isInside(feature.rings, x, y) ? 0 : distanceToRings(feature.rings, x, y);
}

/**
 * The feature under a click: the one missed by least, within the tolerance; of equals the last drawn.
 * A feature that `isPreferred` wins over any that is not, so that a match is not hidden by a grey neighbour.
 * @param {readonly TileFeature[]} features
 * @param {number} x
 * @param {number} y
 * @param {{ tolerance?: number, isPreferred?: (feature: TileFeature) => boolean }} [options]
 * @returns {TileFeature | null}
 */
export function featureAt(features, x, y, { tolerance = 8, isPreferred = () => true } = {}) {
  let best = null;
  let bestMiss = Infinity;
  let bestPreferred = false;
  for (const feature of features) {
    const miss = missBy(feature, x, y, tolerance);
    if (miss > tolerance) continue;
    const preferred = isPreferred(feature);
    if ((preferred && !bestPreferred) || (preferred === bestPreferred && miss <= bestMiss)) {
      [best, bestMiss, bestPreferred] = [feature, miss, preferred];
    }
  }
  return best;
}

/**
 * The features of one tile layer, their coordinates turned into CSS pixels of the tile.
 * @param {any} layer a layer as the decoder gives it
 * @param {number} size the tile's width in CSS pixels
 * @returns {TileFeature[]}
 */
export function readFeatures(layer, size) {
  const scale = size / layer.extent;
  const features = [];
  for (let i = 0; i < layer.length; i++) {
    const raw = layer.feature(i);
    features.push(toFeature(raw.loadGeometry(), raw.type, raw.properties, scale));
  }
  return features;
}

const POLYGON = 3;

/**
 * @param {{ x: number, y: number }[][]} parts
 * @param {number} type 1 point, 2 line, 3 polygon, as the tile specification numbers them
 * @param {Record<string, string | number | boolean>} properties
 * @param {number} scale
 * @returns {TileFeature}
 */
function toFeature(parts, type, properties, scale) {
  const rings = parts.map((part) => Float32Array.from(part.flatMap((p) => [p.x * scale, p.y * scale])));
  const box = boxOf(rings);
  const isPolygon = type === POLYGON;
  return {
    kind: isPolygon ? "polygon" : "count" in properties ? "cluster" : "point",
    rings: isPolygon ? rings : [],
    x: (box[0] + box[2]) / 2,
    y: (box[1] + box[3]) / 2,
    box,
    properties,
  };
}

/**
 * @param {readonly Float32Array[]} rings
 * @returns {[number, number, number, number]}
 */
function boxOf(rings) {
  let [west, north, east, south] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const ring of rings) {
    for (let i = 0; i < ring.length; i += 2) {
      west = Math.min(west, ring[i]);
      east = Math.max(east, ring[i]);
      north = Math.min(north, ring[i + 1]);
      south = Math.max(south, ring[i + 1]);
    }
  }
  return [west, north, east, south];
}
