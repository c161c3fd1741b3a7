package io.observer.e2e.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.observer.e2e.kit.HttpApi;
import io.observer.e2e.kit.ObserverServer;
import io.observer.e2e.kit.SsePublisher;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A server that is asked over its socket, as tools ask a daemon. */
@Timeout(120)
class RpcIT {

    private static final String READY =
            "{\"jsonrpc\":\"2.0\",\"result\":{\"status\":\"ready\",\"reason\":null},\"id\":9}";

    @TempDir
    private static Path directory;

    private static ObserverServer server;

    @BeforeAll
    static void start() {
        server = ObserverServer.start("--rpc-socket", socket().toString(), "--observer.daemon.rpc-memory=2MB");
        new HttpApi(server).publish("""
                {"job_id":"job-1","event":"observer.file_created","data":{"path":"out/a.md"},"timestamp":1732152419.25}""");
    }

    @AfterAll
    static void end() {
        server.close();
    }

    @Test
    void answers_what_a_daemon_answers() {
        try (RpcClient client = RpcClient.at(socket())) {
            assertThat(client.ask("""
                    {"jsonrpc":"2.0","method":"daemon.observer_events","params":{"job_id":"job-1","limit":2},"id":1}""")).isEqualTo("""
                    {"jsonrpc":"2.0","result":{"events":[{"id":1,"job_id":"job-1","sheet_num":0,"event":"observer.file_created","data":{"path":"out/a.md"},"timestamp":1732152419.25}]},"id":1}""");
            assertThat(client.ask("""
                    {"jsonrpc":"2.0","method":"daemon.observer_events","params":{"job_id":"other"},"id":"two"}""")).isEqualTo("""
                    {"jsonrpc":"2.0","result":{"events":[]},"id":"two"}""");
            assertThat(client.ask("""
                    {"method":"daemon.ready","id":9}""")).isEqualTo(READY);
            assertThat(client.ask("""
                    {"method":"daemon.health","id":3}""")).contains("\"status\":\"ok\"").contains("\"degraded\":[]");
        }
    }

    @Test
    void says_what_is_wrong_with_a_request_and_goes_on() {
        try (RpcClient client = RpcClient.at(socket())) {
            assertThat(client.ask("""
                    {"jsonrpc":"2.0","method":"nope","id":2}""")).isEqualTo("""
                    {"jsonrpc":"2.0","error":{"code":-32601,"message":"Method not found: nope","data":{"method":"nope"}},"id":2}""");
            assertThat(client.ask("not json")).isEqualTo("""
                    {"jsonrpc":"2.0","error":{"code":-32700,"message":"Parse error: malformed JSON","data":null},"id":null}""");
            assertThat(client.ask("{\"id\":5}")).isEqualTo("""
                    {"jsonrpc":"2.0","error":{"code":-32600,"message":"Invalid request: missing 'method' field","data":null},"id":5}""");
            assertThat(client.ask("[{\"method\":\"daemon.ready\",\"id\":1}]"))
                    .contains("-32600")
                    .endsWith("\"id\":null}");
            assertThat(client.ask("{\"jsonrpc\":\"1.0\",\"method\":\"daemon.ready\",\"id\":1}"))
                    .contains("-32600");
            assertThat(client.ask("{\"method\":\"daemon.ready\",\"params\":[1],\"id\":1}"))
                    .contains("-32600");
            assertThat(client.ask("{\"method\":\"daemon.events\",\"params\":{\"limit\":-3},\"id\":1}"))
                    .contains(
                            "\"code\":-32602,\"message\":\"Invalid params: 'limit' is -3 but must be an integer from 0 to 1000\"");
            assertThat(client.ask("{\"method\":\"daemon.events\",\"params\":{\"since\":\"?\"},\"id\":1}"))
                    .contains("-32602");
            assertThat(client.ask("{\"method\":\"daemon.ready\",\"id\":9}")).isEqualTo(READY);
        }
    }

    @Test
    void answers_no_notification_and_keeps_the_order_of_questions_that_come_at_once_or_in_pieces() {
        try (RpcClient client = RpcClient.at(socket())) {
            client.say("""
                    {"method":"daemon.health"}
                    {"method":"nope","id":null}
                    {"method":"daemon.observer_events","params":{"job_id":"other"},"id":1}
                    {"method":"daemon.ready",""");
            assertThat(client.hear()).endsWith("\"id\":1}");
            client.say("\"id\":9}\n");
            assertThat(client.hear()).isEqualTo(READY);
        }
    }

