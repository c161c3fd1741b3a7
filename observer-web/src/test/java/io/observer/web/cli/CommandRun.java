package io.observer.web.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One run of {@code observer} inside the test, with what it read, printed and answered. */
final class CommandRun {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Map<String, String> environment = new HashMap<>();
    private InputStream in = InputStream.nullInputStream();
    private int exitCode = -1;

    /** Runs a command that needs no standard input. */
    static CommandRun observer(String... args) {
        return new CommandRun().run(args);
    }

    static CommandRun withInput(String text) {
        return withInput(text.getBytes(StandardCharsets.UTF_8));
    }

    static CommandRun withInput(byte[] bytes) {
        return withInput(new ByteArrayInputStream(bytes));
    }

    static CommandRun withInput(InputStream in) {
        CommandRun run = new CommandRun();
        run.in = in;
        return run;
    }

    static CommandRun withEnvironment(String name, String value) {
        CommandRun run = new CommandRun();
        run.environment.put(name, value);
        return run;
    }

    CommandRun run(String... args) {
        exitCode = ObserverCommand.execute(new Console(in, out, err, false), environment, args);
        return this;
    }

    int exitCode() {
        return exitCode;
    }

    String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    List<String> outLines() {
        return out().lines().toList();
    }

    String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    List<String> errLines() {
        return err().lines().toList();
    }
}
