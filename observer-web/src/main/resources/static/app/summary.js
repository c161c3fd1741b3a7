import { html } from '../vendor/htm-preact.js';
import { StateMark } from './chrome.js';
import { ago, dayClock, span, stamp } from './time.js';
import { texts } from './texts.js';
import { describe, outcomeOf, visible } from './words.js';

/** A job at a glance: how it stands, what it does now, what failed, its runs and sheets. */
export function Summary({ feed, lanes, onPick }) {
  const { job, outline, connection } = feed;
  if (!job) return html`<p class="quiet pad">${texts.pick}</p>`;
  const { fields } = texts;
  const outcome = job.finished && job.outcome ? outcomeOf(job.outcome) : '';
  return html`
    <div class="glance">
      <dl>
        <div><dt>${fields.state}</dt><dd><${StateMark} state=${job.state} /> <bdi>${outcome}</bdi></dd></div>
        ${!job.finished && html`<div><dt>${fields.latest}</dt><dd title=${stamp(job.last)}><span class="quiet">${ago(Date.now() / 1000 - job.last)}</span> <bdi>${job.activity}</bdi></dd></div>`}
        <div><dt>${fields.started}</dt><dd title=${stamp(job.begun ?? job.first)}>${dayClock(job.begun ?? job.first)}</dd></div>
        ${job.finished && html`<div><dt>${fields.ended}</dt><dd title=${stamp(job.last)}>${dayClock(job.last)} <span class="quiet">${ago(Date.now() / 1000 - job.last)}</span></dd></div>`}
        <div><dt>${job.finished ? fields.took : fields.runs}</dt><dd>${span(job.duration(connection.now))}</dd></div>
        <div><dt>${fields.events}</dt><dd>${job.events.toLocaleString('en')}</dd></div>
        ${job.workspace && html`<div><dt>${fields.workspace}</dt><dd class="mono">${visible(job.workspace)}${job.recording ? html` <span class="quiet">${texts.recording}</span>` : ''}</dd></div>`}
      </dl>
      <${Failures} outline=${outline} onPick=${onPick} />
      ${outline.sheets.length > 0 && html`<${Sheets} feed=${feed} lanes=${lanes} onPick=${onPick} />`}
      ${outline.runs.length > 1 && html`<${Runs} runs=${outline.runs} now=${connection.now} onPick=${onPick} />`}
    </div>`;
}

function Failures({ outline, onPick }) {
  const { failures, failureCount } = outline;
  return html`
    <h2>${texts.failuresHead} <span class=${`n ${failureCount ? 'bad' : ''}`}>${texts.atLeast(failureCount, outline.isPartial)}</span></h2>
    ${failures.length ? html`<ol class="marks">${failures.map((event) => html`
      <li key=${event.id}><button class="link" onClick=${() => onPick(event.id)}>
        <time title=${stamp(event.timestamp)}>${dayClock(event.timestamp)}</time><bdi>${failureText(event)}</bdi></button></li>`)}
    </ol>` : html`<p class="quiet">${texts.noFailures}</p>`}`;
}

/** `job.failed exit_code=1`; the name stands before what does not say it. */
function failureText(event) {
  const said = event.event.endsWith('.failed') ? outcomeOf(event) : describe(event);
  return event.event.endsWith('.failed') ? `${event.event} ${said}` : said;
}

function Sheets({ feed, lanes, onPick }) {
  const { outline, connection } = feed;
  return html`
    <h2>${texts.sheetsHead} <span class="n">${outline.sheets.length}</span></h2>
    <table class="steps"><tbody>${outline.sheets.map(({ number, name, state, from, to }) => html`
      <tr key=${number}>
        <td><button class="link" title=${stamp(from.timestamp)} onClick=${() => onPick(from.id)}>
          <i data-lane=${lanes.colourOf(number)} aria-hidden="true"></i>${number} <bdi>${visible(name.slice(0, 80))}</bdi></button></td>
        <td><${StateMark} state=${visible(state)} /></td>
        <td class="num">${span((to?.timestamp ?? connection.now) - from.timestamp)}</td></tr>`)}
    </tbody></table>`;
}

function Runs({ runs, now, onPick }) {
  return html`
    <h2>${texts.runsHead} <span class="n">${runs.length}</span></h2>
    <table class="steps"><tbody>${runs.map((run) => html`
      <tr key=${run.from.id}>
        <td><button class="link" onClick=${() => onPick(run.from.id)}><time title=${stamp(run.from.timestamp)}>${dayClock(run.from.timestamp)}</time></button></td>
        <td><${StateMark} state=${run.state} /></td>
        <td class="num">${span((run.to?.timestamp ?? now) - run.from.timestamp)}</td></tr>`)}
    </tbody></table>`;
}
