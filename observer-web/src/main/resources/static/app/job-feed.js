import { forEachEvent, getJson, idOf, jobPath, matcher, range } from './api.js';
import { Connection } from './connection.js';
import { EventStore, MAX_EVENTS } from './event-store.js';
import { History } from './history.js';
import { Job } from './job-model.js';
import { OUTLINE_GLOBS, Outline } from './outline.js';
import { texts } from './texts.js';

/** What the page of a job knows of it: what is loaded, what comes live, what was missed; and the ways to more. */

const MOST_MARKS = 4000;

export class JobFeed {
  store = new EventStore(() => this.trimmed());
  outline = new Outline();
  job = null;
  history = null;
  problem = null;
  loading = false;
  query = '';
  waiting = [];
  /** Counts loads: what an older one brings is dropped. */
  turn = 0;
  /** The id that the live stream began at, until what was before it is here. */
  start = null;

  /** `onChange` when anything did, `onLoad` when the newest events are there, `onOpen` when they are for the first time. */
  constructor(id, { onChange, onLoad, onOpen }) {
    Object.assign(this, { id, onChange, onLoad, onOpen });
    this.connection = new Connection({
      job: id,
      onStart: (cursor, again) => (again ? this.beginLife() : this.open(cursor)),
      onEvents: (events) => this.receive(events),
      onGap: (gap) => this.miss(gap),
      onChange,
    });
  }

  async open(cursor) {
    this.start = idOf(cursor);
    await this.load(cursor);
  }

  /** The server began another log: what is here stays to be read, the events of the new log come behind it. */
  async beginLife() {
    this.beginTurn();
    this.loading = false;
    this.start = null;
    this.release();
    this.store.beginLife();
    this.history = null;
    try {
      const said = await this.summary();
      if (said) this.job?.refresh(said);
      else if (this.job) this.job.lastId = 0;
    } catch (error) {
      this.fail(error, () => this.beginLife());
    }
    this.onChange();
  }

  async summary() {
    try {
      return await getJson(jobPath(this.id));
    } catch (error) {
      if (error.status !== 404) throw error;
      return null;
    }
  }

  /** Ends what is being loaded. The answer tells whether the turn that begins is over in its turn. */
  beginTurn() {
    const turn = ++this.turn;
    this.history?.stop();
    return () => turn !== this.turn;
  }

  /** The newest of the job up to a cursor; what comes live waits so long. */
  async load(cursor) {
    const isOver = this.beginTurn();
    this.history = null;
    this.waiting ??= [];
    this.problem = null;
    this.store.clear();
    this.loading = true;
    try {
      await this.loadNewest(idOf(cursor), isOver);
    } catch (error) {
      if (!isOver()) this.fail(error, () => this.load(this.connection.state.cursor));
    }
    if (isOver()) return;
    this.loading = false;
    this.release();
    this.onLoad();
    this.onChange();
    if (this.start !== null) await this.loadRest();
  }

  async loadNewest(upTo, isOver) {
    const said = await this.summary();
    if (!said || isOver()) return;
    if (this.job) this.job.refresh(said);
    else this.job = new Job(said);
    this.history = new History(this.id, this.query, Math.min(upTo, said.last_id));
    const found = await this.history.older();
    if (isOver()) return;
    forEachEvent(found, (event) => this.job.notice(event, event.timestamp));
    await this.store.prepend(found);
  }

  /** What an opened page needs once, behind the first load that brought the newest events. */
  async loadRest() {
    if (this.problem) {
      this.outline.isPartial = true;
      return;
    }
    const { start } = this;
    this.start = null;
    await this.onOpen();
    await this.loadOutline(start);
  }

  release() {
    const events = this.waiting ?? [];
    this.waiting = null;
    this.receive(events);
  }

  receive(events) {
    if (this.waiting) {
      this.waiting.push(...events);
      return;
    }
    if (!events.length) return;
    this.job ??= jobOf(this.id, events[0]);
    const now = Date.now() / 1000;
    forEachEvent(events, (event) => this.job.apply(event, now));
    this.outline.take(events, (id) => this.store.keyOf(id));
    const wanted = this.query && matcher(this.query);
    this.store.append(wanted ? events.filter((event) => wanted(event.event)) : events);
    this.onChange();
  }

