package io.observer.e2e.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import io.observer.e2e.kit.BrowserSession;
import io.observer.e2e.kit.HttpAnswer;
import io.observer.e2e.kit.HttpApi;
import io.observer.e2e.kit.ObserverServer;
import io.observer.e2e.kit.SharedBrowser;
import io.observer.e2e.kit.SharedServer;
import io.observer.e2e.kit.SsePublisher;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code /client/observer-events.js}, as a page that is not the dashboard uses it. */
@ExtendWith({SharedBrowser.class, SharedServer.class})
class ClientModuleIT {

    /** Collects what the module tells. */
    private static final String COLLECT = """
            async (options) => {
              const { connect } = await import('/client/observer-events.js');
              Object.assign(window, { events: [], gaps: [], phases: [] });
              window.live = connect({
                ...options,
                onEvents: (events) => window.events.push(...events.map((e) => e.data.n)),
                onGap: (gap) => gaps.push(gap),
                onState: (state) => { window.state = state; if (phases.at(-1) !== state.phase) phases.push(state.phase); },
              });
            }""";

    /** A stream that a test plays: {@code streams} holds one for each connection that was asked for. */
    private static final String PLAYED = """
            () => {
              window.streams = [];
              window.EventSource = class extends EventTarget {
                constructor(url) {
                  super();
                  this.url = url.href;
                  this.closed = false;
                  streams.push(this);
                }
                close() { this.closed = true; }
                say(type, data, lastEventId = '') {
                  this.dispatchEvent(new MessageEvent(type, { data: JSON.stringify(data), lastEventId }));
                }
              };
            }""";

    /** Workers that a test plays: {@code workers} holds one for each time that one was entered. */
    private static final String PLAYED_WORKER = """
            () => {
              window.workers = [];
              window.SharedWorker = class {
                closed = false;
                port = { postMessage() {}, close: () => { this.closed = true; } };
                constructor() { workers.push(this); }
                say(state) { this.port.onmessage({ data: { state: { heartbeat: 5, away: {}, ...state } } }); }
              };
            }""";

    private Page page;

    @BeforeEach
    void open(BrowserSession browser, ObserverServer server) {
        page = browser.emptyPageOf(server.url());
    }

    @AfterEach
    void close() {
        page.close();
    }

    @Test
    void is_smaller_than_six_thousand_bytes(ObserverServer server) {
        HttpAnswer module = new HttpApi(server).get("/client/observer-events.js");

        assertThat(module.status()).isEqualTo(200);
        assertThat(module.header("Content-Type")).startsWith("text/javascript");
        assertThat(module.text().length()).isLessThan(6_000);
    }

