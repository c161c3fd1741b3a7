package io.observer.web.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A file that is followed")
@Timeout(60)
class FollowedFileTest {

    @TempDir
    private Path directory;

    private final List<String> lines = new CopyOnWriteArrayList<>();
    private Thread reader;

    @AfterEach
    void end() throws InterruptedException {
        reader.interrupt();
        reader.join();
    }

    @Test
    void is_read_from_its_start_and_as_it_grows() throws IOException {
        write("a\nb\n");
        follow();
        awaitLines("a", "b");

        write("c");
        write("d\n");

        awaitLines("a", "b", "cd");
    }

    @Test
    void is_waited_for() throws IOException {
        follow();
        write("a\n");

        awaitLines("a");
    }

    @Test
    void is_read_to_its_end_when_another_takes_its_name() throws IOException {
        write("a\n");
        follow();
        awaitLines("a");

        Files.move(file(), directory.resolve("app.log.1"));
        Files.writeString(directory.resolve("app.log.1"), "late\n", StandardOpenOption.APPEND);
        write("new\n");

        awaitLines("a", "late", "new");
    }

    @Test
    void is_read_from_its_start_again_when_it_is_cut() throws IOException {
        write("a long line\nand half of another");
        follow();
        awaitLines("a long line");

        Files.writeString(file(), "", StandardOpenOption.TRUNCATE_EXISTING);
        awaitLines("a long line", "and half of another");
        write("b\n");

        awaitLines("a long line", "and half of another", "b");
    }

    private Path file() {
        return directory.resolve("app.log");
    }

    private void write(String text) throws IOException {
        Files.writeString(file(), text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private void follow() {
        FollowedFile followed = new FollowedFile(file(), Duration.ofMillis(5));
        reader = new Thread(() -> {
            try (BufferedReader text = new BufferedReader(new InputStreamReader(followed, StandardCharsets.UTF_8))) {
                for (String line = text.readLine(); line != null; line = text.readLine()) {
                    lines.add(line);
                }
            } catch (IOException interrupted) {
                if (!Thread.currentThread().isInterrupted()) {
                    throw new UncheckedIOException(interrupted);
                }
            }
        });
        reader.start();
    }

    private void awaitLines(String... expected) {
        await().untilAsserted(() -> assertThat(lines).containsExactly(expected));
    }
}
