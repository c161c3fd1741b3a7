import { ansiRuns } from './ansi.js';
import { ICONS } from './icons.js';
import { Lanes, MOST_LANES } from './lanes.js';
import { clock, stamp } from './time.js';
import { texts } from './texts.js';
import { describe, lineOf, toneOf, visible } from './words.js';

/**
 * The virtual list of a job page. Every row is one line high, a few more than fit exist, and scrolling only gives them
 * other places and texts; so a hundred thousand events scroll like fifty.
 */

const ROW = 24;
const SPARE = 12;
const SVG = 'http://www.w3.org/2000/svg';

export class Timeline {
  constructor({ store, onNearTop, onSelect, onMoved }) {
    Object.assign(this, { store, onNearTop, onSelect, onMoved, follows: true, unseen: 0, rows: [], selected: null });
    this.element = make('div', 'timeline');
    Object.entries({ role: 'listbox', tabindex: '0', 'aria-label': texts.timeline }).forEach(([k, v]) => this.element.setAttribute(k, v));
    this.space = make('div', 'space');
    this.space.setAttribute('role', 'presentation');
    this.element.append(this.space);
    this.element.addEventListener('scroll', () => this.scrolled(), { passive: true });
    this.element.addEventListener('click', (event) => this.clicked(event));
    new ResizeObserver(() => this.draw()).observe(this.element);
    this.lanes = new Lanes();
    this.length = 0;
  }

  scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.element;
    const atEnd = scrollTop + clientHeight >= scrollHeight - ROW;
    if (atEnd !== this.follows && (atEnd || scrollTop < this.lastTop - 1)) {
      this.follows = atEnd;
      if (atEnd) this.unseen = 0;
      this.onMoved();
    }
    if (scrollTop < this.lastTop && scrollTop < 40 * ROW) this.onNearTop();
    this.lastTop = scrollTop;
    this.draw();
  }

  /** The store has changed. Keeps the end in sight when following, otherwise the row that is at the top. */
  update() {
    const { view } = this.store;
    const before = this.view === view ? this.length : -1;
    this.lanes.arrange(this.store.sheets);
    this.element.dataset.lanes = this.lanes.width;
    const anchor = this.follows ? null : this.anchor;
    if (before >= 0 && !this.follows) this.unseen += Math.max(0, view.length - before);
    this.view = view;
    this.length = view.length;
    this.space.style.height = `${view.length * ROW}px`;
    if (this.follows) {
      this.element.scrollTop = this.space.offsetHeight;
      this.lastTop = this.element.scrollTop;
    } else if (anchor && before < 0) {
      this.element.scrollTop = this.indexOf(anchor.key) * ROW + anchor.offset;
      this.lastTop = this.element.scrollTop;
    }
    this.draw(true);
  }

  draw(all = false) {
    const view = this.store.view;
    const { scrollTop, clientHeight } = this.element;
    const first = Math.max(0, Math.floor(scrollTop / ROW) - SPARE);
    const last = Math.min(view.length, Math.ceil((scrollTop + clientHeight) / ROW) + SPARE);
    const size = Math.ceil(clientHeight / ROW) + 2 * SPARE + 2;
    while (this.rows.length < size) this.rows.push(this.addRow());
    const top = view[Math.floor(scrollTop / ROW)];
    if (top) this.anchor = { key: top.key, offset: scrollTop % ROW };
    for (let i = 0; i < this.rows.length; i++) {
      const row = this.rows[i];
      const index = first + ((i - (first % this.rows.length) + this.rows.length) % this.rows.length);
      const item = index < last ? view[index] : undefined;
      if (all || row.item !== item || row.index !== index) this.fill(row, item, index);
    }
  }

  addRow() {
    const row = makeRow();
    this.space.append(row.element);
    return row;
  }

  fill(row, item, index) {
    const { element } = row;
    const changed = row.item !== item;
    row.item = item;
    row.index = index;
    element.hidden = !item;
    if (!item) return;
    element.style.transform = `translateY(${index * ROW}px)`;
    element.setAttribute('aria-posinset', index + 1);
    element.setAttribute('aria-setsize', this.length);
    element.setAttribute('aria-selected', item === this.selected);
    if (item === this.selected) this.element.setAttribute('aria-activedescendant', element.id);
    this.fillLanes(row, item);
    if (!changed && !item.gap) return;
    if (item.gap) fillGap(row, item.gap);
    else fillEvent(row, item);
  }

  fillLanes(row, item) {
    for (let i = 0; i < this.lanes.width; i++) {
      const sheet = this.lanes.at(i, item.key);
      row.lanes[i].className = sheet === undefined ? '' : sheet === item.sheet_num ? 'here' : 'on';
      row.lanes[i].dataset.lane = this.lanes.colourOf(sheet) ?? '';
    }
  }

  clicked(event) {
    const row = this.rows.find((r) => r.element.contains(event.target));
    if (row?.item && !row.item.gap) this.select(row.item);
  }

  /** @param scroll whether to bring it into sight */
  select(item, scroll = false) {
    this.selected = item;
    this.element.removeAttribute('aria-activedescendant');
    if (item && scroll) this.reveal(this.indexOf(item.key));
    this.draw(true);
    this.onSelect(item);
  }

  reveal(index) {
    const { scrollTop, clientHeight } = this.element;
    const y = index * ROW;
    if (y < scrollTop + ROW || y + 2 * ROW > scrollTop + clientHeight) this.scrollTo(y - clientHeight / 2);
  }

  scrollTo(y) {
    const end = this.length * ROW - this.element.clientHeight;
    this.follows = y >= end;
    this.lastTop = this.element.scrollTop = Math.max(0, y);
    this.draw();
    this.onMoved();
  }

  /** To the first item that is not older than a time. */
  jumpTo(time) {
    const index = this.store.view.findIndex((item) => item.timestamp >= time);
    this.scrollTo((index < 0 ? this.length : index) * ROW);
  }

  move(by) {
    const view = this.store.view;
    const at = this.selected ? this.indexOf(this.selected.key) : by > 0 ? Math.floor(this.element.scrollTop / ROW) - 1 : view.length;
    let next = at + by;
    while (view[next]?.gap) next += by;
    if (view[next]) this.select(view[next], true);
  }

  follow() {
    this.unseen = 0;
    this.follows = true;
    this.update();
    this.onMoved();
  }

  /** Where a key is in the view, or would be. */
  indexOf(key) {
    const view = this.store.view;
    let low = 0;
    let high = view.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (view[middle].key < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function make(tag, name) {
  const element = document.createElement(tag);
  element.className = name;
  return element;
}

let rowsMade = 0;

function makeRow() {
  const element = make('div', 'row');
  element.setAttribute('role', 'option');
  element.id = `row-${rowsMade++}`;
  const time = make('time', 'time');
  const gutter = make('span', 'lanes');
  const lanes = Array.from({ length: MOST_LANES }, () => gutter.appendChild(document.createElement('i')));
  const icon = document.createElementNS(SVG, 'svg');
  icon.setAttribute('viewBox', '0 0 16 16');
  icon.setAttribute('aria-hidden', 'true');
  const path = icon.appendChild(document.createElementNS(SVG, 'path'));
  const name = make('span', 'name');
  const says = make('bdi', 'says');
  element.append(time, gutter, icon, name, says);
  return { element, time, lanes, path, name, says };
}

function fillEvent(row, event) {
  row.element.dataset.family = event.family;
  row.element.dataset.tone = toneOf(event);
  row.time.textContent = clock(event.timestamp);
  row.time.title = stamp(event.timestamp);
  row.path.setAttribute('d', ICONS[event.family]);
  row.name.textContent = event.event.replace(/^observer\./, '');
  row.name.title = event.event;
  const line = lineOf(event);
  if (line?.includes('\u001b')) {
    row.says.replaceChildren(...ansiRuns(line).map(([name, text]) => Object.assign(make('span', name), { textContent: text })));
  } else {
    row.says.textContent = describe(event);
  }
}

function fillGap(row, gap) {
  row.element.dataset.family = 'gap';
  row.element.dataset.tone = 'warn';
  row.time.textContent = '';
  row.path.setAttribute('d', ICONS.gap);
  row.name.textContent = texts.missed(gap.dropped);
  row.says.textContent = visible(`${texts.gap[gap.reason] ?? gap.reason}${gap.from ? ` (${texts.missedRange(gap.from, gap.to)})` : ''}`);
}
