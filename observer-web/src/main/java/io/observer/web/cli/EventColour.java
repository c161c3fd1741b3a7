package io.observer.web.cli;

/** The colour that a terminal shows an event's name in, by its family. */
final class EventColour {

    private static final String NONE = "";
    private static final String RED = "\u001b[31m";
    private static final String GREEN = "\u001b[32m";
    private static final String YELLOW = "\u001b[33m";
    private static final String BLUE = "\u001b[34m";
    private static final String MAGENTA = "\u001b[35m";
    private static final String CYAN = "\u001b[36m";
    private static final String RESET = "\u001b[0m";

    private EventColour() {}

    /** The name as a terminal colours it. */
    static String paint(String event) {
        String colour = of(event);
        return colour.equals(NONE) ? event : colour + event + RESET;
    }

    private static String of(String event) {
        return switch (event) {
            case "job.completed" -> GREEN;
            case "job.failed" -> RED;
            case "job.cancelled" -> YELLOW;
            default -> ofFamily(event.substring(0, Math.max(0, event.indexOf('.'))));
        };
    }

    private static String ofFamily(String family) {
        return switch (family) {
            case "job", "sheet" -> BLUE;
            case "observer" -> CYAN;
            case "monitor" -> YELLOW;
            case "baton" -> MAGENTA;
            default -> NONE;
        };
    }
}
