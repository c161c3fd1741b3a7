package io.observer.recorder;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * How an {@link ObserverRecorder} works.
 *
 * @param enabled false records nothing and takes no registrations; the log still answers
 * @param persistEvents false keeps rings only and writes no file
 * @param excludePatterns which paths are kept out
 * @param coalesceWindow how close changes of a file have to be to become one line; zero keeps all apart
 * @param maxTimelineBytes how large a timeline may grow
 * @param fileName of each timeline, in its workspace
 * @param ringSize how many of its newest events are kept at hand for each job
 * @param workspaceRoots directories under which workspaces may be
 * @param maxJobs how many jobs may be registered
 * @param maxOpenFiles how many timelines are kept open between writes
 * @param directory where registrations are kept; made if missing
 */
public record RecorderSettings(
        boolean enabled,
        boolean persistEvents,
        List<String> excludePatterns,
        Duration coalesceWindow,
        long maxTimelineBytes,
        String fileName,
        int ringSize,
        List<Path> workspaceRoots,
        int maxJobs,
        int maxOpenFiles,
        Path directory) {

    public RecorderSettings {
        excludePatterns = List.copyOf(excludePatterns);
        workspaceRoots = List.copyOf(workspaceRoots);
    }
}
