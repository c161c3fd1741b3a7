package io.observer.log;

import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Names by small numbers, given in the order of their first use. One thread adds, any number look up. */
final class Dictionary {

    /** Heap that a name takes beside its characters: its place in the map and in the array, and two objects. */
    private static final int NAME_BYTES = 112;

    private final Map<String, Integer> numbers = new ConcurrentHashMap<>();
    private volatile String[] names = new String[16];
    private volatile int size;
    private volatile long bytes;

    /** The number of {@code name}, given now if it has none. */
    int add(String name) {
        Integer known = numbers.get(name);
        if (known != null) {
            return known;
        }
        int number = size;
        if (number == names.length) {
            names = Arrays.copyOf(names, number * 2);
        }
        names[number] = name;
        bytes = bytes + NAME_BYTES + name.length();
        size = number + 1;
        numbers.put(name, number);
        return number;
    }

    @Nullable
    Integer find(String name) {
        return numbers.get(name);
    }

    String name(int number) {
        return names[number];
    }

    int size() {
        return size;
    }

    /** Heap that it takes, about; rather too much than too little. */
    long bytes() {
        return bytes;
    }
}
