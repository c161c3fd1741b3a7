package io.observer.web.rpc;

import io.observer.event.Event;
import io.observer.event.EventFilter;
import io.observer.event.JsonMember;
import io.observer.event.JsonMember.Kind;
import io.observer.event.JsonText;
import io.observer.event.NameGlob;
import io.observer.web.http.Json;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** The events of processes in the form in which a daemon with a profiler tells them. */
final class ProcessEvents {

    private static final String SPAWNED = "observer.process_spawned";
    private static final String EXITED = "observer.process_exited";

    /** What can be told in this form. */
    static final EventFilter FILTER = new EventFilter(Set.of(), List.of(new NameGlob(SPAWNED), new NameGlob(EXITED)));

    private static final Pattern INTEGER = Pattern.compile("-?[0-9]{1,18}");

    private ProcessEvents() {}

    /** @param cut whether there was no room for all of them */
    static byte[] list(List<Event> oldestFirst, boolean cut) {
        return Json.object(json -> {
            json.writeArrayPropertyStart("events");
            oldestFirst.forEach(event -> write(json, event));
            json.writeEndArray();
            if (cut) {
                json.writeBooleanProperty("has_more", true);
            }
        });
    }

    private static void write(JsonGenerator json, Event event) {
        Map<String, JsonMember> data = data(event);
        boolean spawned = event.name().equals(SPAWNED);
        JsonMember details = data.get(spawned ? "name" : "role");
        json.writeStartObject();
        Json.seconds(json, "timestamp", event.timestamp());
        number(json, "pid", data.get("pid"));
        json.writeStringProperty("event_type", spawned ? "spawn" : "exit");
        number(json, "exit_code", data.get("exit_code"));
        json.writeNullProperty("signal_num");
        json.writeStringProperty("job_id", event.jobId().isEmpty() ? null : event.jobId());
        json.writeNumberProperty("sheet_num", event.sheetNum());
        json.writeStringProperty("details", details == null ? "" : details.text());
        json.writeEndObject();
    }

    private static void number(JsonGenerator json, String name, @Nullable JsonMember member) {
        boolean whole = member != null
                && member.kind() == Kind.NUMBER
                && INTEGER.matcher(member.text()).matches();
        if (member != null && whole) {
            json.writeNumberProperty(name, Long.parseLong(member.text()));
        } else {
            json.writeNullProperty(name);
        }
    }

    private static Map<String, JsonMember> data(Event event) {
        JsonMember data = byName(event.json(), 0).get("data");
        return data == null || data.kind() != Kind.OBJECT ? Map.of() : byName(data.json(), -1);
    }

    private static Map<String, JsonMember> byName(byte[] object, int around) {
        return JsonText.membersAround(object, around).stream()
                .collect(Collectors.toUnmodifiableMap(JsonMember::name, Function.identity()));
    }
}
