package io.observer.web.api;

import java.util.List;

/** A part of the server whose trouble {@code /health} names without calling the whole server down. */
@FunctionalInterface
public interface FaultSource {

    /** What is wrong right now, in a sentence each; empty when nothing is. Asked by any thread; must not block. */
    List<String> faults();
}
