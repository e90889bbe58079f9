"""Finding names by any word, a word's beginning, or with one typing error.

Every word of a name is kept once, with its deletions (the word with one letter left out). Two
words one insertion, deletion, substitution or swap of neighbours apart share a deletion or are a
deletion of one another, so a few exact look-ups find the candidates however many names there are.
"""

import unicodedata

from webapp.models.workers import NameDeletion, NameWord

MOST_WORDS = 6          # of a name or a term: more add nothing
LONGEST_WORD = 40
LEAST_LETTERS = 3       # shorter words are initials: one error leaves too little of them
MOST_SPELLINGS = 300    # words that one typed word may stand for


def name_words(text):
    """The distinct words of a name in plain lower case, accents and punctuation taken off."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(letter if letter.isalnum() else " " for letter in plain
                   if not unicodedata.combining(letter) and letter not in "'’`")
    words = dict.fromkeys(word[:LONGEST_WORD] for word in kept.split())
    return list(words)[:MOST_WORDS]


def deletions(word):
    """The word with each one of its letters left out."""
    return {word[:at] + word[at + 1:] for at in range(len(word))}


def is_one_error_apart(one, other):
    """Whether two words differ by one insertion, deletion, substitution or swap at most."""
    if one == other:
        return True
    if len(one) > len(other):
        one, other = other, one
    if len(other) - len(one) > 1:
        return False
    start = 0
    while start < len(one) and one[start] == other[start]:
        start += 1
    if len(one) < len(other):
        return one[start:] == other[start + 1:]
    return (one[start + 1:] == other[start + 1:]
            or (one[start + 2:] == other[start + 2:]
                and one[start:start + 2] == other[start:start + 2][::-1]))


def words_beginning(word):
    """Ids of the kept words that begin with a typed one (itself included)."""
    return (NameWord.select(NameWord.id)
            .where(NameWord.text >= word, NameWord.text <= word + "z" * LONGEST_WORD))


def words_like(word):
    """Ids of the kept words one typing error away from a typed one, itself included."""
    near = deletions(word)
    meeting = list(near | {word})
    direct = NameWord.select(NameWord.id, NameWord.text).where(NameWord.text << meeting)
    shared = (NameWord.select(NameWord.id, NameWord.text).join(NameDeletion)
              .where(NameDeletion.text << meeting))
    return [number for number, text in direct.union(shared).tuples()
            if is_one_error_apart(word, text)][:MOST_SPELLINGS]
