"""How far the name of an account's holder is from a person's. Pure.

Case, accents, punctuation, titles, word order, and whether words are written together make no
difference (rules §2); every letter that is missing, added, changed or swapped with its neighbour
counts one.
"""

from functools import cache

from webapp.linking.names import words_of

DESCENT = frozenset(("bin", "binti", "bt", "bte"))     # some banks write them, KTP do not
MOST_WORDS = 8      # tried in every order: a longer name is compared in its own, and sorted


def distance(person_name, holder_name):
    """How many letters the two differ by, in the spelling that brings them closest."""
    ours, theirs = _words(person_name), _words(holder_name)
    return min(_letters_apart("".join(ours), "".join(theirs)),
               _letters_apart("".join(sorted(ours)), "".join(sorted(theirs))),
               _words_apart(ours, theirs))


def _words(name):
    words = words_of(name)
    return tuple(word for word in words if word not in DESCENT) or tuple(words)


def _words_apart(ours, theirs):
    """The same where each word meets the one it is most like; a word too many counts whole."""
    if max(len(ours), len(theirs)) > MOST_WORDS:
        return sum(map(len, (*ours, *theirs)))

    apart = [[_letters_apart(word, other) for other in theirs] for word in ours]

    @cache
    def fewest(place, left):
        if place == len(ours):
            return sum(len(theirs[other]) for other in left)
        alone = len(ours[place]) + fewest(place + 1, left)
        return min([alone, *(apart[place][other] + fewest(place + 1, left - {other})
                             for other in left)])

    return fewest(0, frozenset(range(len(theirs))))


def _letters_apart(one, other):
    """Letters left out, added, changed, or swapped with their neighbour."""
    before, row = [], list(range(len(other) + 1))
    for down, letter in enumerate(one, 1):
        older, before, row = before, row, [down]
        for across, facing in enumerate(other, 1):
            fewest = min(before[across] + 1, row[-1] + 1, before[across - 1] + (letter != facing))
            if (down > 1 and across > 1 and letter == other[across - 2]
                    and one[down - 2] == facing):
                fewest = min(fewest, older[across - 2] + 1)
            row.append(fewest)
    return row[-1]
