// The ranked list: hears pointing, focus and clicks on its cards, and shows what the map points at or selects.

/** @typedef {import("./state.js").Store} Store */
/** @typedef {{ id: number, rank: number | null, lat: number, lon: number, name: string, url: string, fit: string }} Card */

export class List {
  /**
   * @param {HTMLElement} element the element whose content the server renders
   * @param {Store} store
   */
  constructor(element, store) {
    this.element = element;
    this.store = store;
    element.addEventListener("mouseover", (event) => store.set({ hovered: idAt(event.target) }, "list"));
    element.addEventListener("mouseleave", () => store.set({ hovered: null }, "list"));
    element.addEventListener("focusin", (event) => store.set({ hovered: idAt(event.target) }, "list"));
    element.addEventListener("focusout", () => store.set({ hovered: null }, "list"));
    store.subscribe((state, changed, source) => {
      if (changed.has("hovered")) this.mark("is-hovered", state.hovered);
      if (changed.has("selected")) this.select(state.selected, source);
    });
    this.prepare();
  }

  /** @param {(id: number) => void} show what 'show on the map' does */
  onShow(show) {
    this.element.addEventListener("click", (event) => {
      const button = /** @type {Element} */ (event.target).closest("[data-show-on-map]");
      const id = button && idAt(button);
      if (id) show(id);
    });
  }

  /** Put another answer of the server in place. @param {string} html rendered by the server */
  replace(html) {
    this.element.innerHTML = html;
    this.prepare();
    this.mark("is-selected", this.store.state.selected);
  }

  /** Show the buttons that only work with this script. */
  prepare() {
    for (const button of this.element.querySelectorAll("[data-show-on-map]")) button.removeAttribute("hidden");
  }

  /** @returns {Card[]} the cards in their order */
  cards() {
    return [...this.element.querySelectorAll("[data-plot]")].map((element) => cardOf(/** @type {HTMLElement} */ (element)));
  }

  /** @param {number} id @returns {HTMLElement | null} */
  find(id) {
    return this.element.querySelector(`[data-plot="${Number(id)}"]`);
  }

  /** @param {boolean} busy whether an older answer than the form's is shown */
  setBusy(busy) {
    this.element.setAttribute("aria-busy", String(busy));
    this.element.classList.toggle("is-busy", busy);
  }

  /**
   * @param {number | null} id
   * @param {import("./state.js").Source} source
   */
  select(id, source) {
    this.mark("is-selected", id);
    const card = id === null ? null : this.find(id);
    if (card && source !== "list") card.scrollIntoView({ block: "nearest", behavior: scrollBehaviour() });
  }

  /** @param {string} className @param {number | null} id */
  mark(className, id) {
    for (const marked of this.element.querySelectorAll(`.${className}`)) marked.classList.remove(className);
    if (id !== null) this.find(id)?.classList.add(className);
  }
}

/** @param {EventTarget | null} target @returns {number | null} id of the card that it lies in */
function idAt(target) {
  const card = target instanceof Element ? target.closest("[data-plot]") : null;
  return card ? Number(card.getAttribute("data-plot")) : null;
}

/** @param {HTMLElement} element @returns {Card} */
function cardOf(element) {
  const link = element.querySelector("a");
  return {
    id: Number(element.dataset.plot),
    rank: element.dataset.rank ? Number(element.dataset.rank) : null,
    lat: Number(element.dataset.lat),
    lon: Number(element.dataset.lon),
    name: link?.textContent?.trim() ?? "",
    url: link?.href ?? "",
    fit: element.dataset.fit ?? "",
  };
}

/** @returns {ScrollBehavior} */
export function scrollBehaviour() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches ? "instant" : "smooth";
}
