package io.observer.web.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.Help.Ansi;

/**
 * Standard input, output and error of a command. Output is UTF-8 whatever the locale, since events are, and a write
 * that fails is an {@link OutputClosed} instead of the silence of {@code System.out}.
 */
final class Console {

    private final InputStream in;
    private final OutputStream rawOut;
    private final OutputStream rawErr;
    private final OutputStream out;
    private final PrintWriter err;
    private final boolean colour;

    Console(InputStream in, OutputStream out, OutputStream err, boolean colour) {
        this.in = in;
        this.rawOut = out;
        this.rawErr = err;
        this.out = new BufferedOutputStream(out, 1 << 16);
        this.err = new PrintWriter(new OutputStreamWriter(err, StandardCharsets.UTF_8), true);
        this.colour = colour;
    }

    /** The process's own; coloured when standard output is a terminal and {@code NO_COLOR} is not set. */
    static Console system() {
        return new Console(
                new FileInputStream(FileDescriptor.in),
                new FileOutputStream(FileDescriptor.out),
                new FileOutputStream(FileDescriptor.err),
                Ansi.AUTO.enabled());
    }

    InputStream in() {
        return in;
    }

    /** Standard output as it is: each write goes out at once. */
    OutputStream rawOut() {
        return rawOut;
    }

    /** Standard error as it is. */
    OutputStream rawErr() {
        return rawErr;
    }

    boolean colour() {
        return colour;
    }

    /** Writes one line to standard output, which may wait in a buffer until {@link #flush}. */
    void print(String line) {
        try {
            out.write(line.getBytes(StandardCharsets.UTF_8));
            out.write('\n');
        } catch (IOException closed) {
            throw new OutputClosed(closed);
        }
    }

    void flush() {
        try {
            out.flush();
        } catch (IOException closed) {
            throw new OutputClosed(closed);
        }
    }

    /** Says a sentence on standard error. */
    void note(String sentence) {
        say("observer: " + Printable.escape(sentence));
    }

    /** Writes a line of the command's own making to standard error. */
    void say(String line) {
        err.println(line);
    }

    PrintWriter outWriter() {
        return new PrintWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8), true);
    }

    PrintWriter errWriter() {
        return err;
    }
}
