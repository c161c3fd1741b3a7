package io.observer.web.express;

import io.observer.web.http.Query;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a plain request asks for. */
sealed interface ExpressRequest {

    /**
     * Store what the body holds.
     *
     * @param lines whether it is NDJSON
     * @param length bytes of the body
     */
    record Publish(boolean lines, int length) implements ExpressRequest {}

    /** A page of the log. */
    record Page(Query query) implements ExpressRequest {}

    /**
     * A stream.
     *
     * @param lastEventIds the header of that name, as often as it was sent
     * @param job as the path has it, or null for all jobs
     */
    record Stream(
            Query query,
            List<String> lastEventIds,
            @Nullable String job) implements ExpressRequest {}
}
