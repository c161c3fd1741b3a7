package io.observer.web.http;

import java.util.Comparator;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.util.InvalidMimeTypeException;
import org.springframework.web.reactive.function.server.ServerRequest;

/** Refuses what could not be answered in a form that the client takes, before anything is done. */
public final class Accepts {

    private Accepts() {}

    /** Requires that the client takes JSON. */
    public static void json(ServerRequest request) {
        require(request, MediaType.APPLICATION_JSON);
    }

    /** Requires that the client takes {@code type}; one that says nothing takes anything. */
    public static void require(ServerRequest request, MediaType type) {
        List<MediaType> accepted = of(request);
        if (!accepted.isEmpty() && !takes(accepted, type)) {
            throw Problem.of(HttpStatus.NOT_ACCEPTABLE, "this route answers " + type + "; accept that or */*");
        }
    }

    /** Whether the client names {@code type} itself. */
    public static boolean names(ServerRequest request, MediaType type) {
        return of(request).stream().anyMatch(type::equalsTypeAndSubtype);
    }

    /** What the most precise of the ranges that {@code type} lies in says of it; {@code q=0} refuses. */
    private static boolean takes(List<MediaType> ranges, MediaType type) {
        return ranges.stream()
                .filter(range -> range.includes(type))
                .max(Comparator.comparingInt(Accepts::precision).thenComparing(MediaType::getQualityValue))
                .filter(range -> range.getQualityValue() > 0)
                .isPresent();
    }

    private static int precision(MediaType range) {
        return range.isWildcardType() ? 0 : range.isWildcardSubtype() ? 1 : 2;
    }

    private static List<MediaType> of(ServerRequest request) {
        try {
            return request.headers().accept();
        } catch (InvalidMimeTypeException malformed) {
            throw Problem.of(HttpStatus.NOT_ACCEPTABLE, "the Accept header is not a list of media types");
        }
    }
}
