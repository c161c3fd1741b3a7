package io.observer.operation;

/**
 * What the ring remembers of an operation: a few short texts, so that its memory has a bound in bytes.
 *
 * @param timestamp when it happened, as it was written
 */
public record OperationDigest(
        String timestamp, String source, boolean success, String stafferId, String eventKind, String role) {

    static OperationDigest of(ObservedOp op) {
        return new OperationDigest(
                op.timestamp(), op.source(), op.success(), op.stafferId(), op.eventKind(), op.role());
    }
}
