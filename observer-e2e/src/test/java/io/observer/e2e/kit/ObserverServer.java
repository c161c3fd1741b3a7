package io.observer.e2e.kit;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/** A running {@code observer serve}: the real jar in a process of its own, on a port of its own choice. */
public final class ObserverServer implements AutoCloseable {

    private static final Pattern READY_URL = Pattern.compile("\\bready\\b.*?(http://\\S+?:\\d+)");

    /** How long a server may take to end, streams open or not. */
    private static final Duration GRACE = Duration.ofSeconds(10);

    /** Quick to start, which is what counts here: most processes of a test run live for a few seconds. */
    private static final List<String> COMMAND_FLAGS = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

    /** A buffer that is never given back shows in the log, and fails the test in {@link #close()}. */
    private static final List<String> SERVE_FLAGS =
            List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Dio.netty.leakDetection.level=paranoid");

    private final Starting process;
    private final Path dataDir;
    private final URI url;

    private ObserverServer(Starting process, Path dataDir) {
        this.process = process;
        this.dataDir = dataDir;
        this.url = awaitReadyLine(process);
    }

    /**
     * Starts a server and waits until it says that it is ready.
     *
     * @param serveArgs what to add to {@code serve --port 0 --log memory --data-dir <new>}, or what to say instead of
     *     one of these flags
     */
    public static ObserverServer start(String... serveArgs) {
        return start(Map.of(), serveArgs);
    }

    /** As {@link #start(String...)}, with variables of the environment. */
    public static ObserverServer start(Map<String, String> environment, String... serveArgs) {
        return start(List.of(), environment, serveArgs);
    }

    /**
     * As {@link #start(Map, String...)}.
     *
     * @param launcher what stands before {@code java}: a command that becomes it
     */
    public static ObserverServer start(List<String> launcher, Map<String, String> environment, String... serveArgs) {
        List<String> arguments = new ArrayList<>(List.of("serve"));
        Path dataDir = TemporaryFiles.directory();
        addUnlessSaid(arguments, "--port", "0", serveArgs);
        addUnlessSaid(arguments, "--log", "memory", serveArgs);
        addUnlessSaid(arguments, "--data-dir", dataDir.toString(), serveArgs);
        arguments.addAll(Arrays.asList(serveArgs));
        Starting process = Starting.java(launcher, Program.java(SERVE_FLAGS), environment, arguments);
        try {
            return new ObserverServer(process, dataDir);
        } catch (AssertionError | RuntimeException e) {
            process.close();
            TemporaryFiles.remove(dataDir);
            throw e;
        }
    }

    /** As {@link #start(String...)}, with so many file descriptors and no more. */
    public static ObserverServer startWithFiles(int files, String... serveArgs) {
        return start(List.of("sh", "-c", "ulimit -n " + files + "; exec \"$0\" \"$@\""), Map.of(), serveArgs);
    }

    /** Runs {@code java -jar observer.jar args}: a command, or a start that is expected to fail. */
    public static Starting launch(String... args) {
        return launch(Map.of(), args);
    }

    /** As {@link #launch(String...)}, with variables of the environment. */
    public static Starting launch(Map<String, String> environment, String... args) {
        return Starting.java(List.of(), Program.java(COMMAND_FLAGS), environment, Arrays.asList(args));
    }

    private static void addUnlessSaid(List<String> arguments, String flag, String value, String... said) {
        boolean isSaid = Arrays.stream(said).anyMatch(s -> s.equals(flag) || s.startsWith(flag + "="));
        if (!isSaid) {
            arguments.add(flag);
            arguments.add(value);
        }
    }

    private static URI awaitReadyLine(Starting process) {
        Awaitility.await("the ready line")
                .pollInterval(Duration.ofMillis(20))
                .until(() -> readyUrl(process.stdout()).find() || !process.isRunning());
        Matcher ready = readyUrl(process.stdout());
        if (!ready.find()) {
            throw new AssertionError(
                    "the server ended before it was ready, exit code " + process.exitCode() + ": " + process);
        }
        return URI.create(ready.group(1));
    }

    /** Only whole lines are looked at, so that a port is never read before its last digit is there. */
    private static Matcher readyUrl(String stdout) {
        return READY_URL.matcher(stdout.substring(0, stdout.lastIndexOf('\n') + 1));
    }

    /** Where it listens, as its ready line says: {@code http://127.0.0.1:41234}. */
    public URI url() {
        return url;
    }

    public int port() {
        return url.getPort();
    }

    public long pid() {
        return process.pid();
    }

    /** What it has written to standard output so far. */
    public String stdout() {
        return process.stdout();
    }

    /** What it has written to standard error so far. */
    public String stderr() {
        return process.stderr();
    }

    public Path dataDir() {
        return dataDir;
    }

    /** The code it ended with; waits for the end. */
    public int exitCode() {
        return process.exitCode();
    }

    /** SIGTERM, without waiting. */
    public void askToEnd() {
        process.askToEnd();
    }

    /** Whether it ended in time; its output is complete then. */
    public boolean endsWithin(Duration time) {
        return process.hasEndedWithin(time);
    }

    /** SIGTERM, and waits until it has ended. */
    public void terminate() {
        process.askToEnd();
        process.exitCode();
    }

    /** SIGKILL, and waits until it has ended. */
    public void kill() {
        process.kill();
    }

    /** Ends it as an operator would. A server that does not end in time, or leaked a buffer, fails the test. */
    @Override
    public void close() {
        boolean ended = true;
        if (process.isRunning()) {
            process.askToEnd();
            ended = process.hasEndedWithin(GRACE);
        }
        process.close();
        TemporaryFiles.remove(dataDir);
        if (!ended) {
            throw new AssertionError("SIGTERM did not end it within " + GRACE + ": " + process);
        }
        if (process.stdout().contains("LEAK: ") || process.stderr().contains("LEAK: ")) {
            throw new AssertionError("it leaked a buffer: " + process);
        }
    }

    @Override
    public String toString() {
        return url + " (" + process + ")";
    }
}
