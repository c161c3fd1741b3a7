package io.observer.web.rpc;

import io.observer.event.Echo;
import io.observer.event.Event;
import io.observer.event.EventFilter;
import io.observer.log.EventLog;
import io.observer.log.LogPosition;
import io.observer.log.PageLimit;
import io.observer.recorder.ObserverRecorder;
import io.observer.stream.StreamRequest;
import io.observer.stream.StreamStart;
import io.observer.web.http.Json;
import io.observer.web.http.PageBody;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.LongFunction;
import reactor.core.publisher.Mono;

/** What can be asked. Safe for any number of threads; nothing blocks. */
final class RpcMethods {

    /** Opens a subscription, which is no question. */
    static final String STREAM = "daemon.monitor.stream";

    private static final int USUAL = 50;
    private static final int MOST = 1_000;

    private final EventLog log;
    private final ObserverRecorder recorder;
    private final RpcState state;
    private final AnswerMemory memory;

    RpcMethods(EventLog log, ObserverRecorder recorder, RpcState state, AnswerMemory memory) {
        this.log = log;
        this.recorder = recorder;
        this.state = state;
        this.memory = memory;
    }

    /** The result as JSON, or an {@link RpcException}. */
    Mono<byte[]> answer(RpcRequest request) {
        return switch (request.method()) {
            case "daemon.events" -> withRoom(bytes -> events(request.params(), bytes));
            case "daemon.observer_events" -> withRoom(bytes -> observed(request.params(), bytes));
            case "daemon.health" -> Mono.fromSupplier(this::health);
            case "daemon.ready" -> Mono.fromSupplier(this::ready);
            default -> Mono.error(RpcException.noSuchMethod(Echo.of(request.method())));
        };
    }

    /** What a subscription with these parameters is given. */
    static StreamRequest stream(RpcParams params) {
        RpcParams.Since since = params.since();
        if (since != null && params.has("last")) {
            throw RpcException.invalidParams("give 'since' or 'last', not both");
        }
        if (since != null) {
            StreamStart start =
                    since.cursor() == null ? new StreamStart.Earliest() : new StreamStart.After(since.cursor());
            return StreamRequest.global().startingAt(start).withoutLoss();
        }
        if (params.has("last")) {
            int count = params.count("last", 0, MOST);
            return StreamRequest.global()
                    .startingAt(new StreamStart.Last(count))
                    .withoutLoss();
        }
        return StreamRequest.global();
    }

    /** What {@code answer} makes of the bytes that it may hold. Its room is given back after it is passed on. */
    private Mono<byte[]> withRoom(LongFunction<Mono<byte[]>> answer) {
        return Mono.using(memory::take, room -> answer.apply(room.forEvents()), AnswerMemory.Room::close, false);
    }

    /** The newest that is known of processes, as a daemon tells it; with {@code since} a page of the log instead. */
    private Mono<byte[]> events(RpcParams params, long bytes) {
        RpcParams.Since since = params.since();
        int limit = params.count("limit", USUAL, MOST);
        if (since != null) {
            return page(since, limit, bytes);
        }
        return log.positionBeforeLast(limit, ProcessEvents.FILTER)
                .flatMap(position -> log.read(position, ProcessEvents.FILTER, new PageLimit(limit, bytes)))
                .map(page -> ProcessEvents.list(page.events(), page.hasMore()));
    }

    /** What follows {@code since} in the log, oldest first. */
    private Mono<byte[]> page(RpcParams.Since since, int limit, long bytes) {
        Mono<LogPosition> from = Mono.fromSupplier(
                () -> since.cursor() == null ? LogPosition.earliest(log) : LogPosition.of(since.cursor(), log));
        return from.flatMap(position -> log.read(position.after(), EventFilter.all(), new PageLimit(limit, bytes))
                .map(page -> PageBody.of(page, position.gap(), log).bytes()));
    }

    private Mono<byte[]> observed(RpcParams params, long bytes) {
        String job = params.job();
        int limit = params.count("limit", USUAL, MOST);
        if (limit == 0) {
            return Mono.just(list(List.of(), bytes));
        }
        return (job == null ? recorder.recent(limit) : recorder.recent(job, limit)).map(events -> list(events, bytes));
    }

    private byte[] health() {
        return Json.object(json -> {
            json.writeStringProperty("status", "ok");
            json.writeStringProperty("version", state.version());
            json.writeStringProperty("backend", log.backend());
            json.writeStringProperty("durability", log.durability());
            json.writeStringProperty("epoch", log.epoch());
            json.writeNumberProperty("last_id", log.bounds().lastId());
            json.writeArrayPropertyStart("degraded");
            state.faults().get().forEach(json::writeString);
            json.writeEndArray();
            json.writeArrayPropertyStart("sources");
            state.sources().get().forEach(json::writeString);
            json.writeEndArray();
        });
    }

    /** Whether events can be taken. */
    private byte[] ready() {
        String fault = log.health().fault();
        return Json.object(json -> {
            json.writeStringProperty("status", fault == null ? "ready" : "not_ready");
            json.writeStringProperty("reason", fault);
        });
    }

    /** As many as an answer may hold, newest first. */
    private static byte[] list(List<Event> newestFirst, long bytes) {
        ByteArrayOutputStream list = new ByteArrayOutputStream(1 << 12);
        list.writeBytes("{\"events\":[".getBytes(StandardCharsets.US_ASCII));
        boolean cut = false;
        int count = 0;
        for (Event event : newestFirst) {
            cut = list.size() + event.json().length > bytes;
            if (cut) {
                break;
            }
            if (count++ > 0) {
                list.write(',');
            }
            list.writeBytes(event.json());
        }
        list.writeBytes((cut ? "],\"has_more\":true}" : "]}").getBytes(StandardCharsets.US_ASCII));
        return list.toByteArray();
    }
}
