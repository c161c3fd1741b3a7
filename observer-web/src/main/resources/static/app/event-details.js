import { html, useState } from '../vendor/htm-preact.js';
import { EventTree } from './event-tree.js';
import { ICONS } from './icons.js';
import { stamp } from './time.js';
import { texts } from './texts.js';
import { describe } from './words.js';

/** All of one event. */
export function EventDetails({ event, job }) {
  const { fields } = texts;
  const [zone, utc, sent] = stamp(event.timestamp).split('\n');
  return html`
    <article class="details" data-family=${event.family}>
      <h2><svg viewBox="0 0 16 16" aria-hidden="true"><path d=${ICONS[event.family] ?? ICONS.other} /></svg>${event.event}</h2>
      <p class="say"><bdi>${describe(event)}</bdi></p>
      <dl>
        <div><dt>${fields.id}</dt><dd><a href=${`#${event.id}`} title=${texts.link}>#${event.id}</a></dd></div>
        <div><dt>${fields.time}</dt><dd>${zone}<br /><span class="quiet">${utc}<br />${sent}</span></dd></div>
        <div><dt>${fields.sheet}</dt><dd>${event.sheet_num}</dd></div>
      </dl>
      <p class="actions">
        <${Copy} label=${texts.copyCurl} text=${() => curl(job, event)} />
        <${Copy} label=${texts.copyLink} text=${() => `${location.origin}${location.pathname}#${event.id}`} />
      </p>
      ${event.data === null ? html`<p class="quiet">${texts.noData}</p>` : html`<${EventTree} value=${event.data} />`}
    </article>`;
}

export const curl = (job, event) =>
  `curl '${location.origin}/v1/jobs/${encodeURIComponent(job)}/events?since=${event.id - 1}&limit=1'`;

export const copyCurl = (job, event) => copy(curl(job, event));

function Copy({ label, text }) {
  const [done, setDone] = useState(false);
  const act = async () => {
    await copy(text());
    setDone(true);
    setTimeout(() => setDone(false), 1500);
  };
  return html`<button onClick=${act}>${done ? texts.copied : label}</button>`;
}

/** The clipboard is for safe origins only; elsewhere a selection does it. */
async function copy(text) {
  if (navigator.clipboard) {
    await navigator.clipboard.writeText(text);
    return;
  }
  const area = Object.assign(document.createElement('textarea'), { value: text });
  document.body.append(area);
  area.select();
  document.execCommand('copy');
  area.remove();
}
