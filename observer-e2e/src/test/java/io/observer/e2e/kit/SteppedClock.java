package io.observer.e2e.kit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;

/** A wall clock for one process that a test can step, by the library {@code faketime}. Time that only passes is left alone. */
public final class SteppedClock {

    private static final String[] LIBRARIES = {
        "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1",
        "/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1",
        "/usr/lib64/faketime/libfaketimeMT.so.1"
    };

    private final String library;
    private final Path offset;

    private SteppedClock(String library, Path directory) {
        this.library = library;
        this.offset = directory.resolve("clock");
        step("+0");
    }

    /** A clock that is right as yet; empty where there is no such library. */
    public static Optional<SteppedClock> in(Path directory) {
        for (String library : LIBRARIES) {
            if (Files.exists(Path.of(library))) {
                return Optional.of(new SteppedClock(library, directory));
            }
        }
        return Optional.empty();
    }

    /** What to start the process with. */
    public Map<String, String> environment() {
        return Map.of(
                "LD_PRELOAD", library,
                "FAKETIME_TIMESTAMP_FILE", offset.toString(),
                "FAKETIME_CACHE_DURATION", "1",
                "FAKETIME_DONT_FAKE_MONOTONIC", "1",
                "FAKETIME_FORCE_MONOTONIC_FIX", "0");
    }

    /** From a second on the clock is wrong by {@code distance}, such as {@code -1d}. */
    public void step(String distance) {
        try {
            Path next = Files.writeString(offset.resolveSibling("clock.next"), distance + "\n");
            Files.move(next, offset, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
