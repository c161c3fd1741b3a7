package io.observer.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Whatever JSON object a publisher sends as {@code data} comes out with the same bytes, white space between its tokens
 * aside. The generator writes its own text, so it knows the answer: {@code ␣} stands where white space may be.
 */
class EventPayloadPropertyTest {

    private static final EventJson JSON = new EventJson(Clock.fixed(TestEvents.NOW, ZoneOffset.UTC));

    /** A character that the generator's own text never holds. */
    private static final String BLANK = "\uE000";

    @Property(tries = 500)
    void survives_byte_for_byte_white_space_aside(
            @ForAll("payload") String payload, @ForAll("whiteSpace") String space) {
        String sent = payload.replace(BLANK, space);
        String kept = payload.replace(BLANK, "");

        Event event = only(JSON.parseJson(event(sent))).at(1);

        assertThat(event.jsonText())
                .isEqualTo("{\"id\":1,\"job_id\":\"\",\"sheet_num\":0,\"event\":\"a\",\"data\":" + kept
                        + ",\"timestamp\":1}");
    }

    @Property(tries = 100)
    void is_the_same_alone_in_an_array_and_on_a_line(@ForAll("payload") String payload) {
        byte[] alone = event(payload.replace(BLANK, " "));
        String text = new String(alone, UTF_8);

        EventDraft draft = only(JSON.parseJson(alone));

        assertThat(JSON.parseJson(("[" + text + ", " + text + "]").getBytes(UTF_8))
                        .drafts())
                .containsExactly(draft, draft);
        assertThat(JSON.parseLines((text + "\n\n" + text).getBytes(UTF_8)).drafts())
                .containsExactly(draft, draft);
    }

    @Property(tries = 100)
    void is_stable_when_what_was_stored_is_sent_again(@ForAll("payload") String payload) {
        EventDraft first = only(JSON.parseJson(event(payload.replace(BLANK, " \n"))));

        assertThat(only(JSON.parseJson(("{" + first).getBytes(UTF_8)))).isEqualTo(first);
    }

    private static EventDraft only(ParsedBody body) {
        assertThat(body.drafts()).hasSize(1);
        return body.drafts().get(0);
    }

    private static byte[] event(String data) {
        return ("{\"data\":" + data + ",\"event\":\"a\",\"timestamp\":1}").getBytes(UTF_8);
    }

    @Provide
    Arbitrary<String> whiteSpace() {
        return Arbitraries.strings().withChars(' ', '\t', '\r', '\n').ofMaxLength(3);
    }

    @Provide
    Arbitrary<String> payload() {
        return objects(values(3)).map(object -> BLANK + object + BLANK);
    }

    private static Arbitrary<String> values(int levels) {
        Arbitrary<String> scalars =
                Arbitraries.oneOf(strings(), numbers(), Arbitraries.of("true", "false", "null", "{}", "[]"));
        if (levels == 0) {
            return scalars;
        }
        Arbitrary<String> inner = values(levels - 1);
        return Arbitraries.oneOf(scalars, objects(inner), arrays(inner));
    }

    private static Arbitrary<String> arrays(Arbitrary<String> values) {
        return values.list()
                .ofMaxSize(4)
                .map(list -> list.stream().collect(Collectors.joining(BLANK + "," + BLANK, "[" + BLANK, BLANK + "]")));
    }

    private static Arbitrary<String> objects(Arbitrary<String> values) {
        Arbitrary<Member> members = Combinators.combine(texts(), values).as(Member::new);
        return members.list().ofMaxSize(4).map(EventPayloadPropertyTest::objectOf);
    }

    /** Two spellings of one key would be a duplicate, so a key that means the same as another is left out. */
    private static String objectOf(List<Member> members) {
        Map<String, String> distinct = new LinkedHashMap<>();
        for (Member member : members) {
            distinct.putIfAbsent(member.key().meaning(), member.key().quoted() + BLANK + ":" + BLANK + member.value());
        }
        return distinct.values().stream().collect(Collectors.joining(BLANK + "," + BLANK, "{" + BLANK, BLANK + "}"));
    }

    private static Arbitrary<String> strings() {
        return texts().map(Text::quoted);
    }

    private static Arbitrary<Text> texts() {
        return Arbitraries.oneOf(plainCharacters(), escapes())
                .list()
                .ofMaxSize(12)
                .map(Text::joined);
    }

    private static Arbitrary<Text> plainCharacters() {
        return Arbitraries.integers()
                .between(0x20, 0x10FFFF)
                .filter(c -> c != '"' && c != '\\' && c != 0xE000 && (c < 0xD800 || c > 0xDFFF))
                .map(Character::toString)
                .map(text -> new Text(text, text));
    }

    private static Arbitrary<Text> escapes() {
        return Arbitraries.of(
                new Text("\\\"", "\""),
                new Text("\\\\", "\\"),
                new Text("\\/", "/"),
                new Text("\\n", "\n"),
                new Text("\\t", "\t"),
                new Text("\\u0000", "\0"),
                new Text("\\u00E4", "ä"),
                new Text("\\u00e4", "ä"),
                new Text("\\u0020", " "),
                new Text("\\ud83d\\ude00", "😀"),
                new Text("\\uD83D\\uDE00", "😀"));
    }

    private static Arbitrary<String> numbers() {
        return Arbitraries.oneOf(
                Arbitraries.longs().map(String::valueOf),
                Arbitraries.bigDecimals().map(Object::toString),
                Arbitraries.doubles().map(String::valueOf),
                Arbitraries.of("-0", "0.0", "1.00", "1e2", "1E+2", "1e-400", "9".repeat(308)));
    }

    private record Member(Text key, String value) {}

    /** A piece of a JSON string: as it is written, and what it means. */
    private record Text(String written, String meaning) {

        static Text joined(List<Text> pieces) {
            return new Text(
                    pieces.stream().map(Text::written).collect(Collectors.joining()),
                    pieces.stream().map(Text::meaning).collect(Collectors.joining()));
        }

        String quoted() {
            return '"' + written + '"';
        }
    }
}
