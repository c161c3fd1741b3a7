import { html, useEffect, useRef } from '../vendor/htm-preact.js';
import { getJson, idOf, matcher, range } from './api.js';
import { Head, StateMark, mount, nextTheme, onKeys, useHelp } from './chrome.js';
import { Connection } from './connection.js';
import { EventDetails, copyCurl } from './event-details.js';
import { EventStore, MAX_EVENTS } from './event-store.js';
import { FileActivity, Files } from './files.js';
import { Filters } from './filters.js';
import { Histogram } from './histogram.js';
import { History } from './history.js';
import { Job } from './job-model.js';
import { span, stamp } from './time.js';
import { texts } from './texts.js';
import { Timeline } from './timeline.js';
import { describe } from './words.js';

/** The page at `/jobs/{job}`. */

const jobId = decodeURIComponent(location.pathname.slice('/jobs/'.length));
document.title = `${jobId} · ${texts.title}`;

const store = new EventStore();
const activity = new FileActivity();
const timeline = new Timeline({
  store,
  onNearTop: () => loadOlder(),
  onSelect: (event) => select(event),
  onMoved: () => draw(),
});
const histogram = new Histogram({
  onJump: (time) => jump(time),
  onRange: (chosen) => filter({ range: chosen }),
});

let job = null;
let history = null;
let waiting = [];
let query = '';
let tab = 'event';
let problem = null;
let loading = false;
let help;
let picked = null;
let dirty = true;

const connection = new Connection({
  job: jobId,
  onStart: (cursor, again) => start(cursor, again),
  onEvents: (events) => receive(events),
  onGap: (gap) => missed(gap),
  onChange: () => draw(),
});
const draw = mount(() => html`<${JobPage} />`);
requestAnimationFrame(paint);

/** The list follows what came, at most once a frame. */
function paint() {
  if (dirty) {
    dirty = false;
    timeline.update();
  }
  requestAnimationFrame(paint);
}

function changed() {
  dirty = true;
  draw();
}

async function start(cursor, again) {
  if (again) {
    // Another log: what is here stays to be read, the new log's events come behind it.
    store.beginLife();
    job?.refresh(await summary() ?? { ...job, last_id: 0 });
    history = null;
    return;
  }
  await load(cursor);
  await openLinked();
  if (job) countFailures();
}

async function summary() {
  try {
    return await getJson(`/v1/jobs/${encodeURIComponent(jobId)}`);
  } catch (error) {
    if (error.status !== 404) throw error;
    return null;
  }
}

/** The newest of the job up to a cursor; what comes live waits so long. */
async function load(cursor) {
  waiting ??= [];
  problem = null;
  store.clear();
  try {
    const said = await summary();
    if (said) {
      if (job) job.refresh(said);
      else job = new Job(said);
      history = new History(jobId, store, query, Math.min(idOf(cursor), said.last_id));
      loading = true;
      await history.older();
      store.items.forEach((event) => job.notice(event, event.timestamp));
    }
  } catch (error) {
    problem = { text: texts.loadFailed(error.message), again: () => load(connection.state.cursor) };
  }
  loading = false;
  release();
  timeline.follow();
  changed();
}

function release() {
  const events = waiting ?? [];
  waiting = null;
  receive(events);
}

function receive(events) {
  if (waiting) {
    waiting.push(...events);
    return;
  }
  if (!events.length) return;
  if (!job) {
    const [first] = events;
    job = new Job({
      job_id: jobId, state: 'unknown', events: 0, first_timestamp: first.timestamp, last_timestamp: first.timestamp,
      last_id: first.id - 1, last_event: first.event,
    });
  }
  const now = Date.now() / 1000;
  events.forEach((event) => job.apply(event, now));
  const wanted = query ? matcher(query) : () => true;
  store.append(query ? events.filter((event) => wanted(event.event)) : events);
  changed();
}

async function countFailures() {
  const { events } = await range(jobId, 1, job.lastId, { event: '*.failed', most: 10_000 });
  job.failures = Math.max(job.failures, events.length);
  draw();
}

