/** Events recorded from real jobs, sent through the real command line, as every kind of reader gets them. */
@NullMarked
package io.observer.e2e.samples;

import org.jspecify.annotations.NullMarked;
