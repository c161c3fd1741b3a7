/**
 * The server: the only place with Spring and Netty, and the only place where objects are wired.
 *
 * <p>Start at {@link io.observer.web.ObserverServer} (one run of it) and {@code Wiring} (what is made of what).
 * {@code api} answers requests, {@code express} the most frequent ones below WebFlux, {@code sse} writes streams by way
 * of {@code push}, {@code rpc} answers on a socket, {@code guard} decides what is let in, {@code http} holds what routes
 * share, {@code cli} is the command line.
 */
@NullMarked
package io.observer.web;

import org.jspecify.annotations.NullMarked;
