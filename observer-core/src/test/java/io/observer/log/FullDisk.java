package io.observer.log;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;

/** A disk that is full when a test wants it to be: half of a write fits, the next one fails. */
public final class FullDisk implements ChannelOpener {

    private final FaultyDisk disk = new FaultyDisk();

    /** From now on there is room for half of what is written next. */
    public void fillUp() {
        int written = disk.count(FaultyDisk.Call.WRITE);
        disk.halveOn(request -> request.call() == FaultyDisk.Call.WRITE && request.number() == written + 1);
        disk.failOn(request -> request.call() == FaultyDisk.Call.WRITE && request.number() > written + 1);
    }

    /** As {@link #fillUp}, and nothing that was written can be taken back either. */
    public void breakDown() {
        int written = disk.count(FaultyDisk.Call.WRITE);
        disk.halveOn(request -> request.call() == FaultyDisk.Call.WRITE && request.number() == written + 1);
        disk.failOn(request -> request.call() == FaultyDisk.Call.TRUNCATE
                || (request.call() == FaultyDisk.Call.WRITE && request.number() > written + 1));
    }

    public void makeRoom() {
        disk.heal();
    }

    @Override
    public FileChannel open(Path file, OpenOption... options) throws IOException {
        return disk.open(file, options);
    }
}
