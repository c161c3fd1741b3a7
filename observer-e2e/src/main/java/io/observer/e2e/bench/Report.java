package io.observer.e2e.bench;

import static java.util.stream.Collectors.joining;

import io.observer.e2e.bench.Result.Figure;
import java.io.PrintStream;
import java.util.Locale;
import java.util.function.Consumer;

/** Writes results as they come: as lines of one table, or as a JSON object each. */
final class Report {

    private final PrintStream out;
    private final Consumer<Result> writer;

    private Report(PrintStream out, boolean json) {
        this.out = out;
        this.writer = json ? this::writeJson : this::writeRows;
    }

    static Report table(PrintStream out) {
        Report report = new Report(out, false);
        report.row("scenario", "figure", "value", "unit");
        return report;
    }

    static Report json(PrintStream out) {
        return new Report(out, true);
    }

    void add(Result result) {
        writer.accept(result);
        out.flush();
    }

    private void writeRows(Result result) {
        String scenario = result.scenario().label();
        for (Figure figure : result.figures()) {
            row(scenario, figure.name(), number(figure, "%,." + figure.decimals() + "f", "-"), figure.unit());
        }
        result.faults().forEach(fault -> out.println(String.format("%-10sFAILED: %s", scenario, fault)));
    }

    private void row(String scenario, String figure, String value, String unit) {
        out.println(String.format("%-10s%-30s%12s %s", scenario, figure, value, unit)
                .stripTrailing());
    }

    /** Names of figures are plain words. */
    private void writeJson(Result result) {
        StringBuilder json =
                new StringBuilder("{\"scenario\":\"" + result.scenario().label() + "\"");
        for (Figure figure : result.figures()) {
            json.append(",\"").append(key(figure)).append("\":");
            json.append(number(figure, "%." + figure.decimals() + "f", "null"));
        }
        json.append(result.faults().stream().map(Report::quoted).collect(joining(",", ",\"faults\":[", "]}")));
        out.println(json);
    }

    private static String quoted(String sentence) {
        return '"' + sentence.replaceAll("[\"\\\\]", "\\\\$0").replaceAll("\\p{Cntrl}", " ") + '"';
    }

    /** {@code p95} in milliseconds becomes {@code p95_ms}. */
    private static String key(Figure figure) {
        String name = figure.name().replace(' ', '_').replace('-', '_');
        return figure.unit().isEmpty() ? name : name + "_" + figure.unit();
    }

    private static String number(Figure figure, String format, String unknown) {
        return figure.value() == null ? unknown : String.format(Locale.ROOT, format, figure.value());
    }
}
