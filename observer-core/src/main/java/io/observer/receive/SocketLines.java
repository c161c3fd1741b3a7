package io.observer.receive;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A Unix socket over which lines come and go. A line that is too long is passed over to its end. For one thread, which
 * an interrupt ends with an {@link InterruptedIOException}.
 */
final class SocketLines implements AutoCloseable {

    private final SocketChannel channel;
    private final Selector selector;
    private final SelectionKey key;
    private final int longest;
    private final Runnable tooLong;
    private final ByteBuffer buffer = ByteBuffer.allocate(1 << 16).flip();
    private ByteArrayOutputStream line = new ByteArrayOutputStream();
    private boolean skipping;

    private SocketLines(SocketChannel channel, Selector selector, int longest, Runnable tooLong) throws IOException {
        this.channel = channel;
        this.selector = selector;
        this.longest = longest;
        this.tooLong = tooLong;
        channel.configureBlocking(false);
        this.key = channel.register(selector, SelectionKey.OP_READ);
    }

    /**
     * @param longest bytes that a line may have
     * @param tooLong hears of each line that has more
     */
    static SocketLines connect(Path socket, int longest, Runnable tooLong) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
            return new SocketLines(channel, Selector.open(), longest, tooLong);
        } catch (IOException refused) {
            channel.close();
            throw refused;
        }
    }

    /** Sends one line. */
    void send(String text, Duration within) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap((text + "\n").getBytes(StandardCharsets.UTF_8));
        long deadline = System.nanoTime() + within.toNanos();
        while (bytes.hasRemaining()) {
            channel.write(bytes);
            if (bytes.hasRemaining()) {
                key.interestOps(SelectionKey.OP_WRITE);
                if (!await(deadline)) {
                    throw new IOException("it takes no request");
                }
            }
        }
        key.interestOps(SelectionKey.OP_READ);
    }

    /** The next line without its end, or null if none came within {@code atMost}. */
    byte @Nullable [] next(Duration atMost) throws IOException {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (true) {
            byte[] whole = take();
            if (whole != null) {
                return whole;
            }
            buffer.clear();
            int count = channel.read(buffer);
            buffer.flip();
            if (count < 0) {
                throw new EOFException("it closed the connection");
            }
            if (count == 0 && !await(deadline)) {
                return null;
            }
        }
    }

    @Override
    public void close() {
        try (selector;
                channel) {
            // Both, whatever the first says.
        } catch (IOException closed) {
            // Closed all the same.
        }
    }

    /** A line that the buffer ends, if it does. */
    private byte @Nullable [] take() {
        byte[] bytes = buffer.array();
        int from = buffer.position();
        for (int at = from; at < buffer.limit(); at++) {
            if (bytes[at] == '\n') {
                keep(bytes, from, at);
                buffer.position(at + 1);
                from = at + 1;
                if (skipping) {
                    skipping = false;
                } else {
                    byte[] whole = line.toByteArray();
                    line = new ByteArrayOutputStream();
                    return whole;
                }
            }
        }
        keep(bytes, from, buffer.limit());
        buffer.position(buffer.limit());
        return null;
    }

    private void keep(byte[] bytes, int from, int to) {
        if (!skipping && line.size() + to - from > longest) {
            skipping = true;
            line = new ByteArrayOutputStream();
            tooLong.run();
        }
        if (!skipping) {
            line.write(bytes, from, to - from);
        }
    }

    private boolean await(long deadline) throws IOException {
        long millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        boolean ready = millis > 0 ? selector.select(millis) > 0 : selector.selectNow() > 0;
        selector.selectedKeys().clear();
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedIOException("interrupted");
        }
        return ready || millis > 0 && System.nanoTime() < deadline;
    }
}
