package io.observer.web.push;

import io.netty.buffer.ByteBuf;
import io.observer.bus.Pullable;
import io.observer.stream.ReaderWake;
import io.observer.stream.StreamItem;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.MonoSink;

/**
 * One stream on its channel's event loop: what its reader has to say goes out as one buffer a pass, as long as the client
 * takes it.
 */
public final class PushedStream extends StreamLoop.Member implements ReaderWake {

    /** A buffer ends when it has grown beyond this. */
    private static final int BUFFER_BYTES = 32 * 1024;

    /** Buffers written before others have their turn. */
    private static final int MAX_BUFFERS = 8;

    /** What items look like on the wire. */
    @FunctionalInterface
    public interface Frames {

        /** Appends what says {@code item}, which may be nothing. */
        void write(StreamItem item, ByteBuf out);
    }

    private final FrameChannel channel;
    private final Frames frames;
    private final StreamLoop loop;
    private final WriteGate gate;
    private final MonoSink<Void> ended;
    private final Pullable<StreamItem> reader;
    private final AtomicBoolean awaitsPass = new AtomicBoolean();
    private final AtomicBoolean awaitsTurn = new AtomicBoolean();
    private boolean closed;

    /**
     * @param reader opens what is said; it is given what to wake
     * @param stall how long the client may take nothing while something waits for it
     * @param ended hears that all is said, or why it could not be
     */
    public PushedStream(
            FrameChannel channel,
            Function<ReaderWake, Pullable<StreamItem>> reader,
            Frames frames,
            StreamLoop loop,
            Duration stall,
            MonoSink<Void> ended) {
        this.channel = channel;
        this.frames = frames;
        this.loop = loop;
        this.gate = WriteGate.on(channel.channel(), this::now, stall);
        this.ended = ended;
        this.reader = reader.apply(this);
    }

    /** Begins to serve, on the event loop. */
    public void start() {
        loop.joined(this);
        pass();
    }

    @Override
    public void now() {
        if (!awaitsTurn.get() && awaitsTurn.compareAndSet(false, true)) {
            channel.eventLoop().execute(this::pass);
        }
    }

    @Override
    public void soon() {
        if (!awaitsPass.get() && awaitsPass.compareAndSet(false, true)) {
            loop.add(this);
        }
    }

    @Override
    void pass() {
        awaitsTurn.set(false);
        awaitsPass.set(false);
        if (closed) {
            return;
        }
        try {
            writeAll();
        } catch (RuntimeException | Error failure) {
            // What was taken from the reader may be lost, so the client has to come back for it.
            ended.error(failure);
            return;
        }
        if (reader.isDone()) {
            ended.success();
        }
    }

    @Override
    void closeIfStalled() {
        gate.closeIfStalled();
    }

    /** Lets go of everything; on the event loop. */
    public void close() {
        if (!closed) {
            closed = true;
            loop.left(this);
            reader.close();
            gate.close();
        }
    }

    private void writeAll() {
        int written = 0;
        ByteBuf buffer;
        while (written < MAX_BUFFERS && gate.isOpen() && (buffer = nextBuffer()) != null) {
            gate.passed(channel.write(buffer));
            written++;
        }
        if (written > 0) {
            channel.flush();
        }
        if (written == MAX_BUFFERS) {
            now();
        }
    }

    private @Nullable ByteBuf nextBuffer() {
        StreamItem item = reader.poll();
        if (item == null) {
            return null;
        }
        ByteBuf buffer = channel.newBuffer();
        try {
            while (item != null) {
                frames.write(item, buffer);
                item = buffer.readableBytes() < BUFFER_BYTES ? reader.poll() : null;
            }
            channel.finish(buffer);
            return buffer;
        } catch (RuntimeException | Error failure) {
            buffer.release();
            throw failure;
        }
    }
}
