package io.observer.event;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Names that were seen lately, so that the many events of one name share one {@code String} and its hash. 1,024 slots, the
 * newest name of a slot stays. Any number of threads.
 */
final class NameCache {

    private static final int SLOTS = 1024;

    private static final AtomicReferenceArray<@Nullable String> NAMES = new AtomicReferenceArray<>(SLOTS);

    private NameCache() {}

    /** The name whose ASCII bytes stand from {@code from} to {@code to}. */
    static String get(byte[] bytes, int from, int to) {
        int hash = 0;
        for (int at = from; at < to; at++) {
            hash = 31 * hash + bytes[at];
        }
        int slot = (hash ^ hash >>> 10) & (SLOTS - 1);
        String known = NAMES.getPlain(slot);
        if (known != null && isAt(known, bytes, from, to)) {
            return known;
        }
        String name = new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
        NAMES.set(slot, name);
        return name;
    }

    private static boolean isAt(String name, byte[] bytes, int from, int to) {
        if (name.length() != to - from) {
            return false;
        }
        for (int n = 0; n < name.length(); n++) {
            if (name.charAt(n) != bytes[from + n]) {
                return false;
            }
        }
        return true;
    }
}
