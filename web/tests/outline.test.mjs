// Outlines by hand-made shapes near Göteborg.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  OutlineFault, Steps, area, crossesItself, edgeLengths, inserted, moved, perimeter, readOutline, removed, snapped,
  writeOutline,
} from "../static/js/outline.js";

const [E, N] = [320_000, 6_400_000];
/** @type {import("../static/js/outline.js").Ring} */
const SQUARE = [[E, N], [E + 100, N], [E + 100, N + 50], [E, N + 50]];
/** @type {import("../static/js/outline.js").Ring} */
const HOLE = [[E + 10, N + 10], [E + 20, N + 10], [E + 20, N + 20]];

test("a text in either order gives the same outline", () => {
  const north = `${N} ${E}\n${N} ${E + 100}\n${N + 50} ${E + 100}\n${N + 50} ${E}`;
  const east = `${E} ${N}\n${E + 100} ${N}\n${E + 100}; ${N + 50}\n${E} , ${N + 50}`;
  assert.deepEqual(readOutline(north), [[SQUARE]]);
  assert.deepEqual(readOutline(east), [[SQUARE]]);
});

test("a last corner that repeats the first is not counted twice", () => {
  assert.equal(readOutline(`${writeOutline([[SQUARE]], "sv")}\n${N} ${E}`)[0][0].length, 4);
});

test("holes and further parts survive writing and reading", () => {
  /** @type {import("../static/js/outline.js").Outline} */
  const outline = [[SQUARE, HOLE], [SQUARE.map(([e, n]) => [e + 200, n])]];
  assert.deepEqual(readOutline(writeOutline(outline, "sv")), outline);
  assert.deepEqual(readOutline(writeOutline(outline, "en")), outline);
});

test("a line that is no corner is named", () => {
  assert.throws(() => readOutline(`${N} ${E}\nabc`), (/** @type {OutlineFault} */ fault) => fault.line === 2 && fault.kind === "not_two");
  assert.throws(() => readOutline("57.7 11.9"), (/** @type {OutlineFault} */ fault) => fault.kind === "order");
  assert.throws(() => readOutline("hål"), (/** @type {OutlineFault} */ fault) => fault.kind === "hole_first");
});

test("area leaves holes out, lengths go round", () => {
  assert.equal(area([[SQUARE]]), 5000);
  assert.equal(area([[SQUARE, HOLE]]), 4950);
  assert.deepEqual(edgeLengths(SQUARE), [100, 50, 100, 50]);
  assert.equal(perimeter([[SQUARE]]), 300);
});

test("corners are moved, put in and taken away without touching the outline before", () => {
  const start = [[SQUARE]];
  assert.deepEqual(moved(start, [0, 0, 1], [E + 150, N])[0][0][1], [E + 150, N]);
  assert.deepEqual(inserted(start, [0, 0, 3], [E - 10, N + 25])[0][0].length, 5);
  assert.deepEqual(removed(start, [0, 0, 0])[0][0].length, 3);
  assert.deepEqual(start, [[SQUARE]]);
});

test("a triangle loses its ring with a corner, and a part its holes with its outer ring", () => {
  assert.deepEqual(removed([[SQUARE, HOLE]], [0, 1, 0]), [[SQUARE]]);
  assert.deepEqual(removed([[HOLE, HOLE]], [0, 0, 0]), []);
});

test("a corner snaps to a neighbour's corner before its edge, and not farther than it may", () => {
  assert.deepEqual(snapped([E + 101, N + 1], [SQUARE], 2), [E + 100, N]);
  assert.deepEqual(snapped([E + 101, N + 25], [SQUARE], 2), [E + 100, N + 25]);
  assert.deepEqual(snapped([E + 110, N + 25], [SQUARE], 2), [E + 110, N + 25]);
});

test("a bow tie crosses itself, a square does not", () => {
  assert.equal(crossesItself(SQUARE), false);
  assert.equal(crossesItself([SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3]]), true);
});

test("steps are undone and done again, and a new step forgets what was undone", () => {
  const steps = new Steps([]);
  steps.take([[SQUARE]]);
  assert.deepEqual(steps.undo(), []);
  assert.deepEqual(steps.redo(), [[SQUARE]]);
  steps.undo();
  steps.take([[HOLE]]);
  assert.equal(steps.canRedo, false);
  assert.deepEqual(steps.now, [[HOLE]]);
});
