package io.observer.e2e.bench;

/**
 * What a reader asks for.
 *
 * @param path of the stream, with its query
 * @param next the number of the first event that has to come
 */
record Subscription(String path, long next) {

    /** What comes next of a job whose events are not published yet. */
    static Subscription live(String job) {
        return new Subscription(stream(job), 1);
    }

    /** The events of a job after a position in the log; the first of them has the number {@code next}. */
    static Subscription after(long id, String job, long next) {
        return new Subscription(stream(job) + "?since=" + id, next);
    }

    private static String stream(String job) {
        return "/v1/jobs/" + job + "/events/stream";
    }
}
