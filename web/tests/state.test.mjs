// The page's state: addresses, views, and the order of matches.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Store, momentQuery, neighbour, queryOf, readView, writeView } from "../static/js/state.js";

test("empty fields leave no trace in the address", () => {
  assert.equal(queryOf([["yta_min", "2"], ["yta_max", ""], ["el", "  "]]), "yta_min=2");
});

test("a criterion's strength is kept only where the criterion asks for something", () => {
  const entries = /** @type {[string, string][]} */ ([
    ["yta_min", "2"], ["yta_max", ""], ["yta_krav", "krav"], ["el", ""], ["el_krav", "onskemal"], ["el_vikt", "4"],
  ]);
  assert.equal(queryOf(entries), "yta_min=2&yta_krav=krav");
});

test("a value that is given several times is kept several times, in the form's order", () => {
  assert.equal(queryOf([["kommun", "1480"], ["kommun", "1401"]]), "kommun=1480&kommun=1401");
});

test("a view comes back from its hash", () => {
  assert.equal(writeView({ zoom: 12, lat: 57.712345678, lon: 11.9 }), "#12/57.7123/11.9000");
  assert.deepEqual(readView("#12/57.7123/11.9000"), { zoom: 12, lat: 57.7123, lon: 11.9 });
});

test("a hash that names no view is no view", () => {
  for (const hash of ["", "#results", "#12/57.7", "#12/97.7/11.9", "#99/57.7/11.9", "#12/a/b"]) {
    assert.equal(readView(hash), null, hash);
  }
});

test("stepping goes by rank, and around at the end", () => {
  const ranks = new Map([[30, 3], [10, 1], [20, 2]]);
  assert.equal(neighbour(ranks, null, 1), 10);
  assert.equal(neighbour(ranks, 10, 1), 20);
  assert.equal(neighbour(ranks, 30, 1), 10);
  assert.equal(neighbour(ranks, 10, -1), 30);
  assert.equal(neighbour(ranks, null, -1), 30);
  assert.equal(neighbour(ranks, 99, 1), 10);
  assert.equal(neighbour(null, null, 1), null);
  assert.equal(neighbour(new Map(), 10, 1), null);
});

test("listeners hear what changed, and nothing when nothing did", () => {
  const store = new Store();
  /** @type {[string[], string][]} */
  const heard = [];
  store.subscribe((_state, changed, source) => heard.push([[...changed], source]));
  store.set({ selected: 4 }, "map");
  store.set({ selected: 4 }, "list");
  store.set({ selected: null, hovered: 2 }, "keys");
  assert.deepEqual(heard, [[["selected"], "map"], [["selected", "hovered"], "keys"]]);
});

test("the moment of a page goes on to other addresses, and nothing else of its query", () => {
  assert.equal(momentQuery(""), "");
  assert.equal(momentQuery("?kommun=1480&as_of="), "");
  assert.equal(momentQuery("?kommun=1480&as_of=2026-03-01&valid_on=2026-01-01"), "?as_of=2026-03-01&valid_on=2026-01-01");
  assert.equal(momentQuery("?as_of=2026-03-01T12:00:00%2B01:00"), "?as_of=2026-03-01T12%3A00%3A00%2B01%3A00");
});
