package io.observer.e2e.run;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A connection to a server's RPC socket: lines there and lines back. */
public final class RpcClient implements AutoCloseable {

    private final SocketChannel channel;
    private final BufferedReader lines;

    private RpcClient(Path socket) throws IOException {
        channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        channel.connect(UnixDomainSocketAddress.of(socket));
        lines = new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8));
    }

    public static RpcClient at(Path socket) {
        try {
            return new RpcClient(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A connection that has asked for the events to come. */
    public static RpcClient subscribed(Path socket) {
        return at(socket).say("{\"jsonrpc\":\"2.0\",\"method\":\"daemon.monitor.stream\",\"params\":null,\"id\":1}\n");
    }

    /** Sends text as it is. */
    RpcClient say(String text) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until something of the next line is there, and leaves it there. */
    void awaitWord() {
        try {
            lines.mark(1);
            lines.read();
            lines.reset();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The next line, or null at the end. */
    public String hear() {
        try {
            return lines.readLine();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The next line as JSON. */
    JsonNode hearJson() {
        return JsonMapper.shared().readTree(hear());
    }

    /** Sends a line and answers with the next one that comes. */
    String ask(String request) {
        return say(request + "\n").hear();
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
