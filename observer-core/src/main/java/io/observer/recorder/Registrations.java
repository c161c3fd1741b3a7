package io.observer.recorder;

import io.observer.event.EventNames;
import io.observer.event.InvalidEventException;
import io.observer.event.JsonMember;
import io.observer.event.JsonText;
import io.observer.log.PrivateDirectory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which jobs are recorded and where, in memory and in a file that is replaced whole with each change:
 *
 * <pre>
 * {"build-7":"/home/ann/build-7","deploy-3":null}
 * </pre>
 *
 * Changing blocks. Any thread.
 */
final class Registrations {

    private static final Logger log = LoggerFactory.getLogger(Registrations.class);
    private static final String FILE = "registrations.json";

    private final Path directory;
    private final int maxJobs;
    private volatile Map<String, RegisteredWorkspace> workspaces;

    private Registrations(Path directory, int maxJobs, Map<String, RegisteredWorkspace> workspaces) {
        this.directory = directory;
        this.maxJobs = maxJobs;
        this.workspaces = workspaces;
    }

    /** Reads what {@code directory} has; a file that cannot be read is set aside. */
    static Registrations load(Path directory, int maxJobs) {
        Path file = directory.resolve(FILE);
        Map<String, RegisteredWorkspace> found = new LinkedHashMap<>();
        try {
            if (Files.exists(file)) {
                read(Files.readAllBytes(file), found);
            }
        } catch (IOException | InvalidEventException | IllegalArgumentException damaged) {
            found.clear();
            setAside(file);
        }
        return new Registrations(directory, maxJobs, found);
    }

    /** All of them. */
    Map<String, RegisteredWorkspace> all() {
        return workspaces;
    }

    /** That of a job, if it has one. */
    Optional<Registered> find(String job) {
        RegisteredWorkspace workspace = workspaces.get(job);
        return workspace == null ? Optional.empty() : Optional.of(new Registered(job, workspace.path(), false));
    }

    /**
     * Adds a job, or gives one that has none a workspace.
     *
     * @param workspace real path of the directory, or null for whatever the job has
     * @throws RegistrationConflictException if this job has another workspace, another job has this one, or there are
     *     too many jobs
     * @throws RegistrationStorageException if it cannot be stored; nothing is changed then
     */
    synchronized Registered put(String job, @Nullable Path workspace) {
        RegisteredWorkspace present = workspaces.get(job);
        if (present == null && workspaces.size() >= maxJobs) {
            throw new RegistrationConflictException(
                    maxJobs + " jobs are registered, which is as many as may be; delete one first");
        }
        if (present != null && (workspace == null || !present.isNone())) {
            return same(job, present, workspace);
        }
        if (workspace != null && workspaces.values().stream().anyMatch(other -> workspace.equals(other.path()))) {
            throw new RegistrationConflictException(
                    "another job has this workspace already; give each job a directory of its own");
        }
        Map<String, RegisteredWorkspace> changed = new LinkedHashMap<>(workspaces);
        changed.put(job, RegisteredWorkspace.of(workspace));
        store(changed);
        return new Registered(job, workspace, present == null);
    }

    /** Whether a job has a workspace, be it there or not. */
    boolean hasWorkspace(String job) {
        RegisteredWorkspace present = workspaces.get(job);
        return present != null && !present.isNone();
    }

    /**
     * The registration of a job that has a workspace already.
     *
     * @param workspace real path of the directory, or null for whatever the job has
     * @throws RegistrationConflictException if it has another, or none any more
     */
    synchronized Registered require(String job, @Nullable Path workspace) {
        RegisteredWorkspace present = workspaces.get(job);
        if (present == null || present.isNone()) {
            throw new RegistrationConflictException("the registration was deleted meanwhile; register the job again");
        }
        return same(job, present, workspace);
    }

    private static Registered same(String job, RegisteredWorkspace present, @Nullable Path workspace) {
        if (workspace != null && !workspace.equals(present.path())) {
            throw new RegistrationConflictException(
                    "this job has another workspace already; delete its registration first");
        }
        return new Registered(job, present.path(), false);
    }

    /**
     * Forgets a job.
     *
     * @return whether it was there
     * @throws RegistrationStorageException if that cannot be stored; nothing is changed then
     */
    synchronized boolean remove(String job) {
        if (!workspaces.containsKey(job)) {
            return false;
        }
        Map<String, RegisteredWorkspace> changed = new LinkedHashMap<>(workspaces);
        changed.remove(job);
        store(changed);
        return true;
    }

    private void store(Map<String, RegisteredWorkspace> changed) {
        Path temporary = directory.resolve(FILE + ".new");
        try {
            PrivateDirectory.make(directory);
            try (FileChannel channel = FileChannel.open(
                    temporary,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.TRUNCATE_EXISTING)) {
                ByteBuffer bytes = ByteBuffer.wrap(json(changed));
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
        } catch (IOException failure) {
            throw new RegistrationStorageException("the registration cannot be stored", failure);
        }
        workspaces = changed;
    }

    private static byte[] json(Map<String, RegisteredWorkspace> workspaces) {
        return workspaces.entrySet().stream()
                .map(each -> JsonText.quote(each.getKey()) + ":"
                        + json(each.getValue().text()))
                .collect(Collectors.joining(",", "{", "}"))
                .getBytes(StandardCharsets.UTF_8);
    }

    private static String json(@Nullable String text) {
        return text == null ? "null" : JsonText.quote(text);
    }

    private static void read(byte[] json, Map<String, RegisteredWorkspace> into) {
        for (JsonMember member : JsonText.members(json)) {
            boolean none = member.kind() == JsonMember.Kind.NULL;
            if (!EventNames.isLegal(member.name()) || !(none || member.kind() == JsonMember.Kind.STRING)) {
                throw new IllegalArgumentException("not a map of job names to paths");
            }
            into.put(member.name(), none ? RegisteredWorkspace.of(null) : RegisteredWorkspace.read(member.text()));
        }
    }

    private static void setAside(Path file) {
        Path aside = file.resolveSibling(FILE + ".damaged");
        log.warn("Registrations cannot be read; jobs have to be registered again. file={} moved_to={}", file, aside);
        try {
            Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException stays) {
            // The next registration replaces it.
        }
    }
}
