package io.observer.e2e.fuzz;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** Which queries must be understood, by the words of the contract. Values hold no percent signs. */
final class QueryModel {

    private static final Set<String> SHARED = Set.of("since", "event", "job");
    private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,127}";

    private QueryModel() {}

    static boolean isPage(List<Map.Entry<String, String>> query) {
        return fits(query, Set.of("limit"), Map.of("limit", value -> isNumber(value, 0, 1_000)));
    }

    /** The ids of readers that come back are not looked at here: they are answered however bad they are. */
    static boolean isStream(List<Map.Entry<String, String>> query) {
        return fits(
                query,
                Set.of("last", "names", "heartbeat", "follow"),
                Map.of(
                        "last",
                        value -> isNumber(value, 0, 1_000),
                        "names",
                        Set.of("on", "off")::contains,
                        "heartbeat",
                        value -> isNumber(value, 1, 300),
                        "follow",
                        Set.of("true", "false")::contains));
    }

    private static boolean fits(
            List<Map.Entry<String, String>> query, Set<String> own, Map<String, Predicate<String>> rules) {
        Map<String, List<String>> values = new HashMap<>();
        query.forEach(pair ->
                values.computeIfAbsent(pair.getKey(), key -> new ArrayList<>()).add(pair.getValue()));
        return values.entrySet().stream()
                .filter(parameter -> SHARED.contains(parameter.getKey()) || own.contains(parameter.getKey()))
                .allMatch(parameter -> parameter.getValue().size() == 1
                        && fits(parameter.getKey(), parameter.getValue().get(0), rules));
    }

    private static boolean fits(String name, String value, Map<String, Predicate<String>> rules) {
        return switch (name) {
            case "since" -> value.equals("earliest") || isCursor(value);
            case "event" -> isGlobs(value);
            case "job" -> List.of(value.split(",", -1)).stream().allMatch(QueryModel::isName);
            default -> rules.getOrDefault(name, any -> true).test(value);
        };
    }

    static boolean isCursor(String text) {
        return text.length() <= 64
                && text.matches("(?:[A-Za-z0-9]+-)?[0-9]{1,19}")
                && new BigInteger(text.replaceFirst(".*-", "")).bitLength() < 64;
    }

    private static boolean isGlobs(String text) {
        List<String> globs = List.of(text.split(",", -1));
        return globs.size() <= 16 && globs.stream().allMatch(glob -> glob.matches("[A-Za-z0-9._*?-]{1,128}"));
    }

    private static boolean isName(String text) {
        return text.matches(NAME) && !text.contains("..");
    }

    private static boolean isNumber(String text, int min, int max) {
        return text.matches("[0-9]{1,9}") && Integer.parseInt(text) >= min && Integer.parseInt(text) <= max;
    }
}
