"""Questions about a company's workers."""

from itertools import islice

from peewee import fn

from webapp.models.workers import (
    ACTIVE,
    ENDED,
    NEW,
    NEW_FOR,
    Membership,
    MembershipWord,
    Worker,
)
from webapp.workers.name_search import name_words, words_beginning, words_like

PAGE = 25
LONGEST_KPJ, NIK_DIGITS, LEAST_KPJ_DIGITS = 16, 16, 3


def memberships_of(company):
    """Every membership of a company, with its worker."""
    return (Membership.select(Membership, Worker).join(Worker)
            .where(Membership.company == company))


def memberships_with_status(company, status, today):
    """Those that the list shows under Aktif, Baru or Nonaktif."""
    memberships = memberships_of(company)
    if status == NEW:
        return memberships.where(Membership.status == ACTIVE,
                                 Membership.started_on > today - NEW_FOR)
    return memberships.where(Membership.status == status)


def count_by_status(company, today):
    """How many are active, new (among the active) and ended."""
    counts = dict(Membership.select(Membership.status, fn.COUNT(Membership.id))
                  .where(Membership.company == company).group_by(Membership.status).tuples())
    new = (Membership.select(fn.COUNT(Membership.id))
           .where(Membership.company == company, Membership.status == ACTIVE,
                  Membership.started_on > today - NEW_FOR).scalar())
    return {ACTIVE: counts.get(ACTIVE, 0), NEW: new, ENDED: counts.get(ENDED, 0)}


def page_after(memberships, mark):
    """One page by key, in order of name: (rows, whether more follow).

    :param mark: (name key, id) of the last row before, or None for the first page.
    """
    if mark:
        name_key, number = mark
        memberships = memberships.where(
            (Membership.name_key > name_key)
            | ((Membership.name_key == name_key) & (Membership.id > number)))
    ordered = memberships.order_by(Membership.name_key, Membership.id)
    rows = list(ordered.limit(PAGE + 1))
    return rows[:PAGE], len(rows) > PAGE


def found_in(company, term):
    """The memberships a search term means: (query, whether a typing error was assumed).

    Digits are a NIK (all 16) or the beginning of a card number; anything else is a name.
    """
    digits = "".join(islice((letter for letter in term if letter.isdigit()), LONGEST_KPJ + 1))
    if digits and not any(letter.isalpha() for letter in term):
        return _by_number(company, digits), False
    words = name_words(term)
    exact = _by_words(company, [words_beginning(word) for word in words])
    if not words or exact.limit(1).exists():
        return exact, False
    return _by_words(company, [_spellings(word) for word in words]), True


def _by_number(company, digits):
    memberships = memberships_of(company)
    by_nik = (Worker.nik.matches(digits),) if len(digits) == NIK_DIGITS else ()
    if len(digits) < LEAST_KPJ_DIGITS:
        return memberships.where(Membership.kpj == digits)
    by_kpj = Membership.kpj.between(digits, digits.ljust(LONGEST_KPJ, "9"))
    if by_nik and not memberships.where(by_kpj).exists():
        return memberships.where(*by_nik)
    return memberships.where(by_kpj)


def _by_words(company, spellings):
    """Memberships whose name has, for each typed word, one of its spellings."""
    memberships = memberships_of(company)
    if not spellings:
        return memberships.where(False)
    for words in spellings:
        memberships = memberships.where(Membership.id << (
            MembershipWord.select(MembershipWord.membership)
            .where(MembershipWord.company == company, MembershipWord.word << words)))
    return memberships


def _spellings(word):
    beginning = [number for (number,) in words_beginning(word).tuples()]
    return beginning + words_like(word)
