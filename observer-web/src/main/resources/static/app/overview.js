import { html } from '../vendor/htm-preact.js';
import { Head, StateMark, mount, onKeys, nextTheme, useHelp } from './chrome.js';
import { Connection } from './connection.js';
import { RATE_BUCKETS } from './job-model.js';
import { Jobs } from './jobs-model.js';
import { Operations } from './operations.js';
import { Throughput } from './throughput.js';
import { ago, span, stamp } from './time.js';
import { texts } from './texts.js';

/** The page at `/`: every job, the server's throughput, observed operations. */

const ROWS = 100;
const jobs = new Jobs();
let search = new URLSearchParams(location.search).get('q') ?? '';
let rows = ROWS;
let problem = null;
let help;

const connection = new Connection({
  onStart: (cursor) => load(cursor),
  onEvents: (events) => { jobs.apply(events); draw(); },
  onGap: (gap) => { gap.load = () => recover(gap); },
  onChange: () => draw(),
});
const draw = mount(() => html`<${Overview} />`);

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
    const found = await jobs.recover(gap);
    gap.status = found ? texts.loaded(found) : texts.nothingLeft;
  } catch (error) {
    gap.status = texts.loadFailed(error.message);
  }
  draw();
}

function Overview() {
  help = useHelp();
  const found = jobs.sorted(search);
  const now = connection.now;
  return html`
    <${Head} connection=${connection} keys=${texts.helpKeys.overview} help=${help}>
      <h1>${texts.overview}</h1>
    <//>
    ${problem && html`<div class="missed" role="alert">${problem.text} <button onClick=${problem.again}>${texts.tryAgain}</button></div>`}
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
  return html`
    <p class="summary">
      <strong>${texts.allJobs(jobs.byId.size)}</strong>
      ${Object.keys(texts.state).filter((state) => counts[state] && state !== 'unknown').map((state) => html`
        <span class="state" data-state=${state} key=${state}><i aria-hidden="true"></i>${texts.count(counts[state], texts.state[state])}</span>`)}
    </p>`;
}

function JobTable({ found, now }) {
  if (!found.length) {
    if (!jobs.loaded) return html`<p class="empty">${texts.loading}</p>`;
    if (jobs.byId.size) return html`<p class="empty">${texts.noJobFound}</p>`;
    return html`
      <div class="empty"><p>${texts.noJobs}</p>
        <pre tabindex="0">curl -H 'Content-Type: application/json' ${location.origin}/v1/events \\
  -d '{"job_id":"build-7","event":"job.started"}'</pre></div>`;
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
  job.turnTo(Math.floor(connection.now / 5));
  const peak = Math.max(...job.rate);
  if (!peak) return html`<span class="flat" aria-hidden="true"></span>`;
  const step = 120 / (RATE_BUCKETS - 1);
  const points = Array.from(job.rate, (n, i) => `${(i * step).toFixed(1)},${(23 - (22 * n) / peak).toFixed(1)}`);
  return html`
    <svg class="spark" viewBox="0 0 120 24" width="120" height="24" role="img" aria-label=${texts.rateOf(job.id, peak)}>
      <polygon points=${`0,24 ${points.join(' ')} 120,24`} /><polyline points=${points.join(' ')} />
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
