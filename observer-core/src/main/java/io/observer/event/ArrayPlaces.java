package io.observer.event;

/** Finds its way in an array that no parser can read to the end. */
final class ArrayPlaces {

    private ArrayPlaces() {}

    /** Which element of {@code array} the byte at {@code at} belongs to, counted from 1. */
    static int of(byte[] array, int at) {
        int place = 1;
        int depth = 0;
        boolean inString = false;
        for (int n = 0; n < at; n++) {
            switch (array[n]) {
                case '"' -> inString = !inString;
                case '\\' -> n++;
                case '[', '{' -> depth += inString ? 0 : 1;
                case ']', '}' -> depth -= inString ? 0 : 1;
                case ',' -> place += !inString && depth == 1 ? 1 : 0;
                default -> {}
            }
        }
        return place;
    }
}
