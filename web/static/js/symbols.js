// How each public label looks in the map and in the legend: never by colour alone. A plot drawn as an area has
// its own fill pattern and outline, a plot drawn as a point its own mark in the ring.

/** @typedef {"solid" | "lines" | "none" | "diagonal" | "grid" | "dots" | "cross"} Pattern */
/** @typedef {"disc" | "half" | "ring" | "slash" | "triangle" | "bar" | "times"} Mark */
/** @typedef {{ colour: string, pattern: Pattern, dash: number[], mark: Mark }} Symbol */
/** @typedef {Record<string, string>} Palette */

/** @type {Record<string, Symbol>} in the order of the legend; the colour is a CSS custom property */
export const SYMBOLS = {
  ledig_nu: { colour: "--label-ledig-nu", pattern: "solid", dash: [], mark: "disc" },
  ledig_senare: { colour: "--label-ledig-senare", pattern: "lines", dash: [], mark: "half" },
  kommande: { colour: "--label-kommande", pattern: "none", dash: [5, 3], mark: "ring" },
  begransad: { colour: "--label-begransad", pattern: "grid", dash: [], mark: "triangle" },
  reserverad: { colour: "--label-reserverad", pattern: "diagonal", dash: [], mark: "slash" },
  ej_till_salu: { colour: "--label-ej-till-salu", pattern: "dots", dash: [1.5, 3], mark: "bar" },
  sald: { colour: "--label-sald", pattern: "cross", dash: [], mark: "times" },
};

const UNKNOWN = SYMBOLS.kommande;

/** @param {unknown} label @returns {Symbol} */
export function symbolOf(label) {
  return SYMBOLS[String(label)] ?? UNKNOWN;
}

/** The custom properties that the map's colours come from. */
export const TOKENS = [
  ...new Set(Object.values(SYMBOLS).map((symbol) => symbol.colour)),
  "--map-land",
  "--map-water",
  "--map-border",
  "--map-park",
  "--map-place",
  "--map-plot-ground",
  "--map-dim",
  "--map-cluster",
  "--map-cluster-ink",
];

/**
 * The page's present colours; read again whenever the scheme changes.
 * @param {Element} element
 * @returns {Palette}
 */
export function readPalette(element) {
  const style = getComputedStyle(element);
  return Object.fromEntries(TOKENS.map((token) => [token, style.getPropertyValue(token).trim() || "#777"]));
}

/** Pixels after which a pattern repeats; divides the tile size, so that it runs on from tile to tile. */
const PERIOD = 8;

/** @type {Record<Exclude<Pattern, "solid" | "none" | "dots">, number[][]>} x1, y1, x2, y2 of each stroke */
const STROKES = {
  lines: [[0, 2, 8, 2], [0, 6, 8, 6]],
  diagonal: [[-2, 2, 2, -2], [-2, 10, 10, -2], [6, 10, 10, 6]],
  grid: [[0, 4, 8, 4], [4, 0, 4, 8]],
  cross: [[1.5, 1.5, 6.5, 6.5], [6.5, 1.5, 1.5, 6.5]],
};

/**
 * What to fill areas with: a colour, a canvas pattern, or null for none.
 * @param {CanvasRenderingContext2D} context
 * @param {Pattern} pattern
 * @param {string} colour
 * @param {number} density device pixels a CSS pixel
 * @returns {string | CanvasPattern | null}
 */
