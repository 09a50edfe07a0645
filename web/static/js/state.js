// The page's state: what is searched (in the query), what part of the map is seen (in the hash), and what is
// pointed at and selected. List and map hear of each other only through here.

/** @typedef {{ zoom: number, lat: number, lon: number }} View */
/** @typedef {"list" | "map" | "keys" | "page"} Source who caused a change */
/**
 * @typedef {object} State
 * @property {number | null} selected plot id
 * @property {number | null} hovered plot id
 * @property {Map<number, number> | null} ranks rank by plot id, best first; null when nothing was asked
 */

/** The endings of a criterion's own parameters: must or wish, and its weight. */
const STRENGTHS = ["_krav", "_vikt"];

/**
 * The query of a form's present content: empty fields are left out, and so is the strength of a criterion
 * that asks for nothing, so that equal needs have equal addresses.
 * @param {Iterable<[string, unknown]>} entries name and value, in the form's order
 * @returns {string} without the question mark
 */
export function queryOf(entries) {
  const filled = [...entries]
    .map(([name, value]) => /** @type {[string, string]} */ ([name, String(value).trim()]))
    .filter(([, value]) => value !== "");
  const asked = new Set(filled.map(([name]) => name).filter((name) => !baseOf(name)));
  const kept = filled.filter(([name]) => {
    const base = baseOf(name);
    return !base || [...asked].some((other) => other === base || other.startsWith(`${base}_`));
  });
  return new URLSearchParams(kept).toString();
}

/** @param {string} name @returns {string | null} the criterion whose strength this parameter is */
function baseOf(name) {
  const ending = STRENGTHS.find((candidate) => name.endsWith(candidate));
  return ending ? name.slice(0, -ending.length) : null;
}

/**
 * What asks for the moment that this page shows, for other addresses; empty for now.
 * @param {string} [search] the page's own query
 * @returns {string} with the question mark
 */
export function momentQuery(search = location.search) {
  const given = new URLSearchParams(search);
  const moment = new URLSearchParams();
  for (const name of ["as_of", "valid_on"]) {
    const value = given.get(name);
    if (value) moment.set(name, value);
  }
  return moment.size > 0 ? `?${moment}` : "";
}

/**
 * The view that a hash `#zoom/lat/lon` names; null when it names none.
 * @param {string} hash
 * @returns {View | null}
 */
export function readView(hash) {
  const found = /^#(\d{1,2}(?:\.\d+)?)\/(-?\d{1,2}(?:\.\d+)?)\/(-?\d{1,3}(?:\.\d+)?)$/.exec(hash);
  if (!found) return null;
  const [zoom, lat, lon] = found.slice(1).map(Number);
  return zoom <= 22 && Math.abs(lat) <= 85.06 && Math.abs(lon) <= 180 ? { zoom, lat, lon } : null;
}

/**
 * The hash of a view; coordinates to about a screen pixel.
 * @param {View} view
 */
export function writeView({ zoom, lat, lon }) {
  const digits = Math.max(2, Math.ceil((zoom * Math.LN2 + Math.log(256 / 360)) / Math.LN10));
  return `#${zoom}/${lat.toFixed(digits)}/${lon.toFixed(digits)}`;
}

/**
 * Which match comes after or before the selected one, by rank; from none, or from outside, the first or last.
 * @param {Map<number, number> | null} ranks
 * @param {number | null} selected
 * @param {1 | -1} step
 * @returns {number | null}
 */
export function neighbour(ranks, selected, step) {
  if (!ranks || ranks.size === 0) return null;
  const ids = [...ranks.keys()].sort((a, b) => /** @type {number} */ (ranks.get(a)) - /** @type {number} */ (ranks.get(b)));
  const place = selected === null ? -1 : ids.indexOf(selected);
  if (place < 0) return step > 0 ? ids[0] : ids[ids.length - 1];
  return ids[(place + step + ids.length) % ids.length];
}

/** One page's state; listeners hear what changed and who changed it. */
export class Store {
  constructor() {
    /** @type {State} */
    this.state = { selected: null, hovered: null, ranks: null };
    /** @type {((state: State, changed: Set<keyof State>, source: Source) => void)[]} */
    this.listeners = [];
  }

  /** @param {(state: State, changed: Set<keyof State>, source: Source) => void} listener */
  subscribe(listener) {
    this.listeners.push(listener);
  }

  /**
   * @param {Partial<State>} change
   * @param {Source} source
   */
  set(change, source) {
    const names = /** @type {(keyof State)[]} */ (Object.keys(change));
    const changed = new Set(names.filter((name) => this.state[name] !== change[name]));
    if (changed.size === 0) return;
    this.state = { ...this.state, ...change };
    for (const listener of this.listeners) listener(this.state, changed, source);
  }
}
