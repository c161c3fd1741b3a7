import { html, useEffect, useRef } from '../vendor/htm-preact.js';
import { Head, Notice, StateMark, mount, nextTheme, onKeys, useHelp } from './chrome.js';
import { copyCurl } from './event-details.js';
import { EMPTY_FILTER, MAX_EVENTS } from './event-store.js';
import { Filters } from './filters.js';
import { Histogram } from './histogram.js';
import { JobFeed } from './job-feed.js';
import { Side } from './job-side.js';
import { span, stamp } from './time.js';
import { texts } from './texts.js';
import { Timeline } from './timeline.js';
import { outcomeOf } from './words.js';

/** The page at `/jobs/{job}`. */

const jobId = decodeURIComponent(location.pathname.slice('/jobs/'.length));
const LIST_PAUSE = 60;
/** What the reader looks at: a tab of the side, which event, and on a phone whether the side is open. */
const view = { tab: 'job', picked: null, isOpen: false };
let help;
let dirty = true;
let due = 0;
/** The jump that is under way, if any: whoever goes elsewhere meanwhile does not want to arrive. */
let journey = 0;

const feed = new JobFeed(jobId, {
  onChange: () => changed(),
  onLoad: () => timeline.follow(),
  onOpen: () => openLinked(),
});
const { store, connection } = feed;
const timeline = new Timeline({
  store,
  onNearTop: () => feed.loadOlder(),
  onSelect: (event) => select(event),
  onMoved: () => draw(),
});
const histogram = new Histogram({
  onJump: (time) => jump(time),
  onRange: (range) => change({ range }),
});
const { now: draw, soon: drawSoon } = mount(() => html`<${JobPage} />`);
requestAnimationFrame(paint);

/** The list follows what came, so seldom that a fast stream leaves time for the reader. */
function paint(time) {
  if (dirty && time >= due) {
    dirty = false;
    due = time + LIST_PAUSE;
    timeline.update();
  }
  requestAnimationFrame(paint);
}

function changed() {
  dirty = true;
  drawSoon();
}

function change(filter) {
  feed.filter(filter);
  draw();
}

/** Back to a time, or with 0 to the beginning: loads until it is here, or until the page is full. */
async function jump(time) {
  const mine = ++journey;
  await feed.loadBack(() => mine !== journey || (store.first?.timestamp ?? Infinity) <= time);
  if (mine !== journey) return;
  timeline.update();
  dirty = false;
  timeline.jumpTo(time);
  draw();
}

/** Back until something comes in sight that was not there, or until the page is full. */
async function loadOlder() {
  const mine = ++journey;
  const before = store.countInView;
  await feed.loadBack(() => mine !== journey || store.countInView > before);
  draw();
}

function follow() {
  journey++;
  timeline.follow();
}

function clearFilters() {
  histogram.range = null;
  change(EMPTY_FILTER);
  histogram.paint();
}

function select(event) {
  view.picked = event;
  if (event) show('event');
  window.history.replaceState(null, '', event ? `#${event.id}` : location.pathname);
  draw();
}

function show(tab) {
  view.tab = tab;
  view.isOpen = true;
  draw();
}

function closeSide() {
  Object.assign(view, { tab: 'job', isOpen: false });
  timeline.select(null);
}

/** The event that the address names: found in the list, loading back for it, or shown alone. */
async function openLinked() {
  const id = Number(location.hash.slice(1));
  if (!Number.isSafeInteger(id) || id < 1) return;
  try {
    const event = feed.history && await feed.history.one(id);
    if (!event) {
      feed.problem = { text: texts.eventNotFound(id) };
    } else {
      await feed.loadBack(() => store.first?.id <= id);
      timeline.update();
      const here = store.view[timeline.indexOf(store.keyOf(id))];
      if (here?.id === id) {
        timeline.follows = false;
        timeline.select(here, true);
      } else {
        view.picked = event;
        show('event');
        feed.problem = { text: store.isFiltered ? texts.eventHidden : texts.eventAlone };
      }
    }
  } catch (error) {
    feed.problem = { text: texts.loadFailed(error.message) };
  }
  changed();
}
addEventListener('hashchange', openLinked);

