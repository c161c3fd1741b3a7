package io.observer.e2e.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** A socket of the loop, connected when it first has something to say. */
abstract class Connection {

    private final ClientLoop loop;
    private final InetSocketAddress address;
    private final int receiveBytes;
    private final Deque<ByteBuffer> output = new ArrayDeque<>();
    private @Nullable SelectionKey key;

    Connection(ClientLoop loop, InetSocketAddress address) {
        this(loop, address, 0);
    }

    /** @param receiveBytes how much the system keeps of what is not read; 0 = as much as it likes */
    Connection(ClientLoop loop, InetSocketAddress address, int receiveBytes) {
        this.loop = loop;
        this.address = address;
        this.receiveBytes = receiveBytes;
    }

    /**
     * Bytes have come.
     *
     * @param bytes to be used up before this returns
     * @param now when they were read
     */
    abstract void received(ByteBuffer bytes, long now) throws IOException;

    /** The server, or something on the way, has closed the connection. */
    abstract void ended() throws IOException;

    final void write(byte[] bytes) throws IOException {
        output.add(ByteBuffer.wrap(bytes));
        if (key == null) {
            key = loop.connect(address, this, receiveBytes);
        } else if (((SocketChannel) key.channel()).isConnected()) {
            flush(key);
        }
    }

    /** Takes nothing more from the server until {@link #readOn}. */
    final void stop() {
        if (key != null) {
            key.interestOps(0);
        }
    }

    final void readOn() {
        if (key != null) {
            key.interestOps(SelectionKey.OP_READ);
        }
    }

    /** Resets the connection: one that is closed in good order would keep its port for a minute. */
    final void close() throws IOException {
        if (key != null && key.channel().isOpen()) {
            SocketChannel channel = (SocketChannel) key.channel();
            channel.setOption(StandardSocketOptions.SO_LINGER, 0);
            channel.close();
        }
    }

    /** Its turn: something of what it waits for is possible now. */
    final void ready(ByteBuffer input) throws IOException {
        SelectionKey ready = key;
        if (ready == null || !ready.isValid()) {
            return;
        }
        if (ready.isConnectable()) {
            ((SocketChannel) ready.channel()).finishConnect();
            flush(ready);
        } else if (ready.isWritable()) {
            flush(ready);
        }
        if (ready.isReadable()) {
            read(ready, input);
        }
    }

    private void flush(SelectionKey key) throws IOException {
        SocketChannel channel = (SocketChannel) key.channel();
        while (!output.isEmpty()) {
            ByteBuffer first = output.element();
            channel.write(first);
            if (first.hasRemaining()) {
                key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
                return;
            }
            output.remove();
        }
        key.interestOps(SelectionKey.OP_READ);
    }

    private void read(SelectionKey key, ByteBuffer input) throws IOException {
        input.clear();
        int count;
        try {
            count = ((SocketChannel) key.channel()).read(input);
        } catch (IOException e) {
            // A reset is one of the ways to end.
            count = -1;
        }
        if (count < 0) {
            key.channel().close();
            ended();
            return;
        }
        received(input.flip(), System.nanoTime());
    }
}
