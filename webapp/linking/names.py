"""Whether two spellings of a name mean the same person. Pure.

Case, accents, punctuation, titles, word order, and whether words are written together make no
difference; any other letter does. It is asked only about people whose NIK and birth date are the
same. Bank accounts compare the words too, more tolerantly.
"""

import re
import unicodedata

# As they are written without dots and spaces. Left out: what is as likely somebody's name.
TITLES = frozenset("""
    h hj haji hajjah kh ust ustadz ustadzah prof dr dra drs drg drh ir tn ny nn sdr sdri bpk bapak
    ibu apt ns bd ag se sh st skom spd spdi ssi ssos sip sag sked skm skep sst sstp stp sp spt spsi
    sikom sds ssn sei sthi shi mm mh mt mpd mpdi msi mkom mkes mkep mkn mag msc mba mhum mikom mpsi
    phd lc llm ak ca cpa amd amdkeb amdkep amk sikep
""".split())

_APOSTROPHES = str.maketrans("", "", "'’‘`´ʼʿʾ")


def is_same_name(one, other):
    """Whether two names differ in nothing but how they are written."""
    ours, theirs = words_of(one), words_of(other)
    if not ours or not theirs:
        return False
    return sorted(ours) == sorted(theirs) or "".join(ours) == "".join(theirs)


def words_of(name):
    """The words of a name in their order, in plain lower case, without titles."""
    parts = _plain(name).split(",")
    words = [word for part in parts if _bare(part) not in TITLES for word in _words_in(part)]
    return words or _split(_plain(name))     # of a name that looks like nothing but titles


def _words_in(part):
    named = [word for word in part.split() if _bare(word) not in TITLES]
    return [word for text in named for word in _split(text) if word not in TITLES]


def _split(text):
    return re.findall(r"\w+", text)


def _plain(name):
    text = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in text
                   if not unicodedata.combining(letter)).translate(_APOSTROPHES)


def _bare(text):
    return re.sub(r"[\s.]", "", text)
