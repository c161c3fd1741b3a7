// Live events for any page: docs/client-module.md

export function connect({ job, since, heartbeat = 5, shared = true, onEvents, onGap, onState }) {
  const hear = ({ events, gap, state }) => {
    if (events) {
      const text = `[${events}]`;
      onEvents?.(JSON.parse(text), text.length);
    }
    if (gap) onGap?.(gap);
    if (state) onState?.({ ...state });
  };
  const path = `/v1${job ? `/jobs/${encodeURIComponent(job)}` : ''}/events/stream`;
  const own = (from) => new Source(path, from, heartbeat, hear);
  // Else the id before all others would be none.
  if (since === 0) since = '0';
  return (shared && !since && join({ job, heartbeat }, hear, own)) || own(since);
}

/** A place at the worker's connection, or null without workers. */
function join(wish, hear, own) {
  let worker, direct, cursor, slept, silent, lost;
  let state = { heartbeat: wish.heartbeat, away: {} };
  const enter = () => {
    silent = 0;
    worker = new SharedWorker(new URL('observer-events-worker.js', import.meta.url), { type: 'module' });
    worker.onerror = () => { direct ??= own(cursor); };
    worker.port.onmessage = ({ data }) => {
      state = data.state;
      // While it waits for its next try it has nothing to say.
      silent = Math.min(0, (Date.now() - state.retryAt) / 1000 || 0);
      lost = false;
      const now = state.cursor;
      if (slept && now) {
        if (now !== slept) hear({ gap: { reason: 'away', from: idOf(slept) + 1, to: idOf(now), dropped: null } });
        slept = null;
      }
      cursor = now ?? cursor;
      hear(data);
    };
    worker.port.postMessage(wish);
  };
  const leave = () => {
    slept ??= cursor;
    worker.port.postMessage(0);
    worker.port.close();
  };
  // A worker that ends tells nobody. Counted in ticks, as there are none while the page sleeps; longer than it waits itself.
  const watch = setInterval(() => {
    if (direct || ++silent < 2.5 * state.heartbeat + 3) return;
    leave();
    hear({ state: { ...state, phase: 'reconnecting' } });
    if (lost) direct = own(cursor);
    else enter();
    lost = true;
  }, 1000);
  try {
    enter();
  } catch {
    clearInterval(watch);
    return null;
  }
  const left = new AbortController();
  addEventListener('pagehide', leave, left);
  // Out of the browser's cache: nothing was heard.
  addEventListener('pageshow', (event) => event.persisted && !direct && enter(), left);
  const close = () => {
    clearInterval(watch);
    left.abort();
    leave();
    direct?.close();
  };
  return { close };
}

const idOf = (cursor) => +cursor.split('-').pop();

/** One EventSource after another, each from the end of the last. */
export class Source {
  batch = [];
  failures = 0;

  constructor(path, since, heartbeat, tell) {
    Object.assign(this, { path, since, tell, state: { phase: 'connecting', cursor: since, heartbeat, away: {} } });
    // What is silent for two and a half heartbeats is dead.
    this.watch = setInterval(() => performance.now() - this.heard > 2500 * this.state.heartbeat && this.retry(), 1000);
    this.open();
  }

  open() {
    const { cursor, heartbeat } = this.state;
    const from = cursor && { [cursor === this.since ? 'since' : 'last_event_id']: cursor };
    const query = new URLSearchParams({ names: 'off', heartbeat, ...from });
    this.resumes = cursor;
    this.heard = performance.now();
    const stream = this.stream = new EventSource(new URL(`${this.path}?${query}`, import.meta.url));
    stream.onerror = () => (stream.readyState === 2 ? this.refused(stream) : this.retry());
    for (const name in FRAMES) {
      stream.addEventListener(name, ({ data, lastEventId }) => {
        this.heard = performance.now();
        this.state.seen = Date.now();
        if (lastEventId) this.state.cursor = lastEventId;
        FRAMES[name](this, name === 'message' ? data : JSON.parse(data));
      });
    }
  }

  flush() {
    clearTimeout(this.timer);
    this.timer = null;
    if (this.batch[0]) this.tell({ events: this.batch.splice(0), state: this.state });
  }

  set(change, gap) {
    this.flush();
    this.tell({ gap, state: Object.assign(this.state, change) });
  }

  /** No EventSource says why it gave up. 204: all of a finished job was told. */
  async refused(stream) {
    const ask = new AbortController();
    const { status } = await fetch(stream.url, ask).catch(() => ask);
    ask.abort();
    if (stream === this.stream) status === 204 ? this.finish() : this.retry();
  }

  retry(phase, wait) {
    if (!this.stream) return;
    this.stream.close();
    this.stream = null;
    this.failures++;
    wait ??= Math.min(15000, 250 * 2 ** this.failures) * (0.5 + Math.random() / 2);
    phase ??= this.failures > 3 ? 'gone' : 'reconnecting';
    this.set({ phase, retryAt: Date.now() + wait });
    this.again = setTimeout(() => this.open(), wait);
  }

  finish(result) {
    this.set({ phase: 'finished', result });
    this.close();
  }

  close() {
    clearInterval(this.watch);
    clearTimeout(this.again);
    this.stream?.close();
    this.stream = null;
    this.tell = () => {};
  }
}

const FRAMES = {
  message(it, text) {
    it.batch.push(text);
    it.timer ??= setTimeout(() => it.flush(), 40);
  },
  hello(it, { epoch, heartbeat_seconds: heartbeat }) {
    it.failures = 0;
    it.set({ phase: it.resumes ? 'catching-up' : 'live', epoch, heartbeat, away: {} });
  },
  caught_up: (it) => it.set({ phase: 'live' }),
  heartbeat: (it) => it.set(),
  gap: (it, gap) => it.set({}, gap),
  job_finished: (it, end) => it.finish(end.final_status),
  source_disconnected(it, { source, retry_in_seconds: retry }) {
    it.set({ away: { ...it.state.away, [source]: retry } });
  },
  source_connected(it, { source }) {
    delete it.state.away[source];
    it.set();
  },
  bridge_stopped: (it) => it.retry(),
  busy: (it) => it.retry('busy', 10000 * (1 + Math.random())),
};
