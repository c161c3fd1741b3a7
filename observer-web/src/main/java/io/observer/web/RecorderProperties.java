package io.observer.web;

import static io.observer.web.ObserverSettings.require;

import io.observer.recorder.RecorderSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How jobs are recorded: the settings under {@code observer.recorder}.
 *
 * @param workspaceRoots where workspaces may be; empty for the user's home, the working directory and the directory
 *     for temporary files
 */
record RecorderProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("true") boolean persistEvents,

        @DefaultValue({".git/", "__pycache__/", "node_modules/", ".venv/", "*.pyc"})
        List<String> excludePatterns,

        @DefaultValue("2s") Duration coalesceWindow,
        @DefaultValue("10MB") DataSize maxTimelineBytes,
        @DefaultValue(".marianne-observer.jsonl") String fileName,
        @DefaultValue("200") int ringSize,
        @DefaultValue List<Path> workspaceRoots,
        @DefaultValue("1000") int maxJobs,
        @DefaultValue("256") int maxOpenFiles) {

    private static final String GROUP = "recorder.";
    private static final int MAX_PATTERNS = 100;
    private static final int MAX_PATTERN_LENGTH = 1_024;
    private static final Duration LONGEST_WINDOW = Duration.ofHours(1);
    private static final String NAME = "[A-Za-z0-9._-]{1,128}";

    RecorderProperties {
        require(
                excludePatterns.size() <= MAX_PATTERNS
                        && excludePatterns.stream().allMatch(p -> !p.isBlank() && p.length() <= MAX_PATTERN_LENGTH),
                GROUP + "exclude-patterns",
                excludePatterns.size() + " patterns",
                "at most 100 patterns of 1 to 1024 characters");
        require(
                !coalesceWindow.isNegative() && coalesceWindow.compareTo(LONGEST_WINDOW) <= 0,
                GROUP + "coalesce-window",
                coalesceWindow,
                "from 0s (keeps all changes apart) to 1h");
        require(maxTimelineBytes.toBytes() >= 4_096, GROUP + "max-timeline-bytes", maxTimelineBytes, "at least 4096");
        require(
                fileName.matches(NAME) && !fileName.matches("\\.+"),
                GROUP + "file-name",
                "another",
                "a plain file name of A-Z a-z 0-9 . _ -, without a directory");
        require(ringSize >= 1 && ringSize <= 10_000, GROUP + "ring-size", ringSize, "from 1 to 10000 events");
        require(maxJobs >= 1 && maxJobs <= 10_000, GROUP + "max-jobs", maxJobs, "from 1 to 10000 jobs");
        require(maxOpenFiles >= 1 && maxOpenFiles <= 10_000, GROUP + "max-open-files", maxOpenFiles, "from 1 to 10000");
    }

    RecorderSettings inDirectory(Path dataDir) {
        return new RecorderSettings(
                enabled,
                persistEvents,
                excludePatterns,
                coalesceWindow,
                maxTimelineBytes.toBytes(),
                fileName,
                ringSize,
                workspaceRoots.isEmpty() ? usualRoots() : workspaceRoots,
                maxJobs,
                maxOpenFiles,
                dataDir.resolve("recorder"));
    }

    /** Where a person's own jobs are. A home that is the root of everything, as some containers have, is none. */
    private static List<Path> usualRoots() {
        return Stream.of("user.home", "user.dir", "java.io.tmpdir")
                .map(System::getProperty)
                .map(Path::of)
                .map(Path::toAbsolutePath)
                .filter(directory -> directory.getParent() != null)
                .toList();
    }
}
