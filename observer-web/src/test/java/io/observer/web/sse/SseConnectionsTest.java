package io.observer.web.sse;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import io.observer.bus.EventBus;
import io.observer.event.EventDraft;
import io.observer.event.Ticker;
import io.observer.job.JobDirectory;
import io.observer.log.DisabledEventLog;
import io.observer.log.EventLog;
import io.observer.stream.DaemonEventBridge;
import io.observer.stream.StreamRequest;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.scheduler.Schedulers;
import reactor.test.scheduler.VirtualTimeScheduler;

class SseConnectionsTest {

    private static final SseFormat FORMAT = new SseFormat(true, Duration.ofSeconds(30));

    private final VirtualTimeScheduler timer = VirtualTimeScheduler.create();
    private final JobDirectory jobs = new JobDirectory(10);
    private final EventBus bus = new EventBus(1_000, 1 << 20);
    private final EventLog log = new DisabledEventLog("e", Schedulers.immediate(), 10, stored -> {
        jobs.accept(stored);
        bus.publish(stored);
    });
    private final DaemonEventBridge bridge = new DaemonEventBridge(log, bus, jobs, timer, timer, Ticker.system());
    private final SseConnections connections =
            new SseConnections(bridge, log, "1.0", Clock.systemUTC(), Duration.ofSeconds(30), Duration.ZERO);
    private final EmbeddedChannel channel = new EmbeddedChannel(new HttpServerCodec());

    @AfterEach
    void end() {
        timer.dispose();
    }

    @Test
    void a_connection_is_closed_whose_second_stream_began_as_the_first_ended() {
        byte[] nothing = "null".getBytes(StandardCharsets.US_ASCII);
        log.append(List.of(EventDraft.of("build", 0, "job.completed", nothing, "1")))
                .subscribe();

        connections
                .write(channel, StreamRequest.ofJob("build"), FORMAT)
                .subscribe(end -> {}, failure -> {}, this::openAnother);
        channel.runPendingTasks();
        assertThat(said()).containsSubsequence("event: hello\n", "event: job_finished\n", "event: hello\n");
        assertThat(bridge.openStreams()).isEqualTo(1);
        assertThat(channel.isOpen()).isTrue();

        connections.closeAll();
        assertThat(channel.isOpen()).isFalse();
    }

    private String said() {
        StringBuilder said = new StringBuilder();
        for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
            said.append(part.toString(StandardCharsets.UTF_8));
            part.release();
        }
        return said.toString();
    }

    private void openAnother() {
        connections.write(channel, StreamRequest.global(), FORMAT).subscribe();
    }
}
