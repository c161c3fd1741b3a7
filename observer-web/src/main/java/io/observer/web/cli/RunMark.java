package io.observer.web.cli;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Tells others on this machine that a job is being run: a locked file among the temporary ones. The lock ends with the
 * process, also if that is killed; the file stays then, and shows that a job was left behind. Without such files
 * everything works as well, but nothing is found out.
 */
final class RunMark implements AutoCloseable {

    private final Path path;
    private @Nullable FileChannel channel;

    private RunMark(Path path, @Nullable FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /** @param job where the job is to be seen, which tells it from jobs of its name at other servers */
    static RunMark hold(String job) {
        Path path = path(job);
        try {
            Files.createDirectories(path.toAbsolutePath().getParent());
            FileChannel channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (lock(channel) != null) {
                return new RunMark(path, channel);
            }
            channel.close();
        } catch (IOException withoutMark) {
            // It is only a hint.
        }
        return new RunMark(path, null);
    }

    /** Whether somebody ran this job and was killed. */
    static boolean isAbandoned(String job) {
        try (FileChannel channel = FileChannel.open(path(job), StandardOpenOption.WRITE)) {
            return lock(channel) != null;
        } catch (IOException noMark) {
            return false;
        }
    }

    @Override
    public void close() {
        FileChannel held = channel;
        channel = null;
        if (held != null) {
            try (held) {
                Files.deleteIfExists(path);
            } catch (IOException stays) {
                // An empty file.
            }
        }
    }

    private static @Nullable FileLock lock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException heldHere) {
            return null;
        }
    }

    private static Path path(String job) {
        Path directory =
                Path.of(System.getProperty("java.io.tmpdir"), "observer-run-" + System.getProperty("user.name"));
        return directory.resolve(URLEncoder.encode(job, StandardCharsets.UTF_8));
    }
}
