/**
 * Observer's own benchmark, {@code ./observer bench}: loads the real jar over HTTP and says how fast it was, and
 * whether anything was lost.
 *
 * <p>Start at {@link io.observer.e2e.bench.BenchCommand}, then at the scenario of interest. One thread plays every
 * client, so that on a small machine most of the processor is left to the server:
 *
 * <pre>
 *  Scenario ─► EventPublisher ──POST──► server ──SSE──► SseReaders ─► Latencies, Losses ─► Result ─► Report
 *          └► ClosedLoop ──POST, GET──►   │ Meter: what it costs, who lags
 *                  └──────── ClientLoop, one selector ────────┘
 * </pre>
 *
 * <p>Uses the JDK and nothing else, least of all a class of the server.
 */
@NullMarked
package io.observer.e2e.bench;

import org.jspecify.annotations.NullMarked;
