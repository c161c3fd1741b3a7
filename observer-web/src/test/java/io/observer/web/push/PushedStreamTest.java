package io.observer.web.push;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledHeapByteBuf;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.observer.bus.Pullable;
import io.observer.stream.StreamItem;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

class PushedStreamTest {

    private final Memory memory = new Memory();
    private final EmbeddedChannel channel = new EmbeddedChannel(new ChannelInboundHandlerAdapter());
    private final StreamLoop loop = new StreamLoop(channel.eventLoop(), Duration.ZERO);
    private final Reader reader = new Reader();
    private @Nullable Throwable failure;

    @BeforeEach
    void memory_is_counted() {
        channel.config().setAllocator(memory);
    }

    @Test
    void writes_what_its_reader_has_to_say_in_one_buffer() {
        open((item, out) -> out.writeCharSequence(item.position() + "\n", StandardCharsets.US_ASCII));

        assertThat(channel.<ByteBuf>readOutbound().toString(StandardCharsets.US_ASCII))
                .isEqualTo("1\n2\n");
        assertThat(failure).isNull();
        assertThat(reader.closed).isFalse();
    }

    @Test
    void ends_where_memory_for_a_buffer_is_lacking_since_it_cannot_say_what_it_took() {
        memory.spent = true;
        open((item, out) -> {});

        assertEnded();
    }

    @Test
    void ends_where_memory_is_lacking_in_the_middle_of_a_buffer_and_gives_that_back() {
        open((item, out) -> {
            memory.spent = true;
            out.writeZero(100_000);
        });

        assertEnded();
    }

    private void open(PushedStream.Frames frames) {
        FrameChannel frameChannel = FrameChannel.of(channel.pipeline().lastContext());
        Mono.<Void>create(ended -> {
                    PushedStream stream =
                            new PushedStream(frameChannel, wake -> reader, frames, loop, Duration.ofSeconds(30), ended);
                    ended.onDispose(stream::close);
                    stream.start();
                })
                .subscribe(nothing -> {}, thrown -> failure = thrown);
        channel.runPendingTasks();
    }

    private void assertEnded() {
        assertThat(failure).isInstanceOf(InternalError.class);
        assertThat(reader.closed).isTrue();
        assertThat(channel.<ByteBuf>readOutbound()).isNull();
        assertThat(memory.given).allMatch(buffer -> buffer.refCnt() == 0);
    }

    private static final class Memory extends AbstractByteBufAllocator {

        private final List<ByteBuf> given = new ArrayList<>();
        private boolean spent;

        @Override
        protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
            requireLeft();
            ByteBuf buffer = new UnpooledHeapByteBuf(this, initialCapacity, maxCapacity);
            given.add(buffer);
            return buffer;
        }

        @Override
        protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
            return newHeapBuffer(initialCapacity, maxCapacity);
        }

        @Override
        public int calculateNewCapacity(int minNewCapacity, int maxCapacity) {
            requireLeft();
            return super.calculateNewCapacity(minNewCapacity, maxCapacity);
        }

        @Override
        public boolean isDirectBufferPooled() {
            return false;
        }

        private void requireLeft() {
            if (spent) {
                // What Netty throws is an Error too, but one on which JUnit gives up the whole run.
                throw new InternalError("no memory for a buffer");
            }
        }
    }

    private static final class Reader implements Pullable<StreamItem> {

        private final Queue<StreamItem> items =
                new ArrayDeque<>(List.of(new StreamItem.CaughtUp(1), new StreamItem.CaughtUp(2)));
        private boolean closed;

        @Override
        public @Nullable StreamItem poll() {
            return items.poll();
        }

        @Override
        public boolean isDone() {
            return false;
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
