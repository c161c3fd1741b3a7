import { getJson, idOf, page, range } from './api.js';
import { Job } from './job-model.js';
import { isFailure } from './words.js';

/** All jobs of the server. */

const HISTORY = 2000;
const FAILURE_GLOBS = '*.failed,observer.process_exited,operation.observed';
const FAILURE_PAGES = 10;
const MOST_SOURCES = 50;

export class Jobs {
  constructor() {
    this.byId = new Map();
    this.perSecond = new Map();
    this.sources = new Map();
    this.loaded = false;
  }

  /** Everything anew, up to a cursor; events after it come live. */
  async load(cursor) {
    this.byId.clear();
    this.sources.clear();
    this.waiting = [];
    const upTo = idOf(cursor);
    try {
      for (const summary of await getJson('/v1/jobs')) this.byId.set(summary.job_id, new Job(summary));
      const { events } = await range(null, upTo - HISTORY + 1, upTo);
      events.forEach((event) => this.notice(event));
      this.loaded = true;
      this.release();
      await this.countFailures(upTo);
    } finally {
      this.release();
    }
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
      for (const event of answer.events) {
        if (event.id > upTo) break;
        this.countOperation(event);
        if (isFailure(event)) this.failed(event);
      }
      since = idOf(answer.cursor);
      if (!answer.has_more) return;
    }
    this.failuresFrom = since;
  }

  /** Success and failure by source, which the server's figures do not tell apart. */
  countOperation({ event, data }) {
    if (event !== 'operation.observed') return;
    const name = this.sources.has(data.source) || this.sources.size < MOST_SOURCES ? String(data.source) : 'other';
    const source = this.sources.get(name) ?? { name, total: 0, successes: 0, failures: 0 };
    source.total++;
    source[data.success === true ? 'successes' : 'failures']++;
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
    for (const event of events) {
      if (event.job_id) this.jobOf(event).apply(event, now);
      this.countOperation(event);
      this.count(now);
    }
  }

  /** Events that were missed when they came: counted by the server already. */
  async recover({ from, to }) {
    const [{ events }, summaries] = await Promise.all([range(null, from, to), getJson('/v1/jobs')]);
    for (const summary of summaries) {
      const job = this.byId.get(summary.job_id);
      if (job) job.refresh(summary);
      else this.byId.set(summary.job_id, new Job(summary));
    }
    for (const event of events) {
      this.notice(event);
      this.countOperation(event);
      if (isFailure(event)) this.failed(event);
    }
    return events.length;
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

  /** Events a second over the last ten minutes, oldest first, this second left out as it is not over. */
  throughput(now, seconds = 600) {
    const end = Math.floor(now);
    const times = [];
    const counts = [];
    for (let t = end - seconds; t < end; t++) {
      times.push(t);
      counts.push(this.perSecond.get(t) ?? 0);
    }
    return [times, counts];
  }

  /** Running ones first, then by how recently something happened. */
  sorted(search) {
    const wanted = search.trim().toLowerCase();
    return [...this.byId.values()]
      .filter((job) => !wanted || job.id.toLowerCase().includes(wanted) || String(job.activity).toLowerCase().includes(wanted))
      .sort((a, b) => (b.state === 'running') - (a.state === 'running') || b.lastId - a.lastId);
  }
}
