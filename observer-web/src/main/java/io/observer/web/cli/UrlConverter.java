package io.observer.web.cli;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the URL of a server, which may have a path when a proxy stands in front of it. */
final class UrlConverter implements ITypeConverter<URI> {

    private static final int MAX_PORT = 65_535;

    @Override
    public URI convert(String value) {
        URI url = parsed(value);
        String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
        boolean legal = (scheme.equals("http") || scheme.equals("https"))
                && url.getHost() != null
                && url.getPort() != 0
                && url.getPort() <= MAX_PORT
                && url.getRawUserInfo() == null
                && url.getRawQuery() == null
                && url.getRawFragment() == null;
        if (!legal) {
            throw wrong(value);
        }
        return url;
    }

    private static URI parsed(String value) {
        try {
            return new URI(value.strip());
        } catch (URISyntaxException malformed) {
            throw wrong(value);
        }
    }

    private static TypeConversionException wrong(String value) {
        return new TypeConversionException("'" + value + "' is not the URL of a server, such as http://127.0.0.1:3219");
    }
}
