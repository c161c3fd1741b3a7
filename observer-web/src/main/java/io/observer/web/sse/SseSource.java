package io.observer.web.sse;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.observer.bus.Pullable;
import io.observer.stream.StreamItem;
import io.observer.stream.StreamReader;
import org.jspecify.annotations.Nullable;

/** Joins what a reader has to say right now into one buffer, as long as the client takes it. */
final class SseSource implements Pullable<ByteBuf> {

    /** A pass ends when its buffer has grown beyond this. */
    private static final int PASS_BYTES = 32 * 1024;

    private final StreamReader reader;
    private final SseFrames frames;
    private final SseFormat format;
    private final WriteGate gate;
    private final FrameBuffer pass = new FrameBuffer();

    SseSource(StreamReader reader, SseFrames frames, SseFormat format, WriteGate gate) {
        this.reader = reader;
        this.frames = frames;
        this.format = format;
        this.gate = gate;
    }

    @Override
    public @Nullable ByteBuf poll() {
        if (!gate.isOpen()) {
            return null;
        }
        StreamItem item;
        while (pass.size() < PASS_BYTES && (item = reader.poll()) != null) {
            frames.write(item, format, pass);
        }
        if (pass.size() == 0) {
            return null;
        }
        gate.passed(pass.size());
        return Unpooled.wrappedBuffer(pass.take());
    }

    @Override
    public boolean isDone() {
        return reader.isDone();
    }

    @Override
    public void close() {
        reader.close();
        gate.close();
    }
}
