// The global stream, live: newest last. EventSource reconnects by itself and brings its last id, so nothing is lost.

const MAX_ROWS = 1000;
const rows = document.getElementById('events');
const state = document.getElementById('state');
const count = document.getElementById('count');
const empty = document.getElementById('empty');

let received = 0;
let pending = [];

document.getElementById('base').textContent = location.origin;

const source = new EventSource('/v1/events/stream?names=off&last=200');
source.onopen = () => show('live');
source.onerror = () => show(source.readyState === EventSource.CLOSED ? 'closed' : 'reconnecting');
source.onmessage = (message) => enqueue(eventRow(JSON.parse(message.data)));
source.addEventListener('gap', (message) => enqueue(gapRow(JSON.parse(message.data))));
source.addEventListener('bridge_stopped', () => show('server is stopping'));
source.addEventListener('busy', () => show('server is full, trying again'));

function show(text) {
  state.textContent = text;
  state.dataset.state = text;
}

function enqueue(row) {
  if (pending.push(row) === 1) {
    requestAnimationFrame(render);
  }
}

// One change of the page a frame, however many events have come.
function render() {
  const follows = window.innerHeight + window.scrollY >= document.body.scrollHeight - 4;
  rows.append(...pending.slice(-MAX_ROWS));
  pending = [];
  while (rows.childElementCount > MAX_ROWS) {
    rows.firstElementChild.remove();
  }
  count.textContent = received;
  empty.hidden = true;
  if (follows) {
    window.scrollTo(0, document.body.scrollHeight);
  }
}

function eventRow(event) {
  received += 1;
  const time = new Date(event.timestamp * 1000);
  const row = tableRow(
    Number.isNaN(time.getTime()) ? String(event.timestamp) : time.toLocaleTimeString(),
    event.job_id, event.event, event.data === null ? '' : JSON.stringify(event.data));
  row.dataset.family = event.event.split('.')[0];
  row.id = `e${event.id}`;
  return row;
}

function gapRow(gap) {
  const row = tableRow('', '', 'missed', gap.dropped === null ? gap.reason : `${gap.dropped} events (${gap.reason})`);
  row.className = 'gap';
  return row;
}

// Text only: nothing of an event is ever read as HTML.
function tableRow(...cells) {
  const row = document.createElement('tr');
  for (const text of cells) {
    row.insertCell().textContent = text;
  }
  return row;
}
