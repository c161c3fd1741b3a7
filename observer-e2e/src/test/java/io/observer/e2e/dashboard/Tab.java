package io.observer.e2e.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.WaitUntilState;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;

/** A tab with a page of the dashboard. Closing it fails the test when a script failed in it or broke its policy. */
final class Tab implements AutoCloseable {

    /** What Chromium says when a server is away, which some tests want. */
    private static final Pattern AWAY = Pattern.compile("Failed to load resource.*");

    private final Page page;
    private final List<String> complaints = new CopyOnWriteArrayList<>();

    private Tab(Page page) {
        this.page = page;
        page.onPageError(complaints::add);
        page.onConsoleMessage(message -> {
            boolean bad = List.of("error", "warning").contains(message.type());
            if (bad && !AWAY.matcher(message.text()).matches()) {
                complaints.add(message.text() + ", " + message.location());
            }
        });
        page.addInitScript("""
                window.violations = [];
                document.addEventListener('securitypolicyviolation',
                    e => violations.push(e.violatedDirective + ' ' + e.blockedURI));""");
    }

    /** @param page not yet anywhere */
    static Tab in(Page page) {
        return new Tab(page);
    }

    /** Another tab of the same browser window. */
    Tab beside() {
        return new Tab(page.context().newPage());
    }

    Tab open(URI server, String path) {
        page.navigate(server.resolve(path).toString(), new Page.NavigateOptions().setWaitUntil(WaitUntilState.COMMIT));
        return this;
    }

    Page page() {
        return page;
    }

    Locator find(String selector) {
        return page.locator(selector);
    }

    /** The row of the job in the overview. */
    Locator job(String name) {
        return page.locator(".joblist tbody tr")
                .filter(new Locator.FilterOptions().setHas(page.locator("a:text-is('" + name + "')")));
    }

    /** Rows of the timeline that are on the page now, which need not be in sight. */
    Locator rows() {
        return page.locator(".row:not([hidden])");
    }

    /** A row of the timeline by its text. */
    Locator row(String text) {
        return rows().filter(new Locator.FilterOptions().setHasText(text));
    }

    Locator filter(String label) {
        return page.getByRole(AriaRole.SEARCHBOX, new Page.GetByRoleOptions().setName(label));
    }

    Locator button(String name) {
        return page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name));
    }

    void press(String key) {
        page.keyboard().press(key);
    }

    /** The phase that the head of the page tells. */
    Locator phase() {
        return page.locator(".liveness strong");
    }

    @Override
    public void close() {
        assertThat((List<?>) page.evaluate("window.violations ?? []")).isEmpty();
        page.close();
        assertThat(complaints).isEmpty();
    }
}
