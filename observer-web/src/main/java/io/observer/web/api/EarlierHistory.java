package io.observer.web.api;

import java.util.List;
import reactor.core.publisher.Mono;

/** What others remember of a job of which nothing is known here. */
@FunctionalInterface
public interface EarlierHistory {

    /** At most {@code limit} observed events of a job as JSON, newest first; empty if there is nobody to ask. */
    Mono<List<byte[]>> ofJob(String job, int limit);
}
