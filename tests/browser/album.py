"""Showing a browser the states of ``tests.browser.states``, one after another."""

from contextlib import contextmanager
from http import HTTPStatus

from tests.browser.watch import Watch

DESK, PHONE = 1280, 320
CHANGED_ON_THE_WAY = {"content-length", "content-encoding", "set-cookie", "hx-redirect"}


class Gallery:
    """Serves what was answered before, beside the application. (Were the browser's requests
    intercepted instead, it would keep no stylesheet either.)"""

    def __init__(self):
        self._states = []

    def add(self, state):
        """Hang a state up; where it is then."""
        self._states.append(state)
        return f"/keadaan/{len(self._states) - 1}"

    def in_front_of(self, application):
        """A WSGI application that shows what hangs here, and passes on everything else."""
        def answer(environ, start_response):
            kind, _, number = environ["PATH_INFO"].strip("/").partition("/")
            if kind != "keadaan":
                return application(environ, start_response)
            state = self._states[int(number)]
            start_response(f"{state.status} {HTTPStatus(state.status).phrase}", [
                (name, value) for name, value in state.headers
                if name.lower() not in CHANGED_ON_THE_WAY])
            return [state.html.encode()]
        return answer


class Album:
    """All states, and a browser to look at them with."""

    def __init__(self, browser, url, gallery, states):
        self.browser, self.url, self.gallery, self.states = browser, url, gallery, states

    @contextmanager
    def opened(self, width=DESK, script="", **options):
        """Yields a function that shows a state and returns the browser's page.

        :param script: runs in each page before any other.
        """
        context = self.browser.new_context(viewport={"width": width, "height": 740},
                                           locale="id-ID", **options)
        context.add_init_script(script)
        watch, page = Watch(context, self.url), context.new_page()

        def show(state):
            page.goto(f"{self.url}{self.gallery.add(state)}")
            return page

        yield show
        context.close()
        assert watch.complaints == []
