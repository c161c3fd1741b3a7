package io.observer.log.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.lettuce.core.RedisCredentials;
import io.lettuce.core.RedisURI;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The URL of a Redis")
class RedisPlaceTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "redis://one                                     | one:6379                | false | false",
                "rediss://user:secret@one:7000/2                 | one:7000                | true  | false",
                "redis-sentinel://one:26379,two:26379#main       | one:26379,two:26379     | false | false",
                "redis-cluster://one:6379,two:6379               | one:6379,two:6379       | false | true",
                "rediss-cluster://user:s%40@one:6379,two:6379    | one:6379,two:6379       | true  | true",
            })
    void names_a_server_some_sentinels_or_the_nodes_of_a_cluster(
            String url, String shown, boolean tls, boolean cluster) {
        RedisPlace place = RedisPlace.of(settings(url, null));

        assertThat(place).hasToString(shown);
        assertThat(place.cluster()).isEqualTo(cluster);
        assertThat(place.nodes()).allMatch(node -> node.isSsl() == tls);
        assertThat(settings(url, "secret").toString()).doesNotContain("secret");
    }

    @Test
    void is_given_its_password_apart() {
        RedisPlace place = RedisPlace.of(settings("redis://one", "secret"));

        assertThat(place.nodes()
                        .get(0)
                        .getCredentialsProvider()
                        .resolveCredentials()
                        .block()
                        .getPassword())
                .isEqualTo("secret".toCharArray());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "redis://observer:old@one",
                "redis://observer@one",
                "redis-sentinel://observer:old@one,two#main",
                "redis-cluster://observer:old@one,two",
            })
    void keeps_its_user_when_the_password_is_given_apart(String url) {
        for (RedisURI node : RedisPlace.of(settings(url, "secret")).nodes()) {
            RedisCredentials credentials =
                    node.getCredentialsProvider().resolveCredentials().block();
            assertThat(credentials.getUsername()).isEqualTo("observer");
            assertThat(credentials.getPassword()).isEqualTo("secret".toCharArray());
        }
    }

    @Test
    void has_no_user_before_a_colon() {
        RedisPlace place = RedisPlace.of(settings("redis://:old@one", "secret"));

        assertThat(place.nodes()
                        .get(0)
                        .getCredentialsProvider()
                        .resolveCredentials()
                        .block()
                        .hasUsername())
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "one:6379", "http://one", "redis-cluster://", "redis-sentinel://one:26379"})
    void is_refused_with_what_would_be_one(String url) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RedisPlace.of(settings(url, null)))
                .withMessageStartingWith("observer.redis.url must be such as redis://host:6379");
    }

    private static RedisLogSettings settings(String url, String password) {
        return new RedisLogSettings(url, password, null, "observer", 1_000, Duration.ofDays(7), Duration.ofSeconds(1));
    }
}
