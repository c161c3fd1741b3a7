package io.observer.web.rpc;

import java.io.IOException;
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
        if (!found.isOther()) {
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

    private static boolean isServed(Path socket) {
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            return probe.connect(UnixDomainSocketAddress.of(socket));
        } catch (IOException refused) {
            return false;
        }
    }
}
