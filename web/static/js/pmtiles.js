// A PMTiles file (version 3) read by HTTP range requests: header and root directory first, then a tile or a leaf
// directory at a time. Source: https://github.com/protomaps/PMTiles/blob/main/spec/v3/spec.md

/** Header and root directory lie within the first 16 KiB (spec, 4). */
const FIRST_BYTES = 16_384;
const HEADER_BYTES = 127;
const GZIP = 2;
const MOST_LEAVES = 64;
const MOST_TILES = 256;

/** @typedef {{ id: number, offset: number, length: number, run: number }} Entry */
/**
 * @typedef {object} Header
 * @property {number} rootOffset @property {number} rootLength
 * @property {number} metadataOffset @property {number} metadataLength
 * @property {number} leavesOffset @property {number} tilesOffset
 * @property {number} innerCompression @property {number} tileCompression
 * @property {number} minZoom @property {number} maxZoom
 */

export class Archive {
  /** @param {string} url */
  constructor(url) {
    this.url = url;
    /** @type {Promise<{ header: Header, root: Entry[], etag: string | null }> | null} */
    this.opening = null;
    /** @type {Map<number, Promise<Entry[]>>} */
    this.leaves = new Map();
    /** @type {Map<string, Promise<ArrayBuffer>>} the tiles asked for last: two layers show parts of the same */
    this.tiles = new Map();
  }

  /** Header and root directory, asked for once. */
  open() {
    this.opening ??= this.readHead();
    this.opening.catch(() => (this.opening = null));
    return this.opening;
  }

  async readHead() {
    const { bytes, etag } = await this.range(0, FIRST_BYTES);
    const header = readHeader(bytes);
    const root = bytes.slice(header.rootOffset, header.rootOffset + header.rootLength);
    return { header, root: readDirectory(await unpacked(root, header.innerCompression)), etag };
  }

  /** @returns {Promise<any>} the JSON that tells what the file holds */
  async metadata() {
    const { header } = await this.open();
    const { bytes } = await this.range(header.metadataOffset, header.metadataLength);
    return JSON.parse(new TextDecoder().decode(await unpacked(bytes, header.innerCompression)));
  }

  /**
   * A tile's bytes, unpacked; none where the file has no such tile.
   * @param {number} z @param {number} x @param {number} y
   * @returns {Promise<ArrayBuffer>}
   */
  tile(z, x, y) {
    const key = `${z}/${x}/${y}`;
    const known = this.tiles.get(key);
    if (known) return known;
    const asked = this.readTile(z, x, y);
    keep(this.tiles, key, asked, MOST_TILES);
    asked.catch(() => this.tiles.delete(key));
    return asked;
  }

  /** @param {number} z @param {number} x @param {number} y @returns {Promise<ArrayBuffer>} */
  async readTile(z, x, y) {
    const { header, root } = await this.open();
    if (z < header.minZoom || z > header.maxZoom) return new ArrayBuffer(0);
    const id = tileId(z, x, y);
    let entries = root;
    // A leaf may point to leaves in turn, three levels at most (spec, 4).
    for (let depth = 0; depth < 4; depth++) {
      const entry = findEntry(entries, id);
      if (!entry) return new ArrayBuffer(0);
      if (entry.run > 0) {
        const { bytes } = await this.range(header.tilesOffset + entry.offset, entry.length);
        return unpacked(bytes, header.tileCompression);
      }
      entries = await this.leaf(header, entry);
    }
    throw new Error(`${this.url}: its directories lead in a circle`);
  }

  /** @param {Header} header @param {Entry} entry @returns {Promise<Entry[]>} */
  leaf(header, entry) {
    const known = this.leaves.get(entry.offset);
    if (known) return known;
    const asked = this.range(header.leavesOffset + entry.offset, entry.length).then(async ({ bytes }) =>
      readDirectory(await unpacked(bytes, header.innerCompression)),
    );
    keep(this.leaves, entry.offset, asked, MOST_LEAVES);
    asked.catch(() => this.leaves.delete(entry.offset));
    return asked;
  }

