package io.observer.e2e.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.observer.e2e.kit.ObserverServer;
import io.observer.e2e.kit.SseHttp2Recorder;
import io.observer.e2e.kit.SseProxy;
import io.observer.e2e.kit.SsePublisher;
import io.observer.e2e.kit.SsePublisher.Published;
import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The JDK's HTTP client, which asks every server for HTTP/2. */
class JdkClientIT {

    private static final int STREAMS = 20;

    @Test
    void many_streams_share_one_connection() {
        HttpClient client = SseHttp2Recorder.client();
        try (ObserverServer server = ObserverServer.start();
                SseProxy proxy = SseProxy.before(server)) {
            SsePublisher publisher = new SsePublisher(server);
            Published past = publisher.publish("build", 0);
            List<SseHttp2Recorder> readers = new ArrayList<>();
            for (int i = 0; i < STREAMS; i++) {
                readers.add(SseHttp2Recorder.open(client, proxy.url(), "/v1/jobs/build/events/stream?last=1"));
            }
            for (SseHttp2Recorder reader : readers) {
                reader.next("hello");
                reader.expect(past.frame());
                reader.next("caught_up");
            }

            List<Published> live = publisher.publish("build", 1, 100);
            Published completed = publisher.publish("build", "job.completed", "null");

            for (SseHttp2Recorder reader : readers) {
                for (Published event : live) {
                    reader.expect(event.frame());
                }
                reader.expect(completed.frame());
                reader.next("job_finished");
                reader.expectEnd();
            }
            assertThat(proxy.connections()).isEqualTo(1);
        }
    }
}
