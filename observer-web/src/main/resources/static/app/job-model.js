import { describe, isFailure } from './words.js';

/** A job as the overview and its own page show it: what the server said of it, and what came since. */

const STATES = new Map([
  ['job.started', 'running'], ['job.resuming', 'running'], ['job.completed', 'completed'], ['job.failed', 'failed'],
  ['job.cancelled', 'cancelled'],
]);
export const RATE_BUCKETS = 60;
export const BUCKET_SECONDS = 5;

export class Job {
  constructor(summary) {
    this.id = summary.job_id;
    this.failures = 0;
    this.rate = new Uint32Array(RATE_BUCKETS);
    this.bucket = 0;
    this.refresh(summary);
  }

  /** What `/v1/jobs` says; events up to its `last_id` are counted in it. */
  refresh(summary) {
    this.state = summary.state;
    this.events = summary.events;
    this.first = summary.first_timestamp;
    this.last = summary.last_timestamp;
    this.lastId = summary.last_id;
    this.lastEvent = summary.last_event;
    this.workspace = summary.workspace;
    this.recording = summary.recording;
  }

  get finished() {
    return this.state === 'completed' || this.state === 'failed' || this.state === 'cancelled';
  }

  /** A live event. */
  apply(event, now) {
    if (event.id > this.lastId) {
      this.events++;
      this.lastId = event.id;
      this.last = event.timestamp;
      this.lastEvent = event.event;
      this.state = STATES.get(event.event) ?? this.state;
    }
    if (isFailure(event)) this.failures++;
    this.notice(event, now);
  }

  /** Activity and rate, for an event that is already counted as well. */
  notice(event, at) {
    if (!this.newest || event.id > this.newest.id) {
      this.newest = event;
      this.said = undefined;
      if (STATES.has(event.event)) this.outcome = event;
      if (event.event === 'job.started') this.begun = event.timestamp;
    }
    const bucket = Math.floor(at / BUCKET_SECONDS);
    this.turnTo(bucket);
    const age = this.bucket - bucket;
    if (age >= 0 && age < RATE_BUCKETS) this.rate[RATE_BUCKETS - 1 - age]++;
  }

  turnTo(bucket) {
    const steps = bucket - this.bucket;
    if (steps <= 0) return;
    if (steps < RATE_BUCKETS) this.rate.copyWithin(0, steps);
    this.rate.fill(0, Math.max(0, RATE_BUCKETS - steps));
    this.bucket = bucket;
  }

  get activity() {
    if (!this.newest) return this.lastEvent;
    this.said ??= describe(this.newest);
    return this.said;
  }

  /** From its start, or its first event, to now, or to its last event when it is over; seconds. */
  duration(now) {
    return (this.state === 'running' ? Math.max(now, this.last) : this.last) - (this.begun ?? this.first);
  }
}
