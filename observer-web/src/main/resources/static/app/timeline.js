import { Lanes } from './lanes.js';
import { texts } from './texts.js';
import { Row } from './timeline-row.js';

/**
 * The virtual list of a job page. Every row is one line high, a few more than fit exist, and scrolling only gives them
 * other places and texts; so a hundred thousand events scroll like fifty.
 */

const ROW = 24;
const SPARE = 12;
/** Who follows the end does not scroll, and each row that moves costs. */
const SPARE_FOLLOWING = 2;
/** Room over the first row, where it is said what is before it, and under the last, so that the end looks like one. */
const HEAD = 26;
const FOOT = 8;

export class Timeline {
  constructor({ store, onNearTop, onSelect, onMoved }) {
    Object.assign(this, { store, onNearTop, onSelect, onMoved, follows: true, unseen: 0, rows: [], selected: null });
    this.element = Object.assign(document.createElement('div'), { className: 'timeline' });
    Object.entries({ role: 'listbox', tabindex: '0', 'aria-label': texts.timeline }).forEach(([k, v]) => this.element.setAttribute(k, v));
    this.space = Object.assign(document.createElement('div'), { className: 'space' });
    this.space.setAttribute('role', 'presentation');
    this.head = this.space.appendChild(Object.assign(document.createElement('p'), { className: 'beginning' }));
    this.head.setAttribute('role', 'presentation');
    this.element.append(this.space);
    this.element.addEventListener('scroll', () => this.scrolled(), { passive: true });
    this.element.addEventListener('click', (event) => this.clicked(event));
    new ResizeObserver(() => (this.follows ? this.update() : this.draw())).observe(this.element);
    this.lanes = new Lanes();
    this.length = 0;
  }

  /** What stands over the first row. */
  say(text) {
    if (this.head.textContent !== text) this.head.textContent = text;
  }

  /** Whether all rows are in sight, so that nothing scrolls. */
  get isShort() {
    return HEAD + this.store.view.length * ROW + FOOT <= this.element.clientHeight;
  }

  scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.element;
    const atEnd = scrollTop + clientHeight >= scrollHeight - ROW - FOOT;
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
    this.space.style.height = `${HEAD + view.length * ROW + FOOT}px`;
    if (this.follows) {
      this.element.scrollTop = this.space.offsetHeight;
      this.lastTop = this.element.scrollTop;
    } else if (anchor && before < 0) {
      this.element.scrollTop = HEAD + this.indexOf(anchor.key) * ROW + anchor.offset;
      this.lastTop = this.element.scrollTop;
    }
    this.draw(true);
  }

  draw(all = false) {
    const view = this.store.view;
    const { clientHeight } = this.element;
    const top = this.element.scrollTop - HEAD;
    const spare = this.follows ? SPARE_FOLLOWING : SPARE;
    const first = Math.max(0, Math.floor(top / ROW) - spare);
    const last = Math.min(view.length, Math.ceil((top + clientHeight) / ROW) + spare);
    const size = Math.ceil(clientHeight / ROW) + 2 * SPARE + 2;
    while (this.rows.length < size) {
      this.rows.push(new Row());
      this.space.append(this.rows.at(-1).element);
    }
    const at = view[Math.max(0, Math.floor(top / ROW))];
    if (at) this.anchor = { key: at.key, offset: top < 0 ? top : top % ROW };
    for (let i = 0; i < this.rows.length; i++) {
      const row = this.rows[i];
      const index = first + ((i - (first % this.rows.length) + this.rows.length) % this.rows.length);
      const item = index < last ? view[index] : undefined;
      if (all || row.item !== item || row.index !== index) this.fill(row, item, index);
    }
  }

  fill(row, item, index) {
    const { element } = row;
    if (row.item !== item || item?.gap) row.show(item);
    if (row.index !== index) {
      row.index = index;
      element.style.transform = `translateY(${HEAD + index * ROW}px)`;
      element.setAttribute('aria-posinset', index + 1);
    }
    if (!item) return;
    element.setAttribute('aria-setsize', this.length);
    element.setAttribute('aria-selected', item === this.selected);
    if (item === this.selected) this.element.setAttribute('aria-activedescendant', element.id);
    row.showLanes(this.lanes, item);
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
    const y = HEAD + index * ROW;
    if (y < scrollTop + ROW || y + 2 * ROW > scrollTop + clientHeight) this.scrollTo(y - clientHeight / 2);
  }

  scrollTo(y) {
    const end = HEAD + this.length * ROW + FOOT - this.element.clientHeight;
    this.follows = y >= end;
    this.lastTop = this.element.scrollTop = Math.max(0, y);
    this.draw();
    this.onMoved();
  }

  /** To the first item that is not older than a time. */
  jumpTo(time) {
    const index = this.store.view.findIndex((item) => item.timestamp >= time);
    this.scrollTo(index > 0 ? HEAD + index * ROW : index < 0 ? this.space.offsetHeight : 0);
  }

  move(by) {
    const view = this.store.view;
    const at = this.selected ? this.indexOf(this.selected.key) : by > 0 ? Math.ceil((this.element.scrollTop - HEAD) / ROW) - 1 : view.length;
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
