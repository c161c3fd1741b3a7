import { connect } from '/client/observer-events.js';
import { epochOf } from './api.js';

/** The one connection of a page, and what it owes its reader: how alive it is, and what was missed. */
export class Connection {
  constructor({ job, onStart, onEvents, onGap, onChange }) {
    Object.assign(this, { onStart, onEvents, onGap, onChange });
    this.state = { phase: 'connecting' };
    this.gaps = [];
    this.begun = Date.now();
    connect({
      job,
      onEvents: (events, length) => {
        // What the page keeps is bounded in bytes: each event has its share of them.
        const bytes = Math.ceil(length / events.length);
        events.forEach((event) => { event.bytes = bytes; });
        onEvents(events);
      },
      onGap: (gap) => this.miss(gap),
      onState: (state) => this.turn(state),
    });
  }

  turn(state) {
    const known = this.state.epoch;
    const changed = state.phase !== this.state.phase || String(Object.keys(state.away)) !== String(Object.keys(this.state.away ?? {}));
    this.state = state;
    if (state.epoch && state.cursor && known !== state.epoch && epochOf(state.cursor) === state.epoch) {
      this.onStart(state.cursor, known !== undefined);
    }
    if (changed) this.onChange();
  }

  miss(gap) {
    const missed = { ...gap, epoch: this.state.epoch, status: 'open' };
    this.gaps = [...this.gaps.slice(-19), missed];
    this.onGap?.(missed);
    this.onChange();
  }

  dismiss(gap) {
    this.gaps = this.gaps.filter((g) => g !== gap);
    this.onChange();
  }

  /** What to show: the phase, or `away` when the server is there and a source of it is not. */
  get phase() {
    const sources = Object.keys(this.state.away ?? {});
    return this.state.phase === 'live' && sources.length ? 'away' : this.state.phase;
  }

  /** Neither live nor about to be. */
  get isBroken() {
    return ['reconnecting', 'gone', 'busy', 'away'].includes(this.phase);
  }

  get isLive() {
    return this.state.phase === 'live' && !this.isLate;
  }

  /** A live stream whose heartbeat is overdue: its silence means nothing yet, but nothing good either. */
  get isLate() {
    return this.age > 1.5 * (this.state.heartbeat ?? 30);
  }

  /** Seconds since the last frame. */
  get age() {
    return (Date.now() - (this.state.seen ?? this.begun)) / 1000;
  }

  /** Now while live; else the moment that was heard last, so that nothing seems to go on. In seconds. */
  get now() {
    return (this.isLive || !this.state.seen ? Date.now() : this.state.seen) / 1000;
  }
}
