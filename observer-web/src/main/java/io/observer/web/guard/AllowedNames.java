package io.observer.web.guard;

import java.util.Collection;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The host names that this server answers to: loopback's and those that were configured. Ports do not matter. */
public final class AllowedNames {

    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}]");

    private static final Pattern ADDRESS = Pattern.compile("[0-9]{1,3}(?:\\.[0-9]{1,3}){3}|\\[.*]");

    private final Set<String> names = new HashSet<>(LOOPBACK);
    private final boolean anyAddress;

    /**
     * @param configured names besides those of loopback, without a port
     * @param anyAddress whether an address is as good as a name: no foreign page can take one for its own, since it is no
     *     name that its owner could have point here
     */
    public AllowedNames(Collection<String> configured, boolean anyAddress) {
        configured.forEach(name -> names.add(name.toLowerCase(Locale.ROOT)));
        this.anyAddress = anyAddress;
    }

    /** Whether {@code text} can be the name in a {@code Host}. */
    public static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }

    /** Whether {@code host}, with or without a port, names this server. */
    public boolean allows(String host) {
        String name = nameOf(host);
        return name != null && contains(name);
    }

    boolean contains(String name) {
        return names.contains(name) || (anyAddress && ADDRESS.matcher(name).matches());
    }

    /** The name in {@code host[:port]} in lower case, or null if that is not its form. */
    static @Nullable String nameOf(String host) {
        int end = host.startsWith("[") ? host.indexOf(']') + 1 : host.indexOf(':');
        if (end == 0 && host.startsWith("[")) {
            return null;
        }
        String name = end < 0 ? host : host.substring(0, end);
        String rest = end < 0 ? "" : host.substring(end);
        return rest.isEmpty() || rest.matches(":[0-9]{1,5}") ? name.toLowerCase(Locale.ROOT) : null;
    }
}
