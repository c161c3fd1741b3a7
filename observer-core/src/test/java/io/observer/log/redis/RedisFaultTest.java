package io.observer.log.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisConnectionException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("What Redis answers when it does not do as asked")
class RedisFaultTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "OOM command not allowed when used memory > 'maxmemory'.       | REFUSES | is out of memory",
                "MISCONF Redis is configured to save RDB snapshots, but         | REFUSES | cannot save its data",
                "NOREPLICAS Not enough good replicas to write.                  | REFUSES | too few of its replicas",
                "WRONGTYPE Operation against a key holding the wrong kind       | REFUSES | observer.redis.prefix",
                "ERR value is not an integer or out of range script: 5          | REFUSES | observer.redis.prefix",
                "NOPERM this user has no permissions to run the 'eval' command  | REFUSES | docs/redis.md",
                "ERR The user executing the script can't run this command or   | REFUSES | docs/redis.md",
                "ERR unknown command 'XREAD', with args beginning with:         | REFUSES | must be 6.2 or later",
                "ERR of a kind that nobody has seen yet                         | REFUSES | answers 'ERR of a kind",
                "READONLY You can't write against a read only replica.          | LOST    | is a replica",
                "UNBLOCKED force unblock from blocking operation                | LOST    | has become a replica",
                "LOADING Redis is loading the dataset in memory                 | LOST    | is still loading",
                "NOAUTH Authentication required.                                | LOST    | asks for a password",
                "WRONGPASS invalid username-password pair or user is disabled.  | LOST    | refuses the password",
                "MOVED 1234 10.0.0.1:6379                                       | LOST    | redis-cluster://",
                "TRYAGAIN Multiple keys request during rehashing of slot        | LOST    | giving the log away",
                "CLUSTERDOWN Hash slot not served                               | LOST    | cluster that is down",
                "MASTERDOWN Link with MASTER is down                            | LOST    | whose master is down",
                "BUSY Redis is busy running a script.                           | LOST    | busy with a script",
                "EPOCH is none                                                  | LOST    | begun the log anew",
            })
    void has_an_effect_and_a_sentence(String answer, RedisFault.Effect effect, String sentence) {
        RedisFault fault = RedisFault.of(new RedisCommandExecutionException(answer));

        assertThat(fault.effect()).isEqualTo(effect);
        assertThat(fault.sentence()).contains(sentence);
    }

    @Test
    void is_looked_for_below_what_the_client_wraps_it_in() {
        assertThat(RedisFault.of(new RedisConnectionException(
                                "cannot connect",
                                new RedisCommandExecutionException("NOAUTH Authentication required.")))
                        .sentence())
                .isEqualTo("asks for a password; set observer.redis.password");
        assertThat(RedisFault.of(new RedisConnectionException("cannot connect", new UnknownHostException("nowhere")))
                        .sentence())
                .contains("host name that nobody knows");
        assertThat(RedisFault.of(new RedisConnectionException("cannot connect", new ConnectException("refused")))
                        .sentence())
                .isEqualTo("cannot be reached");
        assertThat(RedisFault.of(new TimeoutException()).sentence()).isEqualTo("does not answer");
    }

    @Test
    void is_told_without_line_breaks_and_at_no_length() {
        String sentence = RedisFault.of(new RedisCommandExecutionException("ERR \r\n" + "x".repeat(500)))
                .sentence();

        assertThat(sentence).hasSizeLessThan(120).doesNotContain("\n");
    }
}
