package io.observer.web.cli.run;

import org.jspecify.annotations.Nullable;

/** Something that happened to a process of a command. */
public sealed interface ProcessEvent {

    /**
     * A process is there that was not.
     *
     * @param name of its program, or {@code unknown}
     */
    record Spawned(long pid, String name) implements ProcessEvent {}

    /**
     * A process is gone.
     *
     * @param main whether it is the command itself
     * @param exitCode null where nobody but its parent can know
     */
    record Exited(long pid, boolean main, @Nullable Integer exitCode) implements ProcessEvent {}
}
