package io.observer.web.rpc;

import io.observer.event.Cursor;
import io.observer.event.Echo;
import io.observer.event.EventNames;
import io.observer.event.JsonMember;
import io.observer.event.JsonMember.Kind;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The parameters of a request. Those that a method does not know are left alone; null is as good as none. */
record RpcParams(Map<String, JsonMember> members) {

    private static final Pattern DIGITS = Pattern.compile("[0-9]{1,9}");

    /** Where to begin: a cursor, or the start if {@code cursor} is null. */
    record Since(@Nullable Cursor cursor) {}

    boolean has(String name) {
        return find(name) != null;
    }

    /** A count from 0 to {@code most}, or {@code usual} if there is none. */
    int count(String name, int usual, int most) {
        JsonMember member = find(name);
        if (member == null) {
            return usual;
        }
        boolean whole =
                member.kind() == Kind.NUMBER && DIGITS.matcher(member.text()).matches();
        if (!whole || Integer.parseInt(member.text()) > most) {
            throw RpcException.invalidParams(
                    "'" + name + "' is " + shown(member) + " but must be an integer from 0 to " + most);
        }
        return Integer.parseInt(member.text());
    }

    /** The job {@code job_id}, or null for all of them. */
    @Nullable
    String job() {
        JsonMember member = find("job_id");
        if (member == null || member.kind() == Kind.STRING && member.text().isEmpty()) {
            return null;
        }
        if (member.kind() != Kind.STRING || !EventNames.isLegal(member.text())) {
            throw RpcException.invalidParams("'job_id' is " + shown(member) + " but " + EventNames.RULE);
        }
        return member.text();
    }

    /** Where {@code since} says to begin, or null if it says nothing. */
    @Nullable
    Since since() {
        JsonMember member = find("since");
        if (member == null) {
            return null;
        }
        boolean readable = member.kind() == Kind.STRING || member.kind() == Kind.NUMBER;
        if (readable && member.text().equals("earliest")) {
            return new Since(null);
        }
        Cursor cursor = readable ? Cursor.parse(member.text()) : null;
        if (cursor == null) {
            throw RpcException.invalidParams("'since' is " + shown(member) + " but " + Cursor.RULE);
        }
        return new Since(cursor);
    }

    private @Nullable JsonMember find(String name) {
        JsonMember member = members.get(name);
        return member == null || member.kind() == Kind.NULL ? null : member;
    }

    private static String shown(JsonMember member) {
        return switch (member.kind()) {
            case OBJECT -> "an object";
            case ARRAY -> "an array";
            case STRING -> "'" + Echo.of(member.text()) + "'";
            default -> Echo.of(member.text());
        };
    }
}
