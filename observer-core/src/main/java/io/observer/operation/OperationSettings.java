package io.observer.operation;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How an {@link OperationStore} keeps and judges operations.
 *
 * @param journal the file that they are kept in; null to remember them only
 * @param journalBytes how large it grows before the next is begun
 * @param keptJournals how many earlier ones stay beside it in any case, at least 1; more do until later ones hold as
 *     many operations as the ring
 * @param ringSize how many of the newest operations the figures cover
 * @param clusterThreshold how many failures open a cluster
 * @param clusterWindow how close together they are, and after how long without one a cluster closes
 */
public record OperationSettings(
        @Nullable Path journal,
        long journalBytes,
        int keptJournals,
        int ringSize,
        int clusterThreshold,
        Duration clusterWindow) {}
