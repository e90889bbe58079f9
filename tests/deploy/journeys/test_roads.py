"""As on one machine."""

from tests.browser.test_roads import *  # noqa: F403
