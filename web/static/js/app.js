// @ts-check
// Brings a page to life that already works without it: live search, list and map in step, state in the address.
import { text } from "./i18n.js";
import { List } from "./list.js";
import { MapView, loadKarta } from "./map.js";
import { Refused, Search, ranksOf } from "./search.js";
import { Store, queryOf, readView } from "./state.js";

/** Milliseconds after which a search says that it is on its way. */
const SLOW = 600;
/** Milliseconds without typing after which what was typed is searched for. */
const PAUSE = 400;

class SearchPage {
  /** @param {HTMLElement} results */
  constructor(results) {
    this.store = new Store();
    this.list = new List(results, this.store);
    this.search = new Search();
    /** @type {MapView | null} */
    this.map = null;
    /** @type {number | undefined} */
    this.pause = undefined;
    this.shownQuery = location.search;
    this.listen();
  }

  listen() {
    document.addEventListener("submit", (event) => {
      if (!(event.target instanceof HTMLFormElement) || event.target.id !== "need-form") return;
      event.preventDefault();
      this.seek("push", { isFinal: true });
    });
    document.addEventListener("change", (event) => isInForm(event.target) && this.seek("push"));
    document.addEventListener("input", (event) => {
      if (!isInForm(event.target) || !(event.target instanceof HTMLInputElement)) return;
      if (event.target.type === "checkbox") return; // its change is heard already
      clearTimeout(this.pause);
      this.pause = window.setTimeout(() => this.seek("replace"), PAUSE);
    });
    document.addEventListener("click", (event) => this.follow(event));
    window.addEventListener("popstate", () => {
      if (location.search !== this.shownQuery) this.adopt(location.href);
    });
    this.list.onShow((id) => {
      showMap(true);
      this.map?.show(id);
    });
  }

  async start() {
    this.store.set({ ranks: readRanks(document) }, "page");
    offerCopying();
    offerMap();
    this.keepLanguageLink();
    try {
      this.map = new MapView(await loadKarta(), this.store, readView(location.hash));
    } catch (error) {
      noteMissingMap();
      throw error;
    }
    this.map.setCards(this.list.cards());
    this.map.karta.plots.setMatches(this.store.state.ranks);
    this.map.followInAddress();
  }

  /**
   * Search for what the form holds now.
   * @param {"push" | "replace"} how whether the back button shall lead back to the search before
   * @param {{ isFinal?: boolean }} [options] final: a refusal is shown beside its field at once
   */
  async seek(how, { isFinal = how === "push" } = {}) {
    clearTimeout(this.pause);
    const form = needForm();
    if (!form) return;
    const query = queryOf(/** @type {Iterable<[string, unknown]>} */ (new FormData(form)));
    const address = `${location.pathname}${query ? `?${query}` : ""}`;
    if (address === location.pathname + this.shownQuery && !isFinal) return;
    await this.whileBusy(async () => {
      const answer = await this.search.answer(address);
      if (!answer) return;
      this.remember(address, how);
      this.put(answer);
    }, isFinal ? address : null);
  }

  /**
   * Show the page of another address without leaving this one: the form, the list and the title are swapped.
   * @param {string} address
   * @param {{ how?: "push" | null }} [options]
   */
  async adopt(address, { how = null } = {}) {
    await this.whileBusy(async () => {
      const found = await this.search.page(address);
      if (!found) return;
      const { page } = found;
      if (how) this.remember(found.address, how);
      this.shownQuery = location.search;
      swap(".say", page);
      swapNeed(page);
      this.put({
        list_html: page.getElementById("results")?.innerHTML ?? "",
        title: page.title,
        status: page.getElementById("result-status")?.textContent ?? "",
        map_toggle: page.getElementById("map-toggle")?.textContent ?? "",
        ranks: rowsOf(page),
      });
    }, null);
  }

  /** @param {import("./search.js").Answer} answer */
  put(answer) {
    this.list.replace(answer.list_html);
    document.title = answer.title;
    setText("result-status", answer.status ?? answer.title);
    for (const [key, count] of Object.entries(answer.live_counts ?? {})) {
      const place = document.querySelector(`[data-count="${CSS.escape(key)}"]`);
      if (place) place.textContent = count;
    }
    for (const [name, html] of Object.entries(answer.notes ?? {})) {
      const place = document.querySelector(`[data-note="${CSS.escape(name)}"]`);
      if (place) place.innerHTML = html; // rendered by the server
    }
    if (answer.map_toggle) nameToggle(answer.map_toggle);
    this.store.set({ ranks: ranksOf(answer.ranks), hovered: null }, "page");
    this.map?.setCards(this.list.cards());
    this.keepLanguageLink();
  }

  /**
   * Do something that takes the server, the old list dimmed meanwhile.
   * @param {() => Promise<void>} work
   * @param {string | null} refusedTo where to learn why, when the server refuses
   */
  async whileBusy(work, refusedTo) {
    const mine = (this.busy = Symbol("one search"));
    this.list.setBusy(true);
    const slow = setTimeout(() => setText("result-status", text("searching")), SLOW);
    try {
      await work();
    } catch (error) {
      if (error instanceof Refused && refusedTo) return void (await this.adopt(refusedTo, { how: "push" }));
      if (!(error instanceof Refused)) setText("result-status", text("search_failed"));
    } finally {
      clearTimeout(slow);
      if (this.busy === mine) this.list.setBusy(false);
    }
  }

