/**
 * Clients that nobody here wrote, and Observer's own command line, against a running server. Start with
 * {@link io.observer.e2e.clients.CurlIT}.
 */
@NullMarked
package io.observer.e2e.clients;

import org.jspecify.annotations.NullMarked;
