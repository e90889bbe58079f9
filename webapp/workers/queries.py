"""Questions about a company's workers."""

from datetime import date
from itertools import islice

from peewee import JOIN, SQL, fn

from webapp import vault
from webapp.models.deactivations import STANDING, Deactivation
from webapp.models.workers import (
    ACTIVE,
    ENDED,
    NEW,
    NEW_FOR,
    Membership,
    MembershipWord,
    Worker,
)
from webapp.prepared import prepared
from webapp.workers.name_search import LEAST_LETTERS, name_words, words_beginning, words_like

PAGE = 25
LONGEST_KPJ, NIK_DIGITS, LEAST_KPJ_DIGITS = 16, 16, 3


def memberships_of(company):
    """Every membership of a company, with its worker."""
    return (Membership.select(Membership, Worker).join(Worker)
            .where(Membership.company == company))


def with_reports(memberships):
    """The same rows, each with the deactivation that stands for it as ``standing`` (or None)."""
    stands = (Deactivation.membership == Membership.id) & (Deactivation.state << STANDING)
    return (memberships.select_extend(Deactivation.id, Deactivation.public_id, Deactivation.state,
                                      Deactivation.last_day, Deactivation.filed_at,
                                      Deactivation.branch)
            .switch(Membership).join(Deactivation, JOIN.LEFT_OUTER, on=stands, attr="standing"))


@prepared
def membership_of(company, public_id):
    """The company's membership with this id, with its worker."""
    return memberships_of(company).where(Membership.public_id == public_id)


def memberships_with_status(company, status, today):
    """Those that the list shows under Aktif, Baru or Nonaktif."""
    memberships = memberships_of(company)
    if status == NEW:
        return memberships.where(Membership.status == ACTIVE,
                                 Membership.started_on > today - NEW_FOR)
    return memberships.where(Membership.status == status)


def count_by_status(company, today):
    """How many are active, new (among the active) and ended."""
    def count(status, after=date.min):
        return _count.one(company, status, after).__data__["rows"]

    return {ACTIVE: count(ACTIVE), NEW: count(ACTIVE, today - NEW_FOR), ENDED: count(ENDED)}


@prepared
def _count(company, status, after):
    """How many have a status and began after a day. Three of these take less than half as long as
    one grouped count of 10,000 rows: each walks its own stretch of an index."""
    return (Membership.select(fn.COUNT(SQL("*")).alias("rows"))
            .where(Membership.company == company, Membership.status == status,
                   Membership.started_on > after))


def page_after(memberships, mark):
    """One page by key, in order of name: (rows, whether more follow).

    :param mark: id of the last membership of the page before, or None for the first page.
    """
    last = mark and Membership.get_or_none(Membership.id == mark)
    if last:
        memberships = memberships.where(
            Membership.name_key >= last.name_key,      # what the index can begin at
            (Membership.name_key > last.name_key) | (Membership.id > last.id))
    return _one_page(list(_in_order(memberships)))


def _in_order(memberships):
    ordered = with_reports(memberships).order_by(Membership.name_key, Membership.id)
    return ordered.limit(PAGE + 1)


def _one_page(rows):
    return rows[:PAGE], len(rows) > PAGE


def found_in(company, term, mark=None):
    """A page of what a search term means: (rows, whether more follow, whether a typing error was
    assumed).

    Digits are a NIK (all 16) or the beginning of a card number; anything else is a name.

    :param mark: as for ``page_after``.
    """
    digits = "".join(islice((letter for letter in term if letter.isdigit()), LONGEST_KPJ + 1))
    if digits and not any(letter.isalpha() for letter in term):
        return *_by_number(company, digits, mark), False
    words = name_words(term)
    rows, more = page_after(_by_words(company, words, words_beginning), mark)
    if rows or not words:
        return rows, more, False
    return *page_after(_by_words(company, words, _spellings), mark), True


def _by_number(company, digits, mark):
    """Card numbers that begin with these digits; failing that, the NIK they are."""
    last = digits.ljust(LONGEST_KPJ, "9") if len(digits) >= LEAST_KPJ_DIGITS else digits
    if mark:
        return page_after(memberships_of(company).where(Membership.kpj.between(digits, last)), mark)
    rows = _with_kpj.rows(company, digits, last)
    if not rows and len(digits) == NIK_DIGITS:
        rows = _with_nik.rows(company, vault.current().index(digits, Worker.nik.context))
    return _one_page(rows)


@prepared
def _with_kpj(company, first, last):
    return _in_order(memberships_of(company).where(Membership.kpj.between(first, last)))


@prepared
def _with_nik(company, nik_index):
    return _in_order(memberships_of(company).where(Worker.nik_index == nik_index))


def _by_words(company, words, spellings):
    """Memberships whose name has each typed word, in one of its spellings.

    Words of one or two letters are initials. The longer words are what scopes the query to the
    company: were it asked of the membership too, SQLite would walk through all of its workers.

    :param spellings: gives the ids of the kept words that a typed word may stand for.
    """
    long = [word for word in words if len(word) >= LEAST_LETTERS]
    if not words:
        return memberships_of(company).where(False)
    memberships = (Membership.select(Membership, Worker).join(Worker) if long
                   else memberships_of(company))
    for word in long:
        memberships = memberships.where(Membership.id << (
            MembershipWord.select(MembershipWord.membership)
            .where(MembershipWord.company == company, MembershipWord.word << spellings(word))))
    for word in words:
        if word not in long:
            memberships = memberships.where(Membership.name_key.startswith(word)
                                            | Membership.name_key.contains(f" {word}"))
    return memberships


def _spellings(word):
    beginning = [number for (number,) in words_beginning(word).tuples()]
    return beginning + words_like(word)
