package io.observer.event;

import java.util.Arrays;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Cuts values from a token stream: checks every rule that payloads obey, and takes their bytes without the white space
 * between tokens. One use, one thread.
 */
final class ValueCutter {

    private static final int MAX_DEPTH = 64;
    /** Digits that always fit a double; longer numbers are tried. */
    private static final int SAFE_NUMBER_LENGTH = 300;

    private final JsonTokens tokens;
    private final JsonParser parser;
    private final int outerDepth;

    /** @param outerDepth how many levels of the tokens do not count */
    ValueCutter(JsonTokens tokens, int outerDepth) {
        this.tokens = tokens;
        this.parser = tokens.parser();
        this.outerDepth = outerDepth;
    }

    /** The value on whose first token the parser stands; it then stands on the last. */
    byte[] cut(String key) {
        int start = tokens.start();
        if (parser.currentToken().isStructStart()) {
            int closesAt = parser.streamReadContext().getNestingDepth() - 1;
            while (parser.streamReadContext().getNestingDepth() > closesAt) {
                parser.nextToken();
                checkToken(key);
            }
        } else {
            checkToken(key);
            parser.finishToken();
        }
        return compact(tokens.json(), start, tokens.end());
    }

    void checkNumber(String key) {
        boolean integer = parser.currentToken() == JsonToken.VALUE_NUMBER_INT;
        if (integer && parser.getStringLength() <= SAFE_NUMBER_LENGTH) {
            return;
        }
        if (Double.isInfinite(Double.parseDouble(parser.getString()))) {
            throw new EventParser.Refused(key, "holds a number beyond the range of a double");
        }
    }

    private void checkToken(String key) {
        switch (parser.currentToken()) {
            case START_OBJECT, START_ARRAY -> {
                if (parser.streamReadContext().getNestingDepth() - outerDepth > MAX_DEPTH) {
                    throw new EventParser.Refused(
                            key, "is nested too deep; an event may have 64 levels, its own braces included");
                }
            }
            case PROPERTY_NAME, VALUE_STRING -> {
                if (tokens.hasSurrogateEscapes() && Utf8.hasLoneSurrogate(parser.getString())) {
                    throw new EventParser.Refused(key, "holds half of a surrogate pair; write whole characters");
                }
            }
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> checkNumber(key);
            default -> {}
        }
    }

    /** The JSON from {@code start} to {@code end} without the white space between its tokens. */
    static byte[] compact(byte[] source, int start, int end) {
        byte[] out = new byte[end - start];
        int length = 0;
        boolean inString = false;
        for (int i = start; i < end; i++) {
            byte b = source[i];
            if (inString) {
                out[length++] = b;
                if (b == '\\') {
                    out[length++] = source[++i];
                } else if (b == '"') {
                    inString = false;
                }
            } else if (!EventJson.isWhitespace(b)) {
                out[length++] = b;
                inString = b == '"';
            }
        }
        return length == out.length ? out : Arrays.copyOf(out, length);
    }
}
