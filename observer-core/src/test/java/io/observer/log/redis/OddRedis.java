package io.observer.log.redis;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Stands before a real Redis and answers in its place when a test has something odd to say. */
final class OddRedis implements AutoCloseable {

    /** The command is done, and instead of the answer comes the end of the connection. */
    static final String ANSWER_LOST = "answer lost";

    /** Redis does not hear of the command, and the connection ends. */
    static final String COMMAND_LOST = "command lost";

    /** Redis hears of nothing more by this connection, and nothing comes. */
    static final String SILENCE = "silence";

    /** What is said in place of an answer: RESP, or one of the above; null leaves the answer as it is. */
    @FunctionalInterface
    interface Oddity {
        @Nullable
        String instead(List<String> command);
    }

    private final int port;
    private final ServerSocket listener;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private volatile Oddity oddity = command -> null;

    OddRedis(int port) throws IOException {
        this.port = port;
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        thread(this::accept);
    }

    String url() {
        return "redis://127.0.0.1:" + listener.getLocalPort();
    }

    void says(Oddity odd) {
        oddity = odd;
    }

    /** Answers {@code resp} to a script with so many keys, as often as told; the script does not run. */
    void saysToScripts(int keys, String resp, int times) {
        int[] left = {times};
        says(command -> isScript(command, keys) && left[0]-- > 0 ? resp : null);
    }

    static boolean isScript(List<String> command, int keys) {
        return command.get(0).equals("EVALSHA") && command.get(2).equals(Integer.toString(keys));
    }

    @Override
    public void close() {
        try {
            listener.close();
            for (Socket socket : sockets) {
                socket.close();
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void accept() throws IOException {
        while (true) {
            Socket client = listener.accept();
            Socket redis = new Socket(InetAddress.getLoopbackAddress(), port);
            sockets.add(client);
            sockets.add(redis);
            thread(() -> serve(client, redis));
        }
    }

    private void serve(Socket client, Socket redis) throws IOException {
        try (client;
                redis) {
            DataInputStream commands = new DataInputStream(new BufferedInputStream(client.getInputStream()));
            DataInputStream answers = new DataInputStream(new BufferedInputStream(redis.getInputStream()));
            OutputStream back = client.getOutputStream();
            for (boolean silent = false; ; ) {
                ByteArrayOutputStream raw = new ByteArrayOutputStream();
                List<String> command = new ArrayList<>();
                copy(commands, raw, command);
                String odd = oddity.instead(command);
                silent |= SILENCE.equals(odd);
                if (silent) {
                    continue;
                }
                if (odd == null || odd.equals(ANSWER_LOST)) {
                    redis.getOutputStream().write(raw.toByteArray());
                    ByteArrayOutputStream answer = new ByteArrayOutputStream();
                    copy(answers, answer, new ArrayList<>());
                    if (odd != null) {
                        return;
                    }
                    back.write(answer.toByteArray());
                } else if (odd.equals(COMMAND_LOST)) {
                    return;
                } else {
                    back.write(odd.getBytes(StandardCharsets.UTF_8));
                }
            }
        }
    }

    /** Copies one value, and notes its strings. */
    private static void copy(DataInputStream in, ByteArrayOutputStream out, List<String> strings) throws IOException {
        String line = line(in, out);
        int size = "$=*~>%".indexOf(line.charAt(0)) < 0 ? 0 : Integer.parseInt(line.substring(1));
        switch (line.charAt(0)) {
            case '$', '=' -> {
                if (size >= 0) {
                    byte[] bytes = in.readNBytes(size + 2);
                    out.writeBytes(bytes);
                    strings.add(new String(bytes, 0, size, StandardCharsets.UTF_8));
                }
            }
            case '*', '~', '>', '%' -> {
                for (int n = 0; n < (line.charAt(0) == '%' ? 2 * size : size); n++) {
                    copy(in, out, strings);
                }
            }
            default -> {
                // The line is all there is.
            }
        }
    }

    private static String line(DataInputStream in, ByteArrayOutputStream out) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = in.readUnsignedByte(); ; b = in.readUnsignedByte()) {
            out.write(b);
            if (b == '\n') {
                return line.substring(0, line.length() - 1);
            }
            line.append((char) b);
        }
    }

    private static void thread(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (IOException closed) {
                // One side has hung up.
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private interface Work {
        void run() throws IOException;
    }
}
