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
 * {observer}:marks        sorted set  42=86400      newest id at an age of the log, in seconds
 * {observer}:clock        hash     age, at
 * </pre>
 */
record RedisKeys(String prefix) {

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

    String[] ofAppend() {
        return new String[] {log(), last(), epoch(), jobs()};
    }

    String[] ofTend() {
        return new String[] {log(), last(), epoch(), jobs(), key("marks"), key("clock")};
    }

    String[] ofJoin() {
        return new String[] {log(), last(), epoch()};
    }

    private String key(String name) {
        return "{" + prefix + "}:" + name;
    }
}
