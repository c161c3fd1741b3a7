package io.observer.web;

import static io.observer.web.ObserverSettings.require;

import io.observer.log.redis.RedisLogSettings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the log in Redis is reached: the settings under {@code observer.redis}.
 *
 * @param password null for none, or for that of the URL
 * @param certificate null for the authorities that Java knows
 */
record RedisProperties(
        @DefaultValue("redis://127.0.0.1:6379") String url,
        @Nullable String password,
        @Nullable Path certificate,
        @DefaultValue("observer") String prefix,
        @DefaultValue("1000000") long maxEntries,
        @DefaultValue("800ms") Duration timeout) {

    private static final Duration TTL = Duration.ofDays(7);

    RedisProperties {
        require(
                prefix.matches("[A-Za-z0-9][A-Za-z0-9._:-]{0,63}"),
                "redis.prefix",
                "not one",
                "at most 64 letters, digits, '.', '_', ':' and '-', beginning with a letter or digit");
        require(maxEntries >= 100, "redis.max-entries", maxEntries, "at least 100");
        require(
                timeout.toMillis() >= 100 && timeout.toMillis() <= 900,
                "redis.timeout",
                timeout.toMillis() + "ms",
                "from 100ms to 900ms, so that a publisher is answered within two seconds");
        require(
                certificate == null || isCertificate(certificate),
                "redis.certificate",
                "no file with a certificate",
                "the path of an authority's certificate as PEM");
    }

    private static boolean isCertificate(Path file) {
        try (InputStream pem = Files.newInputStream(file)) {
            return !CertificateFactory.getInstance("X.509")
                    .generateCertificates(pem)
                    .isEmpty();
        } catch (IOException | CertificateException none) {
            return false;
        }
    }

    /** @param ttl null for this log's own, seven days */
    RedisLogSettings log(@Nullable Duration ttl) {
        return new RedisLogSettings(
                url,
                password,
                certificate,
                prefix,
                maxEntries,
                ttl == null || ttl.isZero() || ttl.isNegative() ? TTL : ttl,
                timeout);
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "RedisProperties[prefix=" + prefix + "]";
    }
}
