package io.observer.web.cli;

import io.observer.web.Version;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} prints. */
final class VersionProvider implements IVersionProvider {

    @Override
    public String[] getVersion() {
        return new String[] {"observer " + Version.current()};
    }
}
