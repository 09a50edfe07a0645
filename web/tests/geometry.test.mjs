// Plane geometry and decoding of tiles, by hand-made shapes and a tile that our own few lines encode.
import assert from "node:assert/strict";
import { test } from "node:test";
import { VectorTile } from "@mapbox/vector-tile";
import { PbfReader, PbfWriter } from "pbf";
import { distanceToRings, distanceToSegment, featureAt, isInside, readFeatures } from "../static/js/geometry.js";

const SQUARE = Float32Array.from([10, 10, 30, 10, 30, 30, 10, 30]);
const HOLE = Float32Array.from([15, 15, 25, 15, 25, 25, 15, 25]);

/** @param {number} x @param {number} y @param {number} pid @returns {import("../static/js/geometry.js").TileFeature} */
const point = (x, y, pid) => ({ kind: "point", rings: [], x, y, box: [x, y, x, y], properties: { pid } });

/** @param {number} pid @returns {import("../static/js/geometry.js").TileFeature} */
const square = (pid) => ({ kind: "polygon", rings: [SQUARE], x: 20, y: 20, box: [10, 10, 30, 30], properties: { pid } });

test("a point in the square is inside, one in its hole is not", () => {
  assert.equal(isInside([SQUARE, HOLE], 12, 12), true);
  assert.equal(isInside([SQUARE, HOLE], 20, 20), false);
  assert.equal(isInside([SQUARE, HOLE], 31, 20), false);
});

test("distance to a segment counts from its ends and from its middle", () => {
  assert.equal(distanceToSegment(5, 3, 0, 0, 10, 0), 3);
  assert.equal(distanceToSegment(13, 4, 0, 0, 10, 0), 5);
  assert.equal(distanceToSegment(3, 4, 0, 0, 0, 0), 5);
});

test("distance to rings is that to the nearest edge", () => {
  assert.equal(distanceToRings([SQUARE], 34, 20), 4);
});

test("a click inside a polygon finds it, and 8 pixels beside it too, and no farther", () => {
  assert.equal(featureAt([square(1)], 20, 20)?.properties.pid, 1);
  assert.equal(featureAt([square(1)], 38, 20)?.properties.pid, 1);
  assert.equal(featureAt([square(1)], 38.5, 20), null);
});

test("of two plots the nearer is found, and of equals the one drawn last", () => {
  assert.equal(featureAt([point(0, 0, 1), point(5, 0, 2)], 4, 0)?.properties.pid, 2);
  assert.equal(featureAt([point(0, 0, 1), point(0, 0, 2)], 0, 0)?.properties.pid, 2);
});

test("a match wins over a nearer plot that does not match", () => {
  const isPreferred = (/** @type {any} */ feature) => feature.properties.pid === 1;
  assert.equal(featureAt([point(0, 0, 1), point(5, 0, 2)], 4, 0, { isPreferred })?.properties.pid, 1);
});

/** A tile with one layer `plots`: the square (0,0)-(2048,2048) as pid 7, a point at (1024, 4096) as pid 8. */
function fixtureTile() {
  const zigzag = (/** @type {number} */ n) => (n << 1) ^ (n >> 31);
  const squareCommands = [9, 0, 0, 26, ...[2048, 0, 0, 2048, -2048, 0].map(zigzag), 15];
  const pointCommands = [9, zigzag(1024), zigzag(4096)];
  const writer = new PbfWriter();
  writer.writeMessage(3, (_, layer) => {
    layer.writeVarintField(15, 2);
    layer.writeStringField(1, "plots");
    for (const [type, commands, value] of /** @type {[number, number[], number][]} */ ([[3, squareCommands, 0], [1, pointCommands, 1]])) {
      layer.writeMessage(2, (__, feature) => {
        feature.writePackedVarint(2, [0, value]);
        feature.writeVarintField(3, type);
        feature.writePackedVarint(4, commands);
      }, null);
    }
    layer.writeStringField(3, "pid");
    for (const pid of [7, 8]) layer.writeMessage(4, (__, message) => message.writeVarintField(4, pid), null);
    layer.writeVarintField(5, 4096);
  }, null);
  return new VectorTile(new PbfReader(writer.finish()));
}

test("a tile's features come out in pixels, with their properties", () => {
  const [area, place] = readFeatures(fixtureTile().layers.plots, 256);
  assert.equal(area.kind, "polygon");
  assert.deepEqual(area.box, [0, 0, 128, 128]);
  assert.deepEqual([area.x, area.y], [64, 64]);
  assert.equal(area.properties.pid, 7);
  assert.equal(place.kind, "point");
  assert.deepEqual([place.x, place.y], [64, 256]);
});
