package io.observer.e2e.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Moves the bytes of all connections, on the thread that calls it. */
final class ClientLoop implements AutoCloseable {

    /** How long anything may take that is expected to happen at once. */
    static final long PATIENCE = TimeUnit.SECONDS.toNanos(10);

    private static final long NAP = TimeUnit.MICROSECONDS.toNanos(100);
    private static final int INPUT_BYTES = 256 * 1024;

    private final Selector selector;
    private final ByteBuffer input = ByteBuffer.allocate(INPUT_BYTES);
    private long waited;

    ClientLoop() throws IOException {
        this.selector = Selector.open();
    }

    /**
     * Begins to connect; {@code connection} gets its turns from now on.
     *
     * @param receiveBytes how much the system keeps of what is not read; 0 = as much as it likes
     */
    SelectionKey connect(InetSocketAddress address, Connection connection, int receiveBytes) throws IOException {
        SocketChannel channel = SocketChannel.open();
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        if (receiveBytes > 0) {
            channel.setOption(StandardSocketOptions.SO_RCVBUF, receiveBytes);
        }
        boolean connected = channel.connect(address);
        int wanted = connected ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_CONNECT;
        return channel.register(selector, wanted, connection);
    }

    /** Serves the connections until the given nano time. */
    void runUntil(long time) throws IOException {
        runUntil(() -> false, time);
    }

    /** Serves the connections until {@code done} or until the given nano time; answers whether it is done. */
    boolean runUntil(BooleanSupplier done, long deadline) throws IOException {
        while (!done.getAsBoolean()) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            turn(left);
        }
        return true;
    }

    /** For how long, in nanoseconds, there was nothing to do so far. */
    long waited() {
        return waited;
    }

    /** A selector cannot wait for less than a millisecond: that one is slept through in short naps. */
    private void turn(long nanos) throws IOException {
        long start = System.nanoTime();
        long millis = TimeUnit.NANOSECONDS.toMillis(nanos);
        if (millis > 0) {
            selector.select(millis);
        } else if (selector.selectNow() == 0) {
            LockSupport.parkNanos(Math.min(nanos, NAP));
        }
        waited += System.nanoTime() - start;
        Iterator<SelectionKey> ready = selector.selectedKeys().iterator();
        while (ready.hasNext()) {
            SelectionKey key = ready.next();
            ready.remove();
            ((Connection) key.attachment()).ready(input);
        }
    }

    @Override
    public void close() throws IOException {
        for (SelectionKey key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
    }
}
