package io.observer.recorder;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What is excluded is what the definition says, read word by word. */
class PathExclusionPropertyTest {

    @Property(tries = 3_000)
    void exactly_when_the_definition_says_so(@ForAll("patterns") String pattern, @ForAll("paths") String path) {
        assertThat(new PathExclusion(List.of(pattern), "own").excludes(path))
                .as("%s by %s", path, pattern)
                .isEqualTo(byDefinition(pattern, path));
    }

    @Provide
    Arbitrary<String> patterns() {
        return Arbitraries.strings().withChars("ab/*?[]!-\\").ofMaxLength(8);
    }

    @Provide
    Arbitrary<String> paths() {
        return Arbitraries.strings().withChars("ab/]-\\[").ofMaxLength(8);
    }

    private static boolean byDefinition(String pattern, String path) {
        if (NaiveFnmatch.matches(pattern, path) || NaiveFnmatch.matches("*/" + pattern, path)) {
            return true;
        }
        for (String component : path.replace('\\', '/').split("/", -1)) {
            if (!component.isEmpty()
                    && (NaiveFnmatch.matches(pattern, component) || NaiveFnmatch.matches(pattern, component + "/"))) {
                return true;
            }
        }
        return false;
    }
}
