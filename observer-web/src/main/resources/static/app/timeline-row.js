import { ansiRuns } from './ansi.js';
import { iconOf, ICONS } from './icons.js';
import { MOST_LANES } from './lanes.js';
import { clock, stamp } from './time.js';
import { texts } from './texts.js';
import { describe, fileParts, lineOf, visible } from './words.js';

/** One row of the timeline: made once, then given one event after the other. */

const SVG = 'http://www.w3.org/2000/svg';
let rowsMade = 0;

export class Row {
  constructor() {
    this.element = make('div', 'row');
    this.element.hidden = true;
    this.element.id = `row-${rowsMade++}`;
    this.element.setAttribute('role', 'option');
    this.time = make('time', 'time');
    this.seconds = this.time.appendChild(document.createTextNode(''));
    this.millis = this.time.appendChild(make('span', 'millis'));
    const gutter = make('span', 'lanes');
    this.lanes = Array.from({ length: MOST_LANES }, () => gutter.appendChild(document.createElement('i')));
    const icon = document.createElementNS(SVG, 'svg');
    icon.setAttribute('viewBox', '0 0 16 16');
    icon.setAttribute('aria-hidden', 'true');
    this.icon = icon.appendChild(document.createElementNS(SVG, 'path'));
    this.name = make('span', 'name');
    this.says = make('bdi', 'says');
    [this.did, this.folder, this.text] = ['did', 'folder', 'text'].map((name) => this.says.appendChild(make('span', name)));
    this.element.append(this.time, gutter, icon, this.name, this.says);
    // A stamp takes long to make, and few rows are ever pointed at.
    this.time.addEventListener('pointerenter', () => {
      this.time.title = this.item?.gap ? '' : stamp(this.item.timestamp);
    });
  }

  /** Nothing, an event, or a gap. */
  show(item) {
    this.item = item;
    this.element.hidden = !item;
    if (item?.gap) this.showGap(item.gap);
    else if (item) this.showEvent(item);
  }

  showEvent(event) {
    this.element.dataset.family = event.family;
    this.element.dataset.tone = event.tone;
    this.showTime(clock(event.timestamp));
    this.icon.setAttribute('d', iconOf(event));
    this.name.textContent = event.event.replace(/^observer\./, '');
    const file = fileParts(event);
    const line = lineOf(event);
    if (line?.includes('\u001b')) {
      this.showText('', '', '');
      this.text.replaceChildren(...ansiRuns(line).map(([name, text]) => Object.assign(make('span', name), { textContent: text })));
    } else if (file) this.showText(...file);
    else this.showText('', '', describe(event));
  }

  showGap(gap) {
    this.element.dataset.family = 'gap';
    this.element.dataset.tone = 'warn';
    this.showTime('');
    this.icon.setAttribute('d', ICONS.gap);
    this.name.textContent = texts.missed(gap.dropped);
    const range = gap.from ? ` (${texts.missedRange(gap.from, gap.to)})` : '';
    this.showText('', '', visible(`${texts.gap[gap.reason] ?? gap.reason}${range}`));
  }

  showTime(text) {
    const dot = text.indexOf('.');
    this.seconds.data = dot < 0 ? text : text.slice(0, dot);
    this.millis.textContent = dot < 0 ? '' : text.slice(dot);
  }

  showText(did, folder, text) {
    this.did.textContent = did;
    this.folder.textContent = folder;
    this.text.textContent = text;
  }

  showLanes(lanes, item) {
    for (let i = 0; i < lanes.width; i++) {
      const sheet = lanes.at(i, item.key);
      this.lanes[i].className = sheet === undefined ? '' : sheet === item.sheet_num ? 'here' : 'on';
      this.lanes[i].dataset.lane = lanes.colourOf(sheet) ?? '';
    }
  }
}

function make(tag, name) {
  const element = document.createElement(tag);
  element.className = name;
  return element;
}
