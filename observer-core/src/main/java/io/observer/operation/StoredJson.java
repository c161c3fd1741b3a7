package io.observer.operation;

import io.observer.event.JsonMember;
import io.observer.event.JsonText;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Reads JSON that this package has stored itself; what is missing or of the wrong sort means that it is damaged. */
final class StoredJson {

    private StoredJson() {}

    static Map<String, JsonMember> members(byte[] json) {
        return JsonText.members(json).stream()
                .collect(Collectors.toMap(JsonMember::name, Function.identity(), (a, b) -> a, LinkedHashMap::new));
    }

    static Map<String, JsonMember> object(Map<String, JsonMember> members, String name) {
        return members(member(members, name).json());
    }

    static String text(Map<String, JsonMember> members, String name) {
        return member(members, name).text();
    }

    static long number(Map<String, JsonMember> members, String name) {
        return Long.parseLong(text(members, name));
    }

    private static JsonMember member(Map<String, JsonMember> members, String name) {
        JsonMember member = members.get(name);
        if (member == null) {
            throw new IllegalArgumentException(name + " is missing");
        }
        return member;
    }
}
