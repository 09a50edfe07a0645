// @ts-check
// An outline that is being drawn, without page or map: its text form, its numbers, snapping, and what undoes a step.
// Coordinates are [east, north] in metres, SWEREF 99 TM (EPSG:3006). Rings are open: the first corner isn't repeated.

/** @typedef {[number, number]} Corner east, north */
/** @typedef {Corner[]} Ring */
/** @typedef {Ring[]} Part the outer ring, then its holes */
/** @typedef {Part[]} Outline */

export const HOLE_WORDS = ["hål", "hole"];
export const PART_WORDS = ["del", "part"];

/** Thrown for a text that is no outline; `line` counts from 1. */
export class OutlineFault extends Error {
  /**
   * @param {"not_two" | "order" | "hole_first"} kind
   * @param {number} line
   * @param {string} said
   */
  constructor(kind, line, said) {
    super(`${kind} in line ${line}: ${said}`);
    this.kind = kind;
    this.line = line;
    this.said = said;
  }
}

/** @typedef {(lon: number, lat: number) => [number, number]} ToGrid from degrees to SWEREF 99 TM */

/**
 * The outline that a text writes: a corner a line, north before east as on Swedish maps or the other way round; a
 * line `del` or an empty line begins a further part, `hål` a hole in the part before.
 * @param {string} text
 * @param {ToGrid} [toGrid] with it corners in degrees are read too, latitude and longitude in either order
 * @returns {Outline}
 */
export function readOutline(text, toGrid) {
  /** @type {Outline} */
  const outline = [];
  /** @type {Ring | null} */
  let ring = null;
  text.split("\n").forEach((written, index) => {
    const line = written.trim().toLowerCase();
    if (line === "" || PART_WORDS.includes(line)) {
      ring = null;
    } else if (HOLE_WORDS.includes(line)) {
      const part = outline.at(-1);
      if (!part) throw new OutlineFault("hole_first", index + 1, written);
      part.push((ring = []));
    } else {
      if (!ring) outline.push([(ring = [])]);
      ring.push(readCorner(line, index + 1, toGrid));
    }
  });
  for (const part of outline) part.forEach((corners, place) => (part[place] = closed(corners)));
  return outline;
}

/** @param {string} line @param {number} number @param {ToGrid} [toGrid] @returns {Corner} */
function readCorner(line, number, toGrid) {
  const values = (line.match(/-?\d+(?:[.,]\d+)?/g) ?? []).map((value) => Number(value.replace(",", ".")));
  if (values.length !== 2) throw new OutlineFault("not_two", number, line);
  const [north, east] = values[0] > values[1] ? values : [values[1], values[0]];
  // Sweden's latitudes (55 to 69) and longitudes (11 to 24) never meet either.
  if (toGrid && north >= 54.9 && north <= 69.5 && east >= 10 && east <= 24.7) return toGrid(east, north);
  // In SWEREF 99 TM a northing in Sweden has seven digits and an easting six, so the order is never in doubt.
  if (north < 6_100_000 || north > 7_700_000 || east < 200_000 || east > 930_000) {
    throw new OutlineFault("order", number, line);
  }
  return [east, north];
}

/** @param {Ring} ring @returns {Ring} the ring without a last corner that repeats the first */
function closed(ring) {
  const [first, last] = [ring[0], ring.at(-1)];
  const repeats = ring.length > 1 && last && first[0] === last[0] && first[1] === last[1];
  return repeats ? ring.slice(0, -1) : ring;
}

/**
 * The text of an outline, north before east, centimetres; reading it gives the outline.
 * @param {Outline} outline
 * @param {"sv" | "en"} lang
 */
export function writeOutline(outline, lang) {
  const hole = lang === "sv" ? HOLE_WORDS[0] : HOLE_WORDS[1];
  const corner = (/** @type {Corner} */ [east, north]) => `${north.toFixed(2)} ${east.toFixed(2)}`;
  const ring = (/** @type {Ring} */ corners) => corners.map(corner).join("\n");
  return outline.map((part) => part.map(ring).join(`\n${hole}\n`)).join("\n\n");
}

/** @param {Ring} ring @returns {number} m² in the plane, positive whichever way the ring runs */
export function ringArea(ring) {
  let twice = 0;
  ring.forEach(([ax, ay], i) => {
    const [bx, by] = ring[(i + 1) % ring.length];
    twice += (ax - ring[0][0]) * (by - ring[0][1]) - (bx - ring[0][0]) * (ay - ring[0][1]);
  });
  return Math.abs(twice) / 2;
}

/** @param {Outline} outline @returns {number} m² in the plane of SWEREF 99 TM, holes left out */
export function area(outline) {
  return outline.reduce((sum, [outer, ...holes]) => {
    return sum + ringArea(outer) - holes.reduce((taken, hole) => taken + ringArea(hole), 0);
  }, 0);
}

