/**
 * The dashboard as its readers see it: in Chromium, from the real jar, under its own policy for scripts and styles. Start
 * with {@link io.observer.e2e.dashboard.JobPageIT}.
 */
@NullMarked
package io.observer.e2e.dashboard;

import org.jspecify.annotations.NullMarked;
