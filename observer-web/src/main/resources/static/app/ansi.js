import { visible } from './words.js';

/** Runs of a log line with the classes of their ANSI colours: `\e[1;31mno\e[0m` → [['ansi-b ansi-1', 'no']]. */

const SEQUENCE = /\u001b(?:\[([0-9;:]*)([A-Za-z])|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\-_])/g;
const FLAGS = { 1: 'b', 2: 'd', 3: 'i', 4: 'u', 7: 'r' };

export function ansiRuns(line) {
  const runs = [];
  let style = { flags: new Set(), ink: '', ground: '' };
  let from = 0;
  const push = (text) => {
    if (!text) return;
    const classes = [...[...style.flags].map((f) => `ansi-${f}`), style.ink, style.ground].filter(Boolean).join(' ');
    runs.push([classes, visible(text)]);
  };
  for (const match of line.matchAll(SEQUENCE)) {
    push(line.slice(from, match.index));
    from = match.index + match[0].length;
    if (match[2] === 'm') style = apply(style, match[1]);
  }
  push(line.slice(from));
  return runs;
}

function apply(before, codes) {
  let { ink, ground } = before;
  const flags = new Set(before.flags);
  const list = codes.split(/[;:]/).map(Number);
  for (let i = 0; i < list.length; i++) {
    const code = list[i];
    if (code === 0) {
      flags.clear();
      ink = ground = '';
    } else if (FLAGS[code]) flags.add(FLAGS[code]);
    else if (code === 22) ['b', 'd'].forEach((f) => flags.delete(f));
    else if (code > 22 && code < 28) flags.delete(FLAGS[code - 20]);
    else if (code >= 30 && code <= 37) ink = `ansi-${code - 30}`;
    else if (code >= 90 && code <= 97) ink = `ansi-${code - 82}`;
    else if (code >= 40 && code <= 47) ground = `ansi-on-${code - 40}`;
    else if (code >= 100 && code <= 107) ground = `ansi-on-${code - 92}`;
    else if (code === 39) ink = '';
    else if (code === 49) ground = '';
    else if (code === 38 || code === 48) {
      const basic = list[i + 1] === 5 ? nearest(list[i + 2]) : nearestRgb(list.slice(i + 2, i + 5));
      if (code === 38) ink = `ansi-${basic}`;
      else ground = `ansi-on-${basic}`;
      i += list[i + 1] === 5 ? 2 : 4;
    }
  }
  return { flags, ink, ground };
}

/** One of the sixteen for one of the 256, so that every colour is readable in both themes. */
function nearest(n) {
  if (!(n >= 16 && n <= 255)) return n >= 0 && n < 16 ? n : 7;
  if (n >= 232) return n < 244 ? 8 : 7;
  const cube = n - 16;
  return nearestRgb([Math.floor(cube / 36) * 51, (Math.floor(cube / 6) % 6) * 51, (cube % 6) * 51]);
}

function nearestRgb([r = 0, g = 0, b = 0]) {
  const top = Math.max(r, g, b);
  if (top - Math.min(r, g, b) < 40) return top < 128 ? 8 : 7;
  const bits = (r > top * 0.6) + 2 * (g > top * 0.6) + 4 * (b > top * 0.6);
  return top > 200 ? bits + 8 : bits;
}
