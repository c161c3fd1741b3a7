package io.observer.web.cli;

import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Words what is wrong with a command line, and where to read what would be right. */
final class UsageError {

    private UsageError() {}

    static String sentence(ParameterException wrong) {
        String what = wrong instanceof UnmatchedArgumentException unmatched
                ? unknown(unmatched)
                : String.valueOf(wrong.getMessage()).replaceFirst("^Error: ", "");
        String command = wrong.getCommandLine().getCommandSpec().qualifiedName();
        return what + " (see '" + command + " --help')";
    }

    private static String unknown(UnmatchedArgumentException wrong) {
        List<String> arguments = wrong.getUnmatched();
        String quoted = arguments.stream().map(argument -> "'" + argument + "'").collect(Collectors.joining(", "));
        List<String> similar = wrong.getSuggestions();
        return "unknown argument" + (arguments.size() == 1 ? " " : "s ") + quoted
                + (similar.isEmpty() ? "" : "; did you mean " + similar.get(0) + "?");
    }
}
