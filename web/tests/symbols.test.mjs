// Symbols, clusters and texts: what must differ does, and what must add up does.
import assert from "node:assert/strict";
import { test } from "node:test";
import { clusterRadius, gather, shortCount } from "../static/js/clusters.js";
import { hectares, keysOf, textIn } from "../static/js/i18n.js";
import { SYMBOLS, symbolOf } from "../static/js/symbols.js";

test("every label differs from every other by pattern and by mark, not by colour alone", () => {
  const symbols = Object.values(SYMBOLS);
  assert.equal(symbols.length, 7);
  assert.equal(new Set(symbols.map((symbol) => symbol.pattern)).size, 7);
  assert.equal(new Set(symbols.map((symbol) => symbol.mark)).size, 7);
});

test("a label that nobody knows is drawn as not yet available", () => {
  assert.equal(symbolOf("vet ej"), SYMBOLS.kommande);
});

/** @param {number} x @param {number} y @param {number} count @returns {import("../static/js/geometry.js").TileFeature} */
const cell = (x, y, count) => ({
  kind: "cluster", rings: [], x, y, box: [x, y, x, y], properties: { count, area: count * 1000, available: 1 },
});

test("gathered clusters hold every plot once, and none leaves its bin", () => {
  const gathered = gather([cell(2, 2, 3), cell(6, 2, 1), cell(34, 2, 10), cell(254, 254, 5)]);
  assert.deepEqual(gathered.map((cluster) => cluster.properties.count), [4, 10, 5]);
  assert.deepEqual(gathered.map((cluster) => cluster.properties.area), [4000, 10000, 5000]);
  for (const { x, y, properties } of gathered) {
    const radius = clusterRadius(Number(properties.count));
    assert.ok(x % 32 >= radius && x % 32 <= 32 - radius, `x ${x} radius ${radius}`);
    assert.ok(y % 32 >= radius && y % 32 <= 32 - radius, `y ${y} radius ${radius}`);
  }
});

test("counts fit their disc", () => {
  assert.deepEqual([7, 999, 1000, 12_900, 3_200_000].map(shortCount), ["7", "999", "1k", "12k", "3M"]);
});

test("both languages have the same texts", () => {
  assert.deepEqual(keysOf("sv").sort(), keysOf("en").sort());
});

test("areas have a decimal comma in Swedish", () => {
  assert.equal(hectares("sv", 34_600), "3,5 ha");
  assert.equal(hectares("en", 34_600), "3.5 ha");
  assert.equal(hectares("sv", 4_520), "0,45 ha");
});

test("places in a text are filled in", () => {
  assert.equal(textIn("sv", "ranked", { rank: 2, total: 40 }), "Plats 2 av 40");
});
