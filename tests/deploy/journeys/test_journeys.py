"""As on one machine."""

from tests.browser.test_journeys import *  # noqa: F403
