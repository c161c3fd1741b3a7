package io.observer.e2e.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Clients that read the log page by page, each the next page as soon as it has the last: of the newest events, then of old ones. */
final class HistoryScenario {

    private static final int CONNECTIONS = 16;
    private static final int PAGES = 50;
    private static final int EVENTS = 200;
    private static final Pattern EVENT = Pattern.compile("\\{\"id\":\\d");
    private static final Pattern CURSOR = Pattern.compile("\"cursor\":\"([^\"]+)\",\"has_more\"");

    private HistoryScenario() {}

    static Result run(BenchOptions options) throws IOException, InterruptedException {
        try (Target target = Target.open(options);
                ClientLoop loop = new ClientLoop()) {
            return measure(options, target, loop);
        }
    }

    private static Result measure(BenchOptions options, Target target, ClientLoop loop) throws IOException {
        long before = target.lastId();
        EventPublisher publisher = new EventPublisher(loop, target, Payload.newJob());
        publisher.publishAll(PAGES * EVENTS);
        long between = target.lastId();
        // As many as a server answers from the memory of its newest events: the others are old ones by then.
        publisher.publishAll(PAGES * EVENTS);
        Result.Builder result =
                Result.of(Scenario.HISTORY).count("connections", CONNECTIONS).count("events a page", EVENTS);
        List<String> faults = new ArrayList<>();
        Pages old = new Pages(target, before);
        Pages newest = new Pages(target, between);
        faults.addAll(read("newest ", newest, options, target, loop, result));
        faults.addAll(read("old ", old, options, target, loop, result));
        return result.faults(faults);
    }

    private static List<String> read(
            String prefix, Pages pages, BenchOptions options, Target target, ClientLoop loop, Result.Builder result)
            throws IOException {
        ClosedLoop reading = new ClosedLoop(loop, target, pages);
        reading.start(CONNECTIONS);
        reading.run(options.warmup());
        long warm = pages.read;
        Meter meter = Meter.start(target, loop);
        reading.run(options.seconds());
        Meter.Cost cost = meter.stop();
        long measured = pages.read - warm;
        reading.end();
        result.count(prefix + "pages", measured)
                .per(prefix + "pages per second", measured, cost.elapsed())
                .per(prefix + "pages per cpu-second", measured, cost.serverCpu())
                .share(prefix + "others busy", cost.othersShare())
                .share(prefix + "client cpu", cost.clientCpu())
                .share(prefix + "client busy", cost.clientBusy());
        return pages.wrong == 0
                ? List.of()
                : List.of(pages.wrong + " " + prefix + "pages were not what they were at first");
    }

    /** The pages of the log after a position: looked into once, and then known by their length. */
    private static final class Pages implements ClosedLoop.Work {

        private final boolean grows;
        private final List<byte[]> requests = new ArrayList<>();
        private final List<Integer> lengths = new ArrayList<>();
        private long read;
        private long wrong;

        Pages(Target target, long after) throws IOException {
            this.grows = !target.isOwn();
            String since = Long.toString(after);
            for (int i = 0; i < PAGES; i++) {
                String path = "/v1/events?limit=" + EVENTS + "&since=" + since;
                String page = target.call("GET", path, "");
                Matcher cursor = CURSOR.matcher(page);
                if (EVENT.matcher(page).results().count() != EVENTS || !cursor.find()) {
                    throw new IOException("the page " + path + " does not hold " + EVENTS + " events");
                }
                since = cursor.group(1);
                requests.add(HttpConnection.get(target, path));
                lengths.add(page.length());
            }
        }

        @Override
        public byte[] request(int number) {
            return requests.get(number % PAGES);
        }

        @Override
        public void answered(int number, int status, long bytes) throws IOException {
            if (status != 200) {
                throw new IOException("a page was answered with status " + status);
            }
            int length = lengths.get(number % PAGES);
            // A page also names the newest id of the log, which others may move on.
            if (grows ? bytes < length : bytes != length) {
                wrong++;
            }
            read++;
        }
    }
}
