package io.observer.web.guard;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;

/**
 * Hands the bytes of a connection to its HTTP/1.1 codec, and tells of each message that comes of them whether more bytes
 * lie behind it. The codec itself keeps that to itself. Lives on the connection's event loop.
 */
final class CodecInput {

    private ByteBuf current = Unpooled.EMPTY_BUFFER;
    private boolean holds;
    private boolean lastByteToCome;

    /** Passes bytes on; the messages in them come before this returns. */
    void pass(ChannelHandlerContext context, ByteBuf bytes) {
        if (holds && bytes.isReadable()) {
            passLastByteAlone(context, bytes);
            return;
        }
        // A codec that holds nothing reads from this very buffer.
        current = bytes.retain();
        try {
            context.fireChannelRead(bytes);
            holds = current.isReadable();
        } finally {
            current.release();
            current = Unpooled.EMPTY_BUFFER;
        }
    }

    /** One that holds something copies what comes, so all there is to see is whether a message ends with the last byte. */
    private void passLastByteAlone(ChannelHandlerContext context, ByteBuf bytes) {
        ByteBuf last = bytes.retainedSlice(bytes.writerIndex() - 1, 1);
        lastByteToCome = true;
        context.fireChannelRead(bytes.writerIndex(bytes.writerIndex() - 1));
        lastByteToCome = false;
        context.fireChannelRead(last);
    }

    /** To be asked when the end of a message has come: whether there are bytes that belong to the next. */
    boolean hasMore() {
        holds = current.isReadable() || lastByteToCome;
        return holds;
    }
}
