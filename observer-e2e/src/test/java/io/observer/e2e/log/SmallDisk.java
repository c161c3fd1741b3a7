package io.observer.e2e.log;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Assumptions;

/** A file system in memory, of 1 MiB unless said otherwise. Whoever may not mount one skips the test. */
final class SmallDisk implements AutoCloseable {

    private static final int SMALL = 1 << 20;
    private static final int PAGE = 4096;

    private final Path directory;
    private final int size;
    private final Thread unmounting = new Thread(this::unmount);

    private SmallDisk(Path directory, int size) {
        this.directory = directory;
        this.size = size;
        // A test run that is itself ended must not leave it behind.
        Runtime.getRuntime().addShutdownHook(unmounting);
    }

    /** Mounts it on an empty directory. */
    static SmallDisk mount(Path directory) {
        return mount(directory, SMALL);
    }

    /** As {@link #mount(Path)}, with so many bytes. */
    static SmallDisk mount(Path directory, int size) {
        String refusal = run("mount", "-t", "tmpfs", "-o", "size=" + size, "observer-e2e", directory.toString());
        Assumptions.assumeTrue(refusal.isEmpty(), () -> "no file system can be mounted here: " + refusal);
        return new SmallDisk(directory, size);
    }

    Path path(String name) {
        return directory.resolve(name);
    }

    /** Takes half of it. */
    void takeHalf() {
        try {
            Files.write(path("filler"), new byte[size / 2]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Takes all that is left, to the last page. */
    void takeTheRest() {
        byte[] page = new byte[PAGE];
        try (OutputStream filler =
                Files.newOutputStream(path("filler"), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            while (true) {
                filler.write(page);
            }
        } catch (IOException full) {
            // As it should be.
        }
    }

    /** Gives back all that was taken. */
    void free() {
        try {
            Files.delete(path("filler"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void makeReadOnly() {
        String refusal = run("mount", "-o", "remount,ro", directory.toString());
        Assumptions.assumeTrue(refusal.isEmpty(), refusal);
    }

    @Override
    public void close() {
        Runtime.getRuntime().removeShutdownHook(unmounting);
        unmount();
    }

    private void unmount() {
        run("umount", directory.toString());
    }

    /** What a command that failed complained of; empty when it did not fail. */
    private static String run(String... command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor() == 0 ? "" : String.join(" ", command) + ": " + output;
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
