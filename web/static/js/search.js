// The live search: asks the server with the page's own address and puts its answer in place. The server renders
// the list; here nothing is decided about plots.

/** @typedef {[id: number, rank: number, tier: string]} RankRow */
/**
 * @typedef {object} Answer
 * @property {string} list_html
 * @property {string} title
 * @property {string} [status]
 * @property {string} [map_toggle]
 * @property {Record<string, string>} [live_counts]
 * @property {Record<string, string>} [notes] what stands beside each field, as HTML
 * @property {RankRow[] | null} ranks
 */

/** @param {RankRow[] | null | undefined} rows @returns {Map<number, number> | null} rank by plot id */
export function ranksOf(rows) {
  return rows ? new Map(rows.map(([id, rank]) => [id, rank])) : null;
}

/** The server refused what was asked; the page that it renders for the same address says why, beside the field. */
export class Refused extends Error {}

/** Asks for one thing at a time: whoever asks again gives up on what was asked before. */
export class Search {
  constructor() {
    this.abort = new AbortController();
  }

  /**
   * The answer to an address as JSON; null where something newer was asked meanwhile.
   * @param {string} address
   * @returns {Promise<Answer | null>}
   */
  async answer(address) {
    const reply = await this.ask(address, "application/json");
    return reply && reply.json();
  }

  /**
   * The page that the server renders for an address, and the address that it led to; null where something newer was
   * asked meanwhile.
   * @param {string} address
   * @returns {Promise<{ page: Document, address: string } | null>}
   */
  async page(address) {
    const reply = await this.ask(address, "text/html");
    if (!reply) return null;
    return { page: new DOMParser().parseFromString(await reply.text(), "text/html"), address: reply.url };
  }

  /**
   * @param {string} address
   * @param {string} accept
   * @returns {Promise<Response | null>}
   */
  async ask(address, accept) {
    this.abort.abort();
    const mine = (this.abort = new AbortController());
    try {
      const reply = await fetch(address, { headers: { accept }, signal: mine.signal, priority: "high" });
      const isPage = accept === "text/html";
      if (reply.status === 400 && !isPage) throw new Refused(address);
      if (!reply.ok && !(isPage && reply.status === 400)) throw new Error(`${address}: ${reply.status}`);
      return reply;
    } catch (error) {
      if (mine.signal.aborted) return null;
      throw error;
    }
  }
}
