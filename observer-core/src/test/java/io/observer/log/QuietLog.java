package io.observer.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/** Keeps the log of this package silent in tests that break things hundreds of times. */
final class QuietLog implements BeforeEachCallback, AfterEachCallback {

    private final Logger logger = (Logger) LoggerFactory.getLogger(FileEventLog.class.getPackageName());

    @Override
    public void beforeEach(ExtensionContext test) {
        logger.setLevel(Level.OFF);
    }

    @Override
    public void afterEach(ExtensionContext test) {
        logger.setLevel(null);
    }
}
