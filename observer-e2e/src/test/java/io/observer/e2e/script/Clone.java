package io.observer.e2e.script;

import io.observer.e2e.kit.Starting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** A clone that is built: the script, the jar, and sources that are older. */
final class Clone {

    private static final Path JAR =
            Path.of(System.getProperty("observer.jar")).toAbsolutePath().normalize();

    private final Path home;
    private final Path target;

    Clone(Path home) throws IOException {
        this.home = home;
        this.target = Files.createDirectories(home.resolve("observer-web/target"));
        Files.createFile(home.resolve("pom.xml"));
        for (String module : List.of("observer-core", "observer-web")) {
            Files.createDirectories(home.resolve(module).resolve("src/main"));
            Files.createFile(home.resolve(module).resolve("pom.xml"));
        }
        Path root = JAR.getParent().getParent().getParent();
        Files.copy(root.resolve("observer"), home.resolve("observer"));
        home.resolve("observer").toFile().setExecutable(true);
        Files.copy(JAR, jar());
    }

    Path jar() {
        return target.resolve("observer.jar");
    }

    /** Where the script builds and keeps archives. */
    Path target() {
        return target;
    }

    /** Has training runs go on at no lower priority than the tests beside. */
    Map<String, String> withHastyTraining() throws IOException {
        return withNice("shift 2; exec \"$@\"");
    }

    /** Counts training runs instead of having them. */
    Map<String, String> withoutTraining() throws IOException {
        Files.deleteIfExists(niceLog());
        return withNice("echo trained >>\"$0.log\"");
    }

    private Map<String, String> withNice(String commands) throws IOException {
        Path nice = Files.createDirectories(home.resolve("bin")).resolve("nice");
        Files.writeString(nice, "#!/bin/sh\n" + commands + "\n");
        nice.toFile().setExecutable(true);
        return Map.of("PATH", home.resolve("bin") + ":" + System.getenv("PATH"));
    }

    /** How often a training run began since {@link #withoutTraining}. */
    long trainings() throws IOException {
        return Files.exists(niceLog()) ? Files.readAllLines(niceLog()).size() : 0;
    }

    private Path niceLog() {
        return home.resolve("bin/nice.log");
    }

    /** {@code ./observer serve}, which may not be ready yet. */
    Starting serve(List<String> launcher, Map<String, String> environment) {
        Map<String, String> all = new HashMap<>(Map.of("JAVA_HOME", System.getProperty("java.home")));
        all.putAll(environment);
        return Starting.java(
                launcher, List.of(home.resolve("observer").toString()), all, List.of("serve", "--port", "0"));
    }

    /** {@code ./observer serve}, once it is ready. */
    Starting serveReady(Map<String, String> environment) {
        return awaitReady(serve(List.of(), environment));
    }

    static Starting awaitReady(Starting server) {
        Awaitility.await("the ready line")
                .until(() -> server.stdout().contains("ready at http://") || !server.isRunning());
        if (!server.isRunning()) {
            throw new AssertionError("it ended before it was ready: " + server);
        }
        return server;
    }

    /** Whether classes of the server come from an archive in this clone. */
    boolean usesArchive(Starting server) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(server.pid()), "maps"))
                    .contains(target + "/observer-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The archives that are complete, with the sum beside each. */
    List<Path> archives() {
        try (Stream<Path> files = Files.list(target)) {
            return files.filter(file -> file.toString().endsWith(".jsa") && Files.exists(Path.of(file + ".sum")))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until nothing is left of a training run, and something came of it. */
    void awaitArchives(int number) {
        Awaitility.await("an archive").until(() -> archives().size() == number && !isTraining());
    }

    private boolean isTraining() throws IOException {
        try (Stream<Path> files = Files.list(target)) {
            return files.anyMatch(file -> file.getFileName().toString().startsWith("training."));
        }
    }
}
