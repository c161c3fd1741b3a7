package io.observer.e2e.kit;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The program under test, as the property {@code observer.jar} names it: unpacked, or the one jar. The archive of its
 * classes that {@code observer.archive} names, if any, only makes it start faster.
 */
public final class Program {

    private static final String ARCHIVE = System.getProperty("observer.archive", "");

    private Program() {}

    /** What starts it, up to where its own arguments begin: {@code java … -jar …}. */
    public static List<String> java(List<String> jvmFlags) {
        List<String> command = new ArrayList<>(List.of(jvm(), "-Xshare:auto"));
        if (!ARCHIVE.isEmpty()) {
            command.add("-XX:SharedArchiveFile=" + ARCHIVE);
        }
        command.addAll(jvmFlags);
        command.addAll(List.of("-jar", jar("observer.jar").toString()));
        return command;
    }

    /** As {@link #java}, for the one jar that is handed out, whatever the other tests start. */
    static List<String> packed(List<String> jvmFlags) {
        List<String> command = new ArrayList<>(List.of(jvm()));
        command.addAll(jvmFlags);
        command.addAll(List.of("-jar", jar("observer.jar.packed").toString()));
        return command;
    }

    private static String jvm() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private static Path jar(String property) {
        Path jar = Path.of(System.getProperty(property, "../observer-web/target/observer.jar"))
                .toAbsolutePath()
                .normalize();
        if (!Files.isRegularFile(jar)) {
            throw new IllegalStateException(
                    jar + " is missing: build observer-web first, or name the jar with -D" + property + "=<path>");
        }
        return jar;
    }
}
