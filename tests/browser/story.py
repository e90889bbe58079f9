"""A document's steps, walked one after the other by the same people on one database.

Each step is a test of its own name. A test walks what comes before it too, unless that was walked
already: all of them together are one walk, and any of them can be run alone.
"""

import copy
from contextlib import ExitStack
from types import SimpleNamespace

import pytest

from tests.browser.conftest import people_at
from tests.conftest import POSTGRESQL, fresh_database
from tests.page import DEVICE


class Story:
    """The steps of a document, in its order and under its words."""

    def __init__(self):
        self._acts, self._done, self._broken = {}, 0, ""

    def step(self, words):
        """Make a function of a ``Stage`` the next step.

        :param words: the document's own, shortened.
        """
        def add(act):
            assert words not in self._acts, words
            self._acts[words] = act
            return act
        return add

    @property
    def steps(self):
        """The words of all steps."""
        return list(self._acts)

    def reach(self, words, stage):
        """Walk to the end of a step."""
        last = self.steps.index(words)
        for place, (name, act) in enumerate(self._acts.items()):
            if self._done <= place <= last:
                if self._broken:
                    pytest.fail(f"the walk ended at: {self._broken}")
                self._broken = name
                act(stage)
                self._broken, self._done = "", place + 1


class Stage:
    """Who takes part in a story: everybody is signed in at their own browser, but for visitors."""

    def __init__(self, application, cast, url, open_page, folder):
        self.application, self.cast, self.url, self.folder = application, cast, url, folder
        self.open_page, self.javascript = open_page, not POSTGRESQL
        self._people = {}
        self.kept = SimpleNamespace()     # what one step leaves for another

    def visitor(self, device=DEVICE):
        """Somebody who is not signed in, on a phone."""
        return self.open_page(javascript=self.javascript, device=device)

    def __getattr__(self, name):
        """The person of the cast with this name: a worker on a phone, the others at a desk."""
        if name not in self._people:
            user = getattr(self.cast, name)
            width = 360 if user.is_worker else 1280
            person = self.open_page(javascript=self.javascript, width=width)
            self._people[name] = person.is_signed_in_as(user)
        return self._people[name]

    def forget(self, name):
        """This person opens a new browser next time."""
        self._people.pop(name, None)


def stage_for(application, databases, served, browser, folder):
    """A ``Stage`` on a fresh database, for a module's fixture; ends with its generator."""
    with ExitStack() as ends:
        patch = ends.enter_context(pytest.MonkeyPatch.context())
        patch.setitem(application.config, "BASE_URL", served)
        ends.enter_context(fresh_database(application, databases, folder, anew=False))
        open_page = ends.enter_context(people_at(browser, served))
        cast = copy.deepcopy(application.extensions["cast"])
        yield Stage(application, cast, served, open_page, folder)