/** @param {Ring} ring @returns {number[]} m, of the edge from each corner to the next */
export function edgeLengths(ring) {
  return ring.map(([ax, ay], i) => {
    const [bx, by] = ring[(i + 1) % ring.length];
    return Math.hypot(bx - ax, by - ay);
  });
}

/** @param {Outline} outline @returns {number} m, of all rings */
export function perimeter(outline) {
  return outline.flat().flatMap(edgeLengths).reduce((sum, length) => sum + length, 0);
}

/** Where a corner stands: part, ring, place in the ring. @typedef {[number, number, number]} Place */

/**
 * @param {Outline} outline
 * @param {Place} place
 * @param {Corner} to
 * @returns {Outline} a copy in which that corner lies elsewhere
 */
export function moved(outline, [part, ring, place], to) {
  return withRing(outline, part, ring, (corners) => corners.with(place, to));
}

/**
 * @param {Outline} outline
 * @param {Place} place
 * @param {Corner} corner
 * @returns {Outline} a copy with a corner more, after the one at the place
 */
export function inserted(outline, [part, ring, place], corner) {
  return withRing(outline, part, ring, (corners) => corners.toSpliced(place + 1, 0, corner));
}

/**
 * @param {Outline} outline
 * @param {Place} place
 * @returns {Outline} a copy without that corner; a ring of three corners goes as a whole, and a part with its outer ring
 */
export function removed(outline, [part, ring, place]) {
  if (outline[part][ring].length > 3) {
    return withRing(outline, part, ring, (corners) => corners.toSpliced(place, 1));
  }
  return ring > 0
    ? outline.with(part, outline[part].toSpliced(ring, 1))
    : outline.toSpliced(part, 1);
}

/**
 * @param {Outline} outline
 * @param {number} part
 * @param {number} ring
 * @param {(corners: Ring) => Ring} change
 */
function withRing(outline, part, ring, change) {
  return outline.with(part, outline[part].with(ring, change(outline[part][ring])));
}

/**
 * The corner or edge point of neighbours that lies nearest, a corner before an edge, or the corner itself.
 * @param {Corner} corner
 * @param {readonly Ring[]} neighbours
 * @param {number} reach_m how near it must lie
 * @returns {Corner}
 */
export function snapped(corner, neighbours, reach_m) {
  const corners = neighbours.flat();
  const edges = neighbours.flatMap((ring) => ring.map((from, i) => foot(corner, from, ring[(i + 1) % ring.length])));
  return nearest(corner, corners, reach_m) ?? nearest(corner, edges, reach_m) ?? corner;
}

/** @param {Corner} to @param {readonly Corner[]} candidates @param {number} reach_m @returns {Corner | null} */
function nearest(to, candidates, reach_m) {
  /** @type {Corner | null} */
  let best = null;
  let reached = reach_m;
  for (const candidate of candidates) {
    const distance = Math.hypot(candidate[0] - to[0], candidate[1] - to[1]);
    if (distance <= reached) [best, reached] = [candidate, distance];
  }
  return best;
}

/** @param {Corner} of @param {Corner} from @param {Corner} to @returns {Corner} the point of an edge nearest to a corner */
export function foot(of, from, to) {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const length2 = dx * dx + dy * dy;
  const share = length2 === 0 ? 0 : Math.max(0, Math.min(1, ((of[0] - from[0]) * dx + (of[1] - from[1]) * dy) / length2));
  return [from[0] + share * dx, from[1] + share * dy];
}

/**
 * Whether two edges of a ring cross, so that it bounds no area.
 * @param {Ring} ring
 */
export function crossesItself(ring) {
  const n = ring.length;
  for (let i = 0; i < n; i++) {
    for (let j = i + 2; j < n; j++) {
      if (i === 0 && j === n - 1) continue; // neighbours around the end
      if (crosses(ring[i], ring[(i + 1) % n], ring[j], ring[(j + 1) % n])) return true;
    }
  }
  return false;
}

/** @param {Corner} a @param {Corner} b @param {Corner} c @param {Corner} d */
function crosses(a, b, c, d) {
  const side = (/** @type {Corner} */ p, /** @type {Corner} */ q, /** @type {Corner} */ r) =>
    Math.sign((q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0]));
  return side(a, b, c) !== side(a, b, d) && side(c, d, a) !== side(c, d, b);
}

/** What was drawn, step by step, and how to go back. */
export class Steps {
  /** @param {Outline} start */
  constructor(start) {
    this.done = [start];
    this.place = 0;
  }

  get now() {
    return this.done[this.place];
  }

  get canUndo() {
    return this.place > 0;
  }

  get canRedo() {
    return this.place < this.done.length - 1;
  }

  /** @param {Outline} next */
  take(next) {
    this.done = [...this.done.slice(0, this.place + 1), next].slice(-200);
    this.place = this.done.length - 1;
  }

  undo() {
    if (this.canUndo) this.place--;
    return this.now;
  }

  redo() {
    if (this.canRedo) this.place++;
    return this.now;
  }
}
