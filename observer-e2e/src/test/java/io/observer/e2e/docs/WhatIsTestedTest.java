package io.observer.e2e.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A page that names tests as proof")
class WhatIsTestedTest {

    private static final Path PROJECT = Path.of("..");
    private static final Pattern NAME =
            Pattern.compile("`((?:[a-z]+\\.)*[A-Z][A-Za-z0-9]*(?:IT|Test|Fuzzer))`( \\(\\*long\\*\\))?");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| (?!promise|against).*$");

    @ParameterizedTest
    @ValueSource(strings = {"docs/what-is-tested.md", "docs/security.md"})
    void names_tests_that_are_there_and_says_which_of_them_take_long(String page) throws IOException {
        List<Path> tests = tests();
        List<MatchResult> names = NAME.matcher(text(page)).results().toList();

        assertThat(names).isNotEmpty();
        for (MatchResult name : names) {
            Path file = Path.of(name.group(1).replace('.', '/') + ".java");
            List<Path> found =
                    tests.stream().filter(test -> test.endsWith(file)).toList();
            assertThat(found).as("%s names %s", page, name.group()).hasSize(1);
            if (name.group(2) != null && !name.group(1).endsWith("Fuzzer")) {
                assertThat(found.get(0)).content().contains("@Tag(\"long\")");
            }
        }
    }

    @Test
    void has_a_test_for_each_promise() throws IOException {
        List<String> rows = ROW.matcher(text("docs/what-is-tested.md"))
                .results()
                .map(MatchResult::group)
                .toList();

        assertThat(rows)
                .hasSizeGreaterThan(30)
                .allMatch(row -> NAME.matcher(row).find());
    }

    private static String text(String page) throws IOException {
        return Files.readString(PROJECT.resolve(page));
    }

    private static List<Path> tests() throws IOException {
        List<Path> all = new ArrayList<>();
        for (String module : List.of("observer-core", "observer-web", "observer-e2e")) {
            try (Stream<Path> files = Files.walk(PROJECT.resolve(module).resolve("src/test/java"))) {
                files.filter(file -> file.toString().endsWith(".java")).forEach(all::add);
            }
        }
        return all;
    }
}
