/**
 * What all routes share: how requests are read, how refusals look, how the server's own JSON is written.
 *
 * <p>Start at {@link io.observer.web.http.Problem}, which any handler or filter throws; {@link
 * io.observer.web.http.ProblemHandler} turns it, and every failure of the core, into an RFC 9457 answer. {@link
 * io.observer.web.http.Query} and {@link io.observer.web.http.Accepts} read what a request asks for, strictly.
 */
@NullMarked
package io.observer.web.http;

import org.jspecify.annotations.NullMarked;
