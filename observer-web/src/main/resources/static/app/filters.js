import { html, useEffect, useRef, useState } from '../vendor/htm-preact.js';
import { matcher } from './api.js';
import { ICONS } from './icons.js';
import { clock } from './time.js';
import { texts } from './texts.js';
import { FAMILY_NAMES } from './words.js';

/** The filters of a job page: families, sheets, text, event globs, paths; and how much they let through. */

const MOST_SHEETS = 6;

export function Filters({ feed, lanes, change, clear, isOpen, onSide }) {
  const { store } = feed;
  const { filter } = store;
  const [more, setMore] = useState(false);
  const badGlob = matcher(filter.glob) === null;
  const isSet = store.isFiltered;
  return html`
    <div class="filters" role="search" aria-label=${texts.timeline} data-more=${String(more)} data-set=${String(isSet || badGlob)}>
      <${Field} name=${texts.text} hint=${texts.textHint} value=${filter.text} onInput=${(text) => change({ text })} />
      <${Field} name=${texts.glob} hint=${texts.globHint} value=${filter.glob} bad=${badGlob} onInput=${(glob) => change({ glob })} />
      <${Field} name=${texts.path} hint=${texts.pathHint} value=${filter.path} onInput=${(path) => change({ path })} />
      <button class="narrow" aria-pressed=${more} onClick=${() => setMore(!more)}>${texts.moreFilters}</button>
      <button class="narrow" aria-pressed=${isOpen} onClick=${onSide}>${texts.side}</button>
      <${Chips} store=${store} lanes=${lanes} change=${change} />
      <span class="shown" role="status">${badGlob ? texts.badGlob
        : isSet ? texts.shown(store.countInView, store.count) : texts.allShown(store.count)}</span>
      ${isSet && html`<button class="clear" onClick=${clear}>${texts.clear}</button>`}
    </div>`;
}

function Chips({ store, lanes, change }) {
  const { filter } = store;
  const sheets = [...store.sheets.keys()].filter((n) => n > 0).sort((a, b) => a - b).slice(-MOST_SHEETS);
  const families = FAMILY_NAMES.filter((f) => store.families.get(f) > 0 || filter.families.has(f));
  return html`
    <div class="chips">
      ${families.map((family) => html`
        <button class="chip" key=${family} data-family=${family} aria-pressed=${filter.families.has(family)}
          onClick=${() => change({ families: flip(store.filter.families, family) })}>
          <svg viewBox="0 0 16 16" aria-hidden="true"><path d=${ICONS[family]} /></svg>${texts.families[family]}
          <span class="n">${(store.families.get(family) ?? 0).toLocaleString('en')}</span></button>`)}
      ${sheets.length > 0 && html`<span class="rule" aria-hidden="true"></span><span class="quiet" aria-hidden="true">${texts.fields.sheet}</span>`}
      ${sheets.map((sheet) => html`
        <button class="chip sheet" key=${`s${sheet}`} data-lane=${lanes.colourOf(sheet)} aria-pressed=${filter.sheets.has(sheet)}
          aria-label=${texts.sheet(sheet)} title=${texts.sheet(sheet)}
          onClick=${() => change({ sheets: flip(store.filter.sheets, sheet) })}><i aria-hidden="true"></i>${sheet}</button>`)}
      ${filter.range && html`<span class="rule" aria-hidden="true"></span>
        <span class="chip chosen">${texts.span(clock(filter.range[0], false), clock(filter.range[1], false))}</span>`}
    </div>`;
}

function flip(set, value) {
  const next = new Set(set);
  if (!next.delete(value)) next.add(value);
  return next;
}

/** What is typed stands in the field at once and filters a moment later, however late and often the page is drawn. */
function Field({ name, hint, value, bad, onInput }) {
  const [draft, setDraft] = useState(null);
  const later = useRef(null);
  const type = (text) => {
    setDraft(text);
    clearTimeout(later.current);
    later.current = setTimeout(() => {
      later.current = null;
      onInput(text);
    }, 150);
  };
  // Not before the page is drawn with what was typed: until then the value is an older one.
  useEffect(() => { if (later.current === null) setDraft(null); }, [value]);
  return html`
    <input type="search" aria-label=${name} title=${name} placeholder=${hint} value=${draft ?? value} aria-invalid=${!!bad} spellcheck=${false}
      onInput=${(e) => type(e.target.value)} />`;
}
