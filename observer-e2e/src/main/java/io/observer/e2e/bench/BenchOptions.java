package io.observer.e2e.bench;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the command line asks for.
 *
 * @param url a server that runs already; null to start one for each scenario
 * @param log the log of the servers that are started; null = their default
 * @param readers 0 = each scenario's own number
 * @param rate events a second; 0 = each scenario's own
 * @param events how many the log holds for readers that come back, and how many changed files the recorder gets
 * @param warmup seconds of load before anything is measured
 * @param seconds how long each scenario measures
 */
record BenchOptions(
        List<Scenario> scenarios,
        @Nullable URI url,
        @Nullable String log,
        int readers,
        int rate,
        int events,
        int warmup,
        int seconds,
        boolean json,
        boolean help) {

    static final String USAGE = """
            Usage: observer bench [OPTIONS]
            Starts the server, loads it from one client thread and says how fast it was. Nothing leaves the machine.

              --scenario a,b   what to measure; default: all of
                                 start    time until the ready line; median of 5
                                 latency  20 times a second, one POST on an idle server: until the last reader has it
                                 fanout   --rate events a second to --readers streams
                                 ingest   NDJSON batches of 100 from 4 publishers; single POSTs from 16
                                 history  pages of 200 events, on 16 connections
                                 resume   time to the first event in a log of --events events of 1000 jobs;
                                          then --readers streams that replay 10000 events at once
                                 slow     one of --readers stops reading: the others, the server's memory,
                                          and what the one is told; 20 seconds at most
                                 idle     --readers quiet streams: memory of each, time until the last has an event
                                 recorder timelines of 200 jobs: 50000 events a second, then --events changed files
              --readers N      open streams, 2 to 10000; default 100, for fanout 1000, for idle 10000
              --rate N         events a second, 1 to 2000; default 40 for fanout, 400 for slow
              --events N       1000 to 2000000; default 100000
              --warmup N       seconds of load before each measurement, 1 to 300; default 20
              --seconds N      how long each measurement takes, 1 to 300; default 10
              --log BACKEND    the log of the server that is started, as serve knows it
              --url URL        load this running server instead: no start, no recorder, and no figures of its
                               processor time and memory
              --json           one JSON object a scenario, a line each, instead of the table

            Exit codes:
              0   every event arrived once and in order, or a gap said that it did not
              1   something was lost, repeated or refused, a server failed, or the client could not keep up
              2   the command line is wrong
              3   the server cannot be reached
            """;

    private static final int MAX_READERS = 10_000;
    private static final int MAX_RATE = 2_000;
    private static final int MAX_EVENTS = 2_000_000;
    private static final int MAX_SECONDS = 300;

    static BenchOptions parse(String... args) throws UsageException {
        return new Parser(args).parse();
    }

    int readersOr(int usual) {
        return readers > 0 ? readers : usual;
    }

    int rateOr(int usual) {
        return rate > 0 ? rate : usual;
    }

    /** Takes the arguments one by one; {@code --name value} and {@code --name=value} mean the same. */
    private static final class Parser {

        private final Deque<String> rest = new ArrayDeque<>();
        private final Set<Scenario> scenarios = EnumSet.noneOf(Scenario.class);
        private @Nullable URI url;
        private @Nullable String log;
        private int readers;
        private int rate;
        private int events = 100_000;
        private int warmup = 20;
        private int seconds = 10;
        private boolean json;
        private boolean help;

        Parser(String... args) {
            for (String arg : args) {
                int equals = arg.startsWith("--") ? arg.indexOf('=') : -1;
                if (equals > 0) {
                    rest.add(arg.substring(0, equals));
                    rest.add(arg.substring(equals + 1));
                } else {
                    rest.add(arg);
                }
            }
        }

        BenchOptions parse() throws UsageException {
            while (!rest.isEmpty()) {
                take(rest.remove());
            }
            return new BenchOptions(wanted(), url, log, readers, rate, events, warmup, seconds, json, help);
        }

        private void take(String option) throws UsageException {
            switch (option) {
                case "--scenario" -> {
                    for (String label : value(option).split(",", -1)) {
                        scenarios.add(Scenario.of(label.strip()));
                    }
                }
                case "--readers" -> readers = number(option, 2, MAX_READERS);
                case "--rate" -> rate = number(option, 1, MAX_RATE);
                case "--events" -> events = number(option, 1_000, MAX_EVENTS);
                case "--warmup" -> warmup = number(option, 1, MAX_SECONDS);
                case "--seconds" -> seconds = number(option, 1, MAX_SECONDS);
                case "--log" -> log = value(option);
                case "--url" -> url = url(value(option));
                case "--json" -> json = true;
                case "--help", "-h" -> help = true;
                default -> throw new UsageException("unknown argument '" + option + "'");
            }
        }

        private List<Scenario> wanted() throws UsageException {
            List<Scenario> wanted = new ArrayList<>(List.of(Scenario.values()));
            if (url != null) {
                wanted.removeIf(Scenario::wantsItsOwnServer);
            }
            for (Scenario scenario : scenarios) {
                if (!wanted.contains(scenario)) {
                    throw new UsageException(
                            "the scenario " + scenario.label() + " starts its server itself: leave --url out");
                }
            }
            return scenarios.isEmpty() ? List.copyOf(wanted) : List.copyOf(scenarios);
        }

        private String value(String option) throws UsageException {
            String value = rest.poll();
            if (value == null) {
                throw new UsageException(option + " wants a value");
            }
            return value;
        }

        private int number(String option, int min, int max) throws UsageException {
            String value = value(option);
            if (value.matches("[0-9]{1,9}")) {
                int number = Integer.parseInt(value);
                if (number >= min && number <= max) {
                    return number;
                }
            }
            throw new UsageException(option + " must be " + min + " to " + max + ", not '" + value + "'");
        }

        private static URI url(String value) throws UsageException {
            try {
                URI url = new URI(value);
                if ("http".equals(url.getScheme()) && url.getHost() != null) {
                    int port = url.getPort() < 0 ? 80 : url.getPort();
                    return new URI("http", null, url.getHost(), port, null, null, null);
                }
            } catch (URISyntaxException e) {
                // The sentence below says what would be right.
            }
            throw new UsageException("--url must look like http://127.0.0.1:3219, not '" + value + "'");
        }
    }
}
