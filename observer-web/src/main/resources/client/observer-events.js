// Live events for any page: docs/client-module.md. All tabs share one connection.
const FRAMES = ['hello', 'caught_up', 'heartbeat', 'gap', 'job_finished', 'source_connected', 'source_disconnected',
  'bridge_stopped', 'busy'];

export function connect({ job, since, heartbeat = 5, shared = true, onEvents, onGap, onState }) {
  const hear = ({ events, gap, state: next }) => {
    if (events) onEvents?.(JSON.parse(`[${events}]`));
    if (gap) onGap?.(gap);
    if (next) onState?.({ ...next });
  };
  const own = (from) => {
    const path = job ? `/v1/jobs/${encodeURIComponent(job)}/events/stream` : '/v1/events/stream';
    return new Source(path, from, heartbeat, hear);
  };
  const live = (shared && !since && join({ job, heartbeat }, hear, own)) || own(since);
  return { close: () => live.close() };
}

/** A place at the worker's connection, or nothing without workers. */
function join(wish, hear, own) {
  let worker, direct, cursor, slept;
  const enter = () => {
    worker = new SharedWorker(new URL('observer-events-worker.js', import.meta.url), { type: 'module', name: 'observer-events' });
    worker.onerror = () => { direct ??= own(cursor); };
    worker.port.onmessage = ({ data }) => {
      const now = data.state.cursor;
      if (slept && now) {
        if (now !== slept) hear({ gap: { reason: 'away', from: idOf(slept) + 1, to: idOf(now), dropped: null } });
        slept = null;
      }
      cursor = now;
      hear(data);
    };
    worker.port.postMessage(wish);
  };
  const leave = () => {
    slept = cursor;
    worker.port.postMessage(0);
  };
  try {
    enter();
  } catch {
    return null;
  }
  const left = new AbortController();
  addEventListener('pagehide', leave, left);
  // Back from the browser's cache, where nothing was heard.
  addEventListener('pageshow', (event) => event.persisted && enter(), left);
  return {
    close() {
      left.abort();
      leave();
      direct?.close();
    },
  };
}

const idOf = (cursor) => +cursor.split('-').pop();

/** One EventSource after the other, each from where the last one ended. */
export class Source {
  batch = [];
  failures = 0;

  constructor(path, cursor = null, heartbeat, tell) {
    Object.assign(this, { path, tell, state: { phase: 'connecting', cursor, heartbeat, away: {} } });
    this.watch = setInterval(() => this.check(), 1000);
    this.open();
  }

  open() {
    const { cursor, heartbeat } = this.state;
    const url = new URL(this.path, import.meta.url);
    url.search = new URLSearchParams({ names: 'off', heartbeat, ...(cursor && { since: cursor }) });
    this.resumes = cursor;
    this.heard = Date.now();
    this.stream = new EventSource(url);
    this.stream.onerror = () => this.retry();
    this.stream.onmessage = (frame) => {
      this.take(frame);
      this.batch.push(frame.data);
      this.timer ??= setTimeout(() => this.flush(), 40);
    };
    for (const name of FRAMES) {
      this.stream.addEventListener(name, (frame) => {
        this.flush();
        this.take(frame);
        this[name](JSON.parse(frame.data));
      });
    }
  }

  take({ lastEventId }) {
    this.state.seen = this.heard = Date.now();
    if (lastEventId) this.state.cursor = lastEventId;
  }

  flush() {
    clearTimeout(this.timer);
    this.timer = null;
    if (this.batch.length) this.tell({ events: this.batch.splice(0), state: this.state });
  }

  set(change) {
    this.flush();
    this.tell({ state: Object.assign(this.state, change) });
  }

  hello({ epoch, version, heartbeat_seconds: heartbeat }) {
    this.failures = 0;
    const phase = this.resumes ? 'catching-up' : 'live';
    this.set({ phase, epoch, version, heartbeat, retryAt: null, away: {} });
  }

  caught_up() { this.set({ phase: 'live' }); }

  heartbeat() { this.set(); }

  gap(gap) { this.tell({ gap, state: this.state }); }

  job_finished({ final_status: result }) {
    this.set({ phase: 'finished', result });
    this.close();
  }

  source_connected({ source }) {
    const { [source]: _, ...away } = this.state.away;
    this.set({ away });
  }

  source_disconnected({ source, retry_in_seconds: retry }) {
    this.set({ away: { ...this.state.away, [source]: retry } });
  }

  bridge_stopped() { this.retry(); }

  busy() { this.retry('busy', 10000 + Math.random() * 10000); }

  /** What is silent for two and a half heartbeats is dead. */
  check() {
    if (Date.now() - this.heard > this.state.heartbeat * 2500) this.retry();
  }

  retry(phase, wait) {
    if (!this.stream) return;
    this.stop();
    this.failures++;
    wait ??= Math.min(15000, 250 * 2 ** this.failures) * (0.5 + Math.random() / 2);
    this.set({ phase: phase ?? (this.failures > 3 ? 'gone' : 'reconnecting'), retryAt: Date.now() + wait });
    this.again = setTimeout(() => this.open(), wait);
  }

  stop() {
    this.stream?.close();
    this.stream = null;
  }

  close() {
    clearInterval(this.watch);
    clearTimeout(this.again);
    this.stop();
  }
}
