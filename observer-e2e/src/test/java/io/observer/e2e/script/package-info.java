/** What the script {@code observer} does before a JVM runs. */
@NullMarked
package io.observer.e2e.script;

import org.jspecify.annotations.NullMarked;
