"""Browsers in words."""

import pytest

from webapp.profile.browsers import in_words

WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(("name", "words"), [
    (f"Mozilla/5.0 (Linux; Android 10; K) {WEBKIT} Chrome/124.0.0.0 Mobile Safari/537.36",
     "Chrome di Android"),
    (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {WEBKIT} Chrome/124.0 Safari/537.36 Edg/124.0",
     "Edge di Windows"),
    ("Mozilla/5.0 (Windows NT 10.0; rv:125.0) Gecko/20100101 Firefox/125.0", "Firefox di Windows"),
    ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
     "Gecko) Version/17.4 Mobile/15E148 Safari/604.1", "Safari di iPhone"),
    ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
     "Gecko) CriOS/124.0 Mobile/15E148 Safari/604.1", "Chrome di iPhone"),
    (f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {WEBKIT} Version/17.4 Safari/605.1.15",
     "Safari di Mac"),
    (f"Mozilla/5.0 (Linux; Android 13; SM-A045F) {WEBKIT} SamsungBrowser/24.0 Chrome/117.0 Mobile "
     "Safari/537.36", "Samsung Internet di Android"),
    (f"Mozilla/5.0 (Linux; U; Android 9; id-ID) {WEBKIT} Version/4.0 Chrome/100.0 UCBrowser/13.4 "
     "Mobile Safari/537.36", "UC Browser di Android"),
    ("Opera/9.80 (Android; Opera Mini/36.2) Presto/2.12 Version/12.16", "Opera di Android"),
    ("curl/8.5.0", "Peramban lain"), ("", "Peramban lain"),
    ("Something (X11; Linux x86_64)", "Peramban lain di Linux"),
    ("<script>", "Peramban lain")])
def test_a_browser_is_called_as_people_know_it(name, words):
    assert in_words(name) == words
