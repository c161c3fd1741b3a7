/**
 * The command line: {@code observer serve}, {@code run}, {@code watch}, {@code publish}, {@code tail}, {@code history}
 * and the like.
 *
 * <p>Start at {@link io.observer.web.cli.Main}, then at the command of interest. The client commands speak HTTP
 * through {@code ServerClient} and cut JSON with {@code Json}; they use the JDK's HTTP client, Jackson's streaming
 * parser, picocli and {@code io.observer.event}, so that they start fast. Only {@code ServeCommand} leads to Spring.
 *
 * <pre>
 *  publish   standard input ─► InputReader ─► BatchQueue ─► BatchSender ─► POST /v1/events
 *  run       output, files, processes ─► Backlog ─► BatchSender ─► POST /v1/events
 *  tail      GET …/stream ─► EventStream ─► SseParser ─► TailFrames ─► EventPrinter ─► standard output
 * </pre>
 */
@NullMarked
package io.observer.web.cli;

import org.jspecify.annotations.NullMarked;
