"""What is asked when a claim is judged, and what the answer is made of. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta

from webapp.deactivation.consequences import months_later
from webapp.deactivation.reasons import REASONS
from webapp.eligibility.kinds import ON_AN_END, PARTIAL, Kind
from webapp.models.deactivations import DISPUTED

WORKER, COMPANY, BRANCH, TIME = "worker", "company", "branch", "time"     # whom a condition awaits
AFTER_MONTHS = ("JHT-RSG", "JHT-PHK")     # rules §2: a month after the last day, not the day after


@dataclass(frozen=True)
class Service:
    """One membership, with the end that was filed and not taken back, if there is one."""

    membership_id: int
    company: str
    status: str
    started_on: date
    ended_on: date | None
    deactivation_id: int | None = None
    reason: str = ""
    last_day: date | None = None
    state: str = ""
    is_own: bool = False     # paid by oneself (BPU): nobody works for anybody by that
    disputed_on: date | None = None     # while that is not decided
    decided_by: date | None = None      # the branch's last day for it

    @property
    def last_on(self):
        """The last day that counts; None while no end was filed."""
        return self.last_day or self.ended_on

    @property
    def is_disputed(self):
        """Whether the worker says that this end is wrong, and the branch has not decided."""
        return self.state == DISPUTED

    @property
    def was_real(self):
        """Whether this was work at all: one entered by mistake (SLH) counts for nothing."""
        return not self.reason or REASONS[self.reason].ends_work


@dataclass(frozen=True)
class Facts:
    """What is known about a person on a day. Amounts are whole rupiah.

    ``credited`` is None when nobody ever reported a balance. ``reserved`` is what other claims,
    sent and not decided, ask of it.
    """

    today: date
    birth_date: date
    is_dead: bool = False
    memberships: tuple = ()
    credited: int | None = None
    taken: int = 0
    as_of: date | None = None
    partial_on: date | None = None
    open_kinds: frozenset = frozenset()
    reserved: int = 0

    @property
    def counted(self):
        """The memberships that count, a tuple of ``Service``."""
        return tuple(service for service in self.memberships if service.was_real)

    @property
    def balance(self):
        """What the savings hold, in rupiah; 0 when nothing is known."""
        return (self.credited or 0) - self.taken

    @property
    def left(self):
        """What no other claim asks for."""
        return max(self.balance - self.reserved, 0)


@dataclass(frozen=True)
class Condition:
    """One condition as the worker reads it: who must do what, and from which date."""

    code: str
    words: str
    is_met: bool
    waits_for: str = ""              # WORKER, COMPANY, BRANCH or TIME; "" when nothing helps
    from_date: date | None = None    # it will be met from then, by itself
    advice: str = ""
    is_to_be_shown: bool = False     # taken as met until it is typed, or a paper is looked at


@dataclass(frozen=True)
class Question:
    """One kind of claim for one person on one day, with what was typed so far."""

    kind: Kind
    facts: Facts
    rules: object                    # the parameters in force
    treated_on: date | None = None
    receipt_total: int | None = None
    amount: int | None = None

    @property
    def most(self):
        """The most that can be asked for, in rupiah; None when nothing bounds it yet."""
        if self.kind.is_savings:
            if self.kind.code not in PARTIAL:
                return self.facts.left
            percent = self.rules["claim.partial_housing_percent" if self.kind.code == "JHT-S30"
                                 else "claim.partial_percent"]
            return self.facts.left * percent // 100
        return self.amount if self.kind.code == "LAIN" else self.receipt_total

    @property
    def basis(self):
        """The ``Service`` this rests on: the membership whose end opens it, or the one on the day
        of treatment. None when there is none.

        Of several ends the newest that is open already, else the one that opens first; one that is
        disputed only where there is no other.
        """
        if self.kind.code in ON_AN_END:
            return self._end()
        found = [one for one in self.facts.counted if self._covers(one)]
        return max(found, key=_by_end, default=None)

    def opens_on(self, service):
        """The first day on which an end lets this kind be claimed."""
        if self.kind.by_heirs:
            return service.last_day
        day_after = service.last_day + timedelta(days=1)
        if self.kind.code not in AFTER_MONTHS:
            return day_after
        return max(day_after, months_later(service.last_day, self.rules["claim.wait_months"]))

    def _end(self):
        ends = [one for one in self.facts.counted if one.reason in self.kind.reasons]
        sound = [one for one in ends if not one.is_disputed]
        opened = [one for one in sound if self.opens_on(one) <= self.facts.today]
        if opened or not sound:
            return max(opened or ends, key=_by_end, default=None)
        return min(sound, key=self.opens_on)

    def _covers(self, service):
        if self.kind.is_savings:
            return False
        if self.treated_on is None:
            return True
        ended = service.last_on is not None and service.last_on < self.treated_on
        return service.started_on <= self.treated_on and not ended


def _by_end(service):
    return service.last_on or date.max, service.membership_id
