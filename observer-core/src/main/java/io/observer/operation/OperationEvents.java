package io.observer.operation;

import io.observer.event.EventDraft;
import java.math.BigDecimal;
import java.time.Instant;

/** The events that tell of operations. */
final class OperationEvents {

    private static final String OBSERVED = "operation.observed";
    private static final String CLUSTER = "operation.failure_cluster";

    private static final int MICROS = 6;

    private OperationEvents() {}

    static EventDraft of(ObservedOp op) {
        return EventDraft.of(op.jobId(), 0, OBSERVED, op.json(), seconds(op.at()));
    }

    static EventDraft of(ClusterChange change, Instant now) {
        return EventDraft.of("", 0, CLUSTER, change.json(), seconds(now));
    }

    private static String seconds(Instant time) {
        return BigDecimal.valueOf(time.getEpochSecond())
                .add(BigDecimal.valueOf(time.getNano() / 1_000, MICROS))
                .toPlainString();
    }
}
