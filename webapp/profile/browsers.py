"""A browser's name for itself, in words a person knows. Pure.

Only the few that people here use; a name that says nothing else is "Peramban lain". Anybody can
send any name: it tells sessions apart for their owner and decides nothing.
"""

OTHER = "Peramban lain"
# The first that occurs counts: most claim to be Chrome and Safari besides what they are.
BROWSERS = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("Opera", "Opera"), ("SamsungBrowser/", "Samsung Internet"),
    ("UCBrowser/", "UC Browser"), ("MiuiBrowser/", "Mi Browser"), ("YaBrowser/", "Yandex"),
    ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"), ("CriOS/", "Chrome"), ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
    ("Macintosh", "Mac"), ("CrOS", "Chromebook"), ("Linux", "Linux"),
)


def in_words(name):
    """A browser and its system, as "Chrome di Android".

    :param name: the User-Agent header, any text.
    """
    browser, system = _first(BROWSERS, name) or OTHER, _first(SYSTEMS, name)
    return f"{browser} di {system}" if system else browser


def _first(table, name):
    return next((word for sign, word in table if sign in name), None)
