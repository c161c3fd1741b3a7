package io.observer.event;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The byte rules that JSON parsers are lax about: strict UTF-8, no byte order mark, no NUL. */
final class Utf8 {

    private Utf8() {}

    /** What is wrong with {@code length} bytes from {@code from}, or null if nothing is. */
    static @Nullable String fault(byte[] bytes, int from, int length) {
        boolean ascii = true;
        for (int i = from; i < from + length; i++) {
            if (bytes[i] == 0) {
                return "holds a NUL byte; send JSON in UTF-8";
            }
            ascii &= bytes[i] > 0;
        }
        if (ascii) {
            return null;
        }
        if (length >= 3
                && bytes[from] == (byte) 0xEF
                && bytes[from + 1] == (byte) 0xBB
                && bytes[from + 2] == (byte) 0xBF) {
            return "starts with a byte order mark; send UTF-8 without one";
        }
        return isWellFormed(bytes, from, length) ? null : "is not valid UTF-8; send JSON in UTF-8";
    }

    /** Where the fault is that {@link #fault} tells of {@code bytes}; 0 if they begin with it. */
    static int faultyByte(byte[] bytes) {
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == 0) {
                return i;
            }
        }
        ByteBuffer rest = ByteBuffer.wrap(bytes);
        CharsetDecoder decoder = strictDecoder();
        CharBuffer decoded = CharBuffer.allocate(1024);
        while (decoder.decode(rest, decoded, true).isOverflow()) {
            decoded.clear();
        }
        return rest.hasRemaining() ? rest.position() : 0;
    }

    /** Whether {@code text} holds half of a surrogate pair. */
    static boolean hasLoneSurrogate(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a {@code \\ud…} escape occurs, the only way half a pair can enter valid UTF-8. */
    static boolean holdsSurrogateEscape(byte[] json) {
        for (int i = 0; i + 2 < json.length; i++) {
            if (json[i] == '\\' && json[i + 1] == 'u' && (json[i + 2] | 0x20) == 'd') {
                return true;
            }
        }
        return false;
    }

    private static boolean isWellFormed(byte[] bytes, int from, int length) {
        try {
            strictDecoder().decode(ByteBuffer.wrap(bytes, from, length));
            return true;
        } catch (CharacterCodingException malformed) {
            return false;
        }
    }

    private static CharsetDecoder strictDecoder() {
        return StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
    }
}
