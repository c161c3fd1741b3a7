import { html, render, useEffect, useState } from '../vendor/htm-preact.js';
import { span } from './time.js';
import { texts } from './texts.js';

/** What both pages have around them: the head with the honest state, what was missed, keys and theme. */

const THEMES = ['system', 'light', 'dark'];

export function nextTheme() {
  const root = document.documentElement;
  const theme = THEMES[(THEMES.indexOf(root.dataset.theme) + 1) % THEMES.length];
  root.dataset.theme = theme;
  localStorage.setItem('theme', theme);
  dispatchEvent(new Event('themechange'));
}

/**
 * Mounts a page. Its `view` is drawn again `now`, in the next frame, for what the reader does; `soon`, at most each `pause` ms,
 * for what the stream brings; and once a second by itself.
 */
export function mount(view, pause = 250) {
  const root = document.createElement('div');
  root.id = 'page';
  document.body.append(root);
  let due = 0;
  let timer = null;
  let frame = null;
  const draw = () => {
    clearTimeout(timer);
    timer = frame = null;
    due = performance.now() + pause;
    render(view(), root);
  };
  // A tab in the background has no frames, and its title still tells how things stand.
  const now = () => {
    if (document.hidden) draw();
    else frame ??= requestAnimationFrame(draw);
  };
  const soon = () => {
    timer ??= setTimeout(now, Math.max(0, due - performance.now()));
  };
  setInterval(() => document.hidden || soon(), 1000);
  document.addEventListener('visibilitychange', () => {
    frame = null;
    now();
  });
  draw();
  return { now, soon };
}

export function Head({ connection, isFinished, children, keys, help }) {
  return html`
    <header class="head">
      <a class="brand" href="/">
        <img src="/static/icon.svg" alt="" width="22" height="22" /><span>${texts.title}</span>
      </a>
      <div class="crumb">${children}</div>
      <${Liveness} connection=${connection} isFinished=${isFinished} />
      <button class="plain icon" onClick=${nextTheme} title=${`${themeName()} (t)`} aria-label=${themeName()}>
        <svg viewBox="0 0 16 16" aria-hidden="true"><path d="M8 2.5a5.5 5.5 0 1 0 .01 0z" /><path class="full" d="M8 2.5a5.5 5.5 0 0 1 0 11z" /></svg></button>
      <button class="plain icon" onClick=${help.toggle} title=${`${texts.help} (?)`} aria-label=${texts.help}>
        <svg viewBox="0 0 16 16" aria-hidden="true"><path d="M1.5 4.5h13v7.5h-13z M4 7h.5 M6.7 7h.5 M9.3 7h.5 M11.7 7h.5 M5 9.7h6" /></svg></button>
    </header>
    <${Missed} connection=${connection} />
    ${help.open && html`<${Help} keys=${keys} close=${help.toggle} />`}`;
}

const themeName = () => texts.theme[document.documentElement.dataset.theme];

export function useHelp() {
  const [open, setOpen] = useState(false);
  return { open, toggle: () => setOpen((was) => !was) };
}

/** How alive the connection is; of a finished job, that nothing comes, though it would be heard. */
function Liveness({ connection, isFinished }) {
  const { state, age } = connection;
  const phase = isFinished && connection.isLive ? 'over' : connection.phase;
  return html`
    <div class="liveness" data-phase=${phase} data-tone=${connection.isLate && phase === 'live' ? 'warn' : TONES[phase] ?? 'warn'}>
      <span class="dot" aria-hidden="true"></span>
      <strong role="status">${texts.phase[phase]}</strong>
      <span class="quiet detail">${detail(connection, phase, state, age)}</span>
    </div>`;
}

const TONES = { live: 'good', gone: 'bad', finished: 'off', over: 'off' };

function detail(connection, phase, state, age) {
  if (phase === 'finished') return texts.finished;
  if (phase === 'over') return texts.over;
  if (phase === 'away') return Object.entries(state.away).map(([name, retry]) => texts.away(name, retry)).join(', ');
  if (phase === 'live') return connection.isLate ? texts.noFrame(whole(age)) : texts.lastFrame(whole(age));
  const wait = state.retryAt ? (state.retryAt - Date.now()) / 1000 : 0;
  return [texts.noFrame(whole(age)), wait > 0 ? texts.nextTry(whole(wait)) : ''].filter(Boolean).join(', ');
}

const whole = (seconds) => (seconds < 60 ? `${Math.floor(seconds)} s` : span(seconds));

/** What went wrong, and what can be done. */
export function Notice({ problem, dismiss }) {
  return html`
    <div class="missed" role="alert"><span>${problem.text}</span>
      ${problem.again && html`<button onClick=${problem.again}>${texts.tryAgain}</button>`}
      <button class="plain" onClick=${dismiss}>${texts.dismiss}</button></div>`;
}

/** One bar, however often events were missed: the newest gap, or all of them together. */
function Missed({ connection }) {
  const { gaps } = connection;
  const gap = gaps.at(-1);
  if (!gap) return null;
  const open = gaps.filter((g) => g.status === 'open' && g.from && g.load);
  const said = gaps.length > 1 ? texts.missedOften(gaps.length, sum(gaps)) : texts.missed(gap.dropped);
  return html`
    <div class="missed" role="alert">
      <span><strong>${said}</strong>: ${texts.gap[gap.reason] ?? gap.reason}${
        gap.from && gaps.length === 1 ? html` <span class="quiet">(${texts.missedRange(gap.from, gap.to)})</span>` : ''}</span>
      ${gap.status !== 'open' && html`<span role="status">${gap.status}</span>`}
      ${open.length > 0 && html`<button onClick=${() => loadAll(open)}>${texts.loadThem}</button>`}
      <button class="plain" onClick=${() => gaps.forEach((g) => connection.dismiss(g))}>${texts.dismiss}</button>
    </div>`;
}

/** Null when one of them is not known. */
const sum = (gaps) => gaps.reduce((all, { dropped }) => (all === null || !Number.isFinite(dropped) ? null : all + dropped), 0);

async function loadAll(gaps) {
  for (const gap of gaps) await gap.load();
}

function Help({ keys, close }) {
  useEffect(() => {
    document.querySelector('dialog.help').showModal();
  }, []);
  return html`
    <dialog class="help" aria-label=${texts.help} onClose=${close} onClick=${(e) => e.target.close?.()}>
      <h2>${texts.help}</h2>
      <dl>${keys.map(([key, does]) => html`
        <div key=${key}><dt>${key.split(' ').map((k) => html`<kbd key=${k}>${k}</kbd>`)}</dt><dd>${does}</dd></div>`)}
      </dl>
      <form method="dialog"><button>${texts.close}</button></form>
    </dialog>`;
}

/** One handler for the keys of a page: names to actions. Keys typed into a field are the field's, Escape leaves it. */
export function onKeys(actions) {
  addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) return;
    const typing = event.target.matches?.('input, textarea, select');
    if (typing && event.key === 'Escape') event.target.blur();
    const action = actions[event.key];
    if (!action || typing || (event.key === 'Enter' && event.target.matches?.('a, button, summary'))) return;
    if (action(event) !== false) event.preventDefault();
  });
}

export function StateMark({ state }) {
  return html`<span class="state" data-state=${state}><i aria-hidden="true"></i>${Object.hasOwn(texts.state, state) ? texts.state[state] : state}</span>`;
}
