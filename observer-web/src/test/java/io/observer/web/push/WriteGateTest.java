package io.observer.web.push;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A channel takes what is flushed; what is only written waits in it, as for a client that stopped reading. */
class WriteGateTest {

    private static final Duration STALL = Duration.ofSeconds(30);

    /** More than a channel takes before it asks to wait. */
    private static final int MUCH = 100_000;

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private int opened;
    private WriteGate gate;

    @BeforeEach
    void time_stands_still() {
        channel.freezeTime();
        gate = WriteGate.on(channel, () -> opened++, STALL);
    }

    @Test
    void a_client_for_which_nothing_waits_stays_however_long_nothing_is_said() {
        check(300);
        assertThat(channel.isOpen()).isTrue();

        write(100);
        channel.flush();
        check(300);
        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void one_byte_that_waits_as_long_as_a_stall_takes_is_enough_to_be_closed() {
        write(1);
        check(29);
        assertThat(channel.isOpen()).isTrue();

        check(1);
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void a_client_that_stops_taking_is_closed_when_the_gate_is_shut_too() {
        write(MUCH);
        assertThat(gate.isOpen()).isFalse();
        check(29);
        assertThat(channel.isOpen()).isTrue();

        check(1);
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void the_gate_opens_when_a_client_takes_and_the_wait_begins_anew() {
        write(MUCH);
        check(29);
        channel.flush();
        assertThat(opened).isEqualTo(1);
        assertThat(gate.isOpen()).isTrue();

        check(29);
        write(MUCH);
        check(29);
        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void a_heartbeat_that_nobody_takes_does_not_count_as_taken() {
        for (int beat = 0; beat < 4; beat++) {
            write(100);
            check(10);
        }
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void a_stream_of_http_2_is_judged_alike() {
        Http2StreamChannel stream = http2Stream();
        WriteGate ofStream = WriteGate.on(stream, () -> opened++, STALL);
        stream.writeAndFlush(new DefaultHttp2HeadersFrame(new DefaultHttp2Headers().method("GET")));
        check(ofStream, 300);
        assertThat(stream.isOpen()).isTrue();

        // The client's window is smaller.
        stream.writeAndFlush(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(new byte[MUCH]), false));
        ofStream.passed(MUCH);
        assertThat(ofStream.isOpen()).isFalse();
        check(ofStream, 29);
        assertThat(stream.isOpen()).isTrue();

        check(ofStream, 1);
        assertThat(stream.isOpen()).isFalse();
    }

    private Http2StreamChannel http2Stream() {
        ChannelHandler nothing = new ChannelInboundHandlerAdapter();
        channel.pipeline().addLast(Http2FrameCodecBuilder.forClient().build(), new Http2MultiplexHandler(nothing));
        Future<Http2StreamChannel> stream =
                new Http2StreamChannelBootstrap(channel).handler(nothing).open();
        channel.runPendingTasks();
        return stream.getNow();
    }

    private void write(int bytes) {
        channel.write(Unpooled.wrappedBuffer(new byte[bytes]));
        gate.passed(bytes);
    }

    /** Looks at the client once a second. */
    private void check(int seconds) {
        check(gate, seconds);
    }

    private void check(WriteGate each, int seconds) {
        for (int second = 0; second < seconds; second++) {
            channel.advanceTimeBy(1, TimeUnit.SECONDS);
            each.closeIfStalled();
        }
    }
}
