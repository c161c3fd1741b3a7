/**
 * What the steps on the way of an event cost, measured one by one; the benchmark of the whole is in observer-e2e. Not part
 * of the tests, run with:
 *
 * <pre>
 * ./mvnw -q -pl observer-core test-compile exec:exec                          # all of them
 * ./mvnw -q -pl observer-core test-compile exec:exec -Djmh=EventJson          # those whose name matches
 * </pre>
 */
package io.observer.benchmark;
