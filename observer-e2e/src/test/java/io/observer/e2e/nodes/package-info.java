/** Several servers that share a log in Redis, as publishers and readers see them who do not care which they talk to. */
@NullMarked
package io.observer.e2e.nodes;

import org.jspecify.annotations.NullMarked;
