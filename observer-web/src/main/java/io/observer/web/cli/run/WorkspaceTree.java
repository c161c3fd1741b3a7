package io.observer.web.cli.run;

import static java.nio.file.StandardWatchEventKinds.ENTRY_CREATE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_DELETE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_MODIFY;

import io.observer.recorder.PathExclusion;
import io.observer.web.cli.run.WorkspaceEvent.FileCreated;
import io.observer.web.cli.run.WorkspaceEvent.FileDeleted;
import io.observer.web.cli.run.WorkspaceEvent.FileModified;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What is known to be in a workspace. The operating system says where to look, and what is found there is compared with
 * what was known; so a directory that fills before it is watched, one that moves, and a flood of changes all end in the
 * right picture. Links are not followed, excluded directories not entered. For one thread at a time.
 */
final class WorkspaceTree {

    /** Marks a server's data directory, whose log would grow from being watched. */
    private static final String DATA_DIRECTORY = "log/identity.properties";

    /** Far beyond what people make, and little for a stack. */
    private static final int DEEPEST = 200;

    private static final String NO_MORE_WATCHES = "inotify";

    private final Path root;
    private final PathExclusion exclusion;
    private final WatchService service;
    private final Consumer<WorkspaceEvent> sink;
    private final int mostEntries;
    private final Map<WatchKey, WatchedDirectory> byKey = new HashMap<>();
    private final Set<String> limits = new HashSet<>();
    private final AtomicLong steps = new AtomicLong();

    /** The workspace itself, or null while it is gone. */
    private @Nullable WatchedDirectory top;

    /** Which directory {@link #top} is, whatever its name. */
    private @Nullable Object topKey;

    private boolean quiet = true;
    private int entries;
    private int told;

    /** @param mostEntries how many files and directories to remember at most */
    WorkspaceTree(
            Path root, PathExclusion exclusion, WatchService service, int mostEntries, Consumer<WorkspaceEvent> sink) {
        this.root = root;
        this.exclusion = exclusion;
        this.service = service;
        this.mostEntries = mostEntries;
        this.sink = sink;
    }

    /** Learns what is there, without a word. */
    void open() throws IOException {
        enterRoot();
        if (top == null) {
            throw new IOException("it cannot be watched");
        }
        quiet = false;
    }

    /** Whether the workspace is watched. */
    boolean isThere() {
        return top != null;
    }

    /** How much was looked at so far: as long as this grows, there is progress. Any thread. */
    long steps() {
        return steps.get();
    }

    /** If the workspace is no longer the directory that is watched: tells the end of that, and what is in its place. */
    void followRoot() {
        WatchedDirectory known = top;
        if (known != null && !isTop(known)) {
            top = null;
            clear(known);
        }
        if (top == null) {
            enterRoot();
        }
    }

    private boolean isTop(WatchedDirectory known) {
        BasicFileAttributes attributes = attributes(root);
        return known.key().isValid() && attributes != null && Objects.equals(attributes.fileKey(), topKey);
    }

    private void enterRoot() {
        BasicFileAttributes attributes = attributes(root);
        WatchedDirectory directory =
                attributes != null && attributes.isDirectory() ? watched(null, "", root, "") : null;
        if (attributes != null && directory != null) {
            top = directory;
            topKey = attributes.fileKey();
            scan(directory, true);
        }
    }

    /** Something is said to have happened to an entry of the directory that {@code key} stands for. */
    void apply(WatchKey key, WatchEvent.Kind<?> kind, Path entry) {
        WatchedDirectory directory = byKey.get(key);
        String name = entry.toString();
        if (directory == null || exclusion.excludes(directory.below(name))) {
            return;
        }
        if (kind == ENTRY_DELETE) {
            forget(directory, name);
            return;
        }
        BasicFileAttributes attributes = attributes(directory.path().resolve(name));
        if (attributes != null) {
            see(directory, name, attributes, false);
        } else if (kind == ENTRY_CREATE && isNew(directory, name) && hasRoom()) {
            // It was there for a moment, and its end is about to be told.
            remember(directory, name, FileStamp.UNSEEN);
            tell(new FileCreated(directory.below(name)));
        }
    }

    /** Looks at everything again, and answers how many changes that brought to light. */
    int rescan() {
        int before = told;
        if (top != null) {
            scan(top, true);
        }
        return told - before;
    }

    /** Looks again at what is in these directories themselves, and answers how many changes that brought to light. */
    int rescan(Set<WatchKey> crowded) {
        int before = told;
        for (WatchKey key : crowded) {
            WatchedDirectory directory = byKey.get(key);
            if (directory != null) {
                scan(directory, false);
            }
        }
        return told - before;
    }

    /** @param deep whether to look also at what is in the directories in it */
    private void scan(WatchedDirectory directory, boolean deep) {
        Map<String, BasicFileAttributes> found = list(directory);
        for (String name : List.copyOf(directory.files().keySet())) {
            BasicFileAttributes attributes = found.get(name);
            if (attributes == null || attributes.isDirectory()) {
                forget(directory, name);
            }
        }
        for (WatchedDirectory child : List.copyOf(directory.directories().values())) {
            BasicFileAttributes attributes = found.get(child.name());
            if (attributes == null || !attributes.isDirectory() || !isWatched(child)) {
                forget(directory, child.name());
            }
        }
        found.forEach((name, attributes) -> see(directory, name, attributes, deep));
    }