  /**
   * A piece of the file. A file that was replaced meanwhile is refused: its directories are other ones.
   * @param {number} offset @param {number} length
   */
  async range(offset, length) {
    const reply = await fetch(this.url, { headers: { range: `bytes=${offset}-${offset + length - 1}` } });
    if (reply.status === 200) throw new Error(`${this.url}: this server answers no range requests`);
    if (reply.status !== 206) throw new Error(`${this.url}: ${reply.status}`);
    const etag = reply.headers.get("etag");
    const first = offset === 0 ? null : await this.opening;
    if (first && first.etag && etag && first.etag !== etag) {
      throw new Error(`${this.url}: the file was replaced while it was read; load the page again`);
    }
    return { bytes: await reply.arrayBuffer(), etag };
  }
}

/**
 * @template K, V
 * @param {Map<K, V>} map @param {K} key @param {V} value @param {number} most
 */
function keep(map, key, value, most) {
  map.set(key, value);
  if (map.size > most) map.delete(/** @type {K} */ (map.keys().next().value));
}

/** @param {ArrayBuffer} bytes @returns {Header} */
export function readHeader(bytes) {
  const view = new DataView(bytes);
  const magic = bytes.byteLength >= HEADER_BYTES ? String.fromCharCode(...new Uint8Array(bytes, 0, 7)) : "";
  if (magic !== "PMTiles" || view.getUint8(7) !== 3) throw new Error("this is no PMTiles file of version 3");
  const number = (/** @type {number} */ at) => Number(view.getBigUint64(at, true));
  return {
    rootOffset: number(8), rootLength: number(16), metadataOffset: number(24), metadataLength: number(32),
    leavesOffset: number(40), tilesOffset: number(56),
    innerCompression: view.getUint8(97), tileCompression: view.getUint8(98),
    minZoom: view.getUint8(100), maxZoom: view.getUint8(101),
  };
}

/** @param {ArrayBuffer} bytes @param {number} compression @returns {Promise<ArrayBuffer>} */
async function unpacked(bytes, compression) {
  if (compression !== GZIP || bytes.byteLength === 0) return bytes;
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).arrayBuffer();
}

/**
 * The lines of a directory (spec, 4.2): numbers as differences, runs, lengths, offsets (0: right after the one before).
 * @param {ArrayBuffer} bytes
 * @returns {Entry[]}
 */
export function readDirectory(bytes) {
  const next = varints(new Uint8Array(bytes));
  const count = next();
  /** @type {Entry[]} */
  const entries = Array.from({ length: count }, () => ({ id: 0, offset: 0, length: 0, run: 0 }));
  let id = 0;
  for (const entry of entries) entry.id = id += next();
  for (const entry of entries) entry.run = next();
  for (const entry of entries) entry.length = next();
  entries.forEach((entry, i) => {
    const told = next();
    entry.offset = told === 0 && i > 0 ? entries[i - 1].offset + entries[i - 1].length : told - 1;
  });
  return entries;
}

/** @param {Uint8Array} bytes @returns {() => number} reads one number after the other; exact up to 2**53 */
function varints(bytes) {
  let at = 0;
  return () => {
    let [value, scale] = [0, 1];
    for (;;) {
      if (at >= bytes.length) throw new Error("a directory ends too early");
      const byte = bytes[at++];
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 128;
    }
  };
}

/**
 * The line that holds a tile: its own, one whose run reaches to it, or one that points to a leaf.
 * @param {readonly Entry[]} entries @param {number} id
 * @returns {Entry | null}
 */
export function findEntry(entries, id) {
  let [low, high] = [0, entries.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (entries[middle].id <= id) low = middle + 1;
    else high = middle - 1;
  }
  const entry = entries[high];
  if (!entry) return null;
  return entry.run === 0 || id < entry.id + entry.run ? entry : null;
}

/**
 * The number of a tile: zoom after zoom, along the Hilbert curve within each (spec, 4.1).
 * @param {number} z at most 26, or the number would not be exact
 * @param {number} x @param {number} y
 */
export function tileId(z, x, y) {
  let id = (4 ** z - 1) / 3;
  for (let side = 2 ** (z - 1); side >= 1; side /= 2) {
    const [right, down] = [x & side ? 1 : 0, y & side ? 1 : 0];
    id += side * side * ((3 * right) ^ down);
    if (down === 0) {
      if (right === 1) [x, y] = [side - 1 - (x & (side - 1)), side - 1 - (y & (side - 1))];
      else [x, y] = [x & (side - 1), y & (side - 1)];
      [x, y] = [y, x];
    } else {
      [x, y] = [x & (side - 1), y & (side - 1)];
    }
  }
  return id;
}
