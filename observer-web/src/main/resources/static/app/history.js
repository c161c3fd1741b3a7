import { MOST_BYTES, page, range, sizeOf } from './api.js';

/** A job's past, loaded backwards: the API pages forwards, so it is asked for spans of ids that end where we begin. */

const WANTED = 1500;
const MOST = 5000;

export class History {
  /** @param query globs of event names that the server filters by, or '' */
  constructor(job, query, upTo) {
    Object.assign(this, { job, query, next: upTo, span: 2500, done: upTo < 1, reason: null });
  }

  /** Ends a load that is under way, whose events nobody wants any more. */
  stop() {
    this.done = true;
  }

  /** The next older events, oldest first; with `all`, large steps. After a failure they are still the next. */
  async older(all = false) {
    const { next } = this;
    try {
      return await this.stepBack(all);
    } catch (error) {
      this.next = next;
      throw error;
    }
  }

  async stepBack(all) {
    let found = [];
    const wanted = all ? 3 * WANTED : WANTED;
    while (!this.done && found.length < wanted && sizeOf(found) < MOST_BYTES) {
      const to = this.next;
      const from = Math.max(1, to - this.span + 1);
      const { events, firstId, isCut } = await range(this.job, from, to, { event: this.query, most: MOST });
      this.next = isCut ? events[0].id - 1 : from - 1;
      this.span = Math.round(this.span * (isCut || events.length > 2 * wanted ? 0.5 : events.length < wanted / 2 ? 4 : 1));
      found = events.concat(found);
      if (firstId === null || this.next < firstId) {
        this.done = true;
        this.reason = firstId > 1 ? 'log' : 'job';
      }
    }
    return found;
  }

  /** The one event with an id, wherever it is, or undefined. */
  async one(id) {
    const answer = await page(this.job, id - 1, { limit: 1 });
    return answer.events.find((event) => event.id === id);
  }
}
