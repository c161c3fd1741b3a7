package io.observer.web.guard;

import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The origins whose pages may talk to this server besides its own. */
public final class AllowedOrigins {

    private static final Pattern ORIGIN = Pattern.compile("https?://(\\[[^]]*]|[^/:@?#]+)(?::[0-9]{1,5})?");

    private final Set<String> origins;

    /** @param configured origins such as {@code https://dash.example} */
    public AllowedOrigins(Collection<String> configured) {
        this.origins = configured.stream()
                .map(origin -> origin.toLowerCase(Locale.ROOT))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Whether {@code text} is an origin: scheme, host and, if it is not the scheme's own, port. */
    public static boolean isOrigin(String text) {
        Matcher origin = ORIGIN.matcher(text);
        return origin.matches() && AllowedNames.isName(origin.group(1));
    }

    boolean contains(@Nullable String origin) {
        return origin != null && origins.contains(origin.toLowerCase(Locale.ROOT));
    }

    /** Whether {@code origin} is this server under the name that the request called it. */
    static boolean isOwn(String origin, String host) {
        return origin.equalsIgnoreCase("http://" + host) || origin.equalsIgnoreCase("https://" + host);
    }
}
