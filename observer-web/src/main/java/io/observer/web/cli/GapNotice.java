package io.observer.web.cli;

import org.jspecify.annotations.Nullable;

/** Says in a sentence what a {@code gap} tells in JSON: which events a reader did not get, and why. */
final class GapNotice {

    private GapNotice() {}

    static String of(JsonObject gap) {
        return "gap: " + events(gap.json("dropped")) + range(gap.json("from"), gap.json("to")) + " passed over, "
                + why(gap.text("reason"));
    }

    private static String events(@Nullable String dropped) {
        if (dropped == null) {
            return "events";
        }
        return dropped.equals("1") ? "1 event" : dropped + " events";
    }

    private static String range(@Nullable String from, @Nullable String to) {
        if (from == null || to == null) {
            return "";
        }
        return from.equals(to) ? " (id " + from + ")" : " (ids " + from + " to " + to + ")";
    }

    private static String why(String reason) {
        return switch (reason) {
            case "slow" -> "because this reader was too slow";
            case "evicted" -> "because the log no longer keeps them";
            case "epoch" -> "because the log was started anew since then";
            case "unknown" -> "because the server does not know the position to go on from";
            default -> "reason: " + reason;
        };
    }
}