    @Test
    void brings_the_events_of_one_job_through_the_worker_that_all_tabs_share(ObserverServer server) {
        SsePublisher publisher = new SsePublisher(server);
        page.evaluate(COLLECT, Map.of("job", "module-a"));
        page.waitForFunction("window.state?.phase === 'live'");

        publisher.publish("module-a", 1);
        publisher.publish("module-b", 2);
        publisher.publish("module-a", 3, 5);

        page.waitForFunction("events.length >= 4");
        assertThat(page.evaluate("events")).isEqualTo(List.of(1, 3, 4, 5));
        page.evaluate("live.close()");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "delete window.SharedWorker",
                "window.SharedWorker = class { constructor() { throw new Error('denied'); } }",
                """
                window.SharedWorker = class {
                  port = { postMessage() {}, close() {} };
                  constructor() { setTimeout(() => this.onerror(new Event('error'))); }
                }"""
            })
    void has_a_connection_of_its_own_where_no_worker_is_to_be_had(String without, ObserverServer server) {
        page.evaluate("() => { " + without + " }");
        page.evaluate(COLLECT, Map.of("job", "module-alone"));
        page.waitForFunction("window.state?.phase === 'live'");

        new SsePublisher(server).publish("module-alone", 1);

        page.waitForFunction("events.length === 1");
        page.evaluate("live.close()");
        Server.awaitOpenStreams(server, 0);
    }

    @Test
    void replays_from_a_cursor_on_a_connection_of_its_own_and_ends_with_the_job(ObserverServer server) {
        SsePublisher publisher = new SsePublisher(server);
        String first = publisher.publish("module-past", 1).cursor();
        publisher.publish("module-past", 2, 3);
        publisher.publish("module-past", "job.completed", "{\"n\":4}");

        page.evaluate(COLLECT, Map.of("job", "module-past", "since", first));

        page.waitForFunction("window.state?.phase === 'finished'");
        assertThat(page.evaluate("events")).isEqualTo(List.of(2, 3, 4));
        assertThat(page.evaluate("state.result")).isEqualTo("completed");
    }

    @Test
    void comes_back_from_where_it_was_when_heartbeats_fail_to_come_later_each_time() {
        page.clock().install();
        page.evaluate(PLAYED);
        page.evaluate(COLLECT, Map.of("shared", false));
        page.evaluate("streams[0].say('hello', {epoch: 'k3f9', heartbeat_seconds: 5}, 'k3f9-41')");
        page.evaluate("streams[0].say('message', {id: 42, data: {n: 42}}, 'k3f9-42')");
        page.clock().runFor(12_000);
        assertThat(page.evaluate("[events, phases, streams.length]"))
                .isEqualTo(List.of(List.of(42), List.of("live"), 1));

        page.clock().runFor(2_000);
        assertThat(page.evaluate("[streams[0].closed, phases.at(-1)]")).isEqualTo(List.of(true, "reconnecting"));
        assertThat((String) page.evaluate("streams[1].url")).contains("last_event_id=k3f9-42");

        for (int failure = 0; failure < 3; failure++) {
            page.evaluate("streams.at(-1).onerror()");
            page.clock().runFor(16_000);
        }
        assertThat(page.evaluate("phases.at(-1)")).isEqualTo("gone");

        page.evaluate("streams.at(-1).say('hello', {epoch: 'k3f9', heartbeat_seconds: 5}, 'k3f9-42')");
        page.evaluate("streams.at(-1).say('gap', {reason: 'evicted', from: 43, to: 50, dropped: 8}, 'k3f9-50')");
        page.evaluate("streams.at(-1).say('caught_up', {cursor: 'k3f9-50'}, 'k3f9-50')");
        assertThat(page.evaluate("[gaps.map(g => g.dropped), phases.slice(-2), state.cursor]"))
                .isEqualTo(List.of(List.of(8), List.of("catching-up", "live"), "k3f9-50"));
    }

    @Test
    void waits_between_half_and_all_of_a_time_that_doubles() {
        page.clock().install();
        page.evaluate(PLAYED);
        page.evaluate("Math.random = () => 1");
        page.evaluate(COLLECT, Map.of("shared", false));
        page.evaluate("""
                () => {
                  window.waits = [];
                  window.fail = () => { streams.at(-1).onerror(); waits.push(Math.round((state.retryAt - Date.now()) / 100) * 100); };
                }""");
        for (int i = 0; i < 8; i++) {
            page.evaluate("fail()");
            page.clock().runFor(((Number) page.evaluate("waits.at(-1)")).longValue());
        }

        assertThat(page.evaluate("waits")).isEqualTo(List.of(500, 1000, 2000, 4000, 8000, 15000, 15000, 15000));
    }

    @Test
    void enters_another_worker_when_the_one_it_has_is_silent_and_tells_what_it_missed_meanwhile() {
        page.clock().install();
        page.evaluate(PLAYED);
        page.evaluate(PLAYED_WORKER);
        page.evaluate(COLLECT, Map.of());
        page.evaluate("workers[0].say({phase: 'reconnecting', cursor: 'k3f9-41', retryAt: Date.now() + 15_000})");
        page.clock().runFor(27_000);
        page.evaluate("workers[0].say({phase: 'live', cursor: 'k3f9-41'})");
        page.clock().runFor(12_000);
        assertThat(page.evaluate("[phases, workers.length]")).isEqualTo(List.of(List.of("reconnecting", "live"), 1));

        page.clock().runFor(5_000);
        assertThat(page.evaluate("[phases.at(-1), workers[0].closed, workers.length]"))
                .isEqualTo(List.of("reconnecting", true, 2));
        page.evaluate("workers[1].say({phase: 'live', cursor: 'k3f9-44'})");
        assertThat(page.evaluate("[phases.at(-1), ...gaps.map(g => [g.reason, g.from, g.to])]"))
                .isEqualTo(List.of("live", List.of("away", 42, 44)));

        // And a stream of its own when the next one is silent from the beginning.
        page.clock().runFor(40_000);
        assertThat(page.evaluate("[workers.length, streams.length]")).isEqualTo(List.of(3, 1));
        assertThat((String) page.evaluate("streams[0].url")).contains("since=k3f9-44");
        page.evaluate("live.close()");
        page.clock().runFor(60_000);
        assertThat(page.evaluate("[workers.length, streams.length]")).isEqualTo(List.of(3, 1));
    }

    @Test
    void notices_silence_when_the_clock_is_set_back_as_well() {
        page.clock().install();
        page.evaluate(PLAYED);
        page.evaluate(COLLECT, Map.of("shared", false));
        page.evaluate("streams[0].say('hello', {epoch: 'k3f9', heartbeat_seconds: 5}, 'k3f9-41')");

        page.evaluate("() => { const now = Date.now; Date.now = () => now() - 3_600_000; }");
        page.clock().runFor(14_000);

        assertThat(page.evaluate("[streams[0].closed, phases.at(-1)]")).isEqualTo(List.of(true, "reconnecting"));
    }

    @Test
    void brings_nothing_any_more_once_it_is_closed() {
        page.clock().install();
        page.evaluate(PLAYED);
        page.evaluate(COLLECT, Map.of("shared", false));
        page.evaluate("streams[0].say('hello', {epoch: 'k3f9', heartbeat_seconds: 5}, 'k3f9-41')");
        page.evaluate("streams[0].say('message', {id: 42, data: {n: 42}}, 'k3f9-42')");

        page.evaluate("live.close()");
        page.clock().runFor(1_000);

        assertThat(page.evaluate("events")).isEqualTo(List.of());
    }

    @Test
    void replays_everything_since_the_id_before_all_others() {
        page.evaluate(PLAYED);
        page.evaluate(COLLECT, Map.of("since", 0));

        assertThat((String) page.evaluate("streams[0].url")).contains("since=0");
    }
}
