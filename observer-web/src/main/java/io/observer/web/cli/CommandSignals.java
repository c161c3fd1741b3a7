package io.observer.web.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * Takes the signals that would end this process and hands them to the command it runs, whose end is then waited for.
 * A terminal sends Ctrl-C of its own accord to the command too, unless that left its group.
 */
final class CommandSignals implements AutoCloseable {

    private static final int FIELDS = 8;

    private final Map<Signal, SignalHandler> before = new LinkedHashMap<>();
    private final AtomicBoolean received = new AtomicBoolean();
    private @Nullable Process command;
    private @Nullable String pending;

    /** From now on the signals are for the command, even if it is yet to start. */
    static CommandSignals take() {
        CommandSignals signals = new CommandSignals();
        for (String name : new String[] {"INT", "TERM", "HUP"}) {
            Signal signal = new Signal(name);
            SignalHandler before = Signal.handle(signal, signals::receive);
            if (before == SignalHandler.SIG_IGN) {
                // As under nohup: what this process ignores the command ignores too, unless it is caught here.
                Signal.handle(signal, before);
            } else {
                signals.before.put(signal, before);
            }
        }
        return signals;
    }

    /** The command that is meant. */
    synchronized void handTo(Process started) {
        command = started;
        if (pending != null) {
            send(pending, started);
        }
    }

    /** Whether the command was told to end. */
    boolean anyReceived() {
        return received.get();
    }

    /** The command has ended: signals are for this process again. */
    void handBack() {
        before.forEach(Signal::handle);
        before.clear();
    }

    @Override
    public void close() {
        handBack();
    }

    private synchronized void receive(Signal signal) {
        received.set(true);
        if (command == null) {
            pending = signal.getName();
        } else if (!signal.getName().equals("INT") || !isInForeground(command)) {
            send(signal.getName(), command);
        }
    }

    private static void send(String signal, Process command) {
        if (signal.equals("TERM")) {
            command.destroy();
            return;
        }
        try {
            new ProcessBuilder("sh", "-c", "kill -s " + signal + " " + command.pid()).start();
        } catch (IOException noShell) {
            command.destroy();
        }
    }

    /**
     * Whether the command belongs to the group that its terminal sends Ctrl-C to. It need not be that of this process: some
     * programs, {@code timeout} for one, make a group of their own.
     */
    private static boolean isInForeground(Process command) {
        try {
            String stat = Files.readString(Path.of("/proc/" + command.pid() + "/stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", FIELDS);
            // state, parent, process group, session, terminal, foreground group of the terminal
            return fields[2].equals(fields[5]);
        } catch (IOException noProc) {
            return System.console() != null;
        }
    }
}
