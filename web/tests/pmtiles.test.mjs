// The reader of PMTiles files: numbers of tiles and directories, as the format's description has them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Archive, findEntry, readDirectory, readHeader, tileId } from "../static/js/pmtiles.js";

test("tiles are numbered zoom after zoom along the Hilbert curve", () => {
  // The examples of the specification, section 4.1.
  assert.equal(tileId(0, 0, 0), 0);
  assert.deepEqual([[1, 0, 0], [1, 0, 1], [1, 1, 1], [1, 1, 0]].map(([z, x, y]) => tileId(z, x, y)), [1, 2, 3, 4]);
  assert.equal(tileId(2, 0, 0), 5);
  assert.equal(tileId(12, 3423, 1763), 19078479);
});

test("a directory's offset of zero means right after the tile before", () => {
  // Three lines: ids 5, 6 and 9; runs 1, 3 and 0; lengths 10, 20 and 300; offsets 0, then twice "right after".
  const bytes = Uint8Array.from([3, 5, 1, 3, 1, 3, 0, 10, 20, 0xac, 0x02, 1, 0, 0]).buffer;
  const entries = readDirectory(bytes);
  assert.deepEqual(entries, [
    { id: 5, run: 1, length: 10, offset: 0 },
    { id: 6, run: 3, length: 20, offset: 10 },
    { id: 9, run: 0, length: 300, offset: 30 },
  ]);
  assert.equal(findEntry(entries, 4), null);
  assert.equal(findEntry(entries, 8)?.id, 6);
  assert.equal(findEntry(entries, 1000)?.id, 9);
  assert.equal(findEntry(entries.slice(0, 2), 9), null);
});

test("a directory that ends too early and a file of another kind are refused", () => {
  assert.throws(() => readDirectory(Uint8Array.from([3, 5]).buffer), /too early/);
  assert.throws(() => readHeader(new ArrayBuffer(200)), /no PMTiles/);
});

test("a server that sends the whole file says so instead of reading it", async () => {
  const known = globalThis.fetch;
  globalThis.fetch = async () => new Response("all of it", { status: 200 });
  await assert.rejects(new Archive("karta.pmtiles").open(), /no range requests/);
  globalThis.fetch = known;
});
