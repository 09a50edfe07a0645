// Dense tiles hold counts a grid cell of 4 pixels instead of plots. On the screen cells are gathered into bins
// wide enough for a disc with a number; each plot still counts exactly once.

/** @typedef {import("./geometry.js").TileFeature} TileFeature */

/** Width of a bin in pixels; divides the tile, so that no disc crosses a tile's edge. */
const BIN = 32;

/**
 * The clusters of a tile, gathered to one a bin, each in the middle of its plots but never out of its bin.
 * @param {readonly TileFeature[]} cells clusters with count, area and available
 * @returns {TileFeature[]}
 */
export function gather(cells) {
  /** @type {Map<string, { count: number, area: number, available: number, x: number, y: number, column: number, row: number }>} */
  const bins = new Map();
  for (const { x, y, properties } of cells) {
    const [column, row] = [Math.floor(x / BIN), Math.floor(y / BIN)];
    const key = `${column}/${row}`;
    const bin = bins.get(key) ?? { count: 0, area: 0, available: 0, x: 0, y: 0, column, row };
    const count = Number(properties.count);
    bin.count += count;
    bin.area += Number(properties.area ?? 0);
    bin.available += Number(properties.available ?? 0);
    bin.x += x * count;
    bin.y += y * count;
    bins.set(key, bin);
  }
  return [...bins.values()].map(({ count, area, available, column, row, ...sum }) => {
    const x = within(sum.x / count, column, clusterRadius(count));
    const y = within(sum.y / count, row, clusterRadius(count));
    const properties = { count, area, available, step: "cluster" };
    return { kind: "cluster", rings: [], x, y, box: [x, y, x, y], properties };
  });
}

/** @param {number} place @param {number} bin @param {number} radius */
function within(place, bin, radius) {
  return Math.max(bin * BIN + radius + 1, Math.min((bin + 1) * BIN - radius - 1, place));
}

/** @param {number} count @returns {number} pixels; at most half a bin with its outline */
export function clusterRadius(count) {
  return Math.min(15, 8 + 2 * Math.log10(Math.max(1, count)));
}

/** @param {number} count @returns {string} at most four characters: 7, 950, 12k, 3M */
export function shortCount(count) {
  if (count < 1000) return String(count);
  return count < 1_000_000 ? `${Math.floor(count / 1000)}k` : `${Math.floor(count / 1_000_000)}M`;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {readonly TileFeature[]} features
 * @param {import("./symbols.js").Palette} palette
 */
export function drawClusters(context, features, palette) {
  context.font = "600 11px system-ui, sans-serif";
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.lineWidth = 1.5;
  context.strokeStyle = palette["--map-cluster-ink"];
  for (const feature of features) {
    if (feature.kind !== "cluster") continue;
    const count = Number(feature.properties.count);
    context.beginPath();
    context.arc(feature.x, feature.y, clusterRadius(count), 0, 2 * Math.PI);
    context.fillStyle = palette["--map-cluster"];
    context.fill();
    context.stroke();
    context.fillStyle = palette["--map-cluster-ink"];
    context.fillText(shortCount(count), feature.x, feature.y + 0.5);
  }
}
