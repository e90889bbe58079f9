"""As on one machine."""

from tests.browser.test_claims import *  # noqa: F403
