package io.observer.e2e.kit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The scripts of {@code src/test/node} with the packages they need, laid out in {@code target/node}. */
public final class NodeProject {

    private static final Path MODULE = Path.of(System.getProperty("basedir", System.getProperty("user.dir")))
            .toAbsolutePath();

    private final Path node;
    private final Path directory;

    private NodeProject(Path node, Path directory) {
        this.node = node;
        this.directory = directory;
    }

    /** Installs exactly what the lock file says, without running any script of a package. */
    public static NodeProject install() {
        Path node = SseClients.need("node");
        Path npm = SseClients.need("npm");
        Path sources = MODULE.resolve("src/test/node");
        Path directory = MODULE.resolve("target/node");
        try {
            Files.createDirectories(directory);
            for (String file : List.of("package.json", "package-lock.json", "reader.mjs")) {
                Files.copy(sources.resolve(file), directory.resolve(file), StandardCopyOption.REPLACE_EXISTING);
            }
            runNpm(npm, directory);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot lay out " + directory, e);
        }
        return new NodeProject(node, directory);
    }

    private static void runNpm(Path npm, Path directory) throws IOException {
        File log = directory.resolve("npm.log").toFile();
        Process process = new ProcessBuilder(npm.toString(), "ci", "--ignore-scripts", "--no-audit", "--no-fund")
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log)
                .start();
        try {
            assertThat(process.waitFor(2, TimeUnit.MINUTES)).as("npm ci ends").isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while npm installs", e);
        } finally {
            process.destroy();
        }
        assertThat(process.exitValue()).as(Files.readString(log.toPath())).isZero();
    }

    /** The command that runs one of the scripts. */
    public List<String> command(String script, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(node.toString());
        command.add(directory.resolve(script).toString());
        command.addAll(Arrays.asList(arguments));
        return command;
    }
}
