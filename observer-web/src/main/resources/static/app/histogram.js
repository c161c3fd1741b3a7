import { clock } from './time.js';
import { texts } from './texts.js';

/** Events over the time of a job. A click jumps, a drag selects; what is not loaded is hatched, a click there loads it. */

const HEIGHT = 44;
const BAR = 4;

export class Histogram {
  constructor({ onJump, onRange }) {
    Object.assign(this, { onJump, onRange, range: null, drag: null });
    this.element = document.createElement('div');
    this.element.className = 'histogram';
    this.canvas = this.element.appendChild(document.createElement('canvas'));
    this.canvas.setAttribute('role', 'img');
    this.canvas.setAttribute('aria-label', texts.histogram);
    this.canvas.title = texts.histogram;
    this.ends = ['from', 'to'].map((name) => this.element.appendChild(Object.assign(document.createElement('span'), { className: name })));
    this.canvas.addEventListener('pointerdown', (e) => this.press(e));
    this.canvas.addEventListener('pointermove', (e) => this.pull(e));
    this.canvas.addEventListener('pointerup', (e) => this.release(e));
    this.canvas.addEventListener('pointercancel', () => { this.drag = null; this.paint(); });
    new ResizeObserver(() => this.paint()).observe(this.element);
    addEventListener('themechange', () => this.paint());
  }

  /** @param items of the store; `from` and `to` are the time of the whole job */
  show(items, from, to, complete) {
    let first = Infinity;
    let last = -Infinity;
    for (const { timestamp: t } of items) {
      if (t < first) first = t;
      if (t > last) last = t;
    }
    this.loadedFrom = complete ? -Infinity : first;
    this.from = complete ? first : Math.min(from ?? first, first);
    this.to = Math.max(complete ? last : to ?? last, last, this.from + 1);
    this.items = items;
    this.paint();
  }

  paint() {
    const width = this.element.clientWidth;
    if (!width || !this.items?.length || !Number.isFinite(this.from)) return;
    const ratio = devicePixelRatio;
    Object.assign(this.canvas, { width: width * ratio, height: HEIGHT * ratio });
    const ink = this.canvas.getContext('2d');
    ink.scale(ratio, ratio);
    const bars = Math.max(1, Math.floor(width / BAR));
    const all = new Uint32Array(bars);
    const bad = new Uint32Array(bars);
    const scale = bars / (this.to - this.from);
    for (const item of this.items) {
      if (item.gap) continue;
      const bar = Math.min(bars - 1, Math.max(0, Math.floor((item.timestamp - this.from) * scale)));
      all[bar]++;
      if (item.family === 'monitor' || item.event.endsWith('.failed')) bad[bar]++;
    }
    const style = getComputedStyle(this.element);
    const colour = (name) => style.getPropertyValue(name);
    // A root keeps single events in sight beside bursts of hundreds.
    const peak = Math.sqrt(Math.max(...all, 1));
    const height = (n) => (n ? Math.max(2, (Math.sqrt(n) / peak) * (HEIGHT - 4)) : 0);
    for (let i = 0; i < bars; i++) {
      ink.fillStyle = colour('--bar');
      ink.fillRect(i * BAR, HEIGHT - height(all[i]), BAR - 1, height(all[i]));
      if (bad[i]) {
        ink.fillStyle = colour('--bar-bad');
        ink.fillRect(i * BAR, HEIGHT - 5, BAR - 1, 5);
      }
    }
    if (this.loadedFrom > this.from) this.hatch(ink, this.xOf(this.loadedFrom), colour('--hatch'));
    const chosen = this.drag ? [this.drag.from, this.drag.to].sort((a, b) => a - b) : this.range;
    if (chosen) {
      ink.fillStyle = colour('--brush');
      ink.fillRect(this.xOf(chosen[0]), 0, Math.max(2, this.xOf(chosen[1]) - this.xOf(chosen[0])), HEIGHT);
    }
    this.ends[0].textContent = clock(this.from, false);
    this.ends[1].textContent = clock(this.to, false);
  }

  hatch(ink, width, colour) {
    ink.strokeStyle = colour;
    ink.save();
    ink.beginPath();
    ink.rect(0, 0, width, HEIGHT);
    ink.clip();
    ink.beginPath();
    for (let x = -HEIGHT; x < width; x += 7) {
      ink.moveTo(x, HEIGHT);
      ink.lineTo(x + HEIGHT, 0);
    }
    ink.stroke();
    ink.restore();
  }

  xOf(time) {
    return ((time - this.from) / (this.to - this.from)) * this.element.clientWidth;
  }

  timeAt(event) {
    const box = this.canvas.getBoundingClientRect();
    return this.from + (Math.min(1, Math.max(0, (event.clientX - box.left) / box.width)) * (this.to - this.from));
  }

  press(event) {
    if (!this.items?.length) return;
    this.canvas.setPointerCapture(event.pointerId);
    const time = this.timeAt(event);
    this.drag = { from: time, to: time, x: event.clientX };
  }

  pull(event) {
    if (!this.drag) return;
    this.drag.to = this.timeAt(event);
    this.paint();
  }

  release(event) {
    if (!this.drag) return;
    const { from, to, x } = this.drag;
    this.drag = null;
    if (Math.abs(event.clientX - x) < 5) this.onJump(from);
    else this.select([Math.min(from, to), Math.max(from, to)]);
    this.paint();
  }

  select(range) {
    this.range = range;
    this.onRange(range);
    this.paint();
  }
}
