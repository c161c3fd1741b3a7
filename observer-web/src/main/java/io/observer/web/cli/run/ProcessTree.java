package io.observer.web.cli.run;

import io.observer.web.cli.run.ProcessEvent.Exited;
import io.observer.web.cli.run.ProcessEvent.Spawned;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The processes of a command: itself and all that descend from it, those included that outlive their parent. They are
 * looked for now and then, so one that lives for less may not be seen. Safe for use by several threads.
 */
public final class ProcessTree {

    private static final int LONGEST_SHORT_NAME = 15;

    private final ProcessHandle main;
    private final Consumer<ProcessEvent> sink;
    private final Set<ProcessHandle> children = new LinkedHashSet<>();
    private boolean ended;

    /**
     * @param name of the command's program
     * @param sink called by one thread at a time
     */
    public ProcessTree(ProcessHandle main, String name, Consumer<ProcessEvent> sink) {
        this.main = main;
        this.sink = sink;
        sink.accept(new Spawned(main.pid(), name));
    }

    /** Looks who is there, and tells who came and went. */
    public synchronized void look() {
        if (ended) {
            return;
        }
        Set<ProcessHandle> found = new LinkedHashSet<>();
        main.descendants().forEach(found::add);
        for (ProcessHandle child : List.copyOf(children)) {
            if (hasEnded(child)) {
                children.remove(child);
                sink.accept(new Exited(child.pid(), false, null));
            } else if (!found.contains(child)) {
                // Its parent is gone, so that it can no longer be found from above.
                child.descendants().forEach(found::add);
            }
        }
        for (ProcessHandle child : found) {
            if (!children.contains(child) && !hasEnded(child)) {
                children.add(child);
                sink.accept(new Spawned(child.pid(), nameOf(child)));
            }
        }
    }

    /** The command has ended: tells of its children what can still be told, then of itself. */
    public synchronized void end(int exitCode) {
        if (ended) {
            return;
        }
        look();
        ended = true;
        sink.accept(new Exited(main.pid(), true, exitCode));
    }

    /** Whether it runs no more, even if its parent has yet to ask how it ended. */
    private static boolean hasEnded(ProcessHandle process) {
        if (!process.isAlive()) {
            return true;
        }
        try {
            String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
            return stat.startsWith("Z", stat.lastIndexOf(')') + 2);
        } catch (IOException notHere) {
            return !process.isAlive();
        }
    }

    /** The system's own short name, since a program may have several and look at how it is called; cut at 15. */
    private static String nameOf(ProcessHandle process) {
        try {
            String name = Files.readString(Path.of("/proc/" + process.pid() + "/comm"))
                    .strip();
            if (!name.isEmpty() && name.length() < LONGEST_SHORT_NAME) {
                return name;
            }
        } catch (IOException notHere) {
            // Gone already, or a system without such files.
        }
        return process.info()
                .command()
                .map(command -> String.valueOf(Path.of(command).getFileName()))
                .orElse("unknown");
    }
}
