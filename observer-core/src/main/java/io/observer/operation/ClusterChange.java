package io.observer.operation;

import java.util.Locale;

/** Something that is worth telling about a cluster. */
public record ClusterChange(Kind kind, FailureCluster cluster) {

    /** What became of it. */
    public enum Kind {
        OPENED,
        GROWN,
        CLOSED
    }

    /** The change as JSON: the cluster, with what became of it as its state. */
    public byte[] json() {
        return cluster.json(kind.name().toLowerCase(Locale.ROOT));
    }
}
