// @ts-check
// Drawing an outline on the map, beside the list of corners that it is made of: whatever one does, the other shows.
// The text field is what the form sends; the map only helps, and every step in it can be done with the keyboard.
import { pageLanguage, text } from "./i18n.js";
import { OutlineFault, Steps, area, crossesItself, edgeLengths, inserted, moved, perimeter, readOutline, removed, snapped, writeOutline } from "./outline.js";
import { toGrid, toLonLat } from "../vendor/projection.js";

/** @typedef {import("./outline.js").Corner} Corner */
/** @typedef {import("./outline.js").Outline} Outline */
/** @typedef {import("./outline.js").Place} Place */

/** Pixels within which a corner that is dragged takes a neighbour's place. */
const SNAP_PIXELS = 10;
/** Metres that an arrow key moves a corner: plain, with Shift, with Alt. */
const NUDGE_M = { plain: 1, shift: 10, alt: 0.1 };
/** How many corners get handles at once; more would bury the map. */
const MOST_HANDLES = 400;

/** @param {Corner} corner @returns {[number, number]} latitude, longitude */
function latLng([east, north]) {
  const [lon, lat] = toLonLat(east, north);
  return [lat, lon];
}

/** @param {import("leaflet").LatLng} place @returns {Corner} to the centimetre */
function corner(place) {
  const [east, north] = toGrid(place.lng, place.lat);
  return [Math.round(east * 100) / 100, Math.round(north * 100) / 100];
}

export class OutlineEditor {
  /**
   * @param {HTMLElement} frame holds the buttons `[data-do]` and the texts `[data-tell]`
   * @param {import("leaflet").Map} map
   * @param {HTMLTextAreaElement} field the list of corners
   */
  constructor(frame, map, field) {
    this.map = map;
    this.field = field;
    this.isLine = field.dataset.outline === "line";
    this.latLng = latLng;
    this.numbers = /** @type {HTMLElement} */ (frame.querySelector("[data-tell='numbers']"));
    this.fault = /** @type {HTMLElement} */ (frame.querySelector("[data-tell='fault']"));
    this.live = /** @type {HTMLElement} */ (frame.querySelector("[data-tell='live']"));
    this.buttons = new Map([...frame.querySelectorAll("[data-do]")].map((button) => [button.getAttribute("data-do"), /** @type {HTMLButtonElement} */ (button)]));
    this.shape = L.layerGroup().addTo(map);
    this.handles = L.layerGroup().addTo(map);
    /** @type {import("./outline.js").Ring[]} */
    this.neighbours = [];
    /** @type {Place | null} */
    this.selected = null;
    this.isDrawing = false;
    this.steps = new Steps(this.readField() ?? []);
    this.listen(frame);
    this.show();
    this.lookAt();
  }

