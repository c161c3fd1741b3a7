package io.observer.e2e.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import io.observer.e2e.kit.HttpAnswer;
import io.observer.e2e.kit.HttpApi;
import io.observer.e2e.kit.HttpCall;
import io.observer.e2e.kit.ObserverServer;
import io.observer.e2e.kit.RedisServer;
import io.observer.e2e.kit.SseFrame;
import io.observer.e2e.kit.SseRecorder;
import io.observer.e2e.kit.Starting;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@DisplayName("Several servers that share a log in Redis")
class NodesIT {

    @Test
    void keep_one_order_for_readers_that_hop_while_a_node_and_redis_are_killed() {
        try (RedisServer redis = RedisServer.startLasting();
                Nodes nodes = Nodes.start(3, redis)) {
            SharedLoad load = SharedLoad.start(nodes, 3);
            load.awaitAccepted(100);
            nodes.kill(nodes.alive(1));
            load.awaitAccepted(100);
            redis.kill();
            load.awaitRefused();
            redis.startAgain();
            load.awaitAccepted(100);
            load.end();

            load.assertNothingMissed();
        }
    }

    @Test
    @Tag("long")
    void keep_one_order_through_whatever_redis_does_short_of_losing_it() {
        try (RedisServer redis = RedisServer.startLasting();
                Nodes nodes = Nodes.start(3, redis)) {
            SharedLoad load = SharedLoad.start(nodes, 4);
            load.awaitAccepted(500);
            for (int round = 0; round < 3; round++) {
                redis.kill();
                load.awaitRefused();
                redis.startAgain();
                load.awaitAccepted(300);
                redis.freeze();
                load.awaitRefused();
                redis.thaw();
                load.awaitAccepted(300);
                redis.call("CLIENT PAUSE 3000 ALL");
                load.awaitRefused();
                load.awaitAccepted(300);
                redis.call("REPLICAOF 127.0.0.1 1");
                load.awaitRefused();
                redis.call("REPLICAOF NO ONE");
                load.awaitAccepted(300);
                redis.call("SCRIPT FLUSH");
                load.awaitAccepted(300);
            }
            load.end();

            load.assertNothingMissed();
        }
    }

    @Test
    @Tag("long")
    void tell_every_reader_when_redis_comes_back_empty_and_go_on_above_the_ids_that_were() {
        try (RedisServer redis = RedisServer.start();
                Nodes nodes = Nodes.start(3, redis)) {
            SharedLoad load = SharedLoad.start(nodes, 3);
            load.awaitAccepted(300);
            redis.kill();
            load.awaitRefused();
            redis.startAgain();
            load.awaitAccepted(300);
            load.end();

            for (HoppingReader reader : load.readers()) {
                assertThat(reader.gaps())
                        .isNotEmpty()
                        .anyMatch(gap ->
                                gap.json().required("reason").stringValue().equals("epoch"));
                List<Long> ids = reader.events().stream().map(SseFrame::eventId).toList();
                assertThat(ids).doesNotHaveDuplicates();
            }
        }
    }

    @Test
    void agree_on_every_job_though_one_starts_while_jobs_begin_and_end() {
        try (RedisServer redis = RedisServer.start();
                Nodes early = Nodes.start(1, redis)) {
            AtomicBoolean over = new AtomicBoolean();
            CompletableFuture<Void> jobs = CompletableFuture.runAsync(() -> runJobs(new HttpApi(early.alive(0)), over));
            try (Nodes late = Nodes.start(1, redis)) {
                over.set(true);
                jobs.join();

                HttpApi first = new HttpApi(early.alive(0));
                HttpApi second = new HttpApi(late.alive(0));
                Awaitility.await()
                        .untilAsserted(() -> assertThat(second.json("/v1/jobs"))
                                .hasSizeGreaterThan(10)
                                .isEqualTo(first.json("/v1/jobs")));
            }
        }
    }

    private static void runJobs(HttpApi api, AtomicBoolean over) {
        for (int n = 0; !over.get(); n++) {
            api.publishLines("""
                    {"job_id":"job-%1$d","event":"job.started"}
                    {"job_id":"job-%1$d","event":"log.line"}
                    {"job_id":"job-%1$d","event":"job.completed"}
                    """.formatted(n % 500));
        }
    }

    @Test
    void are_told_apart_from_redis_by_whoever_reads_while_it_is_away() {
        try (RedisServer redis = RedisServer.startLasting();
                Nodes nodes = Nodes.start(1, redis)) {
            ObserverServer node = nodes.alive(0);
            HttpApi api = new HttpApi(node);
            api.publish("{\"job_id\":\"build-7\",\"event\":\"job.started\"}");
            try (SseRecorder stream = SseRecorder.open(node, "/v1/events/stream?since=earliest")) {
                stream.through("caught_up");

                redis.freeze();
                HttpAnswer refused = api.call(HttpCall.publish("{\"event\":\"sent.into.silence\"}"));
                stream.next("source_disconnected");

                assertThat(refused.status()).isEqualTo(503);
                assertThat(api.json("/v1/events").required("stale").booleanValue())
                        .isTrue();
                assertThat(api.get("/health/readiness").status()).isEqualTo(503);
                assertThat(api.get("/health/liveness").status()).isEqualTo(200);

                redis.thaw();
                stream.through("source_connected");
                Awaitility.await()
                        .until(() -> api.call(HttpCall.publish("{\"event\":\"after\"}"))
                                        .status()
                                == 201);
                stream.through("after");
                assertThat(api.json("/v1/events").has("stale")).isFalse();
                assertThat(api.get("/health/readiness").status()).isEqualTo(200);
                assertThat(api.get("/metrics").text())
                        .contains("observer_redis_up 1.0")
                        .contains("observer_redis_lag 0.0");
            }
        }
    }

    @Test
    void do_not_start_without_redis_and_say_so() {
        Starting start = ObserverServer.launch(
                "serve", "--port=0", "--log=redis", "--observer.redis.url=redis://user:secret@127.0.0.1:1");

        assertThat(start.exitCode()).isEqualTo(1);
        assertThat(start.stderr())
                .contains("observer: Redis at 127.0.0.1:1 cannot be reached")
                .doesNotContain("secret");
    }
}
