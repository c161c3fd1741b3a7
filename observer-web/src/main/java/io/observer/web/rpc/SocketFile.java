package io.observer.web.rpc;

import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;

/** The place of a socket in a directory. */
final class SocketFile {

    private static final String MODE = "rw-rw----";

    /** The bits of a mode that tell what a file is, and what they are of a socket. */
    private static final int TYPE = 0170000;

    private static final int SOCKET = 0140000;

    private SocketFile() {}

    /**
     * Makes the place free: the directory is made if it is missing, and what a server left behind that is no more is
     * removed.
     *
     * @throws IOException if something else is there, with what and what to do
     */
    static void prepare(Path socket) throws IOException {
        Path parent = socket.toAbsolutePath().getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        if (!Files.exists(socket, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        BasicFileAttributes found = Files.readAttributes(socket, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (found.isSymbolicLink()) {
            throw new IOException("a symbolic link is there, which is not followed");
        }
        if (!isSocket(socket)) {
            throw new IOException("a file is there that is no socket");
        }
        if (!Files.getOwner(socket, LinkOption.NOFOLLOW_LINKS).equals(self(socket))) {
            throw new IOException("a socket of another user is there");
        }
        if (isServed(socket)) {
            throw new IOException("another program listens there");
        }
        Files.delete(socket);
    }

    /** Lets nobody but the user and the group connect. */
    static void protect(Path socket) throws IOException {
        Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString(MODE));
    }

    /** Who this process is: the owner of what it makes. */
    private static UserPrincipal self(Path socket) throws IOException {
        Path probe = Files.createTempFile(socket.toAbsolutePath().getParent(), ".observer", null);
        try {
            return Files.getOwner(probe);
        } finally {
            Files.delete(probe);
        }
    }

    private static boolean isSocket(Path path) throws IOException {
        int mode = (int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
        return (mode & TYPE) == SOCKET;
    }

    /** Only a refusal says that nobody does: who may not connect, or lacks a descriptor for it, knows nothing. */
    private static boolean isServed(Path socket) throws IOException {
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            // Whose queue is full would make a blocking one wait.
            probe.configureBlocking(false);
            probe.connect(UnixDomainSocketAddress.of(socket));
            return true;
        } catch (ConnectException refused) {
            return false;
        } catch (IOException unknown) {
            throw new IOException("whether somebody listens there cannot be told: " + unknown.getMessage(), unknown);
        }
    }
}
