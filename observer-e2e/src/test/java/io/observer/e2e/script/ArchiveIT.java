package io.observer.e2e.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.observer.e2e.kit.Starting;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
@DisplayName("The first start leaves an archive of classes, later ones use it when it fits and do without when not")
class ArchiveIT {

    private static boolean firstWithout;
    private static Clone clone;
    private static Path archive;
    private static Path saved;
    private static FileTime jarBuilt;

    @BeforeAll
    static void start_twice_at_once(@TempDir Path home, @TempDir Path beside) throws IOException {
        clone = new Clone(home);
        jarBuilt = Files.getLastModifiedTime(clone.jar());
        Map<String, String> environment = clone.withHastyTraining();
        try (Starting one = clone.serve(List.of(), environment);
                Starting other = clone.serve(List.of(), environment)) {
            Clone.awaitReady(one);
            Clone.awaitReady(other);
            firstWithout = !clone.usesArchive(one) && !clone.usesArchive(other);
            clone.awaitArchives(1);
        }
        archive = clone.archives().get(0);
        saved = Files.copy(archive, beside.resolve("archive"));
        Files.copy(Path.of(archive + ".sum"), beside.resolve("sum"));
    }

    @BeforeEach
    void put_it_back() throws IOException {
        Files.setLastModifiedTime(clone.jar(), jarBuilt);
        Files.copy(saved, archive, StandardCopyOption.REPLACE_EXISTING);
        Files.copy(saved.resolveSibling("sum"), Path.of(archive + ".sum"), StandardCopyOption.REPLACE_EXISTING);
        archive.toFile().setWritable(true);
    }

    @Test
    void two_first_starts_at_once_serve_without_one_and_leave_one() {
        assertThat(firstWithout).isTrue();
        assertThat(clone.archives()).containsExactly(archive);
        assertThat(saved).isNotEmptyFile();
    }

    @Test
    void the_next_start_uses_it_and_says_no_word_of_it() throws IOException {
        try (Starting server = clone.serveReady(clone.withoutTraining())) {
            assertThat(clone.usesArchive(server)).isTrue();
            assertThat(server.stdout().lines()).hasSize(1);
            assertThat(server.stderr()).isEmpty();
            assertThat(clone.trainings()).isZero();
        }
    }

    @Test
    void a_damaged_one_is_left_alone_and_made_anew() throws IOException {
        try (FileChannel file = FileChannel.open(archive, StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.allocate(1 << 16), file.size() / 2);
        }

        try (Starting server = clone.serveReady(clone.withoutTraining())) {
            assertThat(clone.usesArchive(server)).isFalse();
            assertThat(server.stderr()).isEmpty();
            Awaitility.await("what came of the training").until(() -> Files.size(archive) == 0);
            assertThat(clone.trainings()).isEqualTo(1);
        }
    }

    @Test
    void where_none_could_be_made_the_next_start_does_without_and_does_not_try_again() throws IOException {
        Files.write(archive, new byte[0]);
        Files.writeString(Path.of(archive + ".sum"), "4294967295 0\n");

        try (Starting server = clone.serveReady(clone.withoutTraining())) {
            assertThat(server.stdout().lines()).hasSize(1);
            assertThat(server.stderr()).isEmpty();
            assertThat(clone.trainings()).isZero();
        }
    }

    @Test
    void another_jdk_has_its_own(@TempDir Path jdk) throws IOException {
        Path java = Files.createDirectories(jdk.resolve("bin")).resolve("java");
        Files.writeString(java, "#!/bin/sh\nexec '%s/bin/java' \"$@\"\n".formatted(System.getProperty("java.home")));
        java.toFile().setExecutable(true);
        Files.writeString(
                jdk.resolve("release"),
                "JAVA_VERSION=\"%d.0.99\"\n".formatted(Runtime.version().feature()));
        Map<String, String> environment = new HashMap<>(clone.withoutTraining());
        environment.put("JAVA_HOME", jdk.toString());

        try (Starting server = clone.serveReady(environment)) {
            assertThat(clone.usesArchive(server)).isFalse();
            clone.awaitArchives(2);
            assertThat(Files.mismatch(archive, saved)).isEqualTo(-1);
        } finally {
            for (Path other : clone.archives()) {
                if (!other.equals(archive)) {
                    Files.delete(other);
                }
            }
        }
    }

    @Test
    void a_clone_that_cannot_be_written_to_goes_without_when_the_jar_is_newer() throws IOException {
        Files.setLastModifiedTime(clone.jar(), FileTime.from(Instant.now()));
        // Permissions do not stop root, but a file system does.
        boolean root = System.getProperty("user.name").equals("root");
        String readOnly = "mount -o bind,ro '%1$s' '%1$s' && exec \"$0\" \"$@\"".formatted(clone.target());
        List<String> launcher = root ? List.of("unshare", "--mount", "sh", "-c", readOnly) : List.of();
        Files.setPosixFilePermissions(clone.target(), PosixFilePermissions.fromString("r-xr-xr-x"));
        try (Starting server = clone.serve(launcher, clone.withoutTraining())) {
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> server.stdout().contains("ready") || !server.isRunning());
            Assumptions.assumeFalse(server.stderr().contains("mount"), () -> "nothing can be mounted here: " + server);

            assertThat(server.stdout()).contains("ready");
            assertThat(server.stderr()).isEmpty();
            assertThat(clone.usesArchive(server)).isFalse();
            assertThat(clone.trainings()).isZero();
        } finally {
            Files.setPosixFilePermissions(clone.target(), PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }
}
