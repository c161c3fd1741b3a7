package io.observer.receive;

import java.nio.file.Path;
import java.time.Duration;

/**
 * How a daemon is listened to.
 *
 * @param socket where it listens
 * @param silence after which it is asked whether it is well
 * @param answerWithin how long it may take to answer a question
 * @param position the file that remembers how far its events were taken
 */
public record DaemonSettings(Path socket, Duration silence, Duration answerWithin, Path position) {}
