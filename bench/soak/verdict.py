"""What came of it all."""

from typing import NamedTuple

from bench.soak.crowd import CODE_SECONDS
from bench.soak.ledger import AWAY
from bench.soak.plan import PRIMARY
from tests.faults import checker
from tests.faults.browser import PATIENCE_SECONDS
from webapp.models.messages import SENT

FAILOVER_SECONDS = 30
SLOWEST_SECONDS = 15     # of an answer; the longest that a node waits for its database is 10
REPEATED_BY_A_KILL = 2   # of a sender, or of its database: one message of each channel
LEAST_ACTS = 5          # acknowledged for each kill
MOST_SHOWN = 50


class Verdict(NamedTuple):
    """Sentences, by who found them; ``received`` is what the gateways accepted."""

    faults: list
    received: list

    @property
    def is_good(self):
        """Whether there are none."""
        return not self.faults

    @classmethod
    def of(cls, town, blows):
        """Ask everybody who can judge."""
        received = town.gateways.received
        found = [*checker.faults(town.load.history, town.house, received),
                 *papers(town), *codes(town),
                 *(f"{count} times: {text}" for text, count in town.ledger.complaints.items()),
                 *(text for one in (*town.readers, *town.visitors) for text in one.complaints),
                 *blows.complaints, *late(blows.lost),
                 *unanswered(town.ledger.answers, blows.cuts), *slow(town.ledger.answers),
                 *(text for away in blows.away for text in without_store(away))]
        if differences := town.house.differences():
            found.append(f"audit verify, payouts reconcile: {differences.strip()}")
        found += too_little(town, blows)
        repeated, most = checker.repeated(received), most_repeated(blows)
        if repeated > most:
            found.append(f"{repeated} messages were repeated, more than {most}")
        return cls(found, received)


def too_little(town, blows):
    """What would make a good verdict worth nothing."""
    acts = town.load.history
    if len(acts) >= town.workers:
        yield "there were too few workers: the clerks had nothing to do in the end"
    if len(town.load.acknowledged) < LEAST_ACTS * blows.kills:
        yield f"{len(town.load.acknowledged)} acts are too few to prove anything"
    if not any("unknown" in act.outcomes for act in acts):
        yield "no kill met a press of Konfirmasi"
    if not all(one.papers for one in town.archivists) or not any(
            one.visits for one in town.visitors):
        yield "nobody handed in a paper, or nobody signed in"


def papers(town):
    """Papers that were acknowledged and are not there, or not the same."""
    for archivist in town.archivists:
        yield from archivist.complaints
        for paper in archivist.papers:
            yield from archivist.looked_at(paper)


def codes(town):
    """Codes that a visitor waited for in vain, and that nobody sent while they were good: nothing
    is away for as long as that."""
    for visitor in town.visitors:
        for number in visitor.owed:
            states = {state for state, in town.house.store.rows(
                "SELECT state FROM message WHERE about = ?", number)}
            if states != {SENT}:
                yield f"the code of sign-in {number} was not sent: {states or 'no message'}"


def late(lost):
    """Losses after which nothing was written for too long."""
    for what, seconds in lost.items():
        for one in seconds:
            if one > FAILOVER_SECONDS:
                yield f"a {what} was lost: {one:.1f} s until something was written"


def unanswered(answers, cuts):
    """Requests without an answer, but those that were cut off: a node, or HAProxy before it, was
    killed in the middle of answering. Silence is a fault at any time.

    :param cuts: (from, to) of such kills.
    """
    for one in answers:
        was_cut = one.ended - one.begun < PATIENCE_SECONDS and any(
            begun <= one.ended and one.begun <= ended for begun, ended in cuts)
        if not one.status and not was_cut:
            yield f"{one.kind} had no answer within {one.ended - one.begun:.1f} s"


def slow(answers):
    """Answers that came too late."""
    for one in answers:
        if one.status and one.ended - one.begun > SLOWEST_SECONDS:
            yield f"{one.kind} was answered {one.status} after {one.ended - one.begun:.1f} s"


def without_store(away):
    """What was wrong while papers could not be kept."""
    if away["papers taken"] or not away["papers refused"]:
        yield f"without the store: {away}"
    if away["others refused"] or not away["filed meanwhile"]:
        yield f"the store alone was away: {away}"


def most_repeated(blows):
    """How many messages may have come twice."""
    losses = sum(map(len, blows.lost.values()))
    return REPEATED_BY_A_KILL * (blows.sender_kills + losses)


def report(town, blows, verdict, seconds, seed):
    """Print what happened."""
    acts = town.load.history
    presses = [outcome for act in acts for outcome in (*act.outcomes, *act.undone)]
    papers = sum(len(one.papers) for one in town.archivists)
    primaries = sum(len(blows.lost[what]) for what in PRIMARY)
    print(f"{blows.kills} kills of nodes and senders, {primaries} of the primary in "
          f"{seconds:.0f} s (seed {seed})")
    print(f"  acts {len(acts)}, acknowledged {len(town.load.acknowledged)}, undone "
          f"{sum('ok' in act.undone for act in acts)}, papers {papers}, sign-ins with a code "
          f"{sum(one.visits for one in town.visitors)}, codes later than {CODE_SECONDS} s "
          f"{sum(len(one.owed) for one in town.visitors)}")
    print(f"  presses without an answer or told to come again {presses.count('unknown')}, "
          f"refused {presses.count('fail')}")
    for what, spent in blows.lost.items():
        print(f"  {what} lost: written again after {told(spent)}")
    print(f"  all databases well again after {told(blows.well)}")
    print("  store away:", *blows.away)
    statuses = town.ledger.statuses()
    for kind in sorted({kind for kind, _ in statuses}):
        print(f"  {kind:<10}", ", ".join(f"{status or 'no answer'}: {count}" for (one, status),
                                         count in sorted(statuses.items()) if one == kind))
    print("  slowest", ", ".join(f"{status or 'no answer'}: {slowest:.1f} s" for status, slowest in
                                 sorted(town.ledger.slowest().items())))
    print(f"  away ({AWAY}): {sum(n for (_, status), n in statuses.items() if status == AWAY)}")
    print(f"  messages received {len(verdict.received)}, repeated with the same id "
          f"{checker.repeated(verdict.received)}")
    print(f"  faults: {len(verdict.faults)}", *verdict.faults[:MOST_SHOWN], sep="\n    ")


def told(seconds):
    """Some durations, and the longest of them."""
    if not seconds:
        return "-"
    return f"{', '.join(f'{one:.1f}' for one in seconds)} s; longest {max(seconds):.1f} s"
