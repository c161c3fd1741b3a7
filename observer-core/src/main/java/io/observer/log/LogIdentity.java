package io.observer.log;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * What a log on disk knows of itself besides its events.
 *
 * @param epoch the name of its life
 * @param reservedId no id above this was ever given, whatever the disk has lost
 * @param ranSeconds how long servers ran on this log so far; the clock of its retention
 * @param holesThrough up to this id some are known to be missing, so they cannot be counted
 * @param boot which boot of the machine wrote this
 * @param clean whether the server that wrote this had stored all it had and stopped
 */
record LogIdentity(String epoch, long reservedId, long ranSeconds, long holesThrough, String boot, boolean clean) {

    private static final String FILE = "identity.properties";
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

    /** The identity in {@code directory}, or null if there is none that can be read. */
    static @Nullable LogIdentity load(Path directory) {
        try {
            Properties stored = new Properties();
            stored.load(new StringReader(Files.readString(directory.resolve(FILE))));
            String epoch = stored.getProperty("epoch", "");
            return epoch.matches("[A-Za-z0-9]+")
                    ? new LogIdentity(
                            epoch,
                            Long.parseLong(stored.getProperty("reserved_id", "")),
                            Long.parseLong(stored.getProperty("ran_seconds", "")),
                            Long.parseLong(stored.getProperty("holes_through", "0")),
                            stored.getProperty("boot", ""),
                            Boolean.parseBoolean(stored.getProperty("clean")))
                    : null;
        } catch (IOException | IllegalArgumentException unreadable) {
            return null;
        }
    }

    /** Replaces what is stored, whole or not at all. */
    void save(Path directory, ChannelOpener files) throws IOException {
        String text = "epoch=" + epoch + "\nreserved_id=" + reservedId + "\nran_seconds=" + ranSeconds
                + "\nholes_through=" + holesThrough + "\nboot=" + boot + "\nclean=" + clean + "\n";
        Path temporary = directory.resolve(FILE + ".new");
        try (FileChannel channel = files.open(
                temporary, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(
                temporary,
                directory.resolve(FILE),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
        PrivateDirectory.flush(directory);
    }

    /** Which boot of the machine this is; empty where that cannot be known, which no saved identity trusts. */
    static String currentBoot() {
        try {
            return Files.readString(BOOT_ID).strip();
        } catch (IOException | UncheckedIOException unknown) {
            return "";
        }
    }

    /** Whether what the kernel had not flushed when this was written may be gone. */
    boolean mayHaveLostUnflushed() {
        return !clean && (boot.isEmpty() || !boot.equals(currentBoot()));
    }
}
