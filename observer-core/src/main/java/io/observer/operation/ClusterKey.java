package io.observer.operation;

/** What failures must share to belong together. */
record ClusterKey(String endpoint, String source, String eventKind) {

    static ClusterKey of(ObservedOp op) {
        return new ClusterKey(op.endpoint(), op.source(), op.eventKind());
    }
}
