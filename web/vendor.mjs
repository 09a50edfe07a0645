// Puts the third-party files that the pages use into static/vendor: Leaflet as it is published, the decoder of
// vector tiles as one classic script that hangs on Leaflet's own name, `L.decodeTile(buffer)`, and the projection of
// the outline editor as a module.
// The versions stand in package-lock.json; the licences go along with the files.
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const web = dirname(fileURLToPath(import.meta.url));
const target = join(web, "static", "vendor");
const require = createRequire(import.meta.url);

const DECODER = `
import { VectorTile } from "@mapbox/vector-tile";
import { PbfReader } from "pbf";
globalThis.L.decodeTile = (buffer) => new VectorTile(new PbfReader(new Uint8Array(buffer)));
`;

// SWEREF 99 TM is the transverse Mercator projection of UTM zone 33 on GRS 80 (EPSG:3006); ETRS89 and WGS 84 are one here.
const PROJECTION = `
import proj4 from "proj4";
const grid = proj4("EPSG:4326", "+proj=utm +zone=33 +ellps=GRS80 +towgs84=0,0,0,0,0,0,0 +units=m +no_defs");
export const toGrid = (lon, lat) => grid.forward([lon, lat]);
export const toLonLat = (east, north) => grid.inverse([east, north]);
`;

/** @param {string} name @param {string} file @returns {string} the file's path inside an installed package */
function inside(name, file) {
  const entry = require.resolve.paths(name)?.map((folder) => join(folder, name)) ?? [];
  return join(entry[0], file);
}

/** @param {string} name @param {string} licence @param {string} as */
async function copyLicence(name, licence, as) {
  const { version } = JSON.parse(await readFile(inside(name, "package.json"), "utf8"));
  const text = await readFile(inside(name, licence), "utf8");
  await writeFile(join(target, "licences", `${as}.txt`), `${name} ${version}\n\n${text}`);
}

await rm(target, { recursive: true, force: true });
await mkdir(join(target, "licences"), { recursive: true });
await mkdir(join(target, "leaflet"));
for (const file of ["leaflet.js", "leaflet.css", "images"]) {
  await cp(inside("leaflet", `dist/${file}`), join(target, "leaflet", file), { recursive: true });
}
const leaflet = join(target, "leaflet", "leaflet.js");
await writeFile(leaflet, (await readFile(leaflet, "utf8")).replace(/\n\/\/# sourceMappingURL=.*\s*$/, "\n"));
await build({
  stdin: { contents: DECODER, resolveDir: web, sourcefile: "decode-tile.js" },
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2022",
  legalComments: "none",
  outfile: join(target, "decode-tile.js"),
});
await build({
  stdin: { contents: PROJECTION, resolveDir: web, sourcefile: "projection.js" },
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  legalComments: "none",
  banner: { js: "// @ts-nocheck" },
  outfile: join(target, "projection.js"),
});
await copyLicence("leaflet", "LICENSE", "leaflet");
await copyLicence("@mapbox/vector-tile", "LICENSE.txt", "mapbox-vector-tile");
await copyLicence("pbf", "LICENSE", "pbf");
await copyLicence("@mapbox/point-geometry", "LICENSE", "mapbox-point-geometry");
await copyLicence("proj4", "LICENSE.md", "proj4");
