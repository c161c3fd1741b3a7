package io.observer.e2e.kit;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** A running {@code java -jar observer.jar …}: its standard streams as text, its exit code, its end. */
public final class Starting implements AutoCloseable {

    /** Processes that a test run which is itself killed must not leave behind. */
    private static final Set<Process> ALIVE = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> ALIVE.forEach(Process::destroyForcibly)));
    }

    private final Process process;
    private final Path workingDirectory;
    private final Gathered stdout;
    private final Gathered stderr;

    private Starting(Process process, Path workingDirectory) {
        this.process = process;
        this.workingDirectory = workingDirectory;
        this.stdout = new Gathered(process.getInputStream(), "stdout of " + process.pid());
        this.stderr = new Gathered(process.getErrorStream(), "stderr of " + process.pid());
    }

    /**
     * Starts it in an empty working directory.
     *
     * @param launcher what stands before {@code java}, nothing for most
     * @param program {@code java … -jar …}
     * @param environment variables to set; those of the caller that begin with {@code OBSERVER_} are not handed on
     * @param arguments what stands after the jar
     */
    public static Starting java(
            List<String> launcher, List<String> program, Map<String, String> environment, List<String> arguments) {
        List<String> command = new ArrayList<>(launcher);
        command.addAll(program);
        command.addAll(arguments);
        try {
            Path directory = Files.createTempDirectory("observer-e2e-");
            ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
            builder.environment().keySet().removeIf(name -> name.startsWith("OBSERVER_"));
            builder.environment().putAll(environment);
            Process process = builder.start();
            ALIVE.add(process);
            process.onExit().thenAccept(ALIVE::remove);
            return new Starting(process, directory);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + command, e);
        }
    }

    /** Its standard input; closing it is what tells a publisher that no more comes. */
    public OutputStream stdin() {
        return process.getOutputStream();
    }

    /** Writes text to its standard input at once. */
    public Starting type(String text) {
        try {
            stdin().write(text.getBytes(StandardCharsets.UTF_8));
            stdin().flush();
        } catch (IOException e) {
            throw new UncheckedIOException("it no longer reads: " + this, e);
        }
        return this;
    }

    /** Ends its standard input. */
    public Starting endInput() {
        try {
            stdin().close();
        } catch (IOException e) {
            throw new UncheckedIOException("it no longer reads: " + this, e);
        }
        return this;
    }

    /** What it has written to standard output so far. */
    public String stdout() {
        return stdout.text();
    }

    /** What it has written to standard error so far. */
    public String stderr() {
        return stderr.text();
    }

    public long pid() {
        return process.pid();
    }

    public boolean isRunning() {
        return process.isAlive();
    }

    /** The directory it was started in, empty at first. */
    public Path workingDirectory() {
        return workingDirectory;
    }

    /** Waits for its end, and for the last of its output. */
    public int exitCode() {
        if (!hasEndedWithin(Patience.TIME)) {
            kill();
            throw new AssertionError("it did not end within " + Patience.TIME + ": " + this);
        }
        return process.exitValue();
    }

    /** Whether it ended in time; its output is complete then. */
    public boolean hasEndedWithin(Duration time) {
        try {
            if (!process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS)) {
                return false;
            }
            stdout.awaitEnd();
            stderr.awaitEnd();
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for " + this, e);
        }
    }

    /** SIGTERM, without waiting. */
    public void askToEnd() {
        process.destroy();
    }

    /** SIGKILL, and waits. */
    public void kill() {
        process.destroyForcibly();
        if (!hasEndedWithin(Patience.TIME)) {
            throw new AssertionError("not even SIGKILL ended it: " + this);
        }
    }

    /** Ends it in whatever way is needed and removes its working directory. */
    @Override
    public void close() {
        if (isRunning()) {
            kill();
        }
        TemporaryFiles.remove(workingDirectory);
    }

    @Override
    public String toString() {
        return "process %d%n--- stdout%n%s%n--- stderr%n%s".formatted(pid(), stdout(), stderr());
    }

    /** Drains a pipe, so that a process which writes a lot is never held up by a test that does not look. */
    private static final class Gathered {

        private final StringBuffer text = new StringBuffer();
        private final Thread reader;

        Gathered(InputStream source, String name) {
            reader = new Thread(() -> drain(source), name);
            reader.setDaemon(true);
            reader.start();
        }

        private void drain(InputStream source) {
            try (var characters = new InputStreamReader(source, StandardCharsets.UTF_8)) {
                char[] buffer = new char[8192];
                for (int n = characters.read(buffer); n >= 0; n = characters.read(buffer)) {
                    text.append(buffer, 0, n);
                }
            } catch (IOException e) {
                // A killed process may take its pipe along; what was read stands.
            }
        }

        String text() {
            return text.toString();
        }

        void awaitEnd() throws InterruptedException {
            reader.join(Patience.TIME.toMillis());
        }
    }
}
