package io.observer.e2e.kit;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType.LaunchOptions;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.Route.FulfillOptions;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A Chromium of the machine, headless, with a profile of its own that is empty at first. */
public final class BrowserSession implements AutoCloseable {

    private static final List<String> FLAGS = List.of(
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync");

    private final Playwright playwright;
    private final Browser browser;
    private final BrowserContext window;

    private BrowserSession(Playwright playwright, Browser browser) {
        this.playwright = playwright;
        this.browser = browser;
        this.window = browser.newContext();
    }

    /** A machine without a browser skips the test, continuous integration fails it. */
    public static BrowserSession open() {
        Path chromium = SseClients.need(
                System.getenv().getOrDefault("CHROMIUM", ""),
                "/usr/bin/chromium",
                "chromium",
                "chromium-browser",
                "google-chrome");
        Playwright playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        Browser browser = playwright
                .chromium()
                .launch(new LaunchOptions()
                        .setExecutablePath(chromium)
                        .setHeadless(true)
                        .setArgs(FLAGS));
        return new BrowserSession(playwright, browser);
    }

    /** A new tab of the one window that tests share which leave nothing behind in it; it has the files of the pages already. */
    public Page tab() {
        return window.newPage();
    }

    /** A new page in a window of its own, which can have more tabs, not yet anywhere. */
    public Page page() {
        return browser.newContext().newPage();
    }

    /** As {@link #page()}, for a reader in a time zone, such as {@code Asia/Tokyo}. */
    public Page pageIn(String zone) {
        return browser.newContext(new NewContextOptions().setTimezoneId(zone)).newPage();
    }

    /** An empty page that belongs to the server without having come from it, so that a test's own script may run. */
    public Page emptyPageOf(URI server) {
        Page page = page();
        String address = server + "/empty-page-of-the-test";
        page.route(
                address,
                route -> route.fulfill(new FulfillOptions()
                        .setContentType("text/html")
                        .setBody("<!doctype html><title>empty</title>")));
        page.navigate(address);
        page.unroute(address);
        return page;
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }
}
