"""As on one machine."""

from tests.browser.test_papers import *  # noqa: F403
