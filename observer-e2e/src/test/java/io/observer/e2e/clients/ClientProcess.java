package io.observer.e2e.clients;

import io.observer.e2e.kit.Patience;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** A program of the machine that reads a stream; what it prints goes to a file. */
final class ClientProcess implements AutoCloseable {

    private final Process process;
    private final Path stdout;
    private final Path stderr;
    private int taken;

    private ClientProcess(Process process, Path stdout, Path stderr) {
        this.process = process;
        this.stdout = stdout;
        this.stderr = stderr;
    }

    static ClientProcess start(List<String> command) {
        try {
            Path stdout = Files.createTempFile("client-", ".out");
            Path stderr = Files.createTempFile("client-", ".err");
            Process process = new ProcessBuilder(command)
                    .redirectOutput(stdout.toFile())
                    .redirectError(stderr.toFile())
                    .start();
            return new ClientProcess(process, stdout, stderr);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + command, e);
        }
    }

    /** Waits for the next line that matches; lines before it are passed over. */
    String awaitLine(Predicate<String> matches) {
        try {
            return Awaitility.await()
                    .pollInterval(Duration.ofMillis(10))
                    .until(() -> nextMatching(matches), line -> !line.isEmpty());
        } catch (ConditionTimeoutException e) {
            throw new AssertionError("the line did not come within " + Patience.TIME + ": " + this, e);
        }
    }

    private String nextMatching(Predicate<String> matches) {
        List<String> lines = lines();
        while (taken < lines.size()) {
            String line = lines.get(taken++);
            if (!line.isEmpty() && matches.test(line)) {
                return line;
            }
        }
        return "";
    }

    /** The whole lines of standard output so far. */
    List<String> lines() {
        String text = read(stdout);
        return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
    }

    /** Waits for its end. */
    int exitCode() {
        try {
            if (process.waitFor(Patience.TIME.toSeconds(), TimeUnit.SECONDS)) {
                return process.exitValue();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for " + this, e);
        }
        throw new AssertionError("it did not end within " + Patience.TIME + ": " + this);
    }

    @Override
    public void close() {
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
        return "process %d%n--- stdout%n%s%n--- stderr%n%s".formatted(process.pid(), read(stdout), read(stderr));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
