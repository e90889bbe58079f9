"""As on one machine."""

from tests.browser.test_session_warning import *  # noqa: F403
