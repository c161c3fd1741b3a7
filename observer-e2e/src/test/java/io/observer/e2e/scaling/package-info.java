/** The arithmetic of {@code docs/scaling.md}, played through reader by reader. */
@NullMarked
package io.observer.e2e.scaling;

import org.jspecify.annotations.NullMarked;
