package io.observer.log.redis;

import io.lettuce.core.RedisCredentials;
import io.lettuce.core.RedisURI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Where Redis is.
 *
 * @param nodes any of a cluster's nodes, or the one place there is
 * @param cluster whether the node that has the log's keys must be looked up
 */
record RedisPlace(List<RedisURI> nodes, boolean cluster) {

    /** Far beyond what is waited for, so that only the log's own waiting counts. */
    private static final Duration UNUSED = Duration.ofSeconds(10);

    /** @throws IllegalArgumentException if the URL is none; the message says what would be one */
    static RedisPlace of(RedisLogSettings settings) {
        String url = settings.url();
        String scheme = url.substring(0, Math.max(0, url.indexOf(':'))).toLowerCase(Locale.ROOT);
        try {
            boolean cluster = scheme.endsWith("-cluster");
            List<RedisURI> nodes = cluster
                    ? nodesOf(url.substring(scheme.length()), scheme.substring(0, scheme.length() - 8))
                    : List.of(RedisURI.create(url));
            nodes.forEach(node -> node.setTimeout(UNUSED));
            String password = settings.password();
            if (password != null) {
                nodes.forEach(node -> setPassword(node, url, password));
            }
            return new RedisPlace(nodes, cluster);
        } catch (IllegalArgumentException | IndexOutOfBoundsException refused) {
            throw new IllegalArgumentException(
                    "observer.redis.url must be such as redis://host:6379, rediss://host:6379/0,"
                            + " redis-sentinel://host1:26379,host2:26379#name or redis-cluster://host1:6379,host2:6379",
                    refused);
        }
    }

    /** @param rest {@code ://user:password@host:port,host:port} */
    private static List<RedisURI> nodesOf(String rest, String scheme) {
        int at = rest.lastIndexOf('@');
        String user = at < 0 ? "" : rest.substring(3, at + 1);
        String[] hosts = rest.substring(at < 0 ? 3 : at + 1).split("[,/]");
        return Stream.of(hosts)
                .map(host -> RedisURI.create(scheme + "://" + user + host))
                .toList();
    }

    /** The user of the URL stays; one that stands alone before its {@code @} is no password then. */
    private static void setPassword(RedisURI node, String url, String password) {
        // Those of a URL are there at once.
        RedisCredentials given =
                node.getCredentialsProvider().resolveCredentials().toFuture().getNow(null);
        char[] alone = given == null || url.contains("://:") ? null : given.getPassword();
        String user = given != null && given.hasUsername() ? given.getUsername() : null;
        if (user == null && alone != null) {
            user = new String(alone);
        }
        if (user == null) {
            node.setAuthentication(password.toCharArray());
        } else {
            node.setAuthentication(user, password.toCharArray());
        }
    }

    /** For messages: hosts and ports, nothing secret. */
    @Override
    public String toString() {
        return String.join(
                ",",
                nodes.stream()
                        .flatMap(node -> node.getSentinels().isEmpty() ? Stream.of(node) : node.getSentinels().stream())
                        .map(node ->
                                node.getSocket() != null ? node.getSocket() : node.getHost() + ":" + node.getPort())
                        .toList());
    }
}
