"""Whom the desk deals with: a worker, an account, or both in one."""

from dataclasses import dataclass

from webapp.workers.name_search import LEAST_LETTERS, is_one_error_apart, name_words


@dataclass(frozen=True)
class Person:
    """Somebody at the desk.

    :param worker: the ``Worker`` that companies reported, or None.
    :param user: the ``User``, or None for somebody without an account.
    """

    worker: object
    user: object

    @property
    def public_id(self):
        """What pages about this person and the audit trail know them by."""
        return (self.user or self.worker).public_id

    @property
    def name(self):
        """As the account has it, else as the company reported it."""
        return self.user.name if self.user else self.worker.name

    @property
    def nik(self):
        """As a company reported it, else as the person gave it; None without either."""
        return self.worker.nik if self.worker else self.user.nik

    @property
    def birth_date(self):
        """The same of the birth date."""
        return self.worker.birth_date if self.worker else self.user.birth_date


def is_called(name, typed):
    """Whether each word typed is one of a name: its beginning, or with one typing error.

    :param typed: words as ``name_search.name_words`` gives them, at least one.
    """
    words = name_words(name)
    return bool(typed) and all(any(_is_like(one, word) for word in words) for one in typed)


def _is_like(typed, word):
    return word.startswith(typed) or (
        len(typed) >= LEAST_LETTERS and is_one_error_apart(typed, word))
