/**
 * The observed operations from outside: what is recorded, counted, published and told, and what survives. Start with
 * {@link io.observer.e2e.operation.RecordedOperationsIT}.
 */
@NullMarked
package io.observer.e2e.operation;

import org.jspecify.annotations.NullMarked;
