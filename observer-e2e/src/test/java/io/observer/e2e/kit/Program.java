package io.observer.e2e.kit;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The jar under test, which the property {@code observer.jar} names. The archive of its classes that
 * {@code observer.archive} names, if any, only makes it start faster.
 */
public final class Program {

    private static final String ARCHIVE = System.getProperty("observer.archive", "");

    private Program() {}

    /** What starts it, up to where its own arguments begin: {@code java … -jar …}. */
    public static List<String> java(List<String> jvmFlags) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        if (!ARCHIVE.isEmpty()) {
            command.add("-XX:SharedArchiveFile=" + ARCHIVE);
        }
        command.addAll(jvmFlags);
        command.addAll(List.of("-jar", jar().toString()));
        return command;
    }

    private static Path jar() {
        Path jar = Path.of(System.getProperty("observer.jar", "../observer-web/target/observer.jar"))
                .toAbsolutePath()
                .normalize();
        if (!Files.isRegularFile(jar)) {
            throw new IllegalStateException(
                    jar + " is missing: build observer-web first, or name the jar with -Dobserver.jar=<path>");
        }
        return jar;
    }
}
