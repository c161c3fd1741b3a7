package io.observer.e2e.bench;

import java.io.IOException;
import java.io.PrintStream;

/** {@code observer bench}: runs the scenarios asked for, one after the other, and reports each as it ends. */
public final class BenchCommand {

    private static final int FINE = 0;
    private static final int FAILED = 1;
    private static final int USAGE = 2;
    private static final int UNREACHABLE = 3;

    private final PrintStream out;
    private final PrintStream err;

    BenchCommand(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /** Runs the benchmark and ends the process with its exit code. */
    public static void main(String[] args) {
        System.exit(new BenchCommand(System.out, System.err).run(args));
    }

    /** Answers the exit code: 0 when every event reached whom it should or its loss was said. */
    int run(String... args) {
        try {
            BenchOptions options = BenchOptions.parse(args);
            if (options.help()) {
                out.print(BenchOptions.USAGE);
                return FINE;
            }
            return run(options);
        } catch (UsageException e) {
            note(sentence(e) + "; see observer bench --help");
            return USAGE;
        } catch (UnreachableException e) {
            note(sentence(e));
            return UNREACHABLE;
        } catch (IOException e) {
            note(sentence(e));
            return FAILED;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            note("interrupted");
            return FAILED;
        }
    }

    private int run(BenchOptions options) throws IOException, InterruptedException {
        Report report = options.json() ? Report.json(out) : Report.table(out);
        boolean lossless = true;
        for (Scenario scenario : options.scenarios()) {
            note(scenario.label() + ": " + scenario.description());
            Result result = result(scenario, options);
            report.add(result);
            result.faults().forEach(fault -> note(scenario.label() + ": " + fault));
            lossless &= result.faults().isEmpty();
        }
        return lossless ? FINE : FAILED;
    }

    /** One scenario that breaks off does not keep the next from running; a server that is not there does. */
    private static Result result(Scenario scenario, BenchOptions options) throws IOException, InterruptedException {
        try {
            return scenario.run(options);
        } catch (UnreachableException e) {
            throw e;
        } catch (IOException e) {
            return Result.failed(scenario, sentence(e));
        }
    }

    /** For people: on standard error, so that standard output holds figures only. */
    private void note(String sentence) {
        err.println("observer bench: " + sentence);
    }

    private static String sentence(Exception e) {
        String message = e.getMessage();
        return message == null ? e.toString() : message;
    }
}
