package io.observer.web.cli.run;

import java.nio.file.Path;
import java.nio.file.WatchKey;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A directory with what is known to be in it. */
final class WatchedDirectory {

    private final @Nullable WatchedDirectory parent;
    private final String name;
    private final Path path;
    private final String prefix;
    private final WatchKey key;
    private final int depth;
    private final Map<String, FileStamp> files = new HashMap<>();
    private final Map<String, WatchedDirectory> directories = new HashMap<>();

    /**
     * @param parent null for the workspace itself
     * @param prefix what stands before the names of its files: empty, or the path below the workspace and a slash
     */
    WatchedDirectory(@Nullable WatchedDirectory parent, String name, Path path, String prefix, WatchKey key) {
        this.parent = parent;
        this.name = name;
        this.path = path;
        this.prefix = prefix;
        this.key = key;
        this.depth = parent == null ? 0 : parent.depth + 1;
    }

    @Nullable
    WatchedDirectory parent() {
        return parent;
    }

    String name() {
        return name;
    }

    Path path() {
        return path;
    }

    WatchKey key() {
        return key;
    }

    /** How many directories are around it, up to the workspace. */
    int depth() {
        return depth;
    }

    /** The path of an entry below the workspace. */
    String below(String entry) {
        return prefix + entry;
    }

    /** Everything in it but directories, by name. */
    Map<String, FileStamp> files() {
        return files;
    }

    Map<String, WatchedDirectory> directories() {
        return directories;
    }
}
