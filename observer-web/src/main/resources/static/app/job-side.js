import { html } from '../vendor/htm-preact.js';
import { EventDetails } from './event-details.js';
import { FileActivity, Files } from './files.js';
import { Summary } from './summary.js';
import { texts } from './texts.js';

/** The panel beside the timeline: the job at a glance, one event, its files. On a phone it lies over the timeline. */

const TABS = ['job', 'event', 'files'];
const activity = new FileActivity();

export function Side({ view, feed, lanes, change, onTab, onClose, onPick }) {
  const { tab, picked } = view;
  return html`
    <aside class="side" aria-label=${texts.panels[tab]}>
      <div class="tabs">
        ${TABS.map((name) => html`
          <button key=${name} aria-pressed=${tab === name} onClick=${() => onTab(name)}>${texts.panels[name]}</button>`)}
        <button class="plain shut" onClick=${onClose} aria-label=${texts.close}>✕</button>
      </div>
      <div class="sidebody" tabindex="0" role="region" aria-label=${texts.panels[tab]}>
        ${tab === 'job' && html`<${Summary} feed=${feed} lanes=${lanes} onPick=${onPick} />`}
        ${tab === 'event' && (picked ? html`<${EventDetails} key=${picked.id} event=${picked} job=${feed.id} />`
          : html`<p class="quiet pad">${texts.pick}</p>`)}
        ${tab === 'files' && html`<${Files} activity=${activity} store=${feed.store} now=${Date.now() / 1000} picked=${feed.store.filter.path}
          onPick=${(path) => change({ path: feed.store.filter.path === path ? '' : path })} />`}
      </div>
    </aside>`;
}