async function loadOlder(all = false) {
  if (!history || history.done || loading || store.isFull || !store.reachesBack) return;
  loading = true;
  draw();
  try {
    await history.older(all);
  } catch (error) {
    problem = { text: texts.loadFailed(error.message), again: () => { problem = null; loadOlder(all); } };
  }
  loading = false;
  changed();
}

/** Back to a time, or with 0 to the beginning: loads until it is here, or until the page is full. */
async function jump(time) {
  while (history && !history.done && !store.isFull && (store.first?.timestamp ?? Infinity) > time) {
    const before = store.items.length;
    await loadOlder(true);
    if (problem || store.items.length === before) break;
  }
  timeline.update();
  dirty = false;
  timeline.jumpTo(time);
  draw();
}

function missed(gap) {
  gap.load = () => recover(gap);
  store.addGap(gap);
  changed();
}

async function recover(gap) {
  gap.status = texts.loadingThem;
  draw();
  try {
    const found = await range(jobId, gap.from, gap.to, { event: query, most: MAX_EVENTS / 4 });
    store.fillGap(gap, found.events);
    gap.status = found.events.length ? texts.loaded(found.events.length) : found.gap ? texts.nothingLeft : texts.noneHere;
    const said = await summary();
    if (said) job?.refresh(said);
  } catch (error) {
    gap.status = texts.loadFailed(error.message);
  }
  changed();
}

/** What the server can filter by, it does: other globs mean to load anew, unless all of the job is here. */
async function filter(change) {
  store.filterBy(change).then(changed);
  changed();
  const { glob, families } = store.filter;
  const asked = globsOf(glob, families);
  if (asked === query) return;
  const complete = history?.done && !query && !store.trimmed;
  if (complete || matcher(asked) === null) return;
  query = asked;
  await load(connection.state.cursor);
}

function globsOf(glob, families) {
  if (glob.trim()) return matcher(glob) ? glob.split(',').map((g) => g.trim()).filter(Boolean).join(',') : query;
  if (!families.size || families.has('other')) return '';
  const names = { file: 'observer.file_*', process: 'observer.process_*' };
  return [...families].map((family) => names[family] ?? `${family}.*`).join(',');
}

function select(event) {
  picked = event;
  if (event) {
    tab = 'event';
    window.history.replaceState(null, '', `#${event.id}`);
  } else {
    window.history.replaceState(null, '', location.pathname);
  }
  draw();
}

/** The event that the address names: found in the list, loading back for it, or shown alone. */
async function openLinked() {
  const id = Number(location.hash.slice(1));
  if (!Number.isSafeInteger(id) || id < 1) return;
  try {
    const event = history && await history.one(id);
    if (!event) {
      problem = { text: texts.eventNotFound(id) };
    } else {
      while (!history.done && !store.isFull && store.first?.id > id) await history.older(true);
      timeline.update();
      const here = store.view[timeline.indexOf(store.keyOf(id))];
      if (here?.id === id) {
        timeline.follows = false;
        timeline.select(here, true);
      } else {
        picked = event;
        problem = { text: texts.eventAlone };
      }
    }
  } catch (error) {
    problem = { text: texts.loadFailed(error.message) };
  }
  changed();
}
addEventListener('hashchange', openLinked);

function JobPage() {
  help = useHelp();
  if (job) histogram.show(store.items, job.first, job.last, history?.done);
  return html`
    <${Head} connection=${connection} keys=${texts.helpKeys.job} help=${help}>
      <h1><bdi>${jobId}</bdi></h1>
      <${Result} />
    <//>
    ${problem && html`<div class="missed" role="alert">${problem.text}
      ${problem.again && html`<button onClick=${problem.again}>${texts.tryAgain}</button>`}
      <button class="plain" onClick=${() => { problem = null; draw(); }}>${texts.dismiss}</button></div>`}
    <main class="jobpage" data-live=${String(connection.isLive)} data-detail=${String(!!picked || tab === 'files')}>
      <${Host} element=${histogram.element} />
      <${Filters} store=${store} lanes=${timeline.lanes} change=${filter} histogram=${histogram} tab=${tab}
        showFiles=${() => { tab = tab === 'files' ? 'event' : 'files'; draw(); }} />
      <section class="list" aria-label=${texts.timeline} aria-busy=${loading}>
        <${Beginning} />
        <${Host} element=${timeline.element} />
        ${!store.view.length && html`<p class="empty">${store.isFiltered && store.items.length ? texts.nothingMatches
          : loading || !connection.state.epoch ? texts.loading : job ? texts.nothingMatches : texts.unknownJob}</p>`}
        ${!timeline.follows && html`
          <button class="below" onClick=${() => timeline.follow()}>↓ ${timeline.unseen ? texts.newBelow(timeline.unseen) : texts.follow}</button>`}
      </section>
      <${Side} />
    </main>`;
}

