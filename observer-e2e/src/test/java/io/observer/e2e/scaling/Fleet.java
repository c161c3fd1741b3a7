package io.observer.e2e.scaling;

/**
 * Servers behind a load balancer that spreads readers evenly.
 *
 * @param nodes at least two
 * @param readers over all nodes
 * @param eventsPerSecond what each reader of all events gets
 * @param connectsPerSecond readers that one node can take back in a second
 * @param remembered newest events that a node answers from memory
 */
record Fleet(int nodes, int readers, double eventsPerSecond, double connectsPerSecond, int remembered) {

    /** The least and the most that a reader waits before it comes back, in seconds. */
    static final double SHORTEST_RETRY = 2;

    static final double LONGEST_RETRY = 4;

    /** Readers that each other node gets when one is lost. */
    double newcomers() {
        return (double) readers / nodes / (nodes - 1);
    }

    /** How many come to each in a second, while they come. */
    double arrivalsPerSecond() {
        return newcomers() / (LONGEST_RETRY - SHORTEST_RETRY);
    }

    /** When the last of them is back, in seconds after the loss. */
    double allBackAfter() {
        return Math.max(LONGEST_RETRY, SHORTEST_RETRY + newcomers() / connectsPerSecond);
    }

    /** The most that one of them has missed by then. */
    double mostMissed() {
        return allBackAfter() * eventsPerSecond;
    }

    /** Whether none of them makes a node read from Redis. */
    boolean comesBackFromMemory() {
        return mostMissed() <= remembered;
    }
}
