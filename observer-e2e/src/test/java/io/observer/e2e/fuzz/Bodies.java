package io.observer.e2e.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;

/** Makes bodies of publishes: most of them nearly right, which is where readers of JSON disagree. */
final class Bodies {

    private final Random random;

    Bodies(long seed) {
        this.random = new Random(seed);
    }

    byte[] next(boolean lines) {
        String text;
        if (lines) {
            text = events(random.nextInt(6)).stream()
                    .collect(Collectors.joining(oneOf("\n", "\n", "\r\n", "\n\n", "\n \t\n")));
            text = oneOf("", "", "\n", "\r\n") + text + oneOf("", "\n", "\n\n", " ");
        } else if (random.nextInt(3) == 0) {
            text = blank() + "[" + String.join(blank() + "," + blank(), events(random.nextInt(5)))
                    + (odd() ? oneOf("", ",]", "]]", "}") : "]");
        } else {
            text = blank() + event() + (odd() ? oneOf(",", "{}", "\u0000", "x") : oneOf("", "\n", " "));
        }
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        for (int n = random.nextInt(10) - 7; n > 0; n--) {
            body = spoiled(body);
        }
        return body;
    }

    private List<String> events(int count) {
        List<String> events = new ArrayList<>();
        for (int n = 0; n < count; n++) {
            events.add(event());
        }
        return events;
    }

    private String event() {
        if (random.nextInt(40) == 0) {
            return value(3);
        }
        List<String> members = new ArrayList<>();
        if (random.nextInt(10) > 0) {
            members.add(
                    "\"event\"" + blank() + ":" + blank() + "\"" + (odd() ? oneOf(OddParts.NAMES) : "log.line") + "\"");
        }
        for (String key : OddParts.OPTIONAL) {
            if (random.nextBoolean()) {
                add(members, key);
            }
        }
        if (random.nextInt(8) == 0) {
            add(members, oneOf(OddParts.KEYS));
        }
        return "{" + blank() + String.join(blank() + "," + blank(), members) + blank() + "}";
    }

    private void add(List<String> members, String key) {
        String member = "\"" + key + "\"" + blank() + ":" + blank() + memberValue(key);
        members.add(random.nextInt(members.size() + 1), member);
    }

    private String memberValue(String key) {
        if (random.nextInt(40) == 0) {
            return value(2);
        }
        return switch (key) {
            case "event", "kind", "\\u0065vent", "job_id" -> "\"" + (odd() ? oneOf(OddParts.NAMES) : "build-7") + "\"";
            case "sheet_num", "timestamp", "id" ->
                odd() ? oneOf(OddParts.NUMBERS) : Integer.toString(random.nextInt(1_000));
            default -> random.nextInt(5) == 0 ? "null" : object(odd() ? random.nextInt(8) : 1);
        };
    }

    private String value(int depth) {
        return switch (random.nextInt(depth > 0 ? 8 : 5)) {
            case 0, 1 -> "\"" + (odd() ? oneOf(OddParts.TEXTS) : oneOf(OddParts.TEXTS.subList(0, 6))) + "\"";
            case 2, 3 -> odd() ? oneOf(OddParts.NUMBERS) : Integer.toString(random.nextInt());
            case 4 -> odd() ? oneOf("True", "nul", "undefined", "NaN") : oneOf("true", "false", "null");
            case 5 -> "[" + blank() + String.join(",", values(depth - 1)) + blank() + (odd() ? ",]" : "]");
            case 6 -> nested();
            default -> object(depth - 1);
        };
    }

    private List<String> values(int depth) {
        List<String> values = new ArrayList<>();
        for (int n = random.nextInt(4); n > 0; n--) {
            values.add(value(depth));
        }
        return values;
    }

    private String object(int depth) {
        List<String> members = new ArrayList<>();
        for (int n = random.nextInt(4); n > 0; n--) {
            String key = odd() ? oneOf(OddParts.TEXTS) : oneOf("a", "b", "c", "\\u0061", "__proto__");
            members.add("\"" + key + "\"" + blank() + ":" + blank() + value(depth));
        }
        return "{" + blank() + String.join(blank() + ",", members) + "}";
    }

    /** Around the deepest that may be. */
    private String nested() {
        int levels = 58 + random.nextInt(8);
        return "[".repeat(levels) + "]".repeat(levels);
    }

    private byte[] spoiled(byte[] body) {
        int at = random.nextInt(body.length + 1);
        int behind = Math.min(body.length, at + random.nextInt(3));
        ByteArrayOutputStream spoiled = new ByteArrayOutputStream();
        spoiled.write(body, 0, at);
        if (random.nextInt(4) > 0) {
            spoiled.writeBytes(HexFormat.of().parseHex(oneOf(OddParts.ODD_BYTES)));
        }
        spoiled.write(body, behind, body.length - behind);
        return spoiled.toByteArray();
    }

    private boolean odd() {
        return random.nextInt(10) == 0;
    }

    /** White space, and now and then what is white in other places only. */
    private String blank() {
        if (random.nextInt(300) == 0) {
            return oneOf("\u00a0", "\f", "\u000b", "\u0085", "\ufeff");
        }
        return random.nextInt(6) > 0 ? "" : oneOf(" ", "\t", "  ", "\r");
    }

    private String oneOf(String... choices) {
        return oneOf(List.of(choices));
    }

    private <T> T oneOf(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
