package io.observer.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

    /**
     * Trying everything would take more than 10<sup>30</sup> steps here, so that it ends at all is the proof; the
     * timeout only keeps a broken matcher from hanging the build.
     */
    @Test
    void a_hostile_pattern_costs_no_more_than_its_length_times_the_name() {
        NameGlob hostile = new NameGlob("*a".repeat(60) + "*b");
        NameGlob wild = new NameGlob("*?".repeat(60) + "*b");
        String name = "a".repeat(EventNames.MAX_LENGTH);

        assertTimeoutPreemptively(Duration.ofMinutes(1), () -> {
            assertThat(hostile.matches(name)).isFalse();
            assertThat(wild.matches(name)).isFalse();
            assertThat(hostile.matches(name + "b")).isTrue();
        });
    }

    @Provide
    Arbitrary<String> globs() {
        return Arbitraries.strings().withChars("ab.*?").ofMaxLength(8);
    }

    @Provide
    Arbitrary<String> names() {
        return Arbitraries.strings().withChars("ab.").ofMaxLength(10);
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
