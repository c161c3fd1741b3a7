package io.observer.stream;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A source that goes away")
class SourceNoticeTest {

    private final VirtualObserver observer = VirtualObserver.create();

    @Test
    void is_told_on_every_stream_and_so_is_its_return() {
        PolledReader all = PolledReader.eager(observer.bridge, StreamRequest.global());
        PolledReader one = PolledReader.eager(observer.bridge, StreamRequest.ofJob(TestObserver.BUILD));

        observer.bridge.sourceDisconnected("daemon", 4);
        observer.publish(TestObserver.BUILD, "job.started");
        observer.bridge.sourceConnected("daemon");

        all.assertSaid("""
                hello 0
                source_disconnected daemon retry=4
                event 1 build-7 job.started
                source_connected daemon
                """);
        one.assertSaid("""
                hello 0
                source_disconnected daemon retry=4
                event 1 build-7 job.started
                source_connected daemon
                """);
    }

    @Test
    void is_told_once_however_often_it_is_tried() {
        PolledReader reader = PolledReader.eager(observer.bridge, StreamRequest.global());

        observer.bridge.sourceDisconnected("daemon", 1);
        observer.bridge.sourceDisconnected("daemon", 2);
        observer.bridge.sourceDisconnected("daemon", 4);

        reader.assertSaid("""
                hello 0
                source_disconnected daemon retry=1
                """);
    }

    @Test
    void is_told_to_those_who_come_while_it_is_away() {
        observer.bridge.sourceDisconnected("daemon", 1);
        observer.bridge.sourceDisconnected("daemon", 2);

        PolledReader.eager(observer.bridge, StreamRequest.global()).assertSaid("""
                hello 0
                source_disconnected daemon retry=2
                """);

        observer.bridge.sourceConnected("daemon");
        PolledReader.eager(observer.bridge, StreamRequest.global()).assertSaid("hello 0\n");
    }

    @Test
    void is_told_to_a_reader_that_was_away_only_as_it_stands_now() {
        PolledReader reader = PolledReader.byHand(observer.bridge, StreamRequest.global());
        for (int i = 0; i < 1_000; i++) {
            observer.bridge.sourceDisconnected("daemon", 1);
            observer.bridge.sourceConnected("daemon");
        }

        reader.poll();

        reader.assertSaid("""
                hello 0
                source_connected daemon
                """);
    }

    @Test
    void is_back_after_what_it_told_meanwhile() {
        PolledReader slow = PolledReader.byHand(observer.bridge, StreamRequest.global());
        PolledReader other = PolledReader.byHand(observer.bridge, StreamRequest.ofJob("other"));
        observer.bridge.sourceDisconnected("daemon", 1);
        slow.poll();
        other.poll();

        observer.publish(TestObserver.BUILD, "job.started");
        observer.publish(TestObserver.BUILD, "log.line");
        observer.bridge.sourceConnected("daemon");
        observer.publish(TestObserver.BUILD, "job.completed");
        slow.poll();
        other.poll();

        slow.assertSaid("""
                hello 0
                source_disconnected daemon retry=1
                event 1 build-7 job.started
                event 2 build-7 log.line
                source_connected daemon
                event 3 build-7 job.completed
                """);
        other.assertSaid("""
                hello 0
                source_disconnected daemon retry=1
                source_connected daemon
                """);
    }

    @Test
    void is_no_news_if_it_was_never_away() {
        PolledReader reader = PolledReader.eager(observer.bridge, StreamRequest.global());

        observer.bridge.sourceConnected("daemon");

        reader.assertSaid("hello 0\n");
    }
}
