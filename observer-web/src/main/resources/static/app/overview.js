import { html } from '../vendor/htm-preact.js';
import { Head, Notice, StateMark, mount, onKeys, nextTheme, useHelp } from './chrome.js';
import { Connection } from './connection.js';
import { BUCKET_SECONDS, RATE_BUCKETS } from './job-model.js';
import { Jobs } from './jobs-model.js';
import { Operations } from './operations.js';
import { Throughput } from './throughput.js';
import { ago, span, stamp } from './time.js';
import { texts } from './texts.js';

/** The page at `/`: every job, the server's throughput, observed operations. */

const ROWS = 100;
const jobs = new Jobs();
let search = new URLSearchParams(location.search).get('q') ?? '';
let state = null;
let rows = ROWS;
let problem = null;
let refreshing = null;
let help;

const connection = new Connection({
  onStart: (cursor) => load(cursor),
  onEvents: (events) => { jobs.apply(events); drawSoon(); },
  onGap: (gap) => {
    gap.load = () => recover(gap);
    // The server has counted what was missed here.
    refreshing ??= setTimeout(() => {
      refreshing = null;
      jobs.refresh().then(drawSoon, () => {});
    }, 1000);
  },
  onChange: () => drawSoon(),
});
const { now: draw, soon: drawSoon } = mount(() => html`<${Overview} />`);

async function load(cursor) {
  try {
    problem = null;
    await jobs.load(cursor);
  } catch (error) {
    problem = { text: texts.loadFailed(error.message), again: () => load(connection.state.cursor) };
  }
  draw();
}

async function recover(gap) {
  gap.status = texts.loadingThem;
  draw();
  try {
    const { found, from } = await jobs.recover(gap);
    // The rest of a very long one stays to be loaded.
    if (from > gap.from && found) Object.assign(gap, { to: from - 1, dropped: from - gap.from, status: 'open' });
    else gap.status = found ? texts.loaded(found) : texts.nothingLeft;
  } catch (error) {
    gap.status = texts.loadFailed(error.message);
  }
  draw();
}

function Overview() {
  help = useHelp();
  const found = jobs.sorted(search, state);
  const now = connection.now;
  const running = jobs.sorted('', 'running').length;
  document.title = texts.pageTitle(connection.isBroken ? 'broken' : '', running ? texts.runningJobs(running) : texts.overview);
  return html`
    <${Head} connection=${connection} keys=${texts.helpKeys.overview} help=${help}>
      <h1>${texts.overview}</h1>
    <//>
    ${problem && html`<${Notice} problem=${problem} dismiss=${() => { problem = null; draw(); }} />`}
    <div class="overview" data-live=${String(connection.isLive)}>
      <main class="jobs" aria-busy=${!jobs.loaded}>
        <div class="toolbar">
          <${Summary} />
          <input type="search" aria-label=${texts.search} placeholder=${`${texts.search} (/)`} value=${search}
            onInput=${(e) => { search = e.target.value; rows = ROWS; draw(); }} />
        </div>
        <${JobTable} found=${found} now=${now} />
      </main>
      <aside class="side" aria-label=${texts.operations}>
        <${Throughput} jobs=${jobs} connection=${connection} />
        <${Operations} jobs=${jobs} connection=${connection} />
      </aside>
    </div>`;
}

function Summary() {
  const counts = {};
  for (const job of jobs.byId.values()) counts[job.state] = (counts[job.state] ?? 0) + 1;
  const choose = (name) => { state = state === name ? null : name; rows = ROWS; draw(); };
  return html`
    <div class="summary">
      <strong>${texts.allJobs(jobs.byId.size)}</strong>
      ${Object.keys(texts.state).filter((name) => counts[name] || name === state).map((name) => html`
        <button class="plain state" data-state=${name} key=${name} aria-pressed=${state === name} title=${texts.onlyState(texts.state[name])}
          onClick=${() => choose(name)}><i aria-hidden="true"></i>${texts.count(counts[name] ?? 0, texts.state[name])}</button>`)}
    </div>`;
}

function JobTable({ found, now }) {
  if (!found.length) {
    if (!jobs.loaded) return html`<p class="empty">${texts.loading}</p>`;
    if (jobs.byId.size) return html`<p class="empty">${texts.noJobFound}</p>`;
    return html`
      <div class="empty"><p>${texts.noJobs}</p>
        <pre tabindex="0">${texts.publishExample(location.origin)}</pre></div>`;
  }
  const { columns } = texts;
  return html`
    <table class="joblist">
      <thead><tr>
        <th scope="col">${columns.job}</th><th scope="col" class="rate">${columns.rate}</th>
        <th scope="col" class="num">${columns.events}</th><th scope="col" class="num">${columns.failures}</th>
        <th scope="col" class="num">${columns.duration}</th>
      </tr></thead>
      <tbody>${found.slice(0, rows).map((job) => html`<${JobRow} key=${job.id} job=${job} now=${now} />`)}</tbody>
    </table>
    ${found.length > rows && html`
      <button class="more" onClick=${() => { rows += ROWS; draw(); }}>${texts.showMore(found.length - rows)}</button>`}`;
}

function JobRow({ job, now }) {
  return html`
    <tr data-state=${job.state}>
      <td class="job">
        <div class="name"><${StateMark} state=${job.state} /><a href=${`/jobs/${encodeURIComponent(job.id)}`}>${job.id}</a></div>
        <div class="activity" title=${stamp(job.last)}><span class="when">${ago(Date.now() / 1000 - job.last)}</span>${job.activity}</div>
      </td>
      <td class="rate"><${Sparkline} job=${job} /></td>
      <td class="num events">${job.events.toLocaleString('en')}</td>
      <td class=${`num failures ${job.failures ? 'bad' : 'none'}`}>${job.failures.toLocaleString('en')}${jobs.failuresFrom ? '+' : ''}</td>
      <td class="num duration">${span(job.duration(now))}</td>
    </tr>`;
}

function Sparkline({ job }) {
  job.turnTo(Math.floor(connection.now / BUCKET_SECONDS));
  const peak = Math.max(...job.rate);
  const step = 120 / (RATE_BUCKETS - 1);
  // What was before everything is counted is left blank.
  const begins = connection.now - RATE_BUCKETS * BUCKET_SECONDS;
  const known = Math.min(RATE_BUCKETS - 1, Math.max(0, Math.ceil((jobs.countedFrom - begins) / BUCKET_SECONDS)));
  const points = Array.from(job.rate, (n, i) => `${(i * step).toFixed(1)},${(23 - (22 * n) / Math.max(1, peak)).toFixed(1)}`).slice(known);
  return html`
    <svg class=${`spark ${peak ? '' : 'flat'}`} viewBox="0 0 120 24" width="120" height="24" role="img" aria-label=${texts.rateOf(job.id, peak)}>
      ${peak > 0 && html`<polygon points=${`${(known * step).toFixed(1)},24 ${points.join(' ')} 120,24`} />`}<polyline points=${points.join(' ')} />
    </svg>`;
}

function step(by) {
  const links = [...document.querySelectorAll('.joblist .name a')];
  const at = links.indexOf(document.activeElement);
  links[Math.min(links.length - 1, Math.max(0, at + by))]?.focus();
}

onKeys({
  '/': () => document.querySelector('input[type=search]').focus(),
  j: () => step(1),
  k: () => step(-1),
  t: nextTheme,
  '?': () => help.toggle(),
});
