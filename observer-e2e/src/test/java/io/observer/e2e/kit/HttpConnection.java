package io.observer.e2e.kit;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A plain socket to the server: writes exactly the bytes it is given and reads what comes back. */
public final class HttpConnection implements AutoCloseable {

    private final ObserverServer server;
    private final Socket socket;
    private final InputStream input;
    private volatile long lastByteSent = System.nanoTime();

    private HttpConnection(ObserverServer server, Socket socket) throws IOException {
        this.server = server;
        this.socket = socket;
        this.input = new BufferedInputStream(socket.getInputStream());
    }

    public static HttpConnection open(ObserverServer server) {
        try {
            Socket socket = new Socket();
            socket.setTcpNoDelay(true);
            socket.setSoTimeout((int) Patience.TIME.toMillis());
            socket.connect(
                    new InetSocketAddress(server.url().getHost(), server.port()), (int) Patience.TIME.toMillis());
            return new HttpConnection(server, socket);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot connect to " + server.url(), e);
        }
    }

    /** One request on a connection of its own. */
    public static HttpAnswer exchange(ObserverServer server, HttpCall call) {
        try (HttpConnection connection = open(server)) {
            return connection.send(call);
        }
    }

    /** Sends a request and reads its answer; the connection may be used again. */
    public HttpAnswer send(HttpCall call) {
        write(call);
        return read(!call.method().equals("HEAD"));
    }

    /** Sends a request and reads the head of its answer, for an answer without an end. */
    public HttpAnswer sendForHead(HttpCall call) {
        write(call);
        try {
            return readHead();
        } catch (IOException e) {
            throw new UncheckedIOException("no head came", e);
        }
    }

    /** Sends a request, and does not wait until the server has taken it. */
    public void write(HttpCall call) {
        writeText(call.head(server));
        if (call.body().length > 0) {
            writeBesides(call.body());
        }
    }

    /** Sends text as it stands, whole request or not. */
    public void writeText(String text) {
        try {
            write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * A server that refuses a body need not read it to its end, so the bytes go out on a thread of their own and it is
     * no error when they are not taken: the answer tells.
     */
    private void writeBesides(byte[] bytes) {
        Thread writer = new Thread(
                () -> {
                    try {
                        write(bytes);
                    } catch (IOException e) {
                        // The answer tells.
                    }
                },
                "body to " + server.port());
        writer.setDaemon(true);
        writer.start();
    }

    private void write(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        lastByteSent = System.nanoTime();
    }

    /** Reads one whole answer; the interim ones (1xx) before it are passed over. */
    public HttpAnswer read(boolean hasBody) {
        try {
            HttpAnswer head = readHead();
            while (head.status() < 200) {
                head = readHead();
            }
            boolean isEmpty = !hasBody || head.status() == 204 || head.status() == 304;
            byte[] body = isEmpty ? new byte[0] : bodyOf(head).readAllBytes();
            Duration took = Duration.ofNanos(Math.max(0, System.nanoTime() - lastByteSent));
            return new HttpAnswer(head.status(), head.headers(), body, took);
        } catch (IOException e) {
            throw new UncheckedIOException("no whole answer came", e);
        }
    }

    /** Reads an answer as far as the empty line after its headers. */
    HttpAnswer readHead() throws IOException {
        String statusLine = readLine();
        String[] words = statusLine.split(" ", 3);
        if (words.length < 2 || !words[0].startsWith("HTTP/1.")) {
            throw new IOException("not a status line: " + statusLine);
        }
        Map<String, List<String>> headers = new TreeMap<>();
        for (String line = readLine(); !line.isEmpty(); line = readLine()) {
            int colon = line.indexOf(':');
            if (colon < 1) {
                throw new IOException("not a header line: " + line);
            }
            headers.computeIfAbsent(line.substring(0, colon).toLowerCase(Locale.ROOT), name -> new ArrayList<>())
                    .add(line.substring(colon + 1).strip());
        }
        return new HttpAnswer(Integer.parseInt(words[1]), headers, new byte[0], Duration.ZERO);
    }

    /** The body that follows a head, up to its end and not a byte further. */
    InputStream bodyOf(HttpAnswer head) {
        if ("chunked".equalsIgnoreCase(head.header("Transfer-Encoding"))) {
            return new Chunks();
        }
        String length = head.header("Content-Length");
        return length == null ? input : new Counted(Long.parseLong(length));
    }

    private String readLine() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = readByte(); b != '\n'; b = readByte()) {
            line.write(b);
        }
        String text = line.toString(StandardCharsets.ISO_8859_1);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }

    private int readByte() throws IOException {
        int b = input.read();
        if (b < 0) {
            throw new EOFException("the server closed the connection");
        }
        return b;
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private final class Counted extends InputStream {

        private long left;

        Counted(long length) {
            left = length;
        }

        @Override
        public int read() throws IOException {
            if (left == 0) {
                return -1;
            }
            left--;
            return readByte();
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (left == 0) {
                return -1;
            }
            int n = input.read(bytes, offset, (int) Math.min(length, left));
            if (n < 0) {
                throw new EOFException("the server closed the connection");
            }
            left -= n;
            return n;
        }
    }

    /** Ends only at the last chunk: a connection cut before that is an error, not an end. */
    private final class Chunks extends InputStream {

        private long left;
        private boolean started;
        private boolean ended;

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        /** Hands over what is there instead of waiting for a full buffer: a stream has pauses. */
        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            if (!ended && left == 0) {
                nextChunk();
            }
            if (ended) {
                return -1;
            }
            int count = input.read(buffer, offset, (int) Math.min(length, left));
            if (count < 0) {
                throw new EOFException("the server closed the connection within a chunk");
            }
            left -= count;
            return count;
        }

        private void nextChunk() throws IOException {
            if (started && !readLine().isEmpty()) {
                throw new IOException("a chunk is longer than it said");
            }
            started = true;
            left = Long.parseLong(readLine().split(";", 2)[0].strip(), 16);
            if (left == 0) {
                ended = true;
                while (!readLine().isEmpty()) {
                    // Trailers say nothing here.
                }
            }
        }
    }
}
