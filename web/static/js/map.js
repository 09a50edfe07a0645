// The map behind one adapter: the only file that knows that Folium made it and Leaflet moves it.
import { pageLanguage, text } from "./i18n.js";
import { scrollBehaviour } from "./list.js";
import { offerBackgrounds } from "./map-background.js";
import { MapCard, factsOf, nameOf } from "./map-card.js";
import { listenToKeys } from "./map-keys.js";
import { Marks, boundsOf } from "./map-marks.js";
import { fetchFit, fetchPlot, plotPage } from "./plot-source.js";
import { momentQuery, neighbour, writeView } from "./state.js";
import { LETTERS } from "./base-tiles.js";
import { drawSwatch } from "./symbols.js";
import { watchScheme } from "./vector-tiles.js";

/** @typedef {import("./state.js").Store} Store */
/** @typedef {import("./list.js").Card} Card */
/**
 * @typedef {object} Karta what `/karta.js` exports
 * @property {import("leaflet").Map} map
 * @property {import("./plot-tiles.js").PlotTiles} plots
 * @property {import("./base-tiles.js").BaseTiles} base
 * @property {import("leaflet").LatLngBoundsLiteral} land
 * @property {import("./map-background.js").Background[]} backgrounds
 */

/** The map, its layers at the moment that the page shows. @returns {Promise<Karta>} */
export async function loadKarta() {
  const address = `/karta.js?lang=${pageLanguage()}`;
  /** @type {Karta} */
  const karta = await import(address);
  for (const layer of [karta.plots, karta.base]) layer.url = layer.url.split("?")[0] + momentQuery();
  return karta;
}

export class MapView {
  /**
   * @param {Karta} karta
   * @param {Store} store
   * @param {import("./state.js").View | null} view where to look first; null: at the whole region
   */
  constructor(karta, store, view) {
    this.karta = karta;
    this.map = karta.map;
    this.store = store;
    this.container = this.map.getContainer();
    this.frame = this.container.parentElement ?? this.container;
    this.marks = new Marks(this.map);
    this.card = new MapCard(this.frame, () => this.clear());
    this.live = liveRegion(this.frame);
    /** @type {Card[]} */
    this.cards = [];
    this.view = view;
    this.hasView = false;
    this.begin();
    this.listen();
  }

  begin() {
    // What takes room beside the map comes first, or the view would move as the map shrinks.
    offerBackgrounds(toolsBeside(this.frame), this.karta.backgrounds, this.karta);
    drawLegend();
    tellLoading(this.frame, this.karta.plots);
    this.lookFirst();
    new ResizeObserver(() => {
      this.lookFirst();
      this.map.invalidateSize({ animate: false });
    }).observe(this.container);
    watchScheme(drawLegend);
  }

  /** Set the first view, as soon as the map has a size: on a phone it is hidden to begin with. */
  lookFirst() {
    if (this.hasView || this.container.clientWidth === 0) return;
    this.hasView = true;
    if (this.view) this.map.setView([this.view.lat, this.view.lon], this.view.zoom, { animate: false });
    else this.map.fitBounds(this.karta.land, { animate: false });
  }

  listen() {
    const { plots } = this.karta;
    plots.on("plotclick", (/** @type {any} */ event) => this.store.set({ selected: event.id }, "map"));
    plots.on("plotover", (/** @type {any} */ event) => {
      this.store.set({ hovered: event.id }, "map");
      this.marks.setHover(event.id, event.latlng);
    });
    plots.on("plotout", () => this.store.set({ hovered: null }, "map"));
    plots.on("clusterclick", (/** @type {any} */ event) => {
      this.map.setView(event.latlng, Math.min(this.map.getZoom() + 2, 18), { animate: isMoving() });
    });
    listenToKeys(this.container, {
      step: (step) => this.step(step),
      open: () => this.open(),
      clear: () => this.clear(),
    });
    this.store.subscribe((state, changed, source) => {
      if (changed.has("ranks")) this.karta.plots.setMatches(state.ranks);
      if (changed.has("hovered") && (source !== "map" || state.hovered === null)) this.hover(state.hovered);
      if (changed.has("selected")) this.select(state.selected, source);
    });
  }

  /** Write the view into the address as it moves. */
  followInAddress() {
    this.map.whenReady(() => {
      this.map.on("moveend", () => {
        const { lat, lng: lon } = this.map.getCenter();
        history.replaceState(history.state, "", writeView({ zoom: this.map.getZoom(), lat, lon }));
      });
    });
  }

  /**
   * Number the cards that the list shows.
   * @param {Card[]} cards
   */
  setCards(cards) {
    this.cards = cards;
    this.marks.setNumbers(cards, (id) => this.store.set({ selected: id }, "map"));
  }

  /** @param {number | null} id */
  hover(id) {
    if (!this.hasView) return;
    const card = this.cards.find((candidate) => candidate.id === id);
    this.marks.setHover(id, card ? [card.lat, card.lon] : null);
  }

  /**
   * @param {number | null} id
   * @param {import("./state.js").Source} source
   */
  async select(id, source) {
    if (id === null) {
      this.marks.setSelected(null);
      this.card.hide();
      return;
    }
    try {
      const plot = await fetchPlot(id);
      if (this.store.state.selected !== id) return;
      this.marks.setSelected(plot);
      this.card.show(plot, this.rankText(id));
      this.bringIntoView(plot, source);
      if (source === "keys") this.say(this.spoken(id, plot));
      this.drawBuildings(id);
    } catch {
      if (this.store.state.selected === id) this.say(text("plot_missing"));
    }
  }

