// The list beside a baked map: the plots that the file names, chosen by municipality and label.
import { hectares, pageLanguage, text } from "./i18n.js";

/**
 * @typedef {object} Listed
 * @property {number} plot_id
 * @property {string} name
 * @property {string} municipality
 * @property {string} label
 * @property {number | null} area_m2
 * @property {[number, number] | null} lonlat
 */

/** Entries shown to begin with, and more at a time. */
const PAGE = 100;

export class BakedList {
  /** @param {Listed[]} plots @param {(plot: Listed) => void} chosen */
  constructor(plots, chosen) {
    const { compare } = new Intl.Collator("sv", { numeric: true }); // 2 comes before 10
    this.plots = plots.toSorted((a, b) => compare(a.municipality, b.municipality) || compare(a.name, b.name));
    this.chosen = chosen;
    this.most = PAGE;
    this.list = /** @type {HTMLOListElement} */ (document.getElementById("baked-list"));
    this.status = /** @type {HTMLElement} */ (document.getElementById("baked-status"));
    this.more = /** @type {HTMLButtonElement} */ (document.getElementById("baked-more"));
    this.municipality = /** @type {HTMLSelectElement} */ (document.getElementById("baked-municipality"));
    this.label = /** @type {HTMLSelectElement} */ (document.getElementById("baked-label"));
    this.begin();
  }

  begin() {
    for (const name of new Set(this.plots.map((plot) => plot.municipality))) {
      this.municipality.append(new Option(name, name));
    }
    for (const select of [this.municipality, this.label]) {
      select.addEventListener("change", () => {
        this.most = PAGE;
        this.fill();
      });
    }
    this.more.addEventListener("click", () => {
      this.most += PAGE;
      this.fill();
    });
    this.fill();
  }

  fill() {
    const [municipality, label] = [this.municipality.value, this.label.value];
    const found = this.plots.filter(
      (plot) => (!municipality || plot.municipality === municipality) && (!label || plot.label === label),
    );
    const shown = found.slice(0, this.most);
    this.list.replaceChildren(...shown.map((plot) => this.entry(plot)));
    this.status.textContent = text("baked_shown", { shown: shown.length, total: found.length });
    this.more.hidden = shown.length === found.length;
  }

  /** @param {Listed} plot */
  entry(plot) {
    const [item, button, facts] = ["li", "button", "span"].map((tag) => document.createElement(tag));
    button.setAttribute("type", "button");
    button.textContent = nameOf(plot);
    button.addEventListener("click", () => this.chosen(plot));
    facts.textContent = factsOf(plot);
    item.append(button, facts);
    return item;
  }
}

/** @param {Listed} plot */
export function nameOf(plot) {
  return plot.name || text("baked_plot", { id: plot.plot_id });
}

/** @param {Listed} plot @returns {string} municipality, label and area */
export function factsOf(plot) {
  const words = document.querySelector(`#map-legend [data-label="${CSS.escape(plot.label)}"]`)?.textContent?.trim();
  const area = plot.area_m2 ? hectares(pageLanguage(), plot.area_m2) : null;
  return [plot.municipality, words, area].filter(Boolean).join(" · ");
}
