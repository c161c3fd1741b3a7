package io.observer.web.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Rows of text with their columns lined up. What is added is made safe for a terminal. */
final class TextTable {

    private final Set<Integer> numbers;
    private final List<List<String>> rows = new ArrayList<>();

    /** @param numbers columns that are lined up on the right, counted from 0 */
    TextTable(Set<Integer> numbers, String... head) {
        this.numbers = numbers;
        row(head);
    }

    TextTable row(String... cells) {
        rows.add(List.of(cells).stream().map(Printable::escape).toList());
        return this;
    }

    /** The head, then the rows in their order. */
    List<String> lines() {
        return rows.stream().map(this::line).toList();
    }

    private String line(List<String> row) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < row.size(); column++) {
            String padding = " ".repeat(width(column) - row.get(column).length());
            boolean number = numbers.contains(column);
            line.append(number ? padding + row.get(column) : row.get(column) + padding)
                    .append("  ");
        }
        return line.toString().stripTrailing();
    }

    private int width(int column) {
        return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
    }
}
