// Reads one stream with the npm package eventsource and prints what happens as JSON lines.
// Usage: node reader.mjs URL EVENT…   It ends when its standard input does.
import { EventSource } from "eventsource";

const [url, ...names] = process.argv.slice(2);
const print = (line) => process.stdout.write(JSON.stringify(line) + "\n");

const source = new EventSource(url);
source.addEventListener("open", () => print({ happened: "open" }));
source.addEventListener("error", () => print({ happened: "error", readyState: source.readyState }));
for (const name of names) {
  source.addEventListener(name, (event) => print({ happened: "frame", event: event.type, id: event.lastEventId, data: event.data }));
}

process.stdin.on("end", () => process.exit(0)).resume();
