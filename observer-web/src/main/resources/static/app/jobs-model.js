import { forEachEvent, getJson, idOf, page, pages, sizeOf } from './api.js';
import { History } from './history.js';
import { Job } from './job-model.js';
import { isFailure } from './words.js';

/** All jobs of the server. */

const MOST_HISTORY = 20_000;
const MOST_HISTORY_BYTES = 64 * 1024 * 1024;
const MOST_UNTOLD = 30;
const FAILURE_GLOBS = '*.failed,observer.process_exited,operation.observed';
const FAILURE_PAGES = 10;
const MOST_SOURCES = 50;
const RATE_SECONDS = 600;

export class Jobs {
  constructor() {
    this.byId = new Map();
    this.perSecond = new Map();
    this.sources = new Map();
    this.loaded = false;
    /** Since when every event is counted in rates, in seconds. */
    this.countedFrom = Infinity;
  }

  /** Everything anew, up to a cursor; events after it come live. */
  async load(cursor) {
    this.byId.clear();
    this.sources.clear();
    this.waiting = [];
    const upTo = idOf(cursor);
    try {
      for (const summary of await getJson('/v1/jobs')) this.byId.set(summary.job_id, new Job(summary));
      await this.loadRecent(upTo);
      this.loaded = true;
      this.release();
      await Promise.all([this.countFailures(upTo), this.loadUntold()]);
    } finally {
      this.release();
    }
  }

  /** The last minutes, or as much of them as there may be, newest first. */
  async loadRecent(upTo) {
    const past = new History(null, '', upTo);
    const wanted = Date.now() / 1000 - RATE_SECONDS;
    let found = [];
    const isEnough = () => found.length >= MOST_HISTORY || sizeOf(found) >= MOST_HISTORY_BYTES || found[0]?.timestamp < wanted;
    while (!past.done && !isEnough()) {
      found = (await past.older()).concat(found);
    }
    this.countedFrom = past.done ? 0 : found[0].timestamp;
    forEachEvent(found, (event) => this.notice(event));
  }

  /** What the jobs did last whose newest event is further back. */
  async loadUntold() {
    const untold = this.sorted('').filter((job) => !job.newest).slice(0, MOST_UNTOLD);
    await Promise.all(untold.map(async (job) => {
      const { events } = await page(job.id, job.lastId - 1, { limit: 1 });
      forEachEvent(events, (event) => job.newest || job.notice(event, event.timestamp));
    }));
  }

  release() {
    const waiting = this.waiting ?? [];
    this.waiting = null;
    this.apply(waiting);
  }

  /** Failures of what the log keeps; with very many of them, of its oldest part, and `failuresFrom` is set. */
  async countFailures(upTo) {
    let since = 0;
    for (let i = 0; i < FAILURE_PAGES; i++) {
      const answer = await page(null, since, { event: FAILURE_GLOBS });
      forEachEvent(answer.events, (event) => {
        if (event.id > upTo) return;
        this.countOperation(event);
        if (isFailure(event)) this.failed(event);
      });
      since = idOf(answer.cursor);
      if (!answer.has_more) return;
    }
    this.failuresFrom = since;
  }

  /** Success and failure by source, which the server's figures do not tell apart. */
  countOperation({ event, data }) {
    if (event !== 'operation.observed') return;
    const said = data?.source;
    const isKnown = typeof said === 'string' && (this.sources.has(said) || this.sources.size < MOST_SOURCES);
    const name = isKnown ? said : 'other';
    const source = this.sources.get(name) ?? { name, total: 0, successes: 0, failures: 0 };
    source.total++;
    source[data?.success === true ? 'successes' : 'failures']++;
    this.sources.set(name, source);
  }

  failed(event) {
    const job = this.byId.get(event.job_id);
    if (job) job.failures++;
  }

  /** Live events, at the moment they come. */
  apply(events) {
    if (this.waiting) {
      this.waiting.push(...events);
      return;
    }
    const now = Date.now() / 1000;
    forEachEvent(events, (event) => {
      if (event.job_id) this.jobOf(event).apply(event, now);
      this.countOperation(event);
      this.count(now);
    });
  }

  /** Events that were missed when they came, the newest if they are very many: counted by the server already. */
  async recover(gap) {
    await this.refresh();
    const from = Math.max(gap.from, gap.to - MOST_HISTORY + 1);
    let found = 0;
    for await (const { events } of pages(null, from, gap.to)) {
      forEachEvent(events, (event) => {
        this.notice(event);
        this.countOperation(event);
        if (isFailure(event)) this.failed(event);
      });
      found += events.length;
    }
    return { found, from };
  }

  /** Counts and states as the server has them. */
  async refresh() {
    for (const summary of await getJson('/v1/jobs')) {
      const job = this.byId.get(summary.job_id);
      if (job) job.refresh(summary);
      else this.byId.set(summary.job_id, new Job(summary));
    }
  }

  notice(event) {
    if (event.job_id) this.jobOf(event).notice(event, event.timestamp);
    this.count(event.timestamp);
  }

  jobOf(event) {
    let job = this.byId.get(event.job_id);
    if (!job) {
      job = new Job({
        job_id: event.job_id, state: 'unknown', events: 0, first_timestamp: event.timestamp,
        last_timestamp: event.timestamp, last_id: 0, last_event: event.event,
      });
      this.byId.set(event.job_id, job);
    }
    return job;
  }

  count(at) {
    const second = Math.floor(at);
    this.perSecond.set(second, (this.perSecond.get(second) ?? 0) + 1);
    if (this.perSecond.size > 3000) {
      const old = Date.now() / 1000 - 660;
      for (const key of this.perSecond.keys()) if (key < old) this.perSecond.delete(key);
      if (this.perSecond.size > 3000) this.perSecond.clear();
    }
  }

  /** Events a second over the last ten minutes, oldest first, null where not known, this second left out as it is not over. */
  throughput(now, seconds = RATE_SECONDS) {
    const end = Math.floor(now);
    const times = [];
    const counts = [];
    for (let t = end - seconds; t < end; t++) {
      times.push(t);
      counts.push(this.perSecond.get(t) ?? (t < this.countedFrom ? null : 0));
    }
    return [times, counts];
  }

  /** Running ones first, then by how recently something happened; with a state, those in it only. */
  sorted(search, state = null) {
    const wanted = search.trim().toLowerCase();
    return [...this.byId.values()]
      .filter((job) => !state || job.state === state)
      .filter((job) => !wanted || job.id.toLowerCase().includes(wanted) || String(job.activity).toLowerCase().includes(wanted))
      .sort((a, b) => (b.state === 'running') - (a.state === 'running') || b.lastId - a.lastId);
  }
}
