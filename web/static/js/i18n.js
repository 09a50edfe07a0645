// The few texts that only the script says, and numbers as the page's language writes them. Everything else
// comes from the server.

const TEXTS = {
  sv: {
    searching: "Söker…",
    search_failed: "Sökningen gick inte igenom. Listan visar den förra sökningen.",
    loading: "Kartan laddas …",
    tiles_failed: "Delar av kartan kunde inte hämtas.",
    retry: "Försök igen",
    map_failed: "Kartan kunde inte visas. Listan innehåller allt som kartan visar.",
    show_list: "Visa listan",
    link_copied: "Länken är kopierad",
    link_not_copied: "Länken gick inte att kopiera. Den står i webbläsarens adressfält.",
    selected_plot: "Vald tomt",
    plot_missing: "Tomten kunde inte hämtas.",
    close: "Stäng",
    ranked: "Plats {rank} av {total}",
    no_matches: "Sökningen har inga träffar att stega mellan.",
    outside_search: "utanför sökningen",
    backgrounds: "Bakgrund",
    background_own: "Enkel karta (landbanks egen)",
    background_from: "{name} (bilderna hämtas då från {host})",
    help: "Tangenter i kartan",
    help_arrows: "Flytta kartan",
    help_zoom: "Zooma in och ut",
    help_next: "Nästa träff",
    help_previous: "Förra träffen",
    help_enter: "Öppna den valda tomten",
    help_escape: "Avmarkera tomten",
    help_help: "Visa den här hjälpen",
    key_arrows: "Piltangenterna",
    key_escape: "Esc",
    area_ha: "{number} ha",
    motorway_junction: "Motorvägsmot",
    rail_terminal: "Järnvägsterminal",
    port: "Hamn",
    airport: "Flygplats",
    letter_motorway_junction: "M",
    letter_rail_terminal: "J",
    letter_port: "H",
    letter_airport: "F",
    baked_failed: "Kartan kunde inte läsas ur filen {file}: {reason}",
    baked_shown: "{shown} av {total} tomter i listan",
    baked_plot: "Tomt {id}",
    map_failed_drawing: "Kartan kunde inte visas. Skriv hörnen i listan i stället.",
    outline_drawing: "Klicka ut hörnen. Enter sätter ett hörn i kartans mitt, Esc eller dubbelklick avslutar.",
    outline_drawn: "Ritandet är avslutat.",
    outline_corner: "Hörn {number}",
    outline_removed: "Hörnet är borttaget.",
    outline_empty: "Inget är ritat ännu.",
    outline_numbers: "{area} m² i kartplanet, omkrets {length} m, {corners} hörn. Arean på ellipsoiden räknas när du sparar.",
    outline_line: "{corners} punkter, {length} m",
    outline_edges: "Hörn {number}: sidorna är {before} m och {after} m, ytan {area} m²",
    outline_crosses: "Gränsen korsar sig själv.",
    outline_corners: "En yta behöver minst tre hörn.",
    outline_not_two: "Rad {line}: skriv två tal, nord och öst, i stället för ”{said}”.",
    outline_order: "Rad {line}: {said} är ingen plats i SWEREF 99 TM. Skriv nord och öst i meter, till exempel 6398667 319000.",
    outline_hole_first: "Rad {line}: ett hål måste stå efter den yta som det ligger i.",
  },
  en: {
    searching: "Searching…",
    search_failed: "The search did not go through. The list shows the search before it.",
    loading: "Loading the map …",
    tiles_failed: "Parts of the map could not be fetched.",
    retry: "Try again",
    map_failed: "The map could not be shown. The list holds all that the map shows.",
    show_list: "Show list",
    link_copied: "The link is copied",
    link_not_copied: "The link could not be copied. It stands in the browser's address bar.",
    selected_plot: "Selected plot",
    plot_missing: "The plot could not be fetched.",
    close: "Close",
    ranked: "Rank {rank} of {total}",
    no_matches: "The search has no matches to step through.",
    outside_search: "outside the search",
    backgrounds: "Background",
    background_own: "Plain map (landbank's own)",
    background_from: "{name} (pictures then come from {host})",
    help: "Keys in the map",
    help_arrows: "Move the map",
    help_zoom: "Zoom in and out",
    help_next: "Next match",
    help_previous: "Previous match",
    help_enter: "Open the selected plot",
    help_escape: "Unselect the plot",
    help_help: "Show this help",
    key_arrows: "Arrow keys",
    key_escape: "Esc",
    area_ha: "{number} ha",
    motorway_junction: "Motorway junction",
    rail_terminal: "Rail terminal",
    port: "Port",
    airport: "Airport",
    letter_motorway_junction: "M",
    letter_rail_terminal: "R",
    letter_port: "P",
    letter_airport: "A",
    baked_failed: "The map could not be read from the file {file}: {reason}",
    baked_shown: "{shown} of {total} plots in the list",
    baked_plot: "Plot {id}",
    map_failed_drawing: "The map could not be shown. Write the corners in the list instead.",
    outline_drawing: "Click the corners. Enter sets a corner in the middle of the map, Esc or a double click ends.",
    outline_drawn: "Drawing has ended.",
    outline_corner: "Corner {number}",
    outline_removed: "The corner is removed.",
    outline_empty: "Nothing is drawn yet.",
    outline_numbers: "{area} m² in the map plane, perimeter {length} m, {corners} corners. The area on the ellipsoid is computed when you save.",
    outline_line: "{corners} points, {length} m",
    outline_edges: "Corner {number}: its sides are {before} m and {after} m, the area {area} m²",
    outline_crosses: "The outline crosses itself.",
    outline_corners: "An area needs at least three corners.",
    outline_not_two: "Line {line}: write two numbers, north and east, in place of “{said}”.",
    outline_order: "Line {line}: {said} is no place in SWEREF 99 TM. Write north and east in metres, as 6398667 319000.",
    outline_hole_first: "Line {line}: a hole must stand after the area that it lies in.",
  },
};

/** @typedef {keyof typeof TEXTS.sv} Key */
/** @typedef {"sv" | "en"} Lang */

/** @returns {Lang} the page's language */
export function pageLanguage() {
  return document.documentElement.lang.startsWith("en") ? "en" : "sv";
}

/**
 * A text in a language, its {places} filled in.
 * @param {Lang} lang
 * @param {Key} key
 * @param {Record<string, string | number>} [values]
 */
export function textIn(lang, key, values = {}) {
  return TEXTS[lang][key].replace(/\{(\w+)\}/g, (place, name) => String(values[name] ?? place));
}

/**
 * A text in the page's language.
 * @param {Key} key
 * @param {Record<string, string | number>} [values]
 */
export function text(key, values) {
  return textIn(pageLanguage(), key, values);
}

/**
 * Hectares with two digits under 2 ha, one under 100 ha, none above: as the server writes them.
 * @param {Lang} lang
 * @param {number} area_m2
 */
export function hectares(lang, area_m2) {
  const number = area_m2 / 10_000;
  const maximumFractionDigits = number < 2 ? 2 : number < 100 ? 1 : 0;
  const locale = lang === "sv" ? "sv-SE" : "en-GB";
  return textIn(lang, "area_ha", { number: number.toLocaleString(locale, { maximumFractionDigits }) });
}

/** The keys of both languages, for the test that neither lacks one. */
export function keysOf(/** @type {Lang} */ lang) {
  return Object.keys(TEXTS[lang]);
}
