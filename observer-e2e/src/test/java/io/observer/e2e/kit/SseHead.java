package io.observer.e2e.kit;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.TreeMap;

/** The head of an HTTP/1.1 answer. */
public record SseHead(int status, String text) {

    static SseHead read(InputStream in) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int newlines = 0;
        while (newlines < 2) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException("the connection ended within the head: " + bytes);
            }
            bytes.write(next);
            newlines = next == '\n' ? newlines + 1 : next == '\r' ? newlines : 0;
        }
        String text = bytes.toString(StandardCharsets.ISO_8859_1);
        return new SseHead(Integer.parseInt(text.split(" ", 3)[1]), text);
    }

    /** The value of a field, several of one name joined by commas; empty when there is none. */
    public String field(String name) {
        TreeMap<String, String> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        List<String> lines = text.lines().toList();
        for (String line : lines.subList(1, lines.size())) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                fields.merge(line.substring(0, colon), line.substring(colon + 1).strip(), (a, b) -> a + ", " + b);
            }
        }
        return fields.getOrDefault(name, "");
    }
}
