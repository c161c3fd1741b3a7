import { html, useRef } from '../vendor/htm-preact.js';
import { matcher } from './api.js';
import { ICONS } from './icons.js';
import { texts } from './texts.js';
import { FAMILY_NAMES } from './words.js';

/** The filters of a job page: families, sheets, text, event globs, paths; and how much they let through. */
export function Filters({ store, lanes, change, histogram, showFiles, tab }) {
  const { filter } = store;
  const sheets = [...store.sheets.keys()].filter((n) => n > 0).sort((a, b) => a - b);
  const families = FAMILY_NAMES.filter((f) => store.families.get(f) > 0 || filter.families.has(f));
  const flip = (set, value) => {
    const next = new Set(set);
    if (!next.delete(value)) next.add(value);
    return next;
  };
  const badGlob = matcher(filter.glob) === null;
  const clear = () => {
    histogram.range = null;
    change({ families: new Set(), sheets: new Set(), text: '', path: '', glob: '', range: null });
    histogram.paint();
  };
  return html`
    <div class="filters" role="search" aria-label=${texts.timeline}>
      <${Field} name=${texts.text} keyHint=" (/)" value=${filter.text} onInput=${(text) => change({ text })} />
      <${Field} name=${texts.glob} value=${filter.glob} bad=${badGlob} onInput=${(glob) => change({ glob })} />
      <${Field} name=${texts.path} value=${filter.path} onInput=${(path) => change({ path })} />
      <div class="chips">
        ${families.map((family) => html`
          <button class="chip" key=${family} data-family=${family} aria-pressed=${filter.families.has(family)}
            onClick=${() => change({ families: flip(store.filter.families, family) })}>
            <svg viewBox="0 0 16 16" aria-hidden="true"><path d=${ICONS[family]} /></svg>${texts.families[family]}
            <span class="n">${(store.families.get(family) ?? 0).toLocaleString('en')}</span></button>`)}
        ${sheets.slice(0, 12).map((sheet) => html`
          <button class="chip sheet" key=${`s${sheet}`} data-lane=${lanes.colourOf(sheet)} aria-pressed=${filter.sheets.has(sheet)}
            onClick=${() => change({ sheets: flip(store.filter.sheets, sheet) })}><i aria-hidden="true"></i>${texts.sheet(sheet)}</button>`)}
      </div>
      <span class="shown" role="status">${badGlob ? texts.badGlob
        : store.isFiltered ? texts.shown(store.view.length, store.items.length) : texts.allShown(store.items.length)}</span>
      ${store.isFiltered && html`<button class="plain" onClick=${clear}>${texts.clear}</button>`}
      <button class="plain filestoggle" aria-pressed=${tab === 'files'} onClick=${showFiles}>${texts.filesPanel}</button>
    </div>`;
}

function Field({ name, keyHint = '', value, bad, onInput }) {
  const later = useRef();
  return html`
    <input type="search" aria-label=${name} placeholder=${name + keyHint} value=${value} aria-invalid=${!!bad} spellcheck=${false}
      onInput=${(e) => {
        const text = e.target.value;
        clearTimeout(later.current);
        later.current = setTimeout(() => onInput(text), 150);
      }} />`;
}
