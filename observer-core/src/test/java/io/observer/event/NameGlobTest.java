package io.observer.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NameGlobTest {

    @ParameterizedTest(name = "{0} matches {1}: {2}")
    @CsvSource(quoteCharacter = '"', textBlock = """
            job.started,      job.started,              true
            job.started,      job.Started,              false
            job.started,      job.started2,             false
            job.started,      my.job.started,           false
            job.*,            job.started,              true
            job.*,            job.,                     true
            job.*,            jobs.started,             false
            job.*,            job,                      false
            *,                anything.at.all,          true
            *,                "",                       true
            **,               a,                        true
            *.started,        job.started,              true
            *.started,        sheet.job.started,        true
            *.started,        .started,                 true
            *.started,        started,                  false
            observer.*_*,     observer.file_created,    true
            observer.*_*,     observer.file,            false
            *file*,           observer.file_created,    true
            sheet.?,          sheet.1,                  true
            sheet.?,          sheet.12,                 false
            sheet.?,          sheet.,                   false
            sheet.?*,         sheet.12,                 true
            sheet.?*,         sheet.,                   false
            *a*b,             xaxbxab,                  true
            *a*b,             xaxbxabx,                 false
            "",               "",                       true
            "",               a,                        false
            """)
    void stars_stand_for_any_run_and_question_marks_for_one_character(String glob, String name, boolean matches) {
        assertThat(new NameGlob(glob).matches(name)).isEqualTo(matches);
    }

    @ParameterizedTest(name = "{0} does not match {1}")
    @CsvSource({"a.c, abc", "[ab], a", "a|b, a", "a+, aa", "(a), a", "\\*, *", "^a$, a", "{a;b}, a"})
    void everything_else_stands_for_itself(String glob, String name) {
        assertThat(new NameGlob(glob).matches(name)).isFalse();
        assertThat(new NameGlob(glob).matches(glob)).isTrue();
    }

    @Property(tries = 3_000)
    void agrees_with_a_matcher_that_simply_tries_everything(
            @ForAll("globs") String glob, @ForAll("names") String name) {
        assertThat(new NameGlob(glob).matches(name)).isEqualTo(triesEverything(glob, name));
    }

    @Property(tries = 2_000)
    void agrees_with_a_table_of_all_beginnings_up_to_the_longest_pattern_and_name(
            @ForAll("longGlobs") String glob, @ForAll("longNames") String name) {
        assertThat(new NameGlob(glob).matches(name)).isEqualTo(byTable(glob, name));
    }

    @ParameterizedTest
    @ValueSource(ints = {62, 63, 64, 65, 126, 127, 128})
    void every_place_of_a_long_pattern_counts(int length) {
        String name = "ab".repeat(64).substring(0, length);

        assertThat(new NameGlob(name).matches(name)).isTrue();
        assertThat(new NameGlob("?".repeat(length)).matches(name)).isTrue();
        assertThat(new NameGlob("?".repeat(length)).matches(name + "a")).isFalse();
        for (int n = 0; n < length; n++) {
            String other = name.substring(0, n) + "c" + name.substring(n + 1);
            assertThat(new NameGlob(name).matches(other)).as("c at %d", n).isFalse();
            assertThat(new NameGlob(name).matches(name.substring(0, n))).isFalse();
        }
    }

    /** {@code *aa…ab} against {@code aa…ac} is the worst for a matcher that goes back to the last star. */
    @Test
    void hostile_patterns_are_answered_as_they_are_for_everyone() {
        String name = "a".repeat(EventNames.MAX_LENGTH - 1);

        assertThat(new NameGlob("*" + "a".repeat(126) + "b").matches(name + "c"))
                .isFalse();
        assertThat(new NameGlob("*" + "a".repeat(126) + "b").matches(name + "b"))
                .isTrue();
        assertThat(new NameGlob("*a".repeat(60) + "*b").matches(name)).isFalse();
        assertThat(new NameGlob("*a".repeat(60) + "*b").matches(name + "b")).isTrue();
        assertThat(new NameGlob("*?".repeat(60) + "*b").matches(name)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"gr\u00f6\u00dfe", "\ud83d\ude00", "\u0080"})
    void a_pattern_is_of_ASCII_and_what_a_name_has_beyond_that_is_matched_by_wildcards_only(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> new NameGlob(text));
        assertThat(new NameGlob("*").matches(text)).isTrue();
        assertThat(new NameGlob("a*").matches(text)).isFalse();
    }

    @Test
    void a_pattern_has_at_most_128_characters() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new NameGlob("a".repeat(129)))
                .withMessageContaining("at most 128");
    }

    @Provide
    Arbitrary<String> globs() {
        return Arbitraries.strings().withChars("ab.*?").ofMaxLength(8);
    }

    @Provide
    Arbitrary<String> names() {
        return Arbitraries.strings().withChars("ab.").ofMaxLength(10);
    }

    @Provide
    Arbitrary<String> longGlobs() {
        return Arbitraries.strings().withChars("aaaab*?").ofMaxLength(EventNames.MAX_LENGTH);
    }

    @Provide
    Arbitrary<String> longNames() {
        return Arbitraries.strings().withChars("aaaaaaab").ofMaxLength(EventNames.MAX_LENGTH);
    }

    /** Whether each beginning of the pattern matches each beginning of the name, from the shortest on. */
    private static boolean byTable(String glob, String name) {
        boolean[][] matches = new boolean[glob.length() + 1][name.length() + 1];
        matches[0][0] = true;
        for (int g = 1; g <= glob.length(); g++) {
            char c = glob.charAt(g - 1);
            for (int n = 0; n <= name.length(); n++) {
                matches[g][n] = c == '*'
                        ? matches[g - 1][n] || (n > 0 && matches[g][n - 1])
                        : n > 0 && matches[g - 1][n - 1] && (c == '?' || c == name.charAt(n - 1));
            }
        }
        return matches[glob.length()][name.length()];
    }

    private static boolean triesEverything(String glob, String name) {
        if (glob.isEmpty()) {
            return name.isEmpty();
        }
        if (glob.charAt(0) == '*') {
            return triesEverything(glob.substring(1), name)
                    || (!name.isEmpty() && triesEverything(glob, name.substring(1)));
        }
        return !name.isEmpty()
                && (glob.charAt(0) == '?' || glob.charAt(0) == name.charAt(0))
                && triesEverything(glob.substring(1), name.substring(1));
    }
}
