package io.observer.e2e.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * {@code observer serve} in a process of its own, on a free port and with an empty data directory. The jar and the
 * JVM's flags are those that the script {@code observer} names, so that what is measured is what users run.
 */
final class ServerProcess implements AutoCloseable {

    private static final String JAR = System.getProperty("observer.jar", "observer-web/target/observer.jar");
    private static final String FLAGS = System.getProperty("observer.flags", "");

    private static final Pattern READY = Pattern.compile("\\bready\\b.*?(http://\\S+?:\\d+)");
    private static final long START_SECONDS = 60;
    private static final long STOP_SECONDS = 15;

    private final Path dataDir;
    private final long startedAt = System.nanoTime();
    private final Process process;
    private final CompletableFuture<Ready> ready = new CompletableFuture<>();

    private ServerProcess(Path dataDir, List<String> command) throws IOException {
        this.dataDir = dataDir;
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(dataDir.toFile()).redirectErrorStream(true);
        // What is measured must not depend on who asks.
        builder.environment().keySet().removeIf(name -> name.startsWith("OBSERVER_"));
        this.process = builder.start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        Thread output = new Thread(this::readOutput, "server-output");
        output.setDaemon(true);
        output.start();
    }

    /** Starts a server with the given log, or with its default, and waits for its ready line. */
    static ServerProcess start(@Nullable String log) throws IOException, InterruptedException {
        Path jar = Path.of(JAR).toAbsolutePath();
        if (!Files.isRegularFile(jar)) {
            throw new IOException(jar + " is missing: start the benchmark with ./observer bench, which builds it");
        }
        Path dataDir = Files.createTempDirectory("observer-bench-");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        FLAGS.lines().forEach(command::add);
        command.addAll(List.of("-jar", jar.toString(), "serve", "--port", "0", "--data-dir", dataDir.toString()));
        if (log != null) {
            command.addAll(List.of("--log", log));
        }
        ServerProcess server = new ServerProcess(dataDir, command);
        try {
            server.awaitReady();
            return server;
        } catch (IOException | InterruptedException | RuntimeException e) {
            server.close();
            throw e;
        }
    }

    URI url() {
        return ready.join().url;
    }

    /** From before the process was made until its ready line was read. */
    long startNanos() {
        return ready.join().at - startedAt;
    }

    /** User and system time of all its threads, as the system counts them; null where it does not tell. */
    @Nullable
    Double cpuSeconds() {
        return process.info()
                .totalCpuDuration()
                .map(Duration::toNanos)
                .map(nanos -> nanos / 1e9)
                .orElse(null);
    }

    /** A line of the system's account of its memory, such as {@code VmRSS}; null where the system keeps none. */
    @Nullable
    Long memoryKiB(String name) throws IOException {
        Path status = Path.of("/proc", Long.toString(process.pid()), "status");
        if (!Files.isReadable(status)) {
            return null;
        }
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith(name + ":"))
                .map(line -> Long.valueOf(line.replaceAll("[^0-9]", "")))
                .findFirst()
                .orElse(null);
    }

    /** Deletes a directory with all that is in it. */
    static void deleteAll(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private void awaitReady() throws IOException, InterruptedException {
        try {
            ready.get(START_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new IOException("the server is not ready after " + START_SECONDS + " s", e);
        } catch (ExecutionException e) {
            throw new IOException(
                    e.getCause() == null ? e.getMessage() : e.getCause().getMessage(), e);
        }
    }

    /** Reads to the end: a server whose output nobody takes would stop one day. */
    private void readOutput() {
        String last = "";
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Matcher found = READY.matcher(line);
                if (found.find()) {
                    ready.complete(new Ready(URI.create(found.group(1)), System.nanoTime()));
                }
                last = line;
            }
        } catch (IOException e) {
            last = String.valueOf(e.getMessage());
        }
        ready.completeExceptionally(new IOException("the server ended before it was ready: " + last));
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        boolean ended = hasEndedInTime();
        if (!ended) {
            process.destroyForcibly().onExit().join();
        }
        deleteAll(dataDir);
        if (!ended) {
            throw new IOException("the server did not end within " + STOP_SECONDS + " s of being told to");
        }
    }

    private boolean hasEndedInTime() {
        try {
            return process.waitFor(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private record Ready(URI url, long at) {}
}
