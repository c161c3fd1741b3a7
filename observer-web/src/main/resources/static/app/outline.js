import { isFailure } from './words.js';

/**
 * The course of a job: its runs, its sheets and what failed, which reaches further back than what the timeline has
 * loaded. It is made of few events, and of the newest of these only, should they be many.
 */

export const OUTLINE_GLOBS = 'job.*,sheet.*,*.failed,observer.process_exited,operation.observed';
const MOST = 4000;
const MOST_SHOWN = 100;
const BEGINS = new Set(['job.started', 'job.resuming']);
const ENDS = { 'job.completed': 'completed', 'job.failed': 'failed', 'job.cancelled': 'cancelled' };

export class Outline {
  constructor() {
    this.clear();
  }

  clear() {
    this.marks = [];
    this.failureCount = 0;
    this.isPartial = false;
    this.drawn = null;
  }

  /** Events in any order; those that tell nothing of the course are left out. */
  take(events, keyOf) {
    const fresh = events.filter((event) => isFailure(event) || event.event.startsWith('job.') || event.event.startsWith('sheet.'));
    if (!fresh.length) return;
    const isInOrder = keyOf(fresh[0].id) > (this.marks.at(-1)?.key ?? -1);
    for (const event of fresh) {
      if (isFailure(event)) this.failureCount++;
      this.marks.push({ key: keyOf(event.id), event });
    }
    if (!isInOrder) this.marks.sort((a, b) => a.key - b.key);
    if (this.marks.length > MOST) {
      this.marks.splice(0, MOST / 4);
      this.isPartial = true;
    }
    this.drawn = null;
  }

  /** Runs and failures: the newest hundred, newest first. */
  get runs() {
    return this.draw().runs;
  }

  get sheets() {
    return this.draw().sheets;
  }

  get failures() {
    return this.draw().failures;
  }

  draw() {
    if (this.drawn) return this.drawn;
    const runs = [];
    const sheets = new Map();
    const failures = [];
    for (const { event } of this.marks) {
      if (BEGINS.has(event.event)) begin(runs, event);
      else if (event.event in ENDS) end(runs, event);
      else if (event.event.startsWith('sheet.')) mark(sheets, event);
      if (isFailure(event)) failures.push(event);
    }
    this.drawn = {
      runs: runs.slice(-MOST_SHOWN).reverse(),
      sheets: [...sheets.values()].sort((a, b) => a.number - b.number),
      failures: failures.slice(-MOST_SHOWN).reverse(),
    };
    return this.drawn;
  }
}

/** A run that never told its end was over at the latest when the next began. */
function begin(runs, event) {
  const last = runs.at(-1);
  if (last && !last.to) Object.assign(last, { to: event, state: 'abandoned' });
  runs.push({ from: event, state: 'running' });
}

function end(runs, event) {
  const last = runs.at(-1);
  const state = ENDS[event.event];
  if (last && !last.to) Object.assign(last, { to: event, state });
  else runs.push({ from: event, to: event, state });
}

function mark(sheets, event) {
  const number = event.sheet_num;
  const word = event.event.slice('sheet.'.length);
  let sheet = sheets.get(number);
  if (!sheet || word === 'started') {
    sheet = { number, name: '', from: event };
    sheets.set(number, sheet);
  }
  if (typeof event.data?.name === 'string') sheet.name = event.data.name;
  sheet.state = word === 'started' ? 'running' : word;
  sheet.to = word === 'completed' || word === 'failed' || word === 'cancelled' ? event : null;
}
