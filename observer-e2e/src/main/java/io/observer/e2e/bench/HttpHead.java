package io.observer.e2e.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a client has to know of an answer's head.
 *
 * @param length bytes of the body when it is not chunked
 */
record HttpHead(int status, boolean chunked, long length) {

    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 (\\d{3})[ \r]");
    private static final Pattern CHUNKED = Pattern.compile("\r\ntransfer-encoding: *chunked\r\n");
    private static final Pattern LENGTH = Pattern.compile("\r\ncontent-length: *(\\d{1,18})\r\n");

    private static HttpHead parse(String head) throws IOException {
        Matcher status = STATUS.matcher(head);
        if (!status.lookingAt()) {
            throw new IOException("this is not an HTTP/1.1 answer: "
                    + head.lines().findFirst().orElse(""));
        }
        String fields = head.toLowerCase(Locale.ROOT);
        Matcher length = LENGTH.matcher(fields);
        return new HttpHead(
                Integer.parseInt(status.group(1)),
                CHUNKED.matcher(fields).find(),
                length.find() ? Long.parseLong(length.group(1)) : 0);
    }

    /** Gathers the bytes of one head after the other. */
    static final class Collector {

        private static final int MAX_BYTES = 16 * 1024;

        private byte[] bytes = new byte[512];
        private int count;

        /** Takes what belongs to the head; answers it once it is complete. */
        @Nullable
        HttpHead take(ByteBuffer in) throws IOException {
            while (in.hasRemaining()) {
                if (count == bytes.length) {
                    bytes = Arrays.copyOf(bytes, count * 2);
                }
                bytes[count++] = in.get();
                if (endsWithBlankLine()) {
                    HttpHead head = parse(new String(bytes, 0, count, StandardCharsets.ISO_8859_1));
                    count = 0;
                    return head;
                }
                if (count == MAX_BYTES) {
                    throw new IOException("the head of an answer has no end");
                }
            }
            return null;
        }

        private boolean endsWithBlankLine() {
            return count >= 4
                    && bytes[count - 1] == '\n'
                    && bytes[count - 2] == '\r'
                    && bytes[count - 3] == '\n'
                    && bytes[count - 4] == '\r';
        }
    }
}
