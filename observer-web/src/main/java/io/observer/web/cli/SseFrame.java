package io.observer.web.cli;

/**
 * One frame of a stream.
 *
 * @param event its name, {@code message} if the server gave none
 * @param data its data lines, joined by line feeds
 * @param lastEventId the last id on the stream up to and with this frame, {@code ""} if there was none yet
 */
record SseFrame(String event, String data, String lastEventId) {}
