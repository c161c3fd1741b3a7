/**
 * The file log from outside: servers that are killed, full disks, damaged files, and what readers and publishers are told
 * then. Start with {@link io.observer.e2e.log.CrashIT}.
 */
@NullMarked
package io.observer.e2e.log;

import org.jspecify.annotations.NullMarked;
