package io.observer.log.redis;

/**
 * The names of a log's keys. They share a hash tag, so that a cluster keeps them on one node:
 *
 * <pre>
 * {observer}:log          stream   42-0  e=&lt;JSON without its id&gt;
 * {observer}:job:build-7  stream   42-0             which ids are of this job
 * {observer}:job:build-7:said  hash  job.started=42
 * {observer}:jobs         sorted set  build-7=42    newest id of each job
 * {observer}:last         counter  42
 * {observer}:epoch        string   k3f9x2
 * {observer}:before       string   w81kq0          the epoch that this log went on from
 * {observer}:marks        sorted set  42=86400      newest id at an age of the log, in seconds
 * {observer}:clock        hash     age, at
 * {observer}:sent:&lt;node&gt;:2  string  14 42          a node's batch and its first id, for an hour
 * {observer}:none         nothing  ever
 * </pre>
 *
 * Scripts that write name the key that is never there: while a cluster moves the slot, Redis refuses by it the whole
 * script, which could otherwise end half-way.
 */
record RedisKeys(String prefix) {

    /** Batches of one node that Redis remembers: as many as the node may have to ask for again. */
    static final int NUMBERS = 4;

    String log() {
        return key("log");
    }

    String last() {
        return key("last");
    }

    String epoch() {
        return key("epoch");
    }

    String jobs() {
        return key("jobs");
    }

    String jobPrefix() {
        return key("job:");
    }

    String job(String name) {
        return jobPrefix() + name;
    }

    String[] ofAppend(String sender, long number) {
        String sent = key("sent:" + sender + ":" + number % NUMBERS);
        return new String[] {log(), last(), epoch(), jobs(), sent, none()};
    }

    String[] ofTend() {
        return new String[] {log(), last(), epoch(), jobs(), key("marks"), key("clock"), none()};
    }

    String[] ofJoin() {
        return new String[] {log(), last(), epoch(), key("before"), none()};
    }

    private String none() {
        return key("none");
    }

    private String key(String name) {
        return "{" + prefix + "}:" + name;
    }
}
