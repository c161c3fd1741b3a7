package io.observer.e2e.kit;

import com.microsoft.playwright.assertions.PlaywrightAssertions;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * How long a test waits for what must come, where it does not say otherwise. Long, as a machine may be slow or do other
 * things, and as only a test that fails spends it.
 */
public final class Patience implements LauncherSessionListener {

    public static final Duration TIME = Duration.ofSeconds(60);

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        Awaitility.setDefaultTimeout(TIME);
        PlaywrightAssertions.setDefaultAssertionTimeout(TIME.toMillis());
    }
}