    /**
     * Whether its watch is on what has its name now. Word of its end may be among what was lost, and another directory
     * of the same name, even of the same number, is not watched by it.
     */
    private boolean isWatched(WatchedDirectory directory) {
        try {
            return directory.key().equals(register(directory.path()));
        } catch (IOException gone) {
            return false;
        }
    }

    /** @param deep whether to look again at what is in a directory that is known */
    private void see(WatchedDirectory directory, String name, BasicFileAttributes attributes, boolean deep) {
        WatchedDirectory child = directory.directories().get(name);
        if (attributes.isDirectory()) {
            if (child == null) {
                enter(directory, name);
            } else if (deep) {
                scan(child, true);
            }
            return;
        }
        if (child != null) {
            forget(directory, name);
        }
        FileStamp now = FileStamp.of(attributes);
        FileStamp before = directory.files().get(name);
        if (before == null) {
            if (hasRoom()) {
                remember(directory, name, now);
                tell(new FileCreated(directory.below(name)));
            }
        } else if (!before.equals(now)) {
            directory.files().put(name, now);
            tell(new FileModified(directory.below(name)));
        }
    }

    private void enter(WatchedDirectory parent, String name) {
        if (directoryIsForeign(parent, name)) {
            return;
        }
        forget(parent, name);
        WatchedDirectory directory = watched(parent, name, parent.path().resolve(name), parent.below(name) + "/");
        if (directory != null) {
            parent.directories().put(name, directory);
            scan(directory, true);
        }
    }

    private static boolean directoryIsForeign(WatchedDirectory parent, String name) {
        return Files.exists(parent.path().resolve(name).resolve(DATA_DIRECTORY));
    }

    private @Nullable WatchedDirectory watched(
            @Nullable WatchedDirectory parent, String name, Path path, String prefix) {
        if (!hasRoom()) {
            return null;
        }
        if (parent != null && parent.depth() >= DEEPEST) {
            limit("directories in more than " + DEEPEST + " others");
            return null;
        }
        try {
            WatchKey key = register(path);
            WatchedDirectory moved = byKey.get(key);
            if (moved != null && moved.parent() != null) {
                // The same directory under its old name, of which it is not yet told that it is gone.
                forget(moved.parent(), moved.name());
                key = register(path);
            }
            WatchedDirectory directory = new WatchedDirectory(parent, name, path, prefix, key);
            byKey.put(key, directory);
            entries++;
            return directory;
        } catch (IOException unreadable) {
            String reason = String.valueOf(unreadable.getMessage());
            if (reason.contains(NO_MORE_WATCHES)) {
                limit("the system allows no more inotify watches (fs.inotify.max_user_watches)");
            }
            // Anything else: it is gone again, or closed to this user.
            return null;
        }
    }

    /** The same key as before if this very directory is watched already. */
    private WatchKey register(Path path) throws IOException {
        return path.register(service, ENTRY_CREATE, ENTRY_MODIFY, ENTRY_DELETE);
    }

    private void limit(String reason) {
        if (limits.add(reason)) {
            sink.accept(new WorkspaceEvent.Limited(byKey.size(), reason));
        }
    }

    /** Whether another entry may be remembered; says so if not. */
    private boolean hasRoom() {
        return hasRoom(0);
    }

    private boolean hasRoom(int beside) {
        if (entries + beside < mostEntries) {
            return true;
        }
        limit("more than " + mostEntries + " files and directories");
        return false;
    }

    private boolean isNew(WatchedDirectory directory, String name) {
        return !directory.files().containsKey(name) && !directory.directories().containsKey(name);
    }

    private void remember(WatchedDirectory directory, String name, FileStamp stamp) {
        directory.files().put(name, stamp);
        entries++;
    }

    private void forget(WatchedDirectory directory, String name) {
        if (directory.files().remove(name) != null) {
            entries--;
            tell(new FileDeleted(directory.below(name)));
        }
        WatchedDirectory child = directory.directories().remove(name);
        if (child != null) {
            clear(child);
        }
    }

    /** Tells the end of everything in a directory, and watches it no longer. */
    private void clear(WatchedDirectory directory) {
        List<String> names = new ArrayList<>(directory.files().keySet());
        names.addAll(directory.directories().keySet());
        names.forEach(entry -> forget(directory, entry));
        byKey.remove(directory.key());
        directory.key().cancel();
        entries--;
    }

    private void tell(WorkspaceEvent event) {
        steps.incrementAndGet();
        if (!quiet) {
            told++;
            sink.accept(event);
        }
    }

    private Map<String, BasicFileAttributes> list(WatchedDirectory directory) {
        Map<String, BasicFileAttributes> found = new HashMap<>();
        int unknown = 0;
        try (DirectoryStream<Path> listed = Files.newDirectoryStream(directory.path())) {
            for (Path path : listed) {
                String name = String.valueOf(path.getFileName());
                if (exclusion.excludes(directory.below(name))) {
                    continue;
                }
                boolean known = !isNew(directory, name);
                BasicFileAttributes attributes = known || hasRoom(unknown) ? attributes(path) : null;
                if (attributes != null) {
                    unknown += known ? 0 : 1;
                    found.put(name, attributes);
                }
            }
        } catch (IOException | DirectoryIteratorException gone) {
            // What was found before it went, or nothing.
        }
        return found;
    }

    private @Nullable BasicFileAttributes attributes(Path path) {
        steps.incrementAndGet();
        try {
            return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        } catch (IOException gone) {
            return null;
        }
    }
}