    @Test
    void passes_over_a_line_of_20_mib_and_goes_on() {
        try (RpcClient client = RpcClient.at(socket())) {
            client.say("x".repeat(20 << 20) + "\n");

            assertThat(client.hear()).isEqualTo("""
                    {"jsonrpc":"2.0","error":{"code":-32700,"message":"Parse error: a line may have at most 64 KiB","data":null},"id":null}""");
            assertThat(client.ask("{\"method\":\"daemon.ready\",\"id\":9}")).isEqualTo(READY);
        }
    }

    @Test
    void tells_what_happens_until_the_reader_leaves() {
        try (RpcClient reader = subscribed(1)) {
            new HttpApi(server).publish("""
                    {"job_id":"told","event":"job.started","data":{"sheet_count":3},"timestamp":1732152419.5}""");

            assertThat(reader.hear())
                    .matches("\\{\"jsonrpc\":\"2.0\",\"method\":\"monitor.event\",\"params\":\\{\"id\":\\d+,"
                            + "\"job_id\":\"told\",\"sheet_num\":0,\"event\":\"job.started\","
                            + "\"data\":\\{\"sheet_count\":3},\"timestamp\":1732152419.5}}");
            assertThat(reader.ask("{\"method\":\"daemon.ready\",\"id\":9}")).isEqualTo(READY);
        }
        await().until(() -> subscribers() == 0);
    }

    @Test
    void tells_of_processes_what_a_daemon_with_a_profiler_tells() {
        new HttpApi(server).publish("""
                {"job_id":"work","event":"observer.process_spawned","data":{"pid":4711,"name":"make"},"timestamp":1732152419.25}""");
        new HttpApi(server).publish("""
                {"event":"observer.process_exited","data":{"pid":4711,"role":"main","exit_code":2},"timestamp":1732152420.5}""");
        try (RpcClient client = RpcClient.at(socket())) {
            assertThat(client.ask("{\"method\":\"daemon.events\",\"id\":1}")).isEqualTo("""
                    {"jsonrpc":"2.0","result":{"events":[\
                    {"timestamp":1732152419.25,"pid":4711,"event_type":"spawn","exit_code":null,"signal_num":null,"job_id":"work","sheet_num":0,"details":"make"},\
                    {"timestamp":1732152420.5,"pid":4711,"event_type":"exit","exit_code":2,"signal_num":null,"job_id":null,"sheet_num":0,"details":"main"}]},"id":1}""");
            assertThat(page(client, "{\"limit\":1}").get("events")).hasSize(1);
            assertThat(page(client, "{\"limit\":0}").get("events")).isEmpty();
        }
    }

