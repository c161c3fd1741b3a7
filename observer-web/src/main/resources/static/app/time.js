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

/** A tick of a time axis: as much of the time as its step needs, with the day where that is not today. */
export function shortClock(timestamp, step) {
  const t = new Date(timestamp * 1000);
  if (step >= 86400) return day(t);
  const time = step < 1 ? clock(timestamp).slice(0, -2) : clock(timestamp, false).slice(0, step < 60 ? 8 : 5);
  return isToday(t) ? time : `${day(t)} ${time}`;
}

/** `14:03:07`, with the day where that is not today. */
export const dayClock = (timestamp) => shortClock(timestamp, 1);

const day = (t) => (Number.isNaN(t.getTime()) ? '' : `${t.getFullYear()}-${pad(t.getMonth() + 1)}-${pad(t.getDate())}`);

const isToday = (t) => t.toDateString() === new Date().toDateString();

/** The exact stamp, in this zone and as it was sent. */
export function stamp(timestamp) {
  const t = new Date(timestamp * 1000);
  if (Number.isNaN(t.getTime())) return String(timestamp);
  return `${day(t)} ${clock(timestamp)} ${ZONE}\n${t.toISOString()}\n${timestamp}`;
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
export const ago = (seconds) => (seconds < 1 ? texts.now : texts.ago(roughly(seconds)));

/** `24 min`: the largest unit of a span. */
export function roughly(seconds) {
  if (seconds < 60) return `${Math.max(0, Math.floor(seconds))} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 172800) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86400).toLocaleString('en')} d`;
}
