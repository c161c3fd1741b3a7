package io.observer.e2e.scaling;

/**
 * Readers that come back at the same time.
 *
 * @param nodes that take them
 * @param comers over all of them
 * @param staying readers that each of these nodes has already
 */
record Return(Fleet fleet, int nodes, int comers, int staying) {

    /** The least and the most that a reader waits before it comes back, in seconds. */
    static final double SHORTEST_RETRY = 2;

    static final double LONGEST_RETRY = 4;

    /** The same for one that came to a node that is full. */
    static final double SHORTEST_BUSY_RETRY = 10;

    static final double LONGEST_BUSY_RETRY = 20;

    /** Readers that each node gets. */
    double newcomers() {
        return (double) comers / nodes;
    }

    /** How many come to each in a second, while they come. */
    double arrivalsPerSecond() {
        return newcomers() / (LONGEST_RETRY - SHORTEST_RETRY);
    }

    /** Readers for whom no node has room. */
    double leftOut() {
        return Math.max(0, comers - (double) nodes * (fleet.maxStreams() - staying));
    }

    /** When the last of those that there is room for is back, in seconds, if they spread evenly. */
    double allBackAfter() {
        double taken = (comers - leftOut()) / nodes;
        return Math.max(LONGEST_RETRY, SHORTEST_RETRY + taken / fleet.connectsPerSecond());
    }

    /** The most that one of them has missed by then. */
    double mostMissed() {
        return allBackAfter() * fleet.eventsPerSecond();
    }

    /** Whether none of them makes a node read from Redis. */
    boolean comesFromMemory() {
        return mostMissed() <= fleet.remembered();
    }
}
