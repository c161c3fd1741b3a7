import { html, useState } from '../vendor/htm-preact.js';
import { ansiRuns } from './ansi.js';
import { texts } from './texts.js';
import { visible } from './words.js';

/** JSON as a tree to open and close, however large or deep: what is long shows its beginning and says how much more. */

const MEMBERS = 100;
const LETTERS = 2000;
const OPEN_DEPTH = 2;

export function EventTree({ value }) {
  return html`<div class="tree"><${Value} value=${value} depth=${0} /></div>`;
}

function Value({ name, value, depth }) {
  if (value !== null && typeof value === 'object') return html`<${Branch} name=${name} value=${value} depth=${depth} />`;
  return html`<div class="leaf"><${Name} name=${name} />${
    typeof value === 'string' ? html`<${Text} value=${value} />` : html`<span class=${`v-${value === null ? 'null' : typeof value}`}>${String(value)}</span>`}</div>`;
}

function Name({ name }) {
  return name === undefined ? null : html`<bdi class="key">${visible(String(name).slice(0, 200))}</bdi><span class="colon">: </span>`;
}

function Branch({ name, value, depth }) {
  const keys = Object.keys(value);
  const [open, setOpen] = useState(depth < OPEN_DEPTH);
  const [most, setMost] = useState(MEMBERS);
  const isArray = Array.isArray(value);
  return html`
    <details open=${open} onToggle=${(e) => { e.stopPropagation(); setOpen(e.currentTarget.open); }}>
      <summary><${Name} name=${name} /><span class="size">${isArray ? texts.items(keys.length) : texts.keys(keys.length)}</span></summary>
      ${open && keys.slice(0, most).map((key) => html`<${Value} key=${key} name=${key} value=${value[key]} depth=${depth + 1} />`)}
      ${open && keys.length > most && html`
        <button class="link" onClick=${() => setMost(most + 10 * MEMBERS)}>${texts.showAllKeys(Math.min(10 * MEMBERS, keys.length - most))}</button>`}
    </details>`;
}

function Text({ value }) {
  const [all, setAll] = useState(false);
  const shown = all ? value : value.slice(0, LETTERS);
  return html`<bdi class="v-string">${
    shown.includes('\u001b') ? ansiRuns(shown).map(([name, text], i) => html`<span key=${i} class=${name}>${text}</span>`) : visible(shown)}</bdi>${
    !all && value.length > LETTERS && html`
      … <button class="link" onClick=${() => setAll(true)}>${texts.showAllText(value.length)}</button>`}`;
}
