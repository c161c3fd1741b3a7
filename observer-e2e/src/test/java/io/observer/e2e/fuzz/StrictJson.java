package io.observer.e2e.fuzz;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads JSON the slow way, by the letter of RFC 8259 and of the contract's further rules: no duplicate keys, no half of a
 * surrogate pair, no number beyond a double, 64 levels. Whatever is not allowed is an {@link IllegalArgumentException}.
 */
final class StrictJson {

    enum Kind {
        OBJECT,
        ARRAY,
        STRING,
        NUMBER,
        WORD
    }

    /**
     * A value.
     *
     * @param raw as it stands there, without the white space between its tokens
     * @param text of a string: what it says
     * @param members of an object, in order
     */
    record Value(Kind kind, String raw, String text, Map<String, Value> members) {}

    private static final int MAX_DEPTH = 64;
    private static final Pattern NUMBER = Pattern.compile("-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?(?:[eE][+-]?[0-9]+)?");
    private static final Set<String> WORDS = Set.of("true", "false", "null");

    private final String json;
    private int at;

    StrictJson(String json) {
        this.json = json;
    }

    /** The only value of the text. */
    Value only() {
        Value value = next(1);
        expectEnd();
        return value;
    }

    void expectEnd() {
        blanks();
        require(at == json.length());
    }

    /** The next value, which is so many levels deep if it is an object or an array. */
    Value next(int depth) {
        blanks();
        return switch (peek()) {
            case '{' -> object(depth);
            case '[' -> array(depth);
            case '"' -> string();
            default -> Character.isLetter(peek()) ? word() : number();
        };
    }

    boolean take(char c) {
        blanks();
        boolean there = at < json.length() && json.charAt(at) == c;
        at += there ? 1 : 0;
        return there;
    }

    private Value object(int depth) {
        require(depth <= MAX_DEPTH && take('{'));
        Map<String, Value> members = new LinkedHashMap<>();
        StringBuilder raw = new StringBuilder("{");
        for (boolean more = !take('}'); more; more = !take('}')) {
            require(members.isEmpty() || take(','));
            blanks();
            Value key = string();
            require(take(':'));
            Value value = next(depth + 1);
            raw.append(members.isEmpty() ? "" : ",")
                    .append(key.raw())
                    .append(':')
                    .append(value.raw());
            require(members.put(key.text(), value) == null);
        }
        return new Value(Kind.OBJECT, raw.append('}').toString(), "", members);
    }

    private Value array(int depth) {
        require(depth <= MAX_DEPTH && take('['));
        StringBuilder raw = new StringBuilder("[");
        for (boolean more = !take(']'); more; more = !take(']')) {
            if (raw.length() > 1) {
                require(take(','));
                raw.append(',');
            }
            raw.append(next(depth + 1).raw());
        }
        return new Value(Kind.ARRAY, raw.append(']').toString(), "", Map.of());
    }

    private Value string() {
        int from = at;
        require(peek() == '"');
        StringBuilder text = new StringBuilder();
        for (at++; peek() != '"'; at++) {
            char c = peek();
            require(c >= ' ');
            text.append(c == '\\' ? escaped() : c);
        }
        at++;
        require(text.chars().filter(c -> Character.isSurrogate((char) c)).count() == pairs(text) * 2);
        return new Value(Kind.STRING, json.substring(from, at), text.toString(), Map.of());
    }

    private char escaped() {
        at++;
        char c = peek();
        if (c == 'u') {
            require(at + 4 < json.length());
            String hex = json.substring(at + 1, at + 5);
            require(hex.matches("[0-9A-Fa-f]{4}"));
            at += 4;
            return (char) Integer.parseInt(hex, 16);
        }
        int which = "\"\\/bfnrt".indexOf(c);
        require(which >= 0);
        return "\"\\/\b\f\n\r\t".charAt(which);
    }

    private static long pairs(CharSequence text) {
        return text.codePoints().filter(Character::isSupplementaryCodePoint).count();
    }

    private Value number() {
        Matcher number = NUMBER.matcher(json).region(at, json.length());
        require(number.lookingAt() && !Double.isInfinite(Double.parseDouble(number.group())));
        at = number.end();
        return new Value(Kind.NUMBER, number.group(), "", Map.of());
    }

    private Value word() {
        int from = at;
        while (at < json.length() && Character.isLetter(json.charAt(at))) {
            at++;
        }
        String word = json.substring(from, at);
        require(WORDS.contains(word));
        return new Value(Kind.WORD, word, "", Map.of());
    }

    private void blanks() {
        while (at < json.length() && " \t\r\n".indexOf(json.charAt(at)) >= 0) {
            at++;
        }
    }

    private char peek() {
        require(at < json.length());
        return json.charAt(at);
    }

    static void require(boolean allowed) {
        if (!allowed) {
            throw new IllegalArgumentException("not allowed");
        }
    }
}