  /**
   * @param {string} address
   * @param {"push" | "replace"} how
   */
  remember(address, how) {
    const url = new URL(address, location.href);
    const whole = url.pathname + url.search + location.hash;
    if (url.search === location.search || how === "replace") history.replaceState(null, "", whole);
    else history.pushState(null, "", whole);
    this.shownQuery = location.search;
  }

  /** Follow a link to another search on this page without loading the page again. @param {MouseEvent} event */
  follow(event) {
    const link = event.target instanceof Element ? event.target.closest("main a[href]") : null;
    if (!(link instanceof HTMLAnchorElement) || event.defaultPrevented || event.button !== 0) return;
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || link.hasAttribute("download")) return;
    const url = new URL(link.href);
    if (url.origin !== location.origin || url.pathname !== location.pathname || url.hash) return;
    event.preventDefault();
    this.adopt(link.href, { how: "push" }).then(() => document.getElementById("results-heading")?.focus());
  }

  /** Keep search and view when the visitor changes the language. */
  keepLanguageLink() {
    const link = document.querySelector("[data-language-link]");
    if (!(link instanceof HTMLAnchorElement)) return;
    const url = new URL(link.href);
    url.search = location.search;
    link.href = url.href;
  }
}

/** @returns {HTMLFormElement | null} */
function needForm() {
  return /** @type {HTMLFormElement | null} */ (document.getElementById("need-form"));
}

/** @param {EventTarget | null} target */
function isInForm(target) {
  return target instanceof Element && Boolean(target.closest("#need-form"));
}

/** Put a part of another page in place. @param {string} selector @param {Document} page */
function swap(selector, page) {
  const [old, fresh] = [document.querySelector(selector), page.querySelector(selector)];
  if (old && fresh) old.replaceChildren(...fresh.childNodes);
}

/**
 * Put another page's form in place, open or closed as it was, the focus where it was.
 * @param {Document} page
 */
function swapNeed(page) {
  const [old, fresh] = [document.querySelector(".need"), page.querySelector(".need")];
  if (!old || !fresh) return;
  const wasOpen = old.querySelector("#need-box")?.hasAttribute("open");
  const focused = document.activeElement?.id;
  old.replaceChildren(...fresh.childNodes);
  if (wasOpen) old.querySelector("#need-box")?.setAttribute("open", "");
  const errors = old.querySelector("#fel");
  if (errors instanceof HTMLElement) errors.focus();
  else if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
}

/** @param {Document} page @returns {import("./search.js").RankRow[] | null} */
function rowsOf(page) {
  const block = page.getElementById("page-answer");
  return block ? (JSON.parse(block.textContent || "{}")?.ranks ?? null) : null;
}

/** @param {Document} page */
function readRanks(page) {
  return ranksOf(rowsOf(page));
}

/** @param {string} id @param {string} words */
function setText(id, words) {
  const element = document.getElementById(id);
  if (element) element.textContent = words;
}

function offerCopying() {
  const button = document.getElementById("copy-link");
  if (!button || !navigator.clipboard) return;
  const name = button.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const copied = await navigator.clipboard.writeText(location.href).then(
      () => true,
      () => false,
    );
    button.textContent = text(copied ? "link_copied" : "link_not_copied");
    setText("result-status", button.textContent);
    setTimeout(() => (button.textContent = name), 4000);
  });
}

/** The button that shows the map on a phone, where the list stands first. */
function offerMap() {
  const button = document.getElementById("map-toggle");
  if (!button) return;
  button.hidden = false;
  nameToggle(button.textContent ?? "");
  button.addEventListener("click", () => showMap(!document.body.classList.contains("shows-map")));
}

/** @param {boolean} shown */
function showMap(shown) {
  const button = document.getElementById("map-toggle");
  if (!button) return;
  document.body.classList.toggle("shows-map", shown);
  button.setAttribute("aria-expanded", String(shown));
  nameToggle(button.dataset.name ?? "");
}

/** @param {string} name what the button says while the list is shown */
function nameToggle(name) {
  const button = document.getElementById("map-toggle");
  if (!button) return;
  button.dataset.name = name;
  button.textContent = document.body.classList.contains("shows-map") ? text("show_list") : name;
}

function noteMissingMap() {
  const frame = document.querySelector(".map-frame");
  if (!frame) return;
  const note = document.createElement("p");
  note.className = "map-loading";
  note.setAttribute("role", "alert");
  note.textContent = text("map_failed");
  frame.append(note);
}

/** A plot's own page: the small map shows where it lies. @param {HTMLElement} place */
async function startPlotMap(place) {
  const store = new Store();
  try {
    const [lat, lon] = [Number(place.dataset.lat), Number(place.dataset.lon)];
    const view = new MapView(await loadKarta(), store, { zoom: 15, lat, lon });
    view.outlineOnly(Number(place.dataset.plotMap));
  } catch (error) {
    noteMissingMap();
    throw error;
  }
}

const results = document.getElementById("results");
const plotMap = document.querySelector("[data-plot-map]");
if (results) await new SearchPage(results).start();
else if (plotMap instanceof HTMLElement) await startPlotMap(plotMap);