function Result() {
  if (!job) return null;
  const outcome = job.finished && job.outcome;
  return html`
    <${StateMark} state=${job.state} />
    <span class="facts">
      ${outcome && outcome.data && html`<bdi class="outcome">${describe(outcome)}</bdi>`}
      <span title=${stamp(job.first)}>${span(job.duration(connection.now))}</span>
      <span>${texts.events(job.events)}</span>
      ${job.failures > 0 && html`<span class="bad">${texts.failures(job.failures)}</span>`}
      ${job.workspace && html`<span class="workspace" title=${job.workspace}>${job.workspace}</span>`}
    </span>`;
}

/** What stands before the oldest row. */
function Beginning() {
  const said = loading ? texts.older : store.isFull || store.trimmed ? texts.full(MAX_EVENTS)
    : history?.done && timeline.element.scrollTop < 100 ? (history.reason === 'log' ? texts.beginningOfLog : texts.beginning) : '';
  return said && html`<p class="beginning" role="status">${said}</p>`;
}

function Side() {
  const close = () => { tab = 'event'; timeline.select(null); };
  return html`
    <aside class="side" aria-label=${tab === 'files' ? texts.filesPanel : texts.eventPanel}>
      <div class="tabs">
        ${['event', 'files'].map((name) => html`
          <button key=${name} aria-pressed=${tab === name} onClick=${() => { tab = name; draw(); }}>
            ${name === 'event' ? texts.eventPanel : texts.filesPanel}</button>`)}
        <button class="plain shut" onClick=${close} aria-label=${texts.close}>✕</button>
      </div>
      <div class="sidebody" tabindex="0" role="region" aria-label=${tab === 'files' ? texts.filesPanel : texts.eventPanel}>
        ${tab === 'files'
          ? html`<${Files} activity=${activity} store=${store} now=${Date.now() / 1000} picked=${store.filter.path}
              onPick=${(path) => filter({ path: store.filter.path === path ? '' : path })} />`
          : picked ? html`<${EventDetails} key=${picked.id} event=${picked} job=${jobId} />`
          : html`<p class="quiet pad">${texts.pick}</p>`}
      </div>
    </aside>`;
}

/** A place for an element that draws itself. */
function Host({ element }) {
  const host = useRef();
  useEffect(() => { host.current.append(element); }, []);
  return html`<div class="host" ref=${host}></div>`;
}

onKeys({
  '/': () => document.querySelector('.filters input').focus(),
  j: () => timeline.move(1),
  k: () => timeline.move(-1),
  ArrowDown: (e) => (e.target === timeline.element ? timeline.move(1) : false),
  ArrowUp: (e) => (e.target === timeline.element ? timeline.move(-1) : false),
  g: () => jump(0),
  Home: () => jump(0),
  G: () => timeline.follow(),
  End: () => timeline.follow(),
  f: () => timeline.follow(),
  c: () => picked && copyCurl(jobId, picked),
  o: () => location.assign('/'),
  t: nextTheme,
  '?': () => help.toggle(),
  Escape: () => {
    if (picked || tab === 'files') {
      tab = 'event';
      timeline.select(null);
    } else {
      histogram.range = null;
      filter({ families: new Set(), sheets: new Set(), text: '', path: '', glob: '', range: null });
    }
  },
});
