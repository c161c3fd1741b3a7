package io.observer.e2e.http;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Bytes written down as text: UTF-8 as it stands, any other byte in angle brackets, as in {@code caf<C3 28>}. */
final class WireBytes {

    private static final Pattern BYTES = Pattern.compile("<([0-9A-F]{2}(?: [0-9A-F]{2})*)>");

    private WireBytes() {}

    static byte[] of(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Matcher matcher = BYTES.matcher(text);
        int start = 0;
        while (matcher.find()) {
            bytes.writeBytes(text.substring(start, matcher.start()).getBytes(StandardCharsets.UTF_8));
            bytes.writeBytes(HexFormat.ofDelimiter(" ").parseHex(matcher.group(1)));
            start = matcher.end();
        }
        bytes.writeBytes(text.substring(start).getBytes(StandardCharsets.UTF_8));
        return bytes.toByteArray();
    }
}
