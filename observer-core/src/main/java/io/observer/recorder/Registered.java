package io.observer.recorder;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A job that is being recorded.
 *
 * @param workspace real path of the directory that its timeline is in; null when it has only a ring
 * @param first whether this registration is the job's first
 */
public record Registered(String jobId, @Nullable Path workspace, boolean first) {}
