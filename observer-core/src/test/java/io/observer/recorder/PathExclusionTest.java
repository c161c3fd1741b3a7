package io.observer.recorder;

import static org.assertj.core.api.Assertions.assertThat;

import io.observer.event.TestEvents;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A path is excluded")
class PathExclusionTest {

    private static final String OWN_FILE = ".marianne-observer.jsonl";
    private static final List<String> DEFAULTS = List.of(".git/", "__pycache__/", "node_modules/", ".venv/", "*.pyc");

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        ".git/objects/abc, true",
        ".git, true",
        "src/.git/HEAD, true",
        "/abs/.git/x, true",
        ".gitignore, false",
        ".github/w.yml, false",
        "src/__pycache__/f.pyc, true",
        "foo.pyc, true",
        "FOO.PYC, false",
        "node_modules/x, true",
        "mynode_modules/x, false",
        ".venv2/x, false",
        "src\\__pycache__\\x, true",
    })
    void by_the_defaults(String path, boolean excluded) {
        assertThat(new PathExclusion(DEFAULTS, OWN_FILE).excludes(path)).isEqualTo(excluded);
    }

    @ParameterizedTest(name = "{0} excludes {1}: {2}")
    @CsvSource({
        "build/, build/o.js, true",
        "build/, x/build/o.js, true",
        "build/, build, true",
        "*.tmp, x/y/data.tmp, true",
        "docs/*.md, docs/a.md, true",
        "docs/*.md, docs/sub/a.md, true",
        "docs/*.md, x/docs/a.md, true",
        "src/**/gen, src/gen, false",
        "src/**/gen, src/a/gen, true",
        "src/**/gen, src/a/b/gen, true",
        "src/**/gen, src/a/gen/x, false",
        "secret, secret/x, true",
        "secret, x/secret/y, true",
        "logs/*, logs/a/b, true",
        "logs/*, x/logs/a, true",
        "[ab].txt, a.txt, true",
        "[ab].txt, c.txt, false",
        "!keep.txt, keep.txt, false",
    })
    void by_a_list_of_ones_own(String pattern, String path, boolean excluded) {
        assertThat(only(pattern).excludes(path)).isEqualTo(excluded);
    }

    @ParameterizedTest(name = "{0} matches {1}: {2}")
    @CsvSource({
        "[a-c]x, bx, true",
        "[a-c]x, dx, false",
        "[!a-c]x, dx, true",
        "[!a-c]x, bx, false",
        "[]a]x, ]x, true",
        "[!]a]x, ]x, false",
        "[a-]x, -x, true",
        "[c-a]x, bx, false",
        "[abc, [abc, true",
        "a[, a[, true",
        "[!, [!, true",
        "a?c, a/c, true",
        "?, 𝄞, true",
        "[𝄞-𝄢], 𝄡, true",
        "\\*, *, true",
        "\\*, x, false",
        "[\\]], ], true",
        "a\\, a\\, true",
        "*, '', true",
        "a*b*c, a/b/b/c, true",
        "a*b*c, a/b/b, false",
    })
    void characters_mean_what_they_mean_to_fnmatch(String pattern, String text, boolean matches) {
        assertThat(new FilePattern(pattern).matches(text.codePoints().toArray()))
                .isEqualTo(matches);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {OWN_FILE, "/home/ann/" + OWN_FILE, OWN_FILE + ".tmp", "sub/" + OWN_FILE, "C:\\work\\" + OWN_FILE
            })
    void when_it_is_the_recorders_own_file_even_without_any_pattern(String path) {
        assertThat(new PathExclusion(List.of(), OWN_FILE).excludes(path)).isTrue();
    }

    @Test
    void by_nothing_when_the_list_is_empty() {
        PathExclusion nothing = new PathExclusion(List.of(), OWN_FILE);

        assertThat(List.of(".git/HEAD", "foo.pyc", "node_modules/x")).noneMatch(nothing::excludes);
    }

    @Test
    void only_in_the_three_kinds_of_file_events() {
        PathExclusion exclusion = new PathExclusion(DEFAULTS, OWN_FILE);

        for (String name : List.of("file_created", "file_modified", "file_deleted")) {
            assertThat(exclusion.excludes(TestEvents.event(1, "a", "observer." + name), ".git/x"))
                    .isTrue();
            assertThat(exclusion.excludes(TestEvents.event(1, "a", "observer." + name), null))
                    .isFalse();
            assertThat(exclusion.excludes(TestEvents.event(1, "a", "observer." + name), ""))
                    .isFalse();
        }
        assertThat(exclusion.excludes(TestEvents.event(1, "a", "observer.process_spawned"), ".git/x"))
                .isFalse();
        assertThat(exclusion.excludes(TestEvents.event(1, "a", "observer.file_renamed"), ".git/x"))
                .isFalse();
    }

    /** One that tries all ways would need longer than the universe has; this takes milliseconds. */
    @Test
    void thirty_stars_against_ten_thousand_characters_are_decided() {
        PathExclusion stars = only("*a".repeat(30) + "b");

        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(30), () -> {
            assertThat(stars.excludes("a".repeat(10_000))).isFalse();
            assertThat(stars.excludes("a".repeat(10_000) + "b")).isTrue();
            assertThat(stars.excludes("a/".repeat(5_000))).isFalse();
        });
    }

    private static PathExclusion only(String pattern) {
        return new PathExclusion(List.of(pattern), OWN_FILE);
    }
}
