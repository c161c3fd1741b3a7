package io.observer.web.express;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import io.observer.bus.EventBus;
import io.observer.event.EventJson;
import io.observer.event.Ticker;
import io.observer.job.JobDirectory;
import io.observer.log.DisabledEventLog;
import io.observer.log.EventLog;
import io.observer.stream.DaemonEventBridge;
import io.observer.web.api.Pages;
import io.observer.web.api.Publishing;
import io.observer.web.guard.AllowedNames;
import io.observer.web.guard.BodyBudget;
import io.observer.web.sse.SseConnections;
import io.observer.web.sse.StreamHandler;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.scheduler.Schedulers;
import reactor.test.scheduler.VirtualTimeScheduler;

class ExpressConnectionTest {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final String PAGE = "GET /v1/events?limit=0 HTTP/1.1\r\nHost: localhost\r\n\r\n";
    private static final String REFUSED = "GET /v1/events?limit=-1 HTTP/1.1\r\nHost: localhost\r\n\r\n";
    private static final String HEAD_OF_PUBLISH =
            "POST /v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 13\r\n\r\n";

    private final VirtualTimeScheduler timer = VirtualTimeScheduler.create();
    private final EmbeddedChannel channel = new EmbeddedChannel(new HttpServerCodec());
    private final StringBuilder answers = new StringBuilder();

    @BeforeEach
    void connect() {
        channel.freezeTime();
        channel.config().setAutoRead(false);
        express().install(channel);
    }

    @AfterEach
    void end() {
        channel.finishAndReleaseAll();
        timer.dispose();
    }

    @Test
    void other_connections_have_their_turn_between_requests_that_come_at_once() {
        receive(PAGE.repeat(40));
        assertThat(statuses()).hasSize(16);

        channel.runPendingTasks();
        assertThat(statuses()).hasSize(40).containsOnly(200);
    }

    @Test
    void requests_wait_while_the_client_leaves_its_answers_where_they_are() {
        setWritable(false);
        receive(PAGE + REFUSED + PAGE);
        channel.runPendingTasks();
        receive(PAGE + PAGE);
        channel.runPendingTasks();
        assertThat(statuses()).containsExactly(200);

        setWritable(true);
        channel.runPendingTasks();
        assertThat(statuses()).containsExactly(200, 400, 200, 200, 200);
    }

    @Test
    void a_body_that_stops_behind_another_request_has_its_time_too() {
        receive(HEAD_OF_PUBLISH + "{\"event\":\"a\"}" + HEAD_OF_PUBLISH + "{\"eve");
        channel.runPendingTasks();
        assertThat(statuses()).containsExactly(201);

        channel.advanceTimeBy(10, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
        assertThat(statuses()).containsExactly(201, 408);
    }

    /** As a read does, of which nothing but its own work is done. */
    private void receive(String text) {
        channel.pipeline().fireChannelRead(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII));
        channel.pipeline().fireChannelReadComplete();
    }

    private void setWritable(boolean writable) {
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        buffer.setUserDefinedWritability(1, writable);
    }

    private List<Integer> statuses() {
        for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
            answers.append(part.toString(StandardCharsets.UTF_8));
            part.release();
        }
        return Pattern.compile("HTTP/1.1 ([0-9]+)")
                .matcher(answers)
                .results()
                .map((MatchResult status) -> Integer.valueOf(status.group(1)))
                .toList();
    }

    private Express express() {
        EventLog log = new DisabledEventLog("e", Schedulers.immediate(), 10, stored -> {});
        JobDirectory jobs = new JobDirectory(10);
        DaemonEventBridge bridge =
                new DaemonEventBridge(log, new EventBus(1_000, 1 << 20), jobs, timer, timer, Ticker.system());
        SseConnections streams = new SseConnections(bridge, log, "1.0", Clock.systemUTC(), LONG, Duration.ZERO);
        return new Express(
                new AllowedNames(List.of(), false),
                new BodyBudget(1 << 20),
                new Publishing(log, new EventJson(Clock.systemUTC()), new SimpleMeterRegistry()),
                new Pages(log, jobs),
                new StreamHandler(bridge, streams, 10, LONG),
                LONG);
    }
}
