package io.observer.event;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamContext;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;

/**
 * The tokens of one JSON text, and where they stand in its bytes. Nothing of a text outlives it: whoever sends one
 * chooses its keys, so no table of them is kept. One use, one thread.
 */
final class JsonTokens implements AutoCloseable {

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            // The size of a body bounds its tokens already; depth is counted from the event's own braces.
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNumberLength(EventJson.MAX_EVENT_BYTES)
                    .maxNameLength(EventJson.MAX_EVENT_BYTES)
                    .build())
            .build();

    private final byte[] json;
    private final boolean ascii;
    private final boolean surrogateEscapes;
    private final JsonParser parser;

    /** One place in the text, counted in both ways; places are mostly asked for in rising order. */
    private int chars;

    private int bytes;

    /** @param json in {@linkplain Utf8#fault faultless} UTF-8 */
    JsonTokens(byte[] json) {
        this.json = json;
        // Without a table of names a parser reads characters only.
        char[] text = new String(json, StandardCharsets.UTF_8).toCharArray();
        this.ascii = text.length == json.length;
        this.surrogateEscapes = Utf8.holdsSurrogateEscape(json);
        this.parser = FACTORY.createParser(ObjectReadContext.empty(), text);
    }

    JsonParser parser() {
        return parser;
    }

    /** The bytes that the text came in. */
    byte[] json() {
        return json;
    }

    /** Whether a string of the text may hold half of a surrogate pair. */
    boolean hasSurrogateEscapes() {
        return surrogateEscapes;
    }

    /** The first byte of the present token. */
    int start() {
        return byteAt(parser.currentTokenLocation().getCharOffset());
    }

    /** The byte behind the present token, which has been read to its end. */
    int end() {
        return byteAt(parser.currentLocation().getCharOffset());
    }

    /** Says where the JSON breaks without repeating it: the parser's own words would echo the input. */
    EventError errorOf(JacksonException malformed, int line) {
        if (malformed.getOriginalMessage().startsWith("Duplicate")) {
            String key = Echo.of(String.valueOf(parser.streamReadContext().currentName()));
            return new EventError(line, member(), "the key '" + key + "' appears twice in one object; keep one");
        }
        return new EventError(line, null, syntaxFaultOf(malformed));
    }

    /** The member of the outermost object in which the parser stands. */
    private @Nullable String member() {
        String member = null;
        for (TokenStreamContext context = parser.streamReadContext(); context != null; context = context.getParent()) {
            member = context.inObject() ? context.currentName() : member;
        }
        return member == null ? null : Echo.of(member);
    }

    private String syntaxFaultOf(JacksonException malformed) {
        if (malformed.getOriginalMessage().startsWith("Unexpected end-of-input")) {
            return "the JSON ends too early";
        }
        long at = malformed.getLocation() == null ? -1 : malformed.getLocation().getCharOffset();
        return at < 0 ? "is not valid JSON" : "is not valid JSON near byte " + byteAt(at);
    }

    void requireEnd() {
        if (parser.nextToken() != null) {
            throw new EventParser.Refused(null, "text follows the end of the JSON; send nothing after it");
        }
    }

    @Override
    public void close() {
        parser.close();
    }

    private int byteAt(long place) {
        if (ascii) {
            return (int) place;
        }
        if (place < chars) {
            chars = 0;
            bytes = 0;
        }
        while (chars < place && bytes < json.length) {
            int lead = json[bytes] & 0xFF;
            chars += lead < 0xF0 ? 1 : 2;
            bytes += lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
        }
        return bytes;
    }
}