  /** Draw the buildings that were asked for on the selected plot, as the list's card has them. @param {number} id */
  drawBuildings(id) {
    const query = this.cards.find((card) => card.id === id)?.fit;
    if (!query) return;
    fetchFit(id, query).then(
      (drawing) => this.store.state.selected === id && this.marks.setBuildings(drawing),
      () => undefined, // the list says whether they fit, with the same drawing
    );
  }

  /**
   * Zoom to a plot chosen in the list; from the map or the keys only move where it would be out of sight.
   * @param {import("geojson").Feature} plot
   * @param {import("./state.js").Source} source
   */
  bringIntoView(plot, source) {
    const bounds = boundsOf(plot);
    if (!bounds) return;
    const animate = isMoving();
    if (source === "list" || source === "page") {
      // A building on the plot is to be seen, too.
      const maxZoom = this.cards.find((card) => card.id === plot.id)?.fit ? 17 : 15;
      this.map.fitBounds(bounds, { maxZoom, padding: [60, 60], animate });
    } else {
      // The small card stands in the lower left, on a phone all along the foot.
      const foot = this.card.element.offsetHeight + 40;
      this.map.panInside(bounds.getCenter(), { paddingTopLeft: [60, 30], paddingBottomRight: [40, foot], animate });
    }
  }

  /** Outline one plot and say no more of it: the page around the map is about it. @param {number} id */
  async outlineOnly(id) {
    const plot = await fetchPlot(id);
    this.marks.setSelected(plot);
    const bounds = boundsOf(plot);
    if (bounds && !this.map.getBounds().contains(bounds)) this.map.fitBounds(bounds, { padding: [30, 30], animate: false });
  }

  /** Bring the map on the screen, where the page is longer than it, and select. @param {number} id */
  show(id) {
    this.lookFirst();
    this.frame.scrollIntoView({ block: "nearest", behavior: scrollBehaviour() });
    if (this.store.state.selected === id) this.select(id, "list");
    else this.store.set({ selected: id }, "list");
  }

  /** @param {1 | -1} step */
  step(step) {
    const { ranks, selected } = this.store.state;
    const order = ranks ?? new Map(this.cards.map((card, index) => [card.id, index + 1]));
    const next = neighbour(order, selected, step);
    if (next === null) this.say(text("no_matches"));
    else this.store.set({ selected: next }, "keys");
  }

  open() {
    const { selected } = this.store.state;
    if (selected === null) return;
    const card = this.cards.find((candidate) => candidate.id === selected);
    location.assign(card?.url || plotPage(selected, pageLanguage()));
  }

  clear() {
    this.store.set({ selected: null }, "map");
    this.container.focus({ preventScroll: true });
  }

  /** @param {number} id @returns {string} where a plot stands in the search, in words */
  rankText(id) {
    const { ranks } = this.store.state;
    if (!ranks) return "";
    const rank = ranks.get(id);
    return rank === undefined ? text("outside_search") : text("ranked", { rank, total: ranks.size });
  }

  /** @param {number} id @param {import("geojson").Feature} plot @returns {string} what is read out on a step */
  spoken(id, plot) {
    return [this.rankText(id), nameOf(plot), factsOf(plot).replaceAll(" · ", ", ")].filter(Boolean).join(": ");
  }

  /** @param {string} words */
  say(words) {
    this.live.textContent = words;
  }
}

/** @param {HTMLElement} frame @returns {HTMLElement} the place for tools above the map */
function toolsBeside(frame) {
  const known = document.querySelector(".map-tools");
  if (known instanceof HTMLElement) return known;
  const tools = document.createElement("div");
  tools.className = "map-tools";
  frame.before(tools);
  return tools;
}

/** @returns {boolean} whether the map may glide, or the visitor asked for less motion */
function isMoving() {
  return scrollBehaviour() === "smooth";
}

/** @param {HTMLElement} frame */
function liveRegion(frame) {
  const region = document.createElement("p");
  region.className = "visually-hidden";
  region.setAttribute("role", "status");
  frame.append(region);
  return region;
}

/**
 * Say that tiles are on their way, or that some could not be had: an empty map looks like 'no plots'.
 * @param {HTMLElement} frame
 * @param {import("./plot-tiles.js").PlotTiles} plots
 */
function tellLoading(frame, plots) {
  const notice = document.createElement("p");
  notice.className = "map-loading";
  const words = document.createElement("span");
  const retry = document.createElement("button");
  retry.type = "button";
  retry.textContent = text("retry");
  retry.addEventListener("click", () => plots.redraw());
  notice.append(words, retry);
  frame.append(notice);
  let failed = false;
  const tell = (/** @type {boolean} */ loading) => {
    notice.hidden = !loading && !failed;
    retry.hidden = loading;
    words.textContent = loading ? text("loading") : text("tiles_failed");
  };
  plots.on("loading", () => {
    failed = false;
    tell(true);
  });
  plots.on("tileerror", () => (failed = true));
  plots.on("load", () => tell(false));
  tell(plots.isLoading());
}

/** Draw the legend's symbols as the map draws them, and add those of the background. */
function drawLegend() {
  const legend = document.getElementById("map-legend");
  if (!legend) return;
  for (const place of legend.querySelectorAll("[data-swatch]")) {
    const label = place.getAttribute("data-swatch") ?? "";
    if (place instanceof HTMLElement) drawSwatch(place, label);
  }
  if (legend.querySelector(".legend-letter")) return;
  for (const kind of /** @type {import("./base-tiles.js").InfrastructureKind[]} */ (Object.keys(LETTERS))) {
    const [entry, letter] = [document.createElement("li"), document.createElement("span")];
    letter.className = "legend-letter";
    letter.setAttribute("aria-hidden", "true");
    letter.textContent = text(LETTERS[kind]);
    entry.append(letter, ` ${text(kind)}`);
    legend.append(entry);
  }
}
