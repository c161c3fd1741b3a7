import { html } from '../vendor/htm-preact.js';
import { roughly, stamp } from './time.js';
import { texts } from './texts.js';
import { pathOf, visible } from './words.js';

/** File activity of what is loaded, grouped by path, the latest touched first. */

const MOST = 300;
const COUNTED = new Set(['created', 'modified', 'deleted']);

export class FileActivity {
  constructor() {
    this.version = -1;
  }

  /** Goes on from where it stopped, or anew when the store's past has changed. */
  of(store) {
    if (store.version !== this.version) {
      this.version = store.version;
      this.paths = new Map();
      this.at = 0;
    }
    for (; this.at < store.items.length; this.at++) {
      const item = store.items[this.at];
      const path = item.gap ? undefined : pathOf(item);
      const did = item.event?.slice('observer.file_'.length);
      if (path === undefined || !COUNTED.has(did)) continue;
      let file = this.paths.get(path);
      if (!file) {
        file = { path, created: 0, modified: 0, deleted: 0 };
        this.paths.set(path, file);
      }
      file[did]++;
      file.last = item;
    }
    return this.paths;
  }
}

export function Files({ activity, store, now, onPick, picked }) {
  const files = [...activity.of(store).values()].sort((a, b) => b.last.key - a.last.key);
  if (!files.length) return html`<p class="quiet pad">${texts.noFiles}</p>`;
  const { filesHead: head } = texts;
  return html`
    <table class="files">
      <thead><tr><th scope="col">${head.path}</th><th scope="col" class="num">${head.created}</th>
        <th scope="col" class="num">${head.modified}</th><th scope="col" class="num">${head.deleted}</th>
        <th scope="col" class="num">${head.last}</th></tr></thead>
      <tbody>${files.slice(0, MOST).map((f) => html`
        <tr key=${f.path} class=${f.last.event.endsWith('deleted') ? 'gone' : ''}>
          <td><button class="link" aria-pressed=${picked === f.path} onClick=${() => onPick(f.path)} title=${visible(f.path)}>
            <bdi>${visible(f.path)}</bdi></button></td>
          <td class="num">${f.created || ''}</td><td class="num">${f.modified || ''}</td><td class="num">${f.deleted || ''}</td>
          <td class="num" title=${stamp(f.last.timestamp)}>${roughly(now - f.last.timestamp)}</td></tr>`)}
      </tbody>
    </table>
    ${files.length > MOST && html`<p class="quiet pad">${texts.shown(MOST, files.length)}</p>`}`;
}