function JobPage() {
  help = useHelp();
  const { job, problem, loading } = feed;
  const isFinished = !!job?.finished;
  document.title = texts.pageTitle(connection.isBroken ? 'broken' : job?.state, jobId);
  const end = job?.state === 'running' ? Math.max(job.last, connection.now) : job?.last;
  timeline.say(beginning());
  if (job) histogram.show(store.items, job.first, end, feed.history?.done);
  return html`
    <${Head} connection=${connection} isFinished=${isFinished} keys=${texts.helpKeys.job} help=${help}>
      <h1><bdi>${jobId}</bdi></h1>
      <${Facts} />
    <//>
    ${problem && html`<${Notice} problem=${problem} dismiss=${() => { feed.problem = null; draw(); }} />`}
    <main class="jobpage" data-live=${String(connection.isLive)} data-known=${String(!!job)} data-detail=${String(view.isOpen)}>
      <${Host} element=${histogram.element} />
      <${Filters} feed=${feed} lanes=${timeline.lanes} change=${change} clear=${clearFilters}
        isOpen=${view.isOpen} onSide=${() => (view.isOpen ? closeSide() : show('job'))} />
      <section class="list" aria-label=${texts.timeline} aria-busy=${loading}>
        <${Host} element=${timeline.element} />
        ${!store.view.length && html`<${Empty} />`}
        ${timeline.isShort && feed.canLoadOlder && !loading && html`<button class="older" onClick=${loadOlder}>${texts.loadOlder}</button>`}
        ${!timeline.follows && html`
          <button class="below" onClick=${follow}>↓ ${timeline.unseen ? texts.newBelow(timeline.unseen) : texts.follow}</button>`}
      </section>
      <${Side} view=${view} feed=${feed} lanes=${timeline.lanes} change=${change} onTab=${show} onClose=${closeSide}
        onPick=${(id) => (location.hash === `#${id}` ? openLinked() : location.assign(`#${id}`))} />
    </main>`;
}

function Facts() {
  const { job, outline } = feed;
  if (!job) return null;
  const outcome = job.finished && job.outcome ? outcomeOf(job.outcome) : '';
  return html`
    <div class="facts">
      <${StateMark} state=${job.state} />
      ${outcome && html`<bdi class="outcome">${outcome}</bdi>`}
      <span title=${stamp(job.begun ?? job.first)}>${span(job.duration(connection.now))}</span>
      <span>${texts.events(job.events)}</span>
      ${outline.failureCount > 0 && html`
        <button class="link bad" onClick=${() => show('job')}>${texts.failures(outline.failureCount, outline.isPartial)}</button>`}
    </div>`;
}

function Empty() {
  if (store.isFiltered && store.items.length) return html`<p class="empty">${texts.nothingMatches}</p>`;
  if (feed.loading || !connection.state.epoch) return html`<p class="empty">${texts.loading}</p>`;
  if (feed.job) return html`<p class="empty">${texts.nothingMatches}</p>`;
  return html`
    <div class="empty"><p>${texts.unknownJob}</p><pre tabindex="0">${texts.runExample(jobId)}</pre></div>`;
}

function beginning() {
  const { history, loading } = feed;
  if (loading) return texts.older;
  if (store.isFull) return texts.full(MAX_EVENTS);
  if (!store.view.length) return '';
  if (!history?.done) return history && !timeline.isShort ? texts.more : '';
  return history.reason === 'log' ? texts.beginningOfLog : texts.beginning;
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
  G: follow,
  End: follow,
  f: follow,
  c: () => view.picked && copyCurl(jobId, view.picked),
  o: () => location.assign('/'),
  t: nextTheme,
  '?': () => help.toggle(),
  Escape: () => (view.picked || view.tab !== 'job' ? closeSide() : clearFilters()),
});
