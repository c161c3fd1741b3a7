import { Source } from './observer-events.js';

// The one connection of all tabs: a shared worker, which ends with the last of them.

const readers = new Map();
let source;
// A reader of one job gets its events only, and states as they come.
const share = ({ events, ...rest }) => {
  const jobs = events?.map((json) => JSON.parse(json).job_id);
  for (const [port, job] of readers) {
    const its = job ? events?.filter((_, i) => jobs[i] === job) : events;
    port.postMessage(its?.length ? { ...rest, events: its } : rest);
  }
};
onconnect = ({ ports: [port] }) => {
  port.onmessage = ({ data }) => {
    source?.flush();
    if (data) {
      readers.set(port, data.job);
      source ??= new Source('/v1/events/stream', null, data.heartbeat, share);
      port.postMessage({ state: source.state });
    } else if (readers.delete(port) && !readers.size) {
      source.close();
      source = null;
    }
  };
};
