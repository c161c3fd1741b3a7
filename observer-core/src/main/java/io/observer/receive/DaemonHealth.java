package io.observer.receive;

import io.observer.event.InvalidEventException;
import io.observer.event.JsonMember;
import io.observer.event.JsonMember.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a daemon says of itself, as far as it matters to who listens.
 *
 * @param epoch of its log if it is an Observer, whose events have ids to resume after; else null
 * @param lastId of the newest event of that log
 * @param sources epochs of the logs whose events come to it
 */
record DaemonHealth(@Nullable String epoch, long lastId, Set<String> sources) {

    /** It answers, and that is all there is to know. */
    static final DaemonHealth PLAIN = new DaemonHealth(null, 0, Set.of());

    private static final int MOST_SOURCES = 64;

    /**
     * Asks. That it does not know the question is an answer as well.
     *
     * @throws IOException if it does not answer at all
     */
    static DaemonHealth ask(DaemonSettings settings) throws IOException {
        try {
            return read(DaemonCall.ask(settings, "daemon.health", "{}"));
        } catch (DaemonCall.Refused | InvalidEventException answered) {
            return PLAIN;
        }
    }

    /** The epochs of all logs whose events it tells. */
    Set<String> lineage() {
        Set<String> lineage = new LinkedHashSet<>(sources);
        if (epoch != null) {
            lineage.add(epoch);
        }
        return lineage;
    }

    private static DaemonHealth read(byte[] health) throws IOException {
        Map<String, JsonMember> members = health[0] == '{' ? DaemonJson.members(health, 0) : Map.of();
        JsonMember epoch = members.get("epoch");
        if (epoch == null || epoch.kind() != Kind.STRING) {
            return PLAIN;
        }
        JsonMember lastId = members.get("last_id");
        return new DaemonHealth(
                epoch.text(), lastId == null ? 0 : Long.parseLong(lastId.text()), sources(members.get("sources")));
    }

    private static Set<String> sources(@Nullable JsonMember list) throws IOException {
        Set<String> sources = new LinkedHashSet<>();
        if (list != null && list.kind() == Kind.ARRAY) {
            for (byte[] source : JsonPieces.elements(list.json())) {
                if (sources.size() < MOST_SOURCES) {
                    // An epoch is made of letters and digits: what stands between its quotes is itself.
                    sources.add(new String(source, StandardCharsets.UTF_8).replace("\"", ""));
                }
            }
        }
        return sources;
    }
}