    @Test
    void goes_on_after_a_cursor_in_pages_and_in_a_subscription() {
        new SsePublisher(server).publish("paged", 1, 5);
        try (RpcClient client = RpcClient.at(socket())) {
            long last = new HttpApi(server).lastId();
            JsonNode newest = page(client, "{\"since\":" + (last - 4) + ",\"limit\":4}");
            assertThat(newest.get("events")).hasSize(4);
            String cursor = newest.get("cursor").asString();
            assertThat(newest.get("has_more").asBoolean()).isFalse();
            new SsePublisher(server).publish("paged", 6, 8);

            JsonNode next = page(client, "{\"since\":\"" + cursor + "\",\"limit\":2}");
            assertThat(next.get("events").valueStream().map(RpcIT::n)).containsExactly(6, 7);
            assertThat(next.get("has_more").asBoolean()).isTrue();

            client.say("{\"method\":\"daemon.monitor.stream\",\"params\":{\"since\":\"" + cursor + "\"},\"id\":1}\n");
            assertThat(client.hear())
                    .startsWith("{\"jsonrpc\":\"2.0\",\"method\":\"monitor.hello\",\"params\":{")
                    .contains("\"data\":{\"cursor\":\"" + cursor + "\"}");
            List<Integer> told = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                told.add(n(client.hearJson().get("params")));
            }
            assertThat(told).containsExactly(6, 7, 8);
        }
        await().until(() -> subscribers() == 0);
    }

    @Test
    void a_slow_reader_is_told_what_it_missed_and_holds_up_nobody() {
        try (RpcClient slow = subscribed(1);
                RpcClient quick = subscribed(2)) {
            SsePublisher publisher = new SsePublisher(server);
            String data = "{\"text\":\"" + "x".repeat(2_000) + "\"}";
            for (int i = 0; i < 20; i++) {
                List<String> batch = new ArrayList<>();
                for (int n = 0; n < 200; n++) {
                    batch.add(SsePublisher.event("slow", "log.line", data));
                }
                publisher.publishAll(batch);
                for (int n = 0; n < 200; n++) {
                    assertThat(quick.hear()).startsWith("{\"jsonrpc\":\"2.0\",\"method\":\"monitor.event\"");
                }
            }

            int told = 0;
            int dropped = 0;
            while (told + dropped < 4_000) {
                JsonNode said = slow.hearJson();
                JsonNode params = said.get("params");
                if (said.get("method").asString().equals("monitor.gap")) {
                    assertThat(params.get("event").asString()).isEqualTo("gap");
                    assertThat(params.get("data").get("reason").asString()).isEqualTo("slow");
                    dropped += params.get("data").get("dropped").asInt();
                } else {
                    told++;
                }
            }
            assertThat(told + dropped).isEqualTo(4_000);
            assertThat(dropped).isPositive();
        }
        await().until(() -> subscribers() == 0);
    }

    @Test
    void answers_that_nobody_takes_are_bounded_together_and_the_next_one_is_told() {
        String large = SsePublisher.event("large", "log.line", "{\"text\":\"" + "x".repeat(100_000) + "\"}");
        long before = new HttpApi(server).lastId();
        new SsePublisher(server).publishAll(Collections.nCopies(12, large));
        String question = "{\"method\":\"daemon.events\",\"params\":{\"since\":" + before + ",\"limit\":12},\"id\":7}";
        try (RpcClient first = RpcClient.at(socket());
                RpcClient second = RpcClient.at(socket());
                RpcClient third = RpcClient.at(socket())) {
            first.say(question + "\n");
            first.awaitWord();
            second.say(question + "\n");
            second.awaitWord();

            assertThat(third.ask(question)).isEqualTo("""
                    {"jsonrpc":"2.0","error":{"code":-32001,"message":"too many answers wait to be taken; try again later","data":null},"id":7}""");
            assertThat(third.ask("{\"method\":\"daemon.ready\",\"id\":9}")).isEqualTo(READY);

            JsonNode cut = first.hearJson().get("result");
            assertThat(cut.get("events")).hasSizeBetween(5, 11);
            assertThat(cut.get("has_more").asBoolean()).isTrue();
            assertThat(second.hear()).endsWith("\"id\":7}");
            await().untilAsserted(() -> assertThat(third.ask(question)).contains("\"result\""));
        }
    }

    @Test
    void a_thousand_idle_readers_hold_up_no_question() {
        List<RpcClient> idle = new ArrayList<>();
        try (RpcClient client = RpcClient.at(socket())) {
            for (int i = 0; i < 1_000; i++) {
                idle.add(RpcClient.subscribed(socket()));
            }
            await().until(() -> subscribers() == 1_000);

            assertThat(client.ask("{\"method\":\"daemon.ready\",\"id\":9}")).isEqualTo(READY);
            new HttpApi(server).publish("{\"event\":\"all\"}");
            assertThat(idle).allSatisfy(reader -> assertThat(reader.hear()).contains("\"event\":\"all\""));
        } finally {
            idle.forEach(RpcClient::close);
        }
        await().until(() -> subscribers() == 0);
    }

    private static RpcClient subscribed(int inAll) {
        RpcClient client = RpcClient.subscribed(socket());
        await().until(() -> subscribers() == inAll);
        return client;
    }

    private static int subscribers() {
        return new HttpApi(server)
                .get("/metrics")
                .text()
                .lines()
                .filter(line -> line.startsWith("observer_rpc_subscribers "))
                .mapToInt(line -> (int) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .findFirst()
                .orElseThrow();
    }

    private static JsonNode page(RpcClient client, String params) {
        client.say("{\"method\":\"daemon.events\",\"params\":" + params + ",\"id\":1}\n");
        return client.hearJson().get("result");
    }

    private static int n(JsonNode event) {
        return event.get("data").get("n").asInt();
    }

    private static Path socket() {
        return directory.resolve("rpc.sock");
    }
}
