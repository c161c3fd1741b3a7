package io.observer.web.push;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.WriteBufferWaterMark;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands between a reader and its client's connection: closed while the client does not take what was written, and
 * the end of the connection when that lasts too long. Lives on the channel's event loop.
 */
final class WriteGate extends ChannelInboundHandlerAdapter implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(WriteGate.class);

    private final Channel channel;
    private final Runnable opened;
    private final long stallNanos;
    private long passed;
    private long taken;
    private long takenAt;

    private WriteGate(Channel channel, Runnable opened, Duration stall) {
        this.channel = channel;
        this.opened = opened;
        this.stallNanos = stall.toNanos();
        this.takenAt = now();
    }

    /**
     * @param opened is run when the client takes data again
     * @param stall how long it may take nothing while something waits for it
     */
    static WriteGate on(Channel channel, Runnable opened, Duration stall) {
        WriteGate gate = new WriteGate(channel, opened, stall);
        // First, so that it hears of writability however the rest of the pipeline treats that.
        channel.pipeline().addFirst(gate);
        return gate;
    }

    boolean isOpen() {
        return channel.isWritable();
    }

    /** So many bytes went into the connection. */
    void passed(int bytes) {
        passed += bytes;
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (channel.isWritable()) {
            opened.run();
        }
        context.fireChannelWritabilityChanged();
    }

    @Override
    public void close() {
        if (channel.pipeline().context(this) != null) {
            channel.pipeline().remove(this);
        }
    }

    /** Ends the connection if it has taken nothing for too long; to be called now and then. */
    void closeIfStalled() {
        long waiting = waiting();
        long nowTaken = passed - waiting;
        if (waiting == 0 || nowTaken > taken) {
            takenAt = now();
        } else if (now() - takenAt >= stallNanos) {
            log.info("A reader took nothing for too long and is closed. waiting_bytes={}", waiting);
            channel.close();
        }
        taken = nowTaken;
    }

    /**
     * Bytes that were written but that the kernel has not taken yet. The channel tells how many more, or fewer, would
     * cross a mark, and so one more than lie between.
     */
    private long waiting() {
        WriteBufferWaterMark marks = channel.config().getWriteBufferWaterMark();
        return channel.isWritable()
                ? marks.high() - (channel.bytesBeforeUnwritable() - 1)
                : marks.low() + (channel.bytesBeforeWritable() - 1);
    }

    private long now() {
        return channel.eventLoop().ticker().nanoTime();
    }
}
