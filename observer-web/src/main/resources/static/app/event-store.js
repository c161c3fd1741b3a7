import { globRegExp, matcher, newest } from './api.js';
import { familyOf, matchesText, pathOf, toneOf } from './words.js';

/**
 * What a job page holds: events in log order, between them the gaps that are still open, and the view of those that the
 * filters let through. Bounded in number and bytes: the oldest go, and can be loaded again.
 */

export const MAX_EVENTS = 120_000;
export const MAX_BYTES = 64 * 1024 * 1024;
const LIFE = 1e12;
export const EMPTY_FILTER = { families: new Set(), sheets: new Set(), text: '', path: '', glob: '', range: null };

export class EventStore {
  /** `onTrim` when older events than the first one here were let go. */
  constructor(onTrim) {
    this.onTrim = onTrim;
    this.filter = { ...EMPTY_FILTER };
    this.life = 0;
    this.clear();
  }

  clear() {
    this.items = [];
    this.view = this.items;
    this.gaps = 0;
    this.bytes = 0;
    this.hasNoRoom = false;
    this.families = new Map();
    this.sheets = new Map();
    this.version = (this.version ?? 0) + 1;
    this.turn = (this.turn ?? 0) + 1;
  }

  /** The server began a new log: its ids start again, behind everything that is here. */
  beginLife() {
    this.life++;
  }

  keyOf(id) {
    return this.life * LIFE + id;
  }

  get first() {
    return this.items.find((item) => !item.gap);
  }

  get last() {
    return this.items.at(-1);
  }

  /** Whether the oldest event here is of the log that the server has now, so that older ones can be asked for. */
  get reachesBack() {
    return !this.first || this.first.key >= this.life * LIFE;
  }

  /** How many events are here, and how many of them the filters let through. */
  get count() {
    return this.items.length - this.gaps;
  }

  get countInView() {
    return this.view.length - this.gaps;
  }

  /** Whether older events would find no room. */
  get isFull() {
    return this.hasNoRoom || this.items.length >= MAX_EVENTS || this.bytes >= MAX_BYTES;
  }

  get isOver() {
    return this.items.length > MAX_EVENTS || this.bytes > MAX_BYTES;
  }

  /** Events at the end; those that are here already are left out. */
  append(events) {
    let last = this.last?.key ?? -1;
    const view = this.view;
    const filtered = view !== this.items;
    for (const event of events) {
      event.key = this.keyOf(event.id);
      if (event.key <= last) continue;
      last = event.key;
      this.note(event, 1);
      this.items.push(event);
      if (filtered && this.matches(event)) view.push(event);
    }
    if (this.isOver) this.trim();
  }

  /** Older events at the beginning; when there is not enough room, the newest of them. */
  prepend(events) {
    const first = this.first?.key ?? Infinity;
    const older = events.filter((event) => (event.key = this.keyOf(event.id)) < first);
    const fitting = newest(older, MAX_EVENTS - this.items.length, MAX_BYTES - this.bytes);
    fitting.forEach((event) => this.note(event, 1));
    this.items = fitting.concat(this.items);
    this.hasNoRoom = fitting.length < older.length;
    const looked = this.look();
    if (this.hasNoRoom) this.onTrim();
    return looked;
  }

  addGap(gap) {
    this.gaps++;
    this.items.push({ gap, key: (this.last?.key ?? this.keyOf(gap.to ?? 0)) + 0.25 });
    if (this.view !== this.items) this.view.push(this.last);
  }

  has(gap) {
    return this.items.some((item) => item.gap === gap);
  }

  /** What was loaded for a gap takes its place, or with `isCut` that of its newest part. */
  fillGap(gap, events, isCut = false) {
    const at = this.items.findIndex((item) => item.gap === gap);
    if (at < 0) return;
    if (!isCut) this.gaps--;
    const before = this.items[at - 1]?.key ?? -1;
    const after = this.items[at + 1]?.key ?? Infinity;
    const fresh = events.filter((event) => (event.key = this.keyOf(event.id)) > before && event.key < after);
    fresh.forEach((event) => this.note(event, 1));
    this.items = [...this.items.slice(0, at + isCut), ...fresh, ...this.items.slice(at + 1)];
    if (this.isOver) this.trim();
    else this.look();
  }

  removeGap(gap) {
    this.fillGap(gap, []);
  }

  trim() {
    let cut = Math.max(Math.floor(this.items.length / 40), this.items.length - MAX_EVENTS);
    let freed = 0;
    for (let i = 0; i < cut || (this.bytes - freed > 0.97 * MAX_BYTES && i < this.items.length); i++) {
      freed += this.items[i].bytes ?? 0;
      cut = Math.max(cut, i + 1);
    }
    // What was missed before the first event comes with the older ones.
    while (this.items[cut]?.gap) cut++;
    for (const item of this.items.slice(0, cut)) {
      if (item.gap) this.gaps--;
      else this.note(item, -1);
    }
    this.items = this.items.slice(cut);
    this.hasNoRoom = false;
    this.look();
    this.onTrim();
  }

  note(event, by) {
    event.family ??= familyOf(event.event);
    event.tone ??= toneOf(event);
    this.bytes += by * event.bytes;
    this.families.set(event.family, (this.families.get(event.family) ?? 0) + by);
    const sheet = this.sheets.get(event.sheet_num);
    if (!sheet) {
      this.sheets.set(event.sheet_num, { first: event.key, last: event.key });
    } else {
      sheet.first = Math.min(sheet.first, event.key);
      sheet.last = Math.max(sheet.last, event.key);
    }
  }

  get isFiltered() {
    const { families, sheets, text, path, range, glob } = this.filter;
    return families.size > 0 || sheets.size > 0 || !!text || !!path || !!range || !!glob;
  }

  /** Changes filters and looks anew. */
  filterBy(change) {
    this.filter = { ...this.filter, ...change };
    const { text, path, glob } = this.filter;
    this.wanted = text.trim().toLowerCase();
    this.path = path.trim() && globRegExp(path.includes('*') || path.includes('?') ? path.trim() : `*${path.trim()}*`, 'i');
    this.name = glob.trim() && (matcher(glob) ?? (() => false));
    return this.look();
  }

  matches(item) {
    if (item.gap) return true;
    const { families, sheets, range } = this.filter;
    return (!families.size || families.has(item.family))
      && (!sheets.size || sheets.has(item.sheet_num))
      && (!this.name || this.name(item.event))
      && (!range || (item.timestamp >= range[0] && item.timestamp <= range[1]))
      && (!this.path || this.path.test(pathOf(item) ?? ''))
      && (!this.wanted || matchesText(item, this.wanted));
  }

  /** The view anew, in slices, so that no look through all of it holds up the page; what comes meanwhile is in it. */
  async look() {
    const turn = ++this.turn;
    this.version++;
    if (!this.isFiltered) {
      this.view = this.items;
      return;
    }
    const view = [];
    const items = this.items;
    for (let from = 0; from < items.length;) {
      const end = performance.now() + 8;
      while (from < items.length && (performance.now() < end || from % 256)) {
        if (this.matches(items[from])) view.push(items[from]);
        from++;
      }
      if (from < items.length) {
        await new Promise((go) => setTimeout(go));
        if (turn !== this.turn) return;
      }
    }
    this.view = view;
    this.version++;
  }
}
