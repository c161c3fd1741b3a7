package io.observer.web;

import io.observer.log.EventLog;
import io.observer.operation.OperationStore;
import io.observer.recorder.ObserverRecorder;
import io.observer.stream.DaemonEventBridge;
import io.observer.web.sse.SseConnections;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * What happens at SIGTERM, before the web server itself is stopped: no new connections, so that browsers retry; no new
 * events, and those accepted stored, shown and recorded; every stream told and ended. The web server would otherwise
 * wait for streams that never end by themselves.
 */
@Component
final class ShutdownSequence implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(ShutdownSequence.class);

    private static final Duration STREAMS_MAY_TAKE = Duration.ofSeconds(3);
    private static final Duration CHECK = Duration.ofMillis(20);

    private final NettyServer server;
    private final EventLog eventLog;
    private final OperationStore operations;
    private final DaemonEventBridge bridge;
    private final SseConnections connections;
    private final ObserverRecorder recorder;
    private volatile boolean running;

    ShutdownSequence(
            NettyServer server,
            EventLog eventLog,
            OperationStore operations,
            DaemonEventBridge bridge,
            SseConnections connections,
            ObserverRecorder recorder) {
        this.server = server;
        this.eventLog = eventLog;
        this.operations = operations;
        this.bridge = bridge;
        this.connections = connections;
        this.recorder = recorder;
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop(Runnable done) {
        server.closeListener();
        // Operations first: each still has an event to put into the log. The log itself stays open for whoever reads on
        // from it: readers that are behind, and the recorder.
        whatever(operations.close())
                .then(whatever(eventLog.seal()))
                .then(Mono.fromRunnable(bridge::stop))
                .then(Mono.when(whatever(streamsEnd()), whatever(recorder.close())))
                .then(whatever(eventLog.close()))
                .doFinally(end -> {
                    connections.closeAll();
                    running = false;
                    done.run();
                })
                .subscribe();
    }

    @Override
    public void stop() {
        stop(() -> {});
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** First of all. */
    @Override
    public int getPhase() {
        return Integer.MAX_VALUE;
    }

    /** A step that fails keeps no later one from its turn. */
    private static Mono<Void> whatever(Mono<Void> step) {
        return step.doOnError(failure -> log.warn("The shutdown did not go as planned", failure))
                .onErrorComplete();
    }

    private Mono<Void> streamsEnd() {
        return Flux.interval(CHECK)
                .onBackpressureDrop()
                .takeUntil(tick -> bridge.openStreams() == 0)
                .take(STREAMS_MAY_TAKE)
                .then();
    }
}
