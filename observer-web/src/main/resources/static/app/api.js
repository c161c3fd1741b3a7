/** The pages of the log, as https://…/v1 answers them. */

const PAGE = 1000;
/** What one load brings at most. */
export const MOST_BYTES = 16 * 1024 * 1024;

export const getJson = async (path) => JSON.parse(await getText(path));

async function getText(path) {
  const answer = await fetch(path, { headers: { Accept: 'application/json' } });
  const text = await answer.text();
  if (!answer.ok) {
    throw Object.assign(new Error(problemIn(text) ?? `status ${answer.status}`), { status: answer.status });
  }
  return text;
}

function problemIn(text) {
  try {
    return JSON.parse(text).detail;
  } catch {
    return undefined;
  }
}

export const jobPath = (job) => `/v1/jobs/${encodeURIComponent(job)}`;

const eventsPath = (job) => (job ? `${jobPath(job)}/events` : '/v1/events');

/** One page; `since` is an id, `event` globs or empty. Each event gets `bytes`, its share of the page. */
export async function page(job, since, { event = '', limit = PAGE } = {}) {
  const query = new URLSearchParams({ since: Math.max(0, since), limit });
  if (event) query.set('event', event);
  const text = await getText(`${eventsPath(job)}?${query}`);
  const answer = JSON.parse(text);
  const bytes = Math.ceil(text.length / Math.max(1, answer.events.length));
  answer.events.forEach((e) => { e.bytes = bytes; });
  return answer;
}

/** The pages that hold all events with `from <= id <= to` that match, oldest first. */
export async function* pages(job, from, to, event) {
  let since = from - 1;
  for (;;) {
    const answer = await page(job, since, { event, limit: Math.min(PAGE, to - since) });
    const next = idOf(answer.cursor);
    answer.events = answer.events.filter((e) => e.id <= to);
    yield answer;
    if (!answer.has_more || next >= to || next <= since) return;
    since = next;
  }
}

/** All events of these pages, or the newest of them when they are too many or too large; then `isCut`. */
export async function range(job, from, to, { event, most }) {
  const found = { events: [], gap: null, firstId: null, isCut: false };
  for await (const answer of pages(job, from, to, event)) {
    const all = found.events.concat(answer.events);
    found.events = newest(all, most, MOST_BYTES);
    found.isCut ||= found.events.length < all.length;
    found.gap ??= answer.gap;
    found.firstId = answer.first_id;
  }
  return found;
}

/** The newest of some events that there is room for. */
export function newest(events, most, bytes) {
  let from = events.length;
  let room = bytes;
  while (from > 0 && events.length - from < most && events[from - 1].bytes <= room) room -= events[--from].bytes;
  return from ? events.slice(from) : events;
}

export const sizeOf = (events) => events.reduce((size, event) => size + event.bytes, 0);

/** Does something with each event. One that it fails for is told in the console and costs none of the others. */
export function forEachEvent(events, act) {
  for (const event of events) {
    try {
      act(event);
    } catch (error) {
      console.error(`event #${event.id}`, error);
    }
  }
}

export const idOf = (cursor) => Number(cursor.slice(cursor.lastIndexOf('-') + 1));

export const epochOf = (cursor) => cursor.slice(0, cursor.lastIndexOf('-'));

/** The globs of a query as a test of names: `*` any run, `?` one character, commas between. Null when they are no globs. */
export function matcher(globs) {
  const list = globs.split(',').map((g) => g.trim()).filter(Boolean);
  if (!list.length) return () => true;
  if (list.length > 16 || list.some((g) => g.length > 128 || !/^[A-Za-z0-9._*?-]+$/.test(g))) return null;
  const tests = list.map((glob) => globRegExp(glob));
  return (name) => tests.some((test) => test.test(name));
}

export function globRegExp(glob, flags = '') {
  const source = glob.replace(/\*+/g, '*').replace(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*').replaceAll('?', '.');
  return new RegExp(`^${source}$`, flags + 's');
}