  /** @param {HTMLElement} frame */
  listen(frame) {
    frame.addEventListener("input", (event) => {
      if (event.target !== this.field) return;
      const outline = this.readField();
      if (outline) this.take(outline, { fromField: true });
    });
    for (const [name, action] of Object.entries({
      undo: () => this.go(this.steps.undo()),
      redo: () => this.go(this.steps.redo()),
      draw: () => this.draw(!this.isDrawing),
      clear: () => this.take([]),
    })) {
      this.buttons.get(name)?.addEventListener("click", action);
    }
    frame.addEventListener("keydown", (event) => {
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "z" || event.target === this.field) return;
      event.preventDefault();
      this.go(event.shiftKey ? this.steps.redo() : this.steps.undo());
    });
    this.map.on("click", (event) => this.isDrawing && this.add(corner(event.latlng)));
    this.map.on("dblclick", () => this.isDrawing && this.draw(false));
    this.map.on("moveend", () => this.showHandles());
  }

  /**
   * Draw another list of corners from now on; its steps begin anew.
   * @param {HTMLTextAreaElement} field
   * @param {{ moves?: boolean }} [options] whether the map goes there
   */
  edit(field, { moves = true } = {}) {
    if (this.isDrawing) this.draw(false);
    this.field = field;
    this.isLine = field.dataset.outline === "line";
    this.selected = null;
    this.steps = new Steps(this.readField() ?? []);
    this.show();
    if (moves) this.lookAt();
  }

  /** What may be snapped to: the outlines of neighbours. @param {import("./outline.js").Ring[]} rings */
  setNeighbours(rings) {
    this.neighbours = rings;
  }

  /** @returns {Outline | null} what the field writes; null, and the fault told, where it is no outline */
  readField() {
    try {
      const outline = readOutline(this.field.value, toGrid);
      this.tellFault("");
      return outline;
    } catch (error) {
      if (!(error instanceof OutlineFault)) throw error;
      this.tellFault(text(`outline_${error.kind}`, { line: error.line, said: error.said }));
      return null;
    }
  }

  /** @param {Outline} outline @param {{ fromField?: boolean }} [options] */
  take(outline, { fromField = false } = {}) {
    this.steps.take(outline);
    if (!fromField) this.field.value = writeOutline(outline, pageLanguage());
    this.show();
  }

  /** @param {Outline} outline one of the steps before or after */
  go(outline) {
    this.field.value = writeOutline(outline, pageLanguage());
    this.tellFault("");
    this.show();
  }

  /** Begin or end setting corners by clicks; Enter with the map in focus sets one in its middle. @param {boolean} begins */
  draw(begins) {
    this.isDrawing = begins;
    this.buttons.get("draw")?.setAttribute("aria-pressed", String(begins));
    this.map.getContainer().classList.toggle("is-drawing", begins);
    this.map.doubleClickZoom[begins ? "disable" : "enable"]();
    this.say(text(begins ? "outline_drawing" : "outline_drawn"));
    if (begins) this.map.getContainer().focus({ preventScroll: true });
    if (begins) this.map.getContainer().addEventListener("keydown", this.setMiddle);
    else this.map.getContainer().removeEventListener("keydown", this.setMiddle);
  }

  /** @param {KeyboardEvent} event */
  setMiddle = (event) => {
    if (event.target !== this.map.getContainer()) return;
    if (event.key === "Enter") this.add(corner(this.map.getCenter()));
    if (event.key === "Escape") this.draw(false);
    if (event.key !== "Enter" && event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
  };

  /** A further corner at the end of the ring being drawn. @param {Corner} at */
  add(at) {
    const outline = this.steps.now;
    const place = this.snap(at);
    const part = Math.max(0, outline.length - 1);
    const ring = outline[part]?.[0];
    const last = ring?.at(-1);
    if (last && last[0] === place[0] && last[1] === place[1]) return; // the second click of a double click
    this.take(ring ? inserted(outline, [part, 0, ring.length - 1], place) : [[[place]]]);
    this.selected = [part, 0, ring ? ring.length : 0];
    this.show();
  }

  /** @param {Corner} at @returns {Corner} a neighbour's corner or edge, where one lies within some pixels */
  snap(at) {
    const [east, north] = at;
    const here = this.map.latLngToContainerPoint(latLng(at));
    const beside = corner(this.map.containerPointToLatLng(here.add([SNAP_PIXELS, 0])));
    return snapped(at, this.neighbours, Math.hypot(beside[0] - east, beside[1] - north));
  }

  show() {
    this.shape.clearLayers();
    for (const part of this.steps.now) {
      const rings = part.map((ring) => ring.map(latLng));
      const options = { className: "outline-shape", interactive: false };
      if (this.isLine || rings[0].length < 3) this.shape.addLayer(L.polyline(rings[0], options));
      else this.shape.addLayer(L.polygon(rings, options));
    }
    this.showHandles();
    this.tellNumbers();
    const [undo, redo] = [this.buttons.get("undo"), this.buttons.get("redo")];
    if (undo) undo.disabled = !this.steps.canUndo;
    if (redo) redo.disabled = !this.steps.canRedo;
  }

  showHandles() {
    const hadFocus = this.handles.getLayers().some((layer) => /** @type {import("leaflet").Marker} */ (layer).getElement() === document.activeElement);
    this.handles.clearLayers();
    const view = this.map.getBounds().pad(0.2);
    let shown = 0;
    this.steps.now.forEach((part, p) => part.forEach((ring, r) => ring.forEach((at, i) => {
      if (shown >= MOST_HANDLES || !view.contains(latLng(at))) return;
      shown++;
      this.handles.addLayer(this.handle([p, r, i], at));
      const next = ring[(i + 1) % ring.length];
      if (ring.length > 1 && !(this.isLine && i === ring.length - 1)) this.handles.addLayer(this.middle([p, r, i], at, next));
    })));
    if (hadFocus) this.focusSelected();
  }

  /** @param {Place} place @param {Corner} at */
  handle(place, at) {
    const isSelected = this.selected?.join() === place.join();
    const marker = L.marker(latLng(at), {
      draggable: true,
      keyboard: true,
      icon: L.divIcon({ className: `outline-corner${isSelected ? " is-selected" : ""}`, iconSize: [24, 24] }),
      alt: text("outline_corner", { number: place[2] + 1 }),
    });
    marker.on("dragend", () => this.move(place, this.snap(corner(marker.getLatLng()))));
    marker.on("click", () => this.select(place));
    marker.on("add", () => {
      const element = marker.getElement();
      element?.setAttribute("aria-label", text("outline_corner", { number: place[2] + 1 }));
      element?.setAttribute("role", "button");
      element?.addEventListener("focus", () => this.select(place, { redraw: false }));
      element?.addEventListener("keydown", (event) => this.key(event, place, at));
    });
    return marker;
  }

  /** A small handle between two corners that makes a new one. @param {Place} place @param {Corner} from @param {Corner} to */
  middle(place, from, to) {
    /** @type {Corner} */
    const half = [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2];
    const marker = L.marker(latLng(half), {
      keyboard: false,
      draggable: true,
      icon: L.divIcon({ className: "outline-middle", iconSize: [24, 24] }),
      alt: "",
    });
    marker.on("click", () => this.insert(place, half));
    marker.on("dragend", () => this.insert(place, this.snap(corner(marker.getLatLng()))));
    return marker;
  }

  /** @param {KeyboardEvent} event @param {Place} place @param {Corner} at */
  key(event, place, [east, north]) {
    const by = event.shiftKey ? NUDGE_M.shift : event.altKey ? NUDGE_M.alt : NUDGE_M.plain;
    /** @type {Record<string, Corner>} */
    const moves = { ArrowUp: [east, north + by], ArrowDown: [east, north - by], ArrowLeft: [east - by, north], ArrowRight: [east + by, north] };
    if (event.key in moves) this.move(place, moves[event.key]);
    else if (event.key === "Delete" || event.key === "Backspace") this.remove(place);
    else if (event.key === "Insert" || event.key === "+") this.insert(place, this.between(place));
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** @param {Place} place @returns {Corner} half-way to the next corner */
  between([part, ring, place]) {
    const corners = this.steps.now[part][ring];
    const [from, to] = [corners[place], corners[(place + 1) % corners.length]];
    return [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2];
  }

  /** @param {Place} place @param {Corner} to */
  move(place, to) {
    this.selected = place;
    this.take(moved(this.steps.now, place, to));
    this.focusSelected();
    this.sayEdges();
  }

  /** @param {Place} place @param {Corner} at */
  insert([part, ring, place], at) {
    this.selected = [part, ring, place + 1];
    this.take(inserted(this.steps.now, [part, ring, place], at));
    this.focusSelected();
    this.sayEdges();
  }

  /** @param {Place} place */
  remove(place) {
    this.selected = [place[0], place[1], Math.max(0, place[2] - 1)];
    this.take(removed(this.steps.now, place));
    this.focusSelected();
    this.say(text("outline_removed"));
  }

  /** @param {Place} place @param {{ redraw?: boolean }} [options] */
  select(place, { redraw = true } = {}) {
    this.selected = place;
    if (redraw) this.showHandles();
    this.sayEdges();
  }

  focusSelected() {
    for (const layer of this.handles.getLayers()) {
      const element = /** @type {import("leaflet").Marker} */ (layer).getElement();
      if (element?.classList.contains("is-selected")) element.focus({ preventScroll: true });
    }
  }

  /** Look at what is drawn and at other rings, or leave the view as it is. @param {import("./outline.js").Ring[]} [others] */
  lookAt(others = []) {
    const corners = [...this.steps.now.flat(2), ...others.flat()].map(latLng);
    if (corners.length) this.map.fitBounds(L.latLngBounds(corners).pad(0.3), { animate: false });
  }

  tellNumbers() {
    const outline = this.steps.now;
    const rings = outline.flat();
    if (!rings.length) return void (this.numbers.textContent = text("outline_empty"));
    if (this.isLine) {
      const length = edgeLengths(rings[0]).slice(0, -1).reduce((sum, one) => sum + one, 0);
      return void (this.numbers.textContent = text("outline_line", { corners: rings[0].length, length: metres(length) }));
    }
    this.numbers.textContent = text("outline_numbers", {
      area: square(area(outline)),
      length: metres(perimeter(outline)),
      corners: rings.reduce((sum, ring) => sum + ring.length, 0),
    });
    if (rings.some((ring) => ring.length > 3 && crossesItself(ring))) this.tellFault(text("outline_crosses"));
    else if (rings.some((ring) => ring.length < 3)) this.tellFault(text("outline_corners"));
    else this.tellFault("");
  }

  /** Read out the lengths of the edges at the selected corner. */
  sayEdges() {
    if (!this.selected) return;
    const [part, ring, place] = this.selected;
    const corners = this.steps.now[part]?.[ring];
    if (!corners?.[place]) return;
    const lengths = edgeLengths(corners);
    const before = lengths[(place + lengths.length - 1) % lengths.length];
    this.say(text("outline_edges", { number: place + 1, before: metres(before), after: metres(lengths[place]), area: square(area(this.steps.now)) }));
  }

  /** @param {string} words */
  say(words) {
    this.live.textContent = words;
  }

  /** @param {string} words */
  tellFault(words) {
    this.fault.textContent = words;
    this.fault.hidden = !words;
    this.field.setAttribute("aria-invalid", String(Boolean(words)));
  }
}

/** @param {number} length */
function metres(length) {
  return length.toLocaleString(pageLanguage() === "sv" ? "sv-SE" : "en-GB", { minimumFractionDigits: 1, maximumFractionDigits: 1 });
}

/** @param {number} size */
function square(size) {
  return size.toLocaleString(pageLanguage() === "sv" ? "sv-SE" : "en-GB", { maximumFractionDigits: 0 });
}

/**
 * The rings of GeoJSON outlines in SWEREF 99 TM, to snap to.
 * @param {import("geojson").Feature[]} features
 * @returns {import("./outline.js").Ring[]}
 */
export function ringsOf(features) {
  return features.flatMap(({ geometry }) => {
    const parts = geometry?.type === "Polygon" ? [geometry.coordinates] : geometry?.type === "MultiPolygon" ? geometry.coordinates : [];
    return parts.flat().map((ring) => ring.slice(0, -1).map(([lon, lat]) => /** @type {Corner} */ (toGrid(lon, lat))));
  });
}
