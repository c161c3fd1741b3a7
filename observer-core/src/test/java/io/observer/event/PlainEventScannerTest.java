package io.observer.event;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.ZoneOffset;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;

/** What the scanner reads is what the parser reads; what it does not, it leaves to the parser. */
class PlainEventScannerTest {

    private static final Clock CLOCK = Clock.fixed(TestEvents.NOW, ZoneOffset.UTC);
    private static final EventJson JSON = new EventJson(CLOCK);

    private static final String[] PLAIN = {
        "{\"event\":\"a\"}",
        "{\"event\":\"job.started\",\"job_id\":\"\",\"data\":null,\"timestamp\":0}",
        "{\"job_id\":\"build-7\",\"sheet_num\":12,\"event\":\"sheet.progress\",\"data\":{},\"timestamp\":1763687282.125}",
        " { \"timestamp\" : 1732152419.250000 ,\t\"data\" : { \"a\" : [ 1 , -0 , 2.50 , [ ] , { } ] } , \"event\" : \"x\" } \r",
        "{\"event\":\"a.b\",\"data\":{\"a\":\"1\\n\\\"\\\\\\/\\t\",\"b\":{\"a\":true,\"c\":[false,null,\"\"]},\"a1\":-12.75}}",
        "{\"data\":{\"n\":123456789012345678901234567890,\"m\":0.000000000000000000001},\"event\":\"big\"}",
        "{\"event\":\"deep\",\"data\":{\"a\":{\"a\":{\"a\":{\"a\":[[[[{\"a\":1}]]]]}}}}}",
        "{\"event\":\"t\",\"timestamp\":999999999999.999,\"sheet_num\":0}",
        "{\"event\":\"t\",\"timestamp\":0.1234567890123,\"sheet_num\":999999999}"
    };

    private static final String ALPHABET =
            "{}[]\":,\\ \t\r\n.-+eE0123456789aunlltrefsdvk_jobxu\u0000\u001f\u007f\u0080\u00ff";

    @Example
    void plain_events_are_read() {
        for (String text : PLAIN) {
            assertThat(scan(text)).as(text).isNotNull();
            assertSame(text);
        }
    }

    @Property(tries = 20_000)
    void whatever_is_read_is_what_the_parser_reads(@ForAll("damaged") String text) {
        assertSame(text);
    }

    @Property(tries = 2_000)
    void timestamps_are_the_same_double(@ForAll("times") String time) {
        EventDraft draft = scan("{\"event\":\"a\",\"timestamp\":" + time + "}");

        assertThat(draft).isNotNull();
        assertThat(draft.timestamp()).isEqualTo(Double.parseDouble(time));
    }

    @Example
    void the_line_ends_at_its_break_or_with_the_body() {
        byte[] body = "{\"event\":\"a\"} \r\n{\"event\":\"b\"}".getBytes(ISO_8859_1);
        PlainEventScanner scanner = new PlainEventScanner(body, CLOCK);

        assertThat(scanner.scan(0, body.length).name()).isEqualTo("a");
        assertThat(scanner.lineEnd()).isEqualTo(15);
        assertThat(scanner.scan(16, body.length).name()).isEqualTo("b");
        assertThat(scanner.lineEnd()).isEqualTo(body.length);
    }

    private static void assertSame(String text) {
        EventDraft scanned = scan(text);
        if (scanned != null) {
            EventDraft parsed = parse(text).orElseThrow(() -> new AssertionError("refused by the parser: " + text));
            assertThat(scanned).as(text).isEqualTo(parsed);
            assertThat(scanned.jobId()).isEqualTo(parsed.jobId());
            assertThat(scanned.name()).isEqualTo(parsed.name());
            assertThat(scanned.sheetNum()).isEqualTo(parsed.sheetNum());
            assertThat(scanned.timestamp()).isEqualTo(parsed.timestamp());
        }
    }

    private static @Nullable EventDraft scan(String text) {
        byte[] body = text.getBytes(ISO_8859_1);
        PlainEventScanner scanner = new PlainEventScanner(body, CLOCK);
        EventDraft draft = scanner.scan(0, body.length);
        return draft != null && scanner.lineEnd() == body.length ? draft : null;
    }

    /** In an array no event is scanned. */
    private static Optional<EventDraft> parse(String text) {
        try {
            ParsedBody body = JSON.parseJson(("[" + text + "]").getBytes(ISO_8859_1));
            return body.drafts().size() == 1 ? Optional.of(body.drafts().get(0)) : Optional.empty();
        } catch (InvalidEventException refused) {
            return Optional.empty();
        }
    }

    /** One of the plain events with a few characters replaced, inserted, removed or doubled. */
    @Provide
    Arbitrary<String> damaged() {
        Arbitrary<Damage> damage = Combinators.combine(
                        Arbitraries.integers().between(0, 3),
                        Arbitraries.integers().between(0, 999),
                        Arbitraries.integers().between(0, ALPHABET.length() - 1),
                        Arbitraries.integers().between(1, 12))
                .as(Damage::new);
        return Combinators.combine(
                        Arbitraries.of(PLAIN), damage.list().ofMinSize(1).ofMaxSize(3))
                .as((text, damages) -> damages.stream().reduce(text, (before, each) -> each.to(before), (a, b) -> b));
    }

    @Provide
    Arbitrary<String> times() {
        return Combinators.combine(
                        Arbitraries.longs().between(0, 9_999_999_999L),
                        Arbitraries.strings().numeric().ofMaxLength(7))
                .as((seconds, fraction) -> fraction.isEmpty() ? "" + seconds : seconds + "." + fraction);
    }

    private record Damage(int kind, int permille, int letter, int length) {

        String to(String text) {
            int at = permille * text.length() / 1_000;
            int end = Math.min(text.length(), at + length);
            char c = ALPHABET.charAt(letter);
            return switch (kind) {
                case 0 -> text.substring(0, at) + c + text.substring(Math.min(text.length(), at + 1));
                case 1 -> text.substring(0, at) + c + text.substring(at);
                case 2 -> text.substring(0, at) + text.substring(end);
                default -> text.substring(0, end) + text.substring(at);
            };
        }
    }
}