  async loadOutline(upTo) {
    if (!this.job) return;
    const past = new History(this.id, OUTLINE_GLOBS, upTo);
    let found = [];
    try {
      while (!past.done && found.length < MOST_MARKS) found = (await past.older(true)).concat(found);
      this.outline.isPartial = !past.done;
      this.outline.take(found, (id) => this.store.keyOf(id));
    } catch (error) {
      this.outline.isPartial = true;
      this.fail(error, () => this.loadOutline(upTo));
    }
    this.onChange();
  }

  get canLoadOlder() {
    return !!this.history && !this.history.done && !this.store.isFull && this.store.reachesBack;
  }

  async loadOlder(all = false) {
    if (!this.canLoadOlder || this.loading) return;
    const { turn, history } = this;
    this.loading = true;
    this.onChange();
    try {
      const found = await history.older(all);
      if (turn === this.turn) await this.store.prepend(found);
    } catch (error) {
      if (turn === this.turn) this.fail(error, () => this.loadOlder(all));
    }
    if (turn !== this.turn) return;
    this.loading = false;
    this.onChange();
  }

  /** The first event here has become another, from which there is a way back again. */
  trimmed() {
    if (!this.waiting) {
      this.beginTurn();
      this.loading = false;
    }
    const { first, reachesBack } = this.store;
    this.history = first && reachesBack ? new History(this.id, this.query, first.id - 1) : null;
    this.onChange();
  }

  /** Loads older events until these reach back far enough, or until the page is full. */
  async loadBack(reachesFarEnough) {
    while (this.canLoadOlder && !reachesFarEnough()) {
      const before = this.history.next;
      await this.loadOlder(true);
      if (this.problem || this.history?.next === before) break;
    }
  }

  miss(gap) {
    gap.load = () => this.recover(gap);
    this.store.addGap(gap);
    // The server has counted what was missed here.
    this.refreshing ??= setTimeout(() => {
      this.refreshing = null;
      this.refresh().then(this.onChange, () => {});
    }, 1000);
    this.onChange();
  }

  async refresh() {
    const said = await this.summary();
    if (said) this.job?.refresh(said);
  }

  /** Exactly the events of a gap. */
  async recover(gap) {
    gap.status = texts.loadingThem;
    this.onChange();
    try {
      if (!this.store.has(gap)) {
        gap.status = texts.gapTooOld;
        return;
      }
      const found = await range(this.id, gap.from, gap.to, { event: this.query, most: MAX_EVENTS / 4 });
      this.store.fillGap(gap, found.events, found.isCut);
      this.outline.take(found.events, (id) => this.store.keyOf(id));
      if (found.isCut) Object.assign(gap, { to: found.events[0].id - 1, dropped: null, status: 'open' });
      else gap.status = found.events.length ? texts.loaded(found.events.length) : found.gap ? texts.nothingLeft : texts.noneHere;
      await this.refresh();
    } catch (error) {
      gap.status = texts.loadFailed(error.message);
    } finally {
      this.onChange();
    }
  }

  /** What the server can filter by, it does: other globs mean to load anew, unless all of the job is here. */
  async filter(change) {
    this.store.filterBy(change).then(this.onChange);
    this.onChange();
    const { glob, families } = this.store.filter;
    const asked = globsOf(glob, families) ?? this.query;
    const isComplete = this.history?.done && !this.query;
    if (asked === this.query || isComplete) return;
    this.query = asked;
    if (this.connection.state.epoch) await this.load(this.connection.state.cursor);
  }

  fail(error, again) {
    this.problem = { text: texts.loadFailed(error.message), again: () => { this.problem = null; again(); } };
  }
}

/** A job of which no more is known than its first event. */
const jobOf = (id, { id: at, event, timestamp }) => new Job({
  job_id: id, state: 'unknown', events: 0, first_timestamp: timestamp, last_timestamp: timestamp, last_id: at - 1, last_event: event,
});

/** Null for a glob that is none. */
function globsOf(glob, families) {
  if (glob.trim()) return matcher(glob) && glob.split(',').map((g) => g.trim()).filter(Boolean).join(',');
  if (!families.size || families.has('other')) return '';
  const names = { file: 'observer.file_*', process: 'observer.process_*' };
  return [...families].map((family) => names[family] ?? `${family}.*`).join(',');
}
