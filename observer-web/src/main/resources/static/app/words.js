import { texts } from './texts.js';

/** What an event says in one line, and what kind it is. Everything here makes plain text of what may be hostile. */

const LINE_LIMIT = 400;
const HIDDEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;
const FAMILIES = {
  'observer.file': 'file', 'observer.process': 'process', job: 'job', sheet: 'sheet', log: 'log', monitor: 'monitor',
  baton: 'baton', operation: 'operation',
};

export const FAMILY_NAMES = ['job', 'sheet', 'log', 'file', 'process', 'monitor', 'baton', 'operation', 'other'];

export function familyOf(name) {
  const dot = name.indexOf('.');
  const first = dot < 0 ? name : name.slice(0, dot);
  if (first === 'observer') {
    return FAMILIES[name.slice(0, name.indexOf('_'))] ?? 'other';
  }
  return Object.hasOwn(FAMILIES, first) ? FAMILIES[first] : 'other';
}

/** Control and direction characters as their code, so that none of them can act on the page. */
export function visible(text) {
  return text.replace(HIDDEN, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** An exit code as it was sent, or undefined for what is none. */
function codeOf(data) {
  const code = data?.exit_code;
  return typeof code === 'number' || typeof code === 'string' ? code : undefined;
}

export function isFailure({ event, data }) {
  return event.endsWith('.failed')
    || (event === 'observer.process_exited' && Number(codeOf(data) ?? 0) !== 0)
    || (event === 'operation.observed' && data?.success === false);
}

export function toneOf(event) {
  if (isFailure(event)) return 'bad';
  if (event.event.startsWith('monitor.') || event.event === 'operation.failure_cluster') return 'warn';
  return event.event === 'job.completed' ? 'good' : '';
}

export function pathOf({ event, data }) {
  return event.startsWith('observer.file_') && typeof data?.path === 'string' ? data.path : undefined;
}

/** The line of a `log.line` as it was sent, colours and all. */
export function lineOf({ event, data }) {
  return event === 'log.line' && typeof data?.line === 'string' ? data.line.slice(0, 4 * LINE_LIMIT) : undefined;
}

export function describe(event) {
  return visible(say(event).slice(0, LINE_LIMIT));
}

function say(event) {
  const { event: name, data } = event;
  if (data === null || typeof data !== 'object') return data === null ? lastWord(name) : String(data);
  const path = pathOf(event);
  if (path !== undefined) return `${texts.did[name] ?? lastWord(name)} ${path}`;
  if (name === 'observer.process_spawned') return texts.spawned(short(data.name), short(data.pid));
  if (name === 'observer.process_exited') {
    return texts.exited(short(data.name ?? data.role), short(data.pid), short(codeOf(data)));
  }
  const line = lineOf(event);
  if (line !== undefined) return line.replace(/\u001b\[[0-9;:]*[A-Za-z]/g, '');
  if (name === 'baton.instrument.fallback') {
    return texts.fallback(short(data.from_instrument), short(data.to_instrument), short(data.reason));
  }
  if (name === 'operation.observed') return texts.operation(data.success === true, short(data.endpoint), short(data.error));
  if (typeof data.description === 'string') return data.description;
  return [name.startsWith('job.') ? lastWord(name) : '', members(data)].filter(Boolean).join('  ');
}

function members(data) {
  const said = [];
  for (const key in data) {
    said.push(Array.isArray(data) ? short(data[key]) : `${key.slice(0, 60)}=${short(data[key])}`);
    if (said.length === 8) break;
  }
  return said.join('  ');
}

function short(value) {
  if (value === undefined || value === null) return '';
  if (typeof value !== 'object') return String(value).slice(0, LINE_LIMIT);
  return Array.isArray(value) ? `[${value.length}]` : '{…}';
}

const lastWord = (name) => name.slice(name.lastIndexOf('.') + 1).replaceAll('_', ' ');

/** Whether the name, the line or the payload of an event has a text in it, which is in small letters. Nothing of it is kept. */
export function matchesText(event, wanted) {
  return event.event.toLowerCase().includes(wanted)
    || describe(event).toLowerCase().includes(wanted)
    || (event.data !== null && JSON.stringify(event.data).toLowerCase().includes(wanted));
}

/** `created src/main/A.java` in three parts: what was done, the folder, the file. Null for what is no file. */
export function fileParts(event) {
  const path = pathOf(event);
  if (path === undefined) return null;
  const shown = visible(path.slice(-LINE_LIMIT));
  const slash = shown.lastIndexOf('/', shown.length - 2) + 1;
  return [`${texts.did[event.event] ?? lastWord(event.event)} `, shown.slice(0, slash), shown.slice(slash)];
}

/** What came of a job, without the word that its state says already: `exit_code=3`. */
export const outcomeOf = ({ data }) => (data !== null && typeof data === 'object' ? visible(members(data).slice(0, LINE_LIMIT)) : '');
