package io.observer.web.guard;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A head of HTTP/2")
class Http2HeadsTest {

    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int SETTINGS = 4;
    private static final int CONTINUATION = 9;
    private static final int END_HEADERS = 4;

    private final Http2Heads heads = new Http2Heads();

    @Test
    void has_begun_with_its_first_byte_and_is_complete_with_its_last() {
        send(preface());
        assertThat(heads.isInHead()).isFalse();

        ByteBuf head = frame(HEADERS, END_HEADERS, 20);
        while (head.readableBytes() > 1) {
            heads.follow(head.readSlice(1));
            assertThat(heads.isInHead()).isTrue();
        }
        heads.follow(head);
        assertThat(heads.isInHead()).isFalse();
    }

    @Test
    void is_not_complete_before_its_last_continuation() {
        send(preface(), frame(HEADERS, 0, 5));
        assertThat(heads.isInHead()).isTrue();
        send(frame(CONTINUATION, 0, 0));
        assertThat(heads.isInHead()).isTrue();
        send(frame(CONTINUATION, END_HEADERS, 5));
        assertThat(heads.isInHead()).isFalse();
    }

    @Test
    void is_not_what_bodies_and_settings_are() {
        send(preface(), frame(SETTINGS, 0, 6), frame(HEADERS, END_HEADERS, 3));
        heads.follow(frame(DATA, 0, 300).slice(0, 200));
        assertThat(heads.isInHead()).isFalse();
    }

    @Test
    void is_looked_for_behind_an_offer_to_go_on_with_HTTP_2() {
        send(text("POST / HTTP/1.1\r\n\r\n"), frame(HEADERS, 0, 3));
        assertThat(heads.isFollowing()).isFalse();
        assertThat(heads.isInHead()).isFalse();

        heads.restart();
        send(preface(), frame(HEADERS, 0, 3));
        assertThat(heads.isFollowing()).isTrue();
        assertThat(heads.isInHead()).isTrue();
    }

    private void send(ByteBuf... parts) {
        ByteBuf all = Unpooled.wrappedBuffer(parts);
        int readable = all.readableBytes();
        heads.follow(all);
        assertThat(all.readableBytes()).isEqualTo(readable);
    }

    private static ByteBuf preface() {
        return text("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    }

    private static ByteBuf text(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
    }

    private static ByteBuf frame(int type, int flags, int length) {
        return Unpooled.buffer()
                .writeMedium(length)
                .writeByte(type)
                .writeByte(flags)
                .writeInt(1)
                .writeZero(length);
    }
}
