package io.observer.e2e.scaling;

/**
 * Servers behind a load balancer that spreads readers evenly.
 *
 * @param nodes at least two
 * @param readers over all nodes
 * @param eventsPerSecond what each reader of all events gets
 * @param connectsPerSecond readers that one node can take back in a second
 * @param remembered newest events that a node answers from memory
 * @param maxStreams readers that one node takes at all
 */
record Fleet(int nodes, int readers, double eventsPerSecond, double connectsPerSecond, int remembered, int maxStreams) {

    /** The readers of one node go to the others. */
    Return afterLossOfOneNode() {
        int lost = readers / nodes;
        return new Return(this, nodes - 1, lost, lost);
    }

    /** All readers lose their connection at once, as they do with their load balancer's, and find all nodes empty. */
    Return afterLossOfAllConnections() {
        return new Return(this, nodes, readers, 0);
    }
}
