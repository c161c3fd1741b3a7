package io.observer.web;

import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.util.unit.DataSize;

/** The keys of all settings, read off {@link ObserverSettings} itself. */
final class SettingNames {

    private static final String PREFIX = "observer.";
    private static final String VARIABLE_PREFIX = "OBSERVER_";

    /** Variables that mean something to the client commands. */
    private static final Set<String> OF_CLIENTS = Set.of("URL");

    private SettingNames() {}

    /** Every key, such as {@code observer.log.max-entries}. */
    static List<String> all() {
        return keys(PREFIX, ObserverSettings.class).toList();
    }

    /** The variables of {@code environment} that look like settings of ours and are none. */
    static List<String> unknownVariables(Map<String, String> environment) {
        Set<String> known = all().stream().map(SettingNames::letters).collect(Collectors.toSet());
        return environment.keySet().stream()
                .filter(name -> name.startsWith(VARIABLE_PREFIX))
                .filter(name -> !OF_CLIENTS.contains(name.substring(VARIABLE_PREFIX.length())))
                .filter(name -> !known.contains(letters(name.replaceFirst("_[0-9]+_?$", ""))))
                .sorted()
                .toList();
    }

    /** What a setting of this type takes, in words. */
    static String accepted(Class<?> type) {
        if (type == Duration.class) {
            return "a duration such as 500ms, 2s or 7d";
        }
        if (type == DataSize.class) {
            return "a size such as 4096 or 10MB";
        }
        if (type == int.class || type == Integer.class || type == long.class || type == Long.class) {
            return "a whole number";
        }
        if (type == boolean.class || type == Boolean.class) {
            return "true or false";
        }
        return "a " + type.getSimpleName().toLowerCase(Locale.ROOT);
    }

    private static Stream<String> keys(String prefix, Class<?> settings) {
        return Stream.of(settings.getRecordComponents()).flatMap(component -> keys(prefix, component));
    }

    private static Stream<String> keys(String prefix, RecordComponent component) {
        String key = prefix + dashed(component.getName());
        return component.getType().isRecord() ? keys(key + ".", component.getType()) : Stream.of(key);
    }

    private static String dashed(String name) {
        return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    private static String letters(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
    }
}
