package io.observer.web.guard;

import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The origins whose pages may talk to this server besides its own. */
public final class AllowedOrigins {

    private final Set<String> origins;

    /** @param configured origins such as {@code https://dash.example} */
    public AllowedOrigins(Collection<String> configured) {
        this.origins = configured.stream()
                .map(origin -> origin.toLowerCase(Locale.ROOT))
                .collect(Collectors.toUnmodifiableSet());
    }

    boolean contains(@Nullable String origin) {
        return origin != null && origins.contains(origin.toLowerCase(Locale.ROOT));
    }

    /** Whether {@code origin} is this server under the name that the request called it. */
    static boolean isOwn(String origin, String host) {
        return origin.equalsIgnoreCase("http://" + host) || origin.equalsIgnoreCase("https://" + host);
    }
}
