package io.observer.web.cli;

/** One line of standard input, without its end. */
final class InputLine {

    private final long number;
    private final byte[] bytes;
    private final boolean cut;

    /**
     * @param number counted from 1
     * @param cut whether the line was longer, and the rest of it is left out
     */
    InputLine(long number, byte[] bytes, boolean cut) {
        this.number = number;
        this.bytes = bytes;
        this.cut = cut;
    }

    long number() {
        return number;
    }

    byte[] bytes() {
        return bytes;
    }

    boolean isCut() {
        return cut;
    }

    boolean isBlank() {
        for (byte b : bytes) {
            if (b != ' ' && b != '\t' && b != '\r') {
                return false;
            }
        }
        return true;
    }
}
