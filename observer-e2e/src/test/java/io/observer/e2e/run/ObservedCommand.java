package io.observer.e2e.run;

import static org.awaitility.Awaitility.await;

import io.observer.e2e.kit.Patience;
import io.observer.e2e.kit.Program;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** An {@code observer} command in a directory of the test's choice, with signals as a terminal would leave them. */
final class ObservedCommand implements AutoCloseable {

    private final Process process;
    private final Path stdout;
    private final Path stderr;

    private ObservedCommand(Process process, Path stdout, Path stderr) {
        this.process = process;
        this.stdout = stdout;
        this.stderr = stderr;
    }

    /** Starts {@code observer args}; standard input stays open until {@link #endInput}. */
    static ObservedCommand start(Path directory, String... args) {
        return launch(directory, command(args));
    }

    /** As {@link #start}, with a terminal of its own: what is typed goes there, and what it shows is the output. */
    static ObservedCommand startInTerminal(Path directory, String... args) {
        String line = command(args).stream()
                .map(word -> "'" + word.replace("'", "'\\''") + "'")
                .collect(Collectors.joining(" "));
        // A shell that stays would be in the foreground too, and Ctrl-C would end it.
        return launch(directory, List.of("script", "-qefc", "exec " + line, "/dev/null"));
    }

    private static List<String> command(String... args) {
        // A build in the background ignores Ctrl-C, one under nohup a hangup, and whatever it starts would too.
        List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT,HUP"));
        command.addAll(Program.java(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")));
        command.addAll(Arrays.asList(args));
        return command;
    }

    private static ObservedCommand launch(Path directory, List<String> command) {
        try {
            Path stdout = Files.createTempFile("observed-", ".out");
            Path stderr = Files.createTempFile("observed-", ".err");
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectOutput(stdout.toFile())
                    .redirectError(stderr.toFile());
            builder.environment().keySet().removeIf(name -> name.startsWith("OBSERVER_"));
            return new ObservedCommand(builder.start(), stdout, stderr);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + command, e);
        }
    }

    ObservedCommand type(String text) {
        try {
            OutputStream stdin = process.getOutputStream();
            stdin.write(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
            stdin.flush();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    ObservedCommand endInput() {
        try {
            process.getOutputStream().close();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends a signal to the command itself and to nothing else. */
    void signal(String name) {
        try {
            new ProcessBuilder("sh", "-c", "kill -s " + name + " " + process.pid())
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Stops it where it is until {@link #goOn}, as a machine does that has other things to do. */
    void hold() {
        signal("STOP");
        await().until(() ->
                Files.readString(Path.of("/proc/" + process.pid() + "/stat")).contains(") T "));
    }

    void goOn() {
        signal("CONT");
    }

    int exitCode() {
        try {
            if (process.waitFor(Patience.TIME.toSeconds(), TimeUnit.SECONDS)) {
                return process.exitValue();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        throw new AssertionError("it did not end within " + Patience.TIME + ": " + this);
    }

    byte[] stdoutBytes() {
        try {
            return Files.readAllBytes(stdout);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String stdout() {
        return text(stdout);
    }

    String stderr() {
        return text(stderr);
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        try {
            Files.delete(stdout);
            Files.delete(stderr);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return "process %d%n--- stdout%n%s%n--- stderr%n%s".formatted(process.pid(), stdout(), stderr());
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
