package io.observer.web.cli.run;

import static java.nio.file.StandardWatchEventKinds.ENTRY_CREATE;
import static java.nio.file.StandardWatchEventKinds.OVERFLOW;

import io.observer.recorder.PathExclusion;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Tells what happens to the files of a workspace, all directories below it included, from a thread of its own.
 *
 * <p>Order: of one directory, as it happened. When too much happens at once: the directory in which it does, or
 * everything, is looked at again, and a {@link WorkspaceEvent.Rescanned} says so. When the workspace itself is deleted and
 * made again, or another takes its place: its files are told as deleted, those of the new one as created. When it ends:
 * with {@link #close}; {@link #settle} waits until what has happened so far is told.
 */
public final class WorkspaceWatcher implements AutoCloseable {

    private static final int MOST_ENTRIES = 200_000;

    /** How long to let changes gather, so that a file written in a hundred pieces is told of a few times. */
    private static final Duration GATHERING = Duration.ofMillis(30);

    private static final int KEYS_A_PASS = 10_000;

    /** How often to look whether the workspace is still the same directory, and whether it is back. */
    private static final Duration LOOK_AT_ROOT = Duration.ofSeconds(1);

    private static final Duration LOOK_FOR_ROOT = Duration.ofMillis(100);

    /** However much happens, nobody waits longer for it to be told. */
    private static final Duration LONGEST_SETTLING = Duration.ofMinutes(1);

    static {
        // The JDK keeps 512 events of a directory, which one "tar x" exceeds; newer ones are told to keep more. Read
        // once, before the first watch.
        System.setProperty("jdk.nio.file.WatchService.maxEventsPerPoll", "65536");
    }

    private final WatchService service;
    private final WorkspaceTree tree;
    private final Consumer<WorkspaceEvent> sink;
    private final Path bells;
    private final WatchKey bell;
    private volatile @Nullable CountDownLatch heard;
    private volatile boolean closed;
    private int rung;

    private WorkspaceWatcher(
            Path root,
            PathExclusion exclusion,
            int mostEntries,
            WatchService service,
            Consumer<WorkspaceEvent> sink,
            Path bells,
            WatchKey bell) {
        this.service = service;
        this.sink = sink;
        this.bells = bells;
        this.bell = bell;
        this.tree = new WorkspaceTree(root, exclusion, service, mostEntries, this::tell);
    }

    /**
     * Learns what is there and begins to watch.
     *
     * @param workspace a directory
     * @param exclusion what is neither told nor entered
     * @param sink called by one thread at a time; must not block
     */
    public static WorkspaceWatcher start(Path workspace, PathExclusion exclusion, Consumer<WorkspaceEvent> sink)
            throws IOException {
        return start(workspace, exclusion, MOST_ENTRIES, sink);
    }

    static WorkspaceWatcher start(
            Path workspace, PathExclusion exclusion, int mostEntries, Consumer<WorkspaceEvent> sink)
            throws IOException {
        Path root = workspace.toRealPath();
        WatchService service = root.getFileSystem().newWatchService();
        Path bells = Files.createTempDirectory("observer-watch-");
        WatchKey bell = bells.register(service, ENTRY_CREATE);
        WorkspaceWatcher watcher = new WorkspaceWatcher(root, exclusion, mostEntries, service, sink, bells, bell);
        try {
            watcher.tree.open();
        } catch (IOException unreadable) {
            watcher.close();
            throw unreadable;
        }
        Thread thread = new Thread(watcher::run, "workspace-watcher");
        thread.setDaemon(true);
        thread.start();
        return watcher;
    }

    /**
     * Waits until everything that has happened before is told, and answers whether it is. The system reports in the
     * order in which things happen: once a file made now is seen, all before it has been.
     *
     * @param atMost how long to wait while nothing moves on; as long as there is progress the wait goes on, up to a minute
     */
    public boolean settle(Duration atMost) throws InterruptedException {
        CountDownLatch latch = new CountDownLatch(1);
        heard = latch;
        try {
            Files.createFile(bells.resolve(String.valueOf(rung++)));
        } catch (IOException full) {
            return false;
        }
        long deadline = System.nanoTime() + LONGEST_SETTLING.toNanos();
        while (System.nanoTime() < deadline) {
            long before = tree.steps();
            if (latch.await(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
                return true;
            }
            if (tree.steps() == before) {
                return false;
            }
        }
        return false;
    }

    /** Nothing more is told from now on. */
    @Override
    public void close() {
        closed = true;
        try (Stream<Path> files = Files.list(bells)) {
            service.close();
            for (Path file : files.toList()) {
                Files.deleteIfExists(file);
            }
            Files.deleteIfExists(bells);
        } catch (IOException leftBehind) {
            // An empty file among the temporary ones.
        }
    }

    private void run() {
        try {
            while (true) {
                Duration look = tree.isThere() ? LOOK_AT_ROOT : LOOK_FOR_ROOT;
                WatchKey first = service.poll(look.toMillis(), TimeUnit.MILLISECONDS);
                if (first == null) {
                    tree.followRoot();
                    continue;
                }
                if (first != bell) {
                    TimeUnit.NANOSECONDS.sleep(GATHERING.toNanos());
                }
                pass(first);
            }
        } catch (ClosedWatchServiceException closed) {
            // The end.
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException unforeseen) {
            tell(new WorkspaceEvent.Limited(0, "watching failed: " + unforeseen.getMessage()));
        }
    }

    private void pass(WatchKey first) {
        Set<WatchKey> crowded = new HashSet<>();
        boolean ringing = false;
        int keys = 0;
        // A bell is no reason to stop: keys that were being read when it rang stand behind it.
        for (WatchKey key = first; key != null; key = ++keys < KEYS_A_PASS ? service.poll() : null) {
            ringing |= key == bell;
            for (WatchEvent<?> event : key.pollEvents()) {
                if (event.kind() == OVERFLOW) {
                    crowded.add(key);
                } else if (key != bell && event.context() instanceof Path entry) {
                    tree.apply(key, event.kind(), entry);
                }
            }
            key.reset();
        }
        tree.followRoot();
        // Read before looking again: who waits from now on waits for what that may not see.
        CountDownLatch latch = ringing ? heard : null;
        if (!crowded.isEmpty()) {
            // The system's own queue is for all directories, that of the bell included; the JDK has one for each.
            int changes = crowded.contains(bell) ? tree.rescan() : tree.rescan(crowded);
            tell(new WorkspaceEvent.Rescanned(changes));
        }
        if (latch != null) {
            latch.countDown();
        }
    }

    private void tell(WorkspaceEvent event) {
        if (!closed) {
            sink.accept(event);
        }
    }
}
