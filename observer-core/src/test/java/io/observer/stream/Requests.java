package io.observer.stream;

import io.observer.event.Cursor;
import io.observer.event.EventFilter;
import io.observer.event.NameGlob;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Stream requests as short as a query string. */
final class Requests {

    private Requests() {}

    static StreamRequest global() {
        return StreamRequest.global();
    }

    static StreamRequest global(StreamStart start) {
        return global().startingAt(start);
    }

    static StreamRequest job(String job) {
        return StreamRequest.ofJob(job);
    }

    static StreamRequest job(String job, StreamStart start) {
        return job(job).startingAt(start);
    }

    static StreamStart earliest() {
        return new StreamStart.Earliest();
    }

    static StreamStart since(String cursor) {
        return new StreamStart.After(Cursor.parse(cursor));
    }

    static StreamStart resume(String lastEventId) {
        return new StreamStart.Resume(lastEventId);
    }

    static StreamStart last(int count) {
        return new StreamStart.Last(count);
    }

    static StreamRequest named(StreamRequest request, String... globs) {
        List<NameGlob> names = Stream.of(globs).map(NameGlob::new).toList();
        return filtered(request, new EventFilter(request.filter().jobs(), names));
    }

    static StreamRequest ofJobs(StreamRequest request, String... jobs) {
        return filtered(request, new EventFilter(Set.of(jobs), request.filter().names()));
    }

    static StreamRequest following(StreamRequest request) {
        return new StreamRequest(
                request.filter(), request.job(), request.start(), true, request.heartbeat(), request.lossless());
    }

    static StreamRequest beating(StreamRequest request, Duration heartbeat) {
        return new StreamRequest(
                request.filter(), request.job(), request.start(), request.follow(), heartbeat, request.lossless());
    }

    private static StreamRequest filtered(StreamRequest request, EventFilter filter) {
        return new StreamRequest(
                filter, request.job(), request.start(), request.follow(), request.heartbeat(), request.lossless());
    }
}
