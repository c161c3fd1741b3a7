package io.observer.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/**
 * A disk that fails when a test wants it to. It numbers its calls by kind, from 1, and never really flushes: no test can
 * cut the power, and flushing takes long.
 */
final class FaultyDisk implements ChannelOpener {

    enum Call {
        OPEN,
        READ,
        WRITE,
        FORCE,
        TRUNCATE
    }

    /** @param number how many calls of this kind there were so far, this one included */
    record Request(Call call, Path file, int number) {

        boolean isOn(String suffix) {
            return file.toString().endsWith(suffix);
        }
    }

    /** Sees every call before it is done; on the thread that makes it. */
    @FunctionalInterface
    interface Watcher {
        void sees(Request request);
    }

    private static final String MESSAGE = "no space left on this test's disk";

    private final Map<Call, AtomicInteger> counts = new EnumMap<>(Call.class);
    private final AtomicLong bytesRead = new AtomicLong();
    private volatile Predicate<Request> failing = request -> false;
    private volatile Predicate<Request> halving = request -> false;
    private volatile Watcher watcher = request -> {};

    FaultyDisk() {
        for (Call call : Call.values()) {
            counts.put(call, new AtomicInteger());
        }
    }

    /** Calls that match fail and do nothing. */
    void failOn(Predicate<Request> which) {
        failing = which;
    }

    /** Writes that match take only half of their bytes, as the last one before a full disk does. */
    void halveOn(Predicate<Request> which) {
        halving = which;
    }

    void watch(Watcher by) {
        watcher = by;
    }

    /** From now on everything goes well. */
    void heal() {
        failing = request -> false;
        halving = request -> false;
    }

    /** How many calls of this kind there were. */
    int count(Call call) {
        return counts.get(call).get();
    }

    /** How many bytes were read so far. */
    long bytesRead() {
        return bytesRead.get();
    }

    @Override
    public FileChannel open(Path file, OpenOption... options) throws IOException {
        request(Call.OPEN, file);
        return new Channel(file, FileChannel.open(file, options));
    }

    private Request request(Call call, Path file) throws IOException {
        Request request = new Request(call, file, counts.get(call).incrementAndGet());
        watcher.sees(request);
        if (failing.test(request)) {
            throw new IOException(MESSAGE);
        }
        return request;
    }

    private final class Channel extends FileChannel {

        private final Path file;
        private final FileChannel real;

        Channel(Path file, FileChannel real) {
            this.file = file;
            this.real = real;
        }

        @Override
        public int write(ByteBuffer bytes) throws IOException {
            return write(bytes, real.position(), true);
        }

        @Override
        public int write(ByteBuffer bytes, long at) throws IOException {
            return write(bytes, at, false);
        }

        private int write(ByteBuffer bytes, long at, boolean moves) throws IOException {
            Request request = request(Call.WRITE, file);
            int end = bytes.limit();
            if (halving.test(request)) {
                bytes.limit(bytes.position() + (bytes.remaining() + 1) / 2);
            }
            try {
                return moves ? real.write(bytes) : real.write(bytes, at);
            } finally {
                bytes.limit(end);
            }
        }

        @Override
        public int read(ByteBuffer into, long at) throws IOException {
            request(Call.READ, file);
            int read = real.read(into, at);
            bytesRead.addAndGet(Math.max(0, read));
            return read;
        }

        @Override
        public void force(boolean metadata) throws IOException {
            request(Call.FORCE, file);
        }

        @Override
        public FileChannel truncate(long size) throws IOException {
            request(Call.TRUNCATE, file);
            real.truncate(size);
            return this;
        }

        @Override
        public long position() throws IOException {
            return real.position();
        }

        @Override
        public FileChannel position(long position) throws IOException {
            real.position(position);
            return this;
        }

        @Override
        public long size() throws IOException {
            return real.size();
        }

        @Override
        protected void implCloseChannel() throws IOException {
            real.close();
        }

        @Override
        public int read(ByteBuffer into) {
            throw new UnsupportedOperationException("the log says where it reads");
        }

        @Override
        public long read(ByteBuffer[] into, int offset, int length) {
            throw new UnsupportedOperationException("the log reads one buffer at a time");
        }

        @Override
        public long write(ByteBuffer[] bytes, int offset, int length) {
            throw new UnsupportedOperationException("the log writes one buffer at a time");
        }

        @Override
        public long transferTo(long position, long count, WritableByteChannel target) {
            throw new UnsupportedOperationException("the log transfers nothing");
        }

        @Override
        public long transferFrom(ReadableByteChannel source, long position, long count) {
            throw new UnsupportedOperationException("the log transfers nothing");
        }

        @Override
        public MappedByteBuffer map(MapMode mode, long position, long size) {
            throw new UnsupportedOperationException("the log maps nothing");
        }

        @Override
        public FileLock lock(long position, long size, boolean shared) {
            throw new UnsupportedOperationException("the log's lock is no matter of its disk");
        }

        @Override
        public FileLock tryLock(long position, long size, boolean shared) {
            throw new UnsupportedOperationException("the log's lock is no matter of its disk");
        }
    }
}
