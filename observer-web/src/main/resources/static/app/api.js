/** The pages of the log, as https://…/v1 answers them. */

const PAGE = 1000;

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

/** All events with `from <= id <= to` that match, oldest first; `most` bounds them, newest kept. */
export async function range(job, from, to, { event, most = Infinity } = {}) {
  let found = [];
  let since = from - 1;
  let gap = null;
  for (;;) {
    const answer = await page(job, since, { event, limit: Math.min(PAGE, to - since) });
    gap ??= answer.gap;
    const next = idOf(answer.cursor);
    for (const e of answer.events) {
      if (e.id <= to) found.push(e);
    }
    if (found.length > 2 * most) found = found.slice(-most);
    if (!answer.has_more || next >= to || next <= since) {
      return { events: found.length > most ? found.slice(-most) : found, gap, firstId: answer.first_id };
    }
    since = next;
  }
}

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
