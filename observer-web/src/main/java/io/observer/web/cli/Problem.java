package io.observer.web.cli;

import java.util.ArrayList;
import java.util.List;

/**
 * A refusal as the server words it ({@code application/problem+json}).
 *
 * @param detail what is wrong and what would be right
 * @param errors the same for each line of a batch, as far as the server said
 */
record Problem(int status, String detail, List<LineError> errors) {

    /** @param line line of the request's body, counted from 1; 0 if the server named none */
    record LineError(int line, String field, String detail) {

        /** The field and what is wrong with it. */
        String sentence() {
            return field.isEmpty() || detail.startsWith(field) ? detail : field + " " + detail;
        }
    }

    Problem {
        errors = List.copyOf(errors);
    }

    /** Reads the body of a refusal; one that is not a problem document keeps only its status. */
    static Problem of(int status, String body) {
        try {
            JsonObject problem = Json.object(body);
            String detail = problem.text("detail");
            return new Problem(status, detail.isEmpty() ? problem.text("title") : detail, errors(problem));
        } catch (MalformedJson notProblem) {
            return new Problem(status, "", List.of());
        }
    }

    /** Whether the server said anything at all. */
    boolean isTold() {
        return !detail.isEmpty();
    }

    /** The detail and what is wrong in each field. */
    String sentence() {
        StringBuilder sentence = new StringBuilder(detail);
        for (LineError error : errors) {
            if (!detail.contains(error.detail())) {
                sentence.append("; ").append(error.sentence());
            }
        }
        return sentence.toString();
    }

    private static List<LineError> errors(JsonObject problem) {
        List<LineError> errors = new ArrayList<>();
        String json = problem.json("errors");
        for (String element : json == null ? List.<String>of() : Json.array(json)) {
            JsonObject error = Json.object(element);
            errors.add(new LineError((int) error.number("line", 0), error.text("field"), error.text("detail")));
        }
        return errors;
    }
}
