package io.observer.e2e.dashboard;

import java.util.ArrayList;
import java.util.List;

/** A job with sheets that overlap and log lines in colours, which the recorded jobs do not have. */
final class NightlyReport {

    private static final List<String> SHEETS = List.of("fetch", "compile", "unit tests", "package", "integration");
    private static final List<String> OUTPUT = List.of(
            "\\u001b[32mPASS\\u001b[0m io.example.LedgerTest \\u001b[2m(252 ms)\\u001b[0m",
            "\\u001b[1;34m==>\\u001b[0m Building target report",
            "  compiled 34 classes to target/classes",
            "\\u001b[33mWARN\\u001b[0m deprecated API used in Account.java:181",
            "Downloaded org.example:ledger:1.4 (187 kB)",
            "\\u001b[1;31mFAIL\\u001b[0m cache answered 503, trying again",
            "Tests run: 34, Failures: 0, Errors: 0");
    private static final int LINES_EACH = 70;
    private static final int LINES_SO_FAR = 18;
    private static final int OVERLAP = 25;

    private NightlyReport() {}

    /** @param end when its newest event was, seconds since the epoch */
    static List<String> lines(double end) {
        List<String> events = new ArrayList<>();
        events.add(event(0, "job.started", "{\"sheet_count\":5,\"instrument\":\"nightly\"}"));
        for (int sheet = 1; sheet <= SHEETS.size(); sheet++) {
            events.add(event(
                    sheet,
                    "sheet.started",
                    "{\"name\":\"%s\",\"attempt\":1,\"inputs\":{\"files\":12,\"bytes\":48211}}"
                            .formatted(SHEETS.get(sheet - 1))));
            for (int line = 0; line < (sheet == SHEETS.size() ? LINES_SO_FAR : LINES_EACH); line++) {
                boolean isOfEarlier = sheet > 1 && line < OVERLAP && line % 2 == 0;
                String text = OUTPUT.get((line + sheet) % OUTPUT.size());
                events.add(event(isOfEarlier ? sheet - 1 : sheet, "log.line", "{\"line\":\"" + text + "\"}"));
                if (sheet > 1 && line == OVERLAP) {
                    events.add(event(sheet - 1, sheet == 4 ? "sheet.failed" : "sheet.completed", "{\"attempt\":1}"));
                }
            }
        }
        List<String> timed = new ArrayList<>();
        for (int i = 0; i < events.size(); i++) {
            double at = end - 0.31 * (events.size() - i);
            timed.add(events.get(i).replaceFirst("}$", ",\"timestamp\":%.3f}".formatted(at)));
        }
        return timed;
    }

    private static String event(int sheet, String name, String data) {
        return "{\"job_id\":\"nightly-report\",\"sheet_num\":%d,\"event\":\"%s\",\"data\":%s}"
                .formatted(sheet, name, data);
    }
}
