package io.observer.web.sse;

import io.netty.buffer.ByteBuf;
import io.observer.stream.DaemonEventBridge;
import io.observer.stream.ReaderWake;
import io.observer.stream.StreamItem;
import io.observer.stream.StreamReader;
import io.observer.stream.StreamRequest;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.MonoSink;

/**
 * One stream on its channel's event loop: what its reader has to say goes out as one buffer a pass, as long as the client
 * takes it.
 */
final class SseStream implements ReaderWake, StreamLoop.Member {

    /** A buffer ends when it has grown beyond this. */
    private static final int BUFFER_BYTES = 32 * 1024;

    /** Buffers written before others have their turn. */
    private static final int MAX_BUFFERS = 8;

    private final FrameChannel channel;
    private final SseFrames frames;
    private final SseFormat format;
    private final StreamLoop loop;
    private final WriteGate gate;
    private final MonoSink<Void> ended;
    private final StreamReader reader;
    private final AtomicBoolean awaitsPass = new AtomicBoolean();
    private final AtomicBoolean awaitsTurn = new AtomicBoolean();
    private boolean closed;

    SseStream(
            FrameChannel channel,
            DaemonEventBridge bridge,
            StreamRequest request,
            SseFrames frames,
            SseFormat format,
            StreamLoop loop,
            Duration stall,
            MonoSink<Void> ended) {
        this.channel = channel;
        this.frames = frames;
        this.format = format;
        this.loop = loop;
        this.gate = WriteGate.on(channel.channel(), this::now, stall);
        this.ended = ended;
        this.reader = bridge.open(request, this);
    }

    /** Begins to serve, on the event loop. */
    void start() {
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
    public void pass() {
        awaitsTurn.set(false);
        awaitsPass.set(false);
        if (closed) {
            return;
        }
        try {
            writeAll();
        } catch (RuntimeException failure) {
            ended.error(failure);
            return;
        }
        if (reader.isDone()) {
            ended.success();
        }
    }

    @Override
    public void closeIfStalled() {
        gate.closeIfStalled();
    }

    /** Lets go of everything; on the event loop. */
    void close() {
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
                frames.write(item, format, buffer);
                item = buffer.readableBytes() < BUFFER_BYTES ? reader.poll() : null;
            }
            return buffer;
        } catch (RuntimeException failure) {
            buffer.release();
            throw failure;
        }
    }
}