export function fillOf(context, pattern, colour, density) {
  if (pattern === "none") return null;
  if (pattern === "solid") return colour;
  const cell = document.createElement("canvas");
  cell.width = cell.height = Math.round(PERIOD * density);
  const pen = /** @type {CanvasRenderingContext2D} */ (cell.getContext("2d"));
  const scale = cell.width / PERIOD;
  pen.scale(scale, scale);
  drawCell(pen, pattern, colour);
  const fill = /** @type {CanvasPattern} */ (context.createPattern(cell, "repeat"));
  fill.setTransform(new DOMMatrix().scale(1 / scale));
  return fill;
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {Exclude<Pattern, "solid" | "none">} pattern
 * @param {string} colour
 */
function drawCell(pen, pattern, colour) {
  pen.strokeStyle = pen.fillStyle = colour;
  pen.lineWidth = pattern === "lines" || pattern === "diagonal" ? 1.8 : 1.2;
  if (pattern === "dots") {
    for (const [x, y] of [[2, 2], [6, 6]]) {
      pen.beginPath();
      pen.arc(x, y, 1.1, 0, 2 * Math.PI);
      pen.fill();
    }
    return;
  }
  pen.beginPath();
  for (const [x1, y1, x2, y2] of STROKES[pattern]) {
    pen.moveTo(x1, y1);
    pen.lineTo(x2, y2);
  }
  pen.stroke();
}

/**
 * Draw a plot as an area.
 * @param {CanvasRenderingContext2D} context
 * @param {Path2D} path
 * @param {Symbol} symbol
 * @param {Palette} palette
 * @param {number} density
 */
export function drawArea(context, path, symbol, palette, density) {
  const colour = palette[symbol.colour];
  context.fillStyle = palette["--map-plot-ground"];
  context.fill(path, "nonzero");
  const fill = fillOf(context, symbol.pattern, colour, density);
  if (fill) {
    context.fillStyle = fill;
    context.fill(path, "nonzero");
  }
  context.setLineDash(symbol.dash);
  context.strokeStyle = colour;
  context.lineWidth = 2;
  context.stroke(path);
  context.setLineDash([]);
}

/**
 * Draw a plot as a point.
 * @param {CanvasRenderingContext2D} context
 * @param {number} x
 * @param {number} y
 * @param {number} radius
 * @param {Symbol} symbol
 * @param {Palette} palette
 */
export function drawPoint(context, x, y, radius, symbol, palette) {
  const colour = palette[symbol.colour];
  context.lineWidth = 2;
  context.strokeStyle = colour;
  outline(context, x, y, radius, symbol.mark);
  context.fillStyle = symbol.mark === "disc" ? colour : palette["--map-plot-ground"];
  context.fill();
  context.setLineDash(symbol.mark === "ring" ? [3.2, 2.1] : []);
  context.stroke();
  context.setLineDash([]);
  drawMark(context, x, y, radius, symbol.mark, colour);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number} x @param {number} y @param {number} radius @param {Mark} mark
 */
function outline(context, x, y, radius, mark) {
  context.beginPath();
  if (mark === "triangle") {
    context.moveTo(x, y - radius * 1.2);
    context.lineTo(x + radius * 1.15, y + radius * 0.85);
    context.lineTo(x - radius * 1.15, y + radius * 0.85);
    context.closePath();
  } else {
    context.arc(x, y, radius, 0, 2 * Math.PI);
  }
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number} x @param {number} y @param {number} radius @param {Mark} mark @param {string} colour
 */
function drawMark(context, x, y, radius, mark, colour) {
  const reach = radius * 0.68;
  context.fillStyle = colour;
  context.beginPath();
  if (mark === "half") {
    context.arc(x, y, radius, 0, Math.PI);
    context.fill();
    return;
  }
  if (mark === "slash" || mark === "times") {
    context.moveTo(x - reach, y + reach);
    context.lineTo(x + reach, y - reach);
  }
  if (mark === "times") {
    context.moveTo(x - reach, y - reach);
    context.lineTo(x + reach, y + reach);
  }
  if (mark === "bar") {
    context.moveTo(x - radius, y);
    context.lineTo(x + radius, y);
  }
  if (mark === "triangle") {
    context.moveTo(x, y - radius * 0.45);
    context.lineTo(x, y + radius * 0.45);
  }
  context.stroke();
}

/**
 * Fill a legend's place holder with the label's symbols as the map draws them: an area and a point.
 * @param {HTMLElement} place
 * @param {string} label
 */
export function drawSwatch(place, label) {
  const [width, height, density] = [46, 18, Math.max(2, window.devicePixelRatio || 1)];
  const canvas = place.querySelector("canvas") ?? document.createElement("canvas");
  [canvas.width, canvas.height] = [width * density, height * density];
  canvas.className = "swatch";
  canvas.setAttribute("aria-hidden", "true");
  place.replaceChildren(canvas);
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.scale(density, density);
  const area = new Path2D();
  area.rect(2, 2, 24, 14);
  const [symbol, palette] = [symbolOf(label), readPalette(place)];
  drawArea(context, area, symbol, palette, density);
  drawPoint(context, 37, 9, 5.5, symbol, palette);
}
