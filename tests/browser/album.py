"""Showing a browser the states of ``tests.browser.states``, one after another."""

from contextlib import contextmanager

from tests.browser.watch import Watch

DESK, PHONE = 1280, 320
CHANGED_ON_THE_WAY = {"content-length", "content-encoding", "set-cookie", "hx-redirect"}


class Album:
    """All states, and a browser to look at them with."""

    def __init__(self, browser, url, states):
        self.browser, self.url, self.states = browser, url, states

    @contextmanager
    def opened(self, width=DESK, **options):
        """Yields a function that shows a state and returns the browser's page."""
        context = self.browser.new_context(viewport={"width": width, "height": 740},
                                           locale="id-ID", **options)
        watch, page = Watch(context, self.url), context.new_page()
        shown = []
        page.route("**/keadaan/*", lambda route: route.fulfill(
            status=shown[-1].status, body=shown[-1].html,
            headers={name: value for name, value in shown[-1].headers
                     if name.lower() not in CHANGED_ON_THE_WAY}))

        def show(state):
            shown.append(state)
            page.goto(f"{self.url}/keadaan/{len(shown)}")
            return page

        yield show
        context.close()
        assert watch.complaints == []
