import { clock, shortClock } from './time.js';
import { texts } from './texts.js';

/** Events over the time of a job. A click jumps, a drag selects; what is not loaded is hatched, a click there loads it. */

const HEIGHT = 44;
const AXIS = 17;
const BAR = 5;
const TICK = 110;
const STEPS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21600, 43200, 86400];

export class Histogram {
  constructor({ onJump, onRange }) {
    Object.assign(this, { onJump, onRange, range: null, drag: null, point: null });
    this.element = document.createElement('div');
    this.element.className = 'histogram';
    this.canvas = this.element.appendChild(document.createElement('canvas'));
    this.canvas.setAttribute('role', 'img');
    this.canvas.setAttribute('aria-label', texts.histogram);
    this.says = this.element.appendChild(document.createElement('output'));
    this.says.hidden = true;
    this.canvas.addEventListener('pointerdown', (e) => this.press(e));
    this.canvas.addEventListener('pointermove', (e) => this.move(e));
    this.canvas.addEventListener('pointerup', (e) => this.release(e));
    this.canvas.addEventListener('pointerleave', () => { this.says.hidden = true; });
    this.canvas.addEventListener('pointercancel', () => { this.drag = null; this.paint(); });
    new ResizeObserver(() => this.paint()).observe(this.element);
    addEventListener('themechange', () => this.paint());
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.paint());
  }

  /** @param items of the store; `from` and `to` are the time of the whole job, of which `complete` is all loaded */
  show(items, from, to, complete) {
    let first = Infinity;
    let last = -Infinity;
    for (const { timestamp: t } of items) {
      if (t < first) first = t;
      if (t > last) last = t;
    }
    this.loadedFrom = complete ? -Infinity : first;
    this.from = complete ? first : Math.min(from ?? first, first);
    this.to = Math.max(to ?? last, last, this.from + 1);
    this.items = items;
    this.paint();
  }

  count(bars) {
    this.all = new Uint32Array(bars);
    this.bad = new Uint32Array(bars);
    this.warn = new Uint32Array(bars);
    const scale = bars / (this.to - this.from);
    for (const item of this.items) {
      if (item.gap) continue;
      const bar = Math.min(bars - 1, Math.max(0, Math.floor((item.timestamp - this.from) * scale)));
      this.all[bar]++;
      if (item.tone === 'bad') this.bad[bar]++;
      else if (item.tone === 'warn') this.warn[bar]++;
    }
  }

  paint() {
    const width = this.canvas.clientWidth;
    if (!width || !this.items?.length || !Number.isFinite(this.from)) return;
    const ratio = devicePixelRatio;
    if (this.canvas.width !== Math.round(width * ratio)) {
      Object.assign(this.canvas, { width: Math.round(width * ratio), height: (HEIGHT + AXIS) * ratio });
    }
    const ink = this.canvas.getContext('2d');
    ink.setTransform(ratio, 0, 0, ratio, 0, 0);
    ink.clearRect(0, 0, width, HEIGHT + AXIS);
    const style = getComputedStyle(this.element);
    const colour = (name) => style.getPropertyValue(name);
    this.bars = Math.max(1, Math.floor(width / BAR));
    this.count(this.bars);
    this.paintAxis(ink, width, colour, style.fontFamily);
    if (this.loadedFrom > this.from) hatch(ink, this.xOf(this.loadedFrom), colour('--hatch'));
    this.paintBars(ink, colour, width / this.bars);
    const chosen = this.drag ? [this.drag.from, this.drag.to].sort((a, b) => a - b) : this.range;
    if (chosen) {
      const [left, right] = chosen.map((time) => this.xOf(time));
      ink.fillStyle = colour('--brush');
      ink.fillRect(left, 0, Math.max(2, right - left), HEIGHT);
      ink.fillStyle = colour('--brush-edge');
      ink.fillRect(left, 0, 1, HEIGHT);
      ink.fillRect(right - 1, 0, 1, HEIGHT);
    }
  }

  paintBars(ink, colour, step) {
    // A root keeps single events in sight beside bursts of hundreds.
    const peak = Math.sqrt(this.all.reduce((a, b) => Math.max(a, b), 1));
    const [bar, bad, warn] = ['--bar', '--bar-bad', '--bar-warn'].map(colour);
    const height = (n) => (n ? Math.max(2, Math.round((Math.sqrt(n) / peak) * (HEIGHT - 4))) : 0);
    for (let i = 0; i < this.bars; i++) {
      if (!this.all[i]) continue;
      const tall = height(this.all[i]);
      const part = Math.max(4, Math.round(tall * ((this.bad[i] + this.warn[i]) / this.all[i])));
      const x = Math.round(i * step);
      const wide = Math.round((i + 1) * step) - x - 1;
      ink.fillStyle = bar;
      ink.fillRect(x, HEIGHT - tall, wide, tall);
      if (!this.bad[i] && !this.warn[i]) continue;
      ink.fillStyle = this.bad[i] ? bad : warn;
      ink.fillRect(x, HEIGHT - part, wide, part);
    }
  }

  paintAxis(ink, width, colour, font) {
    ink.fillStyle = colour('--axis');
    ink.fillRect(0, HEIGHT, width, 1);
    const span = this.to - this.from;
    const step = STEPS.find((s) => (s / span) * width >= TICK) ?? Math.ceil(span / 4);
    const zone = new Date(this.from * 1000).getTimezoneOffset() * 60;
    ink.font = `10.5px ${font}`;
    for (let t = Math.ceil((this.from - zone) / step) * step + zone; t <= this.to; t += step) {
      const x = this.xOf(t);
      const text = shortClock(t, step);
      const half = ink.measureText(text).width / 2;
      ink.fillStyle = colour('--axis');
      ink.fillRect(Math.round(x), HEIGHT, 1, 4);
      ink.fillStyle = colour('--axis-ink');
      ink.fillText(text, Math.min(width - 2 * half, Math.max(0, x - half)), HEIGHT + 14);
    }
  }

  xOf(time) {
    return ((time - this.from) / (this.to - this.from)) * this.canvas.clientWidth;
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

  move(event) {
    if (!this.items?.length) return;
    const time = this.timeAt(event);
    this.say(time);
    if (!this.drag) return;
    this.drag.to = time;
    this.paint();
  }

  /** What is under the pointer, or the span that it draws. */
  say(time) {
    const bar = Math.min(this.bars - 1, Math.floor(((time - this.from) / (this.to - this.from)) * this.bars));
    const when = this.drag ? texts.span(clock(Math.min(this.drag.from, time)), clock(Math.max(this.drag.from, time))) : clock(time);
    const what = time < this.loadedFrom ? texts.notLoaded : this.drag ? '' : texts.histogramBar(this.all[bar], this.bad[bar]);
    this.says.textContent = [when, what].filter(Boolean).join(' · ');
    this.says.hidden = false;
    this.says.dataset.side = bar > this.bars / 2 ? 'left' : 'right';
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

function hatch(ink, width, colour) {
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
