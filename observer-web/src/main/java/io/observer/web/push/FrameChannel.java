package io.observer.web.push;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.Http2StreamChannel;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import reactor.netty.NettyPipeline;

/**
 * Where the frames of one stream enter its connection: over HTTP below the codec, which would make several buffers and
 * objects of each. The head has been sent by then; the end of the body is left to the codec. Lives on the event loop.
 */
public final class FrameChannel {

    private enum Framing {
        /** HTTP/1.1: each buffer is a chunk. */
        CHUNKS,
        /** As they are: the stream ends with the connection. */
        RAW,
        /** HTTP/2. */
        DATA_FRAMES
    }

    private static final int INITIAL_BYTES = 1024;

    /** Eight digits and a line break, before the chunk. */
    private static final int CHUNK_HEAD = 10;

    private static final int LINE_BREAK = '\r' << 8 | '\n';

    private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private final ChannelHandlerContext context;
    private final ByteBufAllocator alloc;
    private final Framing framing;

    private FrameChannel(ChannelHandlerContext context, Framing framing) {
        this.context = context;
        this.alloc = context.alloc();
        this.framing = framing;
    }

    /** For a body of HTTP.
     *
     * @param version what the client speaks on a channel that is no stream of HTTP/2 */
    public static FrameChannel of(Channel channel, HttpVersion version) {
        if (channel instanceof Http2StreamChannel) {
            return new FrameChannel(
                    Objects.requireNonNull(channel.pipeline().context(NettyPipeline.H2ToHttp11Codec)),
                    Framing.DATA_FRAMES);
        }
        return new FrameChannel(
                Objects.requireNonNull(channel.pipeline().context(HttpServerCodec.class)),
                HttpVersion.HTTP_1_0.equals(version) ? Framing.RAW : Framing.CHUNKS);
    }

    /** For a connection that carries nothing but frames, from the place of {@code context} in its pipeline. */
    public static FrameChannel of(ChannelHandlerContext context) {
        return new FrameChannel(context, Framing.RAW);
    }

    /** A buffer for frames, to be given to {@link #finish} when they are in it. */
    ByteBuf newBuffer() {
        ByteBuf buffer = alloc.ioBuffer(INITIAL_BYTES);
        return framing == Framing.CHUNKS ? buffer.setIndex(CHUNK_HEAD, CHUNK_HEAD) : buffer;
    }

    /** Makes frames in {@code buffer} what {@link #write} takes. */
    void finish(ByteBuf buffer) {
        if (framing == Framing.CHUNKS) {
            makeChunk(buffer);
        }
    }

    /** Writes a buffer that is finished and returns how many bytes that makes. */
    int write(ByteBuf buffer) {
        int bytes = buffer.readableBytes();
        if (framing == Framing.DATA_FRAMES) {
            context.write(new DefaultHttp2DataFrame(buffer, false));
        } else {
            context.write(buffer, context.voidPromise());
        }
        return bytes;
    }

    void flush() {
        context.flush();
    }

    Channel channel() {
        return context.channel();
    }

    EventLoop eventLoop() {
        return context.channel().eventLoop();
    }

    private static void makeChunk(ByteBuf buffer) {
        int size = buffer.readableBytes();
        for (int digit = 0; digit < 8; digit++) {
            buffer.setByte(digit, DIGITS[size >>> (28 - 4 * digit) & 0xf]);
        }
        buffer.setShort(8, LINE_BREAK).writeShort(LINE_BREAK).readerIndex(0);
    }
}
