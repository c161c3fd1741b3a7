package io.observer.web.cli;

/** Counts what became of the events, names the refused ones, and says it all once at the end. */
final class PublishReport {

    /** After so many refusals the rest is only counted: a wrong file must not flood the terminal. */
    private static final int MOST_TOLD = 100;

    private final Console console;
    private long read;
    private long published;
    private long refused;
    private boolean printed;

    PublishReport(Console console) {
        this.console = console;
    }

    /** An event was read. */
    synchronized void read() {
        read++;
    }

    /** So many events are stored. */
    synchronized void published(int events) {
        published += events;
    }

    /** An event will never be stored, for this reason. */
    synchronized void refused(long line, String reason) {
        refused++;
        if (refused <= MOST_TOLD) {
            String which = line == QueuedEvent.NO_LINE ? "the event was refused: " : "line " + line + " was refused: ";
            console.note(which + reason);
        } else if (refused == MOST_TOLD + 1) {
            console.note("more lines were refused; from here on they are only counted");
        }
    }

    /** Prints the counts; a second call does nothing. */
    synchronized void print() {
        if (printed) {
            return;
        }
        printed = true;
        console.say("published " + events(published));
        sayWhatIsMissing("");
    }

    /** Says how many events the server does not have, if it lacks any; a second call does nothing. */
    synchronized void printMissing() {
        if (!printed) {
            printed = true;
            sayWhatIsMissing("observer: ");
        }
    }

    private void sayWhatIsMissing(String prefix) {
        if (refused > 0) {
            console.say(prefix + events(refused) + " refused");
        }
        long unsent = read - published - refused;
        if (unsent > 0) {
            console.say(prefix + events(unsent) + " could not be sent");
        }
    }

    synchronized boolean hasRefused() {
        return refused > 0;
    }

    private static String events(long count) {
        return count == 1 ? "1 event" : count + " events";
    }
}
