// The small card of the selected plot in a corner of the map; at the foot of it on a phone. Every text goes in
// as text.
import { hectares, pageLanguage, text } from "./i18n.js";
import { plotPage } from "./plot-source.js";

export class MapCard {
  /**
   * @param {HTMLElement} frame the element around the map
   * @param {() => void} closed
   */
  constructor(frame, closed) {
    this.element = document.createElement("div");
    this.element.className = "map-card";
    this.element.hidden = true;
    this.element.setAttribute("role", "group");
    this.element.setAttribute("aria-label", text("selected_plot"));
    this.name = document.createElement("a");
    this.facts = document.createElement("p");
    this.place = document.createElement("p");
    this.place.className = "map-card-rank";
    const heading = document.createElement("p");
    heading.className = "map-card-name";
    heading.append(this.name);
    this.element.append(heading, this.facts, this.place, closeButton(closed));
    frame.append(this.element);
  }

  /**
   * @param {import("geojson").Feature} plot
   * @param {string} rank where it stands in the search, in words; empty when nothing was asked
   */
  show(plot, rank) {
    const lang = pageLanguage();
    this.name.href = plotPage(Number(plot.id), lang);
    this.name.textContent = nameOf(plot);
    this.facts.textContent = factsOf(plot);
    this.place.textContent = rank;
    this.place.hidden = rank === "";
    this.element.hidden = false;
  }

  hide() {
    this.element.hidden = true;
  }
}

/** @param {() => void} closed */
function closeButton(closed) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "map-card-close";
  button.setAttribute("aria-label", text("close"));
  button.textContent = "×";
  button.addEventListener("click", closed);
  return button;
}

/** @param {import("geojson").Feature} plot */
export function nameOf(plot) {
  const { name, reference } = plot.properties ?? {};
  return String(name ?? reference ?? plot.id);
}

/** @param {import("geojson").Feature} plot @returns {string} municipality, label and area */
export function factsOf(plot) {
  const facts = plot.properties ?? {};
  const area = Number(facts.area_m2);
  return [
    facts.municipality_name ?? facts.municipality,
    labelText(facts.label),
    area > 0 ? hectares(pageLanguage(), area) : null,
  ]
    .filter(Boolean)
    .join(" · ");
}

/** @param {unknown} label @returns {string} the label's words, as the legend has them */
function labelText(label) {
  const entry = document.querySelector(`#map-legend [data-label="${CSS.escape(String(label))}"]`);
  return entry?.textContent?.trim() ?? "";
}
