package io.observer.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.observer.operation.ClusterChange;
import io.observer.operation.FailureCluster;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import reactor.core.scheduler.Schedulers;
import reactor.netty.DisposableServer;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServer;

@DisplayName("The webhook")
class WebhookTest {

    private static final Instant START = Instant.parse("2026-11-21T06:00:00Z");

    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final Queue<Integer> answers = new ConcurrentLinkedQueue<>();
    private final DisposableServer server = HttpServer.create()
            .host("127.0.0.1")
            .port(0)
            .route(routes -> routes.post(
                    "/alerts",
                    (request, response) -> request.receive()
                            .aggregate()
                            .asString()
                            .flatMap(body -> {
                                heard.add(request.requestHeaders().get("Content-Type") + " " + body);
                                Integer status = answers.poll();
                                return response.status(status == null ? 204 : status)
                                        .send()
                                        .then();
                            })))
            .bindNow();
    private final Webhook webhook = to(server.port());

    @AfterEach
    void stop() {
        webhook.close();
        server.disposeNow();
    }

    @Test
    void tells_of_a_change_as_json() {
        webhook.accept(change(5));

        await().until(() -> webhook.told() == 1);
        assertThat(heard).containsExactly("""
                application/json {"event":"operation.failure_cluster","data":{"endpoint":"/v1/search","source":"mcp",\
                "event_kind":"search.query","count":5,"state":"opened","first":"2026-11-21T06:00:00Z",\
                "last":"2026-11-21T06:01:00Z","sample_errors":["timeout"]}}""");
    }

    @Test
    void tries_again_what_failed_and_keeps_the_order() {
        answers.addAll(List.of(500, 503, 429, 200));

        webhook.accept(change(5));
        webhook.accept(change(50));

        await().until(() -> webhook.told() == 2);
        assertThat(heard).hasSize(5);
        assertThat(heard.subList(0, 4)).allMatch(body -> body.contains("\"count\":5,"));
        assertThat(heard.get(4)).contains("\"count\":50,");
        assertThat(webhook.lost()).isZero();
    }

    @Test
    void takes_no_for_an_answer_and_counts_it() {
        answers.add(404);

        webhook.accept(change(5));
        webhook.accept(change(50));

        await().until(() -> webhook.told() == 1);
        assertThat(heard).hasSize(2);
        assertThat(webhook.lost()).isEqualTo(1);
    }

    @Test
    void gives_up_in_the_end_and_goes_on_with_the_next() {
        for (int n = 0; n < 7; n++) {
            answers.add(500);
        }

        webhook.accept(change(5));
        webhook.accept(change(50));

        await().until(() -> webhook.told() == 1);
        assertThat(heard).hasSize(8);
        assertThat(webhook.lost()).isEqualTo(1);
    }

    @Test
    void never_makes_anybody_wait_and_counts_what_does_not_fit() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Webhook stuck = to(silent.getLocalPort())) {
            for (int n = 0; n < 150; n++) {
                stuck.accept(change(n));
            }

            assertThat(stuck.told()).isZero();
            assertThat(stuck.lost())
                    .as("one is on its way, one is next, a hundred wait")
                    .isBetween(47L, 50L);
        }
    }

    private static Webhook to(int port) {
        return new Webhook(
                URI.create("http://127.0.0.1:" + port + "/alerts?token=secret"),
                HttpClient.create(),
                Duration.ofMillis(1),
                Schedulers.parallel());
    }

    private static ClusterChange change(long count) {
        return new ClusterChange(
                ClusterChange.Kind.OPENED,
                new FailureCluster(
                        "/v1/search",
                        "mcp",
                        "search.query",
                        count,
                        START,
                        START.plusSeconds(60),
                        List.of("timeout"),
                        true));
    }
}
