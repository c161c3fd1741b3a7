import { texts } from './texts.js';

/** Stamps and spans of time as a reader in this zone says them. */

const ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;
const pad = (n, width = 2) => String(n).padStart(width, '0');

/** `14:03:07.250`, or the bare number where it is no time a clock can show. */
export function clock(timestamp, millis = true) {
  const t = new Date(timestamp * 1000);
  if (Number.isNaN(t.getTime())) return String(timestamp);
  const time = `${pad(t.getHours())}:${pad(t.getMinutes())}:${pad(t.getSeconds())}`;
  return millis ? `${time}.${pad(t.getMilliseconds(), 3)}` : time;
}

/** The exact stamp, in this zone and as it was sent. */
export function stamp(timestamp) {
  const t = new Date(timestamp * 1000);
  if (Number.isNaN(t.getTime())) return String(timestamp);
  return `${t.getFullYear()}-${pad(t.getMonth() + 1)}-${pad(t.getDate())} ${clock(timestamp)} ${ZONE}\n${t.toISOString()}\n${timestamp}`;
}

/** `0.4 s`, `42 s`, `3 min 07 s`, `2 h 05 min`, `3 d 4 h`. */
export function span(seconds) {
  const s = Math.max(0, seconds);
  if (s < 10) return `${s.toFixed(1)} s`;
  if (s < 60) return `${Math.floor(s)} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min ${pad(Math.floor(s % 60))} s`;
  if (s < 86400) return `${Math.floor(s / 3600)} h ${pad(Math.floor((s % 3600) / 60))} min`;
  return `${Math.floor(s / 86400).toLocaleString('en')} d ${Math.floor((s % 86400) / 3600)} h`;
}

/** `3 s ago`, roughly. */
export function ago(seconds) {
  if (seconds < 1) return texts.now;
  if (seconds < 60) return texts.ago(`${Math.floor(seconds)} s`);
  if (seconds < 3600) return texts.ago(`${Math.floor(seconds / 60)} min`);
  if (seconds < 172800) return texts.ago(`${Math.floor(seconds / 3600)} h`);
  return texts.ago(`${Math.floor(seconds / 86400).toLocaleString('en')} d`);
}
