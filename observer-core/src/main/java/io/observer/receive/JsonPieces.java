package io.observer.receive;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes JSON apart by its quotes and brackets alone, so that one value that breaks a rule does not hide those beside it.
 * Whoever uses a piece has to check it.
 */
final class JsonPieces {

    private final byte[] json;
    private int at;

    private JsonPieces(byte[] json) {
        this.json = json;
    }

    /**
     * The value of a member of an object, or null if it has none of that name.
     *
     * @throws IOException if it is no object
     */
    static byte @Nullable [] member(byte[] object, String name) throws IOException {
        JsonPieces pieces = new JsonPieces(object);
        byte[] wanted = ('"' + name + '"').getBytes(StandardCharsets.UTF_8);
        byte[] found = null;
        pieces.expect('{');
        while (pieces.isBefore('}')) {
            byte[] key = pieces.value();
            pieces.expect(':');
            byte[] value = pieces.value();
            if (Arrays.equals(key, wanted)) {
                found = value;
            }
        }
        return found;
    }

    /**
     * The elements of an array, in their order.
     *
     * @throws IOException if it is no array
     */
    static List<byte[]> elements(byte[] array) throws IOException {
        JsonPieces pieces = new JsonPieces(array);
        List<byte[]> elements = new ArrayList<>();
        pieces.expect('[');
        while (pieces.isBefore(']')) {
            elements.add(pieces.value());
        }
        return elements;
    }

    /** Whether another value comes before {@code end}, which is passed over if not. */
    private boolean isBefore(char end) throws IOException {
        int next = peek();
        if (next == end || next == ',') {
            at++;
        }
        return next != end;
    }

    private byte[] value() throws IOException {
        peek();
        int from = at;
        int depth = 0;
        while (depth > 0 || !isSeparator(peek())) {
            switch (peek()) {
                case '"' -> string();
                case '{', '[' -> {
                    depth++;
                    at++;
                }
                case '}', ']' -> {
                    depth--;
                    at++;
                }
                default -> at++;
            }
        }
        if (at == from) {
            throw unreadable();
        }
        int end = at;
        while (isBlank(json[end - 1])) {
            end--;
        }
        return Arrays.copyOfRange(json, from, end);
    }

    private void string() throws IOException {
        at++;
        while (at < json.length && json[at] != '"') {
            at += json[at] == '\\' ? 2 : 1;
        }
        at++;
        if (at > json.length) {
            throw unreadable();
        }
    }

    private void expect(char character) throws IOException {
        if (peek() != character) {
            throw unreadable();
        }
        at++;
    }

    /** The next byte that is not blank; {@link #at} stands on it. */
    private int peek() throws IOException {
        while (at < json.length && isBlank(json[at])) {
            at++;
        }
        if (at == json.length) {
            throw unreadable();
        }
        return json[at];
    }

    private static boolean isSeparator(int b) {
        return b == ',' || b == ':' || b == '}' || b == ']';
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t' || b == '\r' || b == '\n';
    }

    private static IOException unreadable() {
        return new IOException("it is not the JSON that was asked for");
    }
}
