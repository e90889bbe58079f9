"""One client of the random walk over claims: whatever comes next, on rows that may be stale.

``python -m tests.faults.money WALK FIRST COUNT FOLDER`` with the house's environment: the walk's
seed, the first of this client's steps, and how many to take. Each step is hours after the one
before, on every client alike, so that codes, limits and holds pass as in life. What was
acknowledged goes to ``history-<pid>.jsonl`` in the folder before the next step begins.
"""

import json
import os
import random
import re
import sys
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import peewee

from tests.payouts.bank import answer_to, payments
from webapp import create_app
from webapp.cases.moves import AlreadyDone
from webapp.cases.service import CaseChanged, NotAtBranch, TakenByColleague
from webapp.challenges import service as challenges
from webapp.claim_desk import granting
from webapp.claim_desk import service as desk
from webapp.claim_desk.rights import NotYours
from webapp.claims import correcting, sending
from webapp.claims import service as claims
from webapp.claims.judgement import judged
from webapp.claims.queries import claim_of_case, draft_of
from webapp.clock import day_of
from webapp.db import ensure_connection, write_transaction
from webapp.destinations import service as destinations
from webapp.destinations.queries import linked_of
from webapp.models.cases import AT_WORKER, Paper
from webapp.models.claims import (
    CHECKING,
    DRAFT,
    INTERVIEW,
    RETURNED,
    SUBMITTED,
    Claim,
    Savings,
)
from webapp.models.documents import Document
from webapp.models.messages import Message
from webapp.models.people import STAFF, User
from webapp.models.workers import Worker
from webapp.parameters import rules_on
from webapp.payouts.exporting import export, write_waiting
from webapp.payouts.importing import TakenBefore, take_result
from webapp.payouts.result_file import Unusable
from webapp.rate_limit import TooMany

BEGINS = datetime(2027, 1, 4, 2, tzinfo=UTC)
STEP = timedelta(hours=3)
PEOPLE = 24
KINDS = ("MED", "OBT", "LAIN", "JHT-RSG", "JHT-PSN", "JHT-S10")
# What a step may meet when somebody was faster, or the rules say no.
EXPECTED = (CaseChanged, AlreadyDone, TakenByColleague, NotAtBranch, NotYours, TooMany,
            sending.Outdated, challenges.NoCode, challenges.WrongCode, claims.OtherDraft,
            correcting.NotEligible, granting.NotMet, destinations.Outdated,
            destinations.AlreadyLinked, destinations.InReview, destinations.Stopped,
            peewee.OperationalError)     # busy: a page would say 503


class Client:
    """Acts as whoever the dice say.

    :param folder: where payment files and the history go.
    """

    def __init__(self, dice, folder):
        self.dice, self.folder = dice, folder
        self.staff = list(User.select().where(User.role << STAFF))
        self.people = [row.worker for row in
                       Savings.select(Savings, Worker, User).join(Worker).join(User)]
        self.seen, self.now = [], BEGINS
        self.history = (folder / f"history-{os.getpid()}.jsonl").open("a")

    def step(self, number):
        """One act."""
        self.now = BEGINS + number * STEP + timedelta(seconds=self.dice.randrange(3600))
        name = self.dice.choices(list(ACTS), ACTS.values())[0]
        try:
            done = getattr(self, name)()
        except EXPECTED:
            return
        except Exception as fault:     # or the last line of defence, the schema, had to hold
            done = f"fault: {type(fault).__name__} {str(fault)[:120]}"
        if done:
            self.history.write(json.dumps([name, done]) + "\n")
            self.history.flush()

    def send(self):
        """Register a claim, from its kind to the code."""
        worker = self.dice.choice(self.people)
        user, kind = worker.user, self.dice.choice(KINDS)
        draft = draft_of(worker)
        claim = claims.begin(worker, user, kind, self.now,
                             instead_of=draft and draft.case.public_id)
        verdict = judged(claim, day_of(self.now)).verdict
        if not verdict.is_eligible or verdict.most == 0:
            return None
        self._papers(claim, verdict)
        typed = self.dice.choice((300_000, 1_500_000, 5_000_000, 5_000_001, 9_000_000))
        said = {"purpose": "Keperluan keluarga", "reason": "Untuk biaya keluarga bulan ini",
                "contact_checked_at": self.now, "destination": linked_of(user)}
        if kind in ("MED", "OBT"):
            said |= {"treated_on": day_of(self.now) - timedelta(days=9), "receipt_total": typed}
        said["amount"] = typed if verdict.kind.is_entered else verdict.most
        claims.keep(claim, user, self.now, **said)
        challenge = sending.ready_for_code(draft_of(worker), user, self.now)
        if self.dice.random() < 0.1:     # another tab changes it while the code is on its way
            claims.keep(draft_of(worker), user, self.now, amount=said["amount"] + 1)
        self._type_code(challenge, user)
        sent = sending.submit(challenge, user, now=self.now)
        return sent.case.number

    def withdraw(self):
        """Take one back."""
        claim = self._any(SUBMITTED)
        claims.withdraw(claim, claim.worker.user, version=claim.version, now=self.now)
        return claim.case.number

    def correct(self):
        """Put right what was marked."""
        claim = self._any(RETURNED)
        answers = {"reason": f"Untuk biaya keluarga, langkah {self.now:%d%m%H%M%S}"}
        correcting.correct(claim, claim.worker.user, version=claim.version, answers=answers,
                           now=self.now)
        return claim.case.number

    def link(self):
        """Link another account."""
        worker = self.dice.choice(self.people)
        user, number = worker.user, str(self.dice.randrange(10**9, 10**10))
        row = destinations.begin(user, worker, provider="BCA", number=number, holder=worker.name,
                                 now=self.now)
        challenge = destinations.ask_for_code(row, user, "", self.now)
        self._type_code(challenge, user)
        destinations.link(challenge, worker, rules=rules_on(day_of(self.now)), now=self.now)

    def take_up(self):
        """Take one of the queue."""
        desk.take_up(*self._claim_and_officer(SUBMITTED, CHECKING), self.now)

    def give_back(self):
        """Return one: its reason is wrong."""
        claim, shown = self._shown(CHECKING)
        desk.give_back(claim, shown, [("reason", "Tulis untuk apa.")])

    def ask_interview(self):
        """Ask the person to come."""
        desk.ask_interview(*self._shown(CHECKING))

    def note_interview(self):
        """They came."""
        desk.note_interview(*self._shown(INTERVIEW), "Cocok.")

    def approve(self):
        """Agree, mostly to what is asked."""
        claim, shown = self._shown(CHECKING)
        amount = claim.amount if self.dice.random() < 0.9 else (claim.amount or 0) + 1
        granting.approve(claim, shown, amount=amount)
        return claim.case.number

    def confirm(self):
        """Agree as the second."""
        claim, shown = self._shown(CHECKING)
        granting.confirm(claim, shown)
        return claim.case.number

    def send_back(self):
        """Disagree as the second."""
        granting.send_back(*self._shown(CHECKING), "Periksa lagi kuitansinya.")

    def refuse(self):
        """Refuse."""
        claim, shown = self._shown(CHECKING, INTERVIEW)
        desk.refuse(claim, shown, "Kuitansinya tidak terbaca.")
        return claim.case.number

    def pay(self):
        """Tell the bank, and take in what it answers: sometimes twice, sometimes altered."""
        export(self.now)
        with suppress(FileNotFoundError):     # of what another client replaces at this moment
            list(write_waiting(self.folder))
        files = sorted(self.folder.glob("purna-bayar-*.csv"))
        path = self.dice.choice(files) if files else None
        if not path:
            return None
        ids = [one[0] for one in payments(path)]
        failed = [one for one in ids if self.dice.random() < 0.2]
        body = answer_to(path, failed=failed, day=f"{day_of(self.now):%Y-%m-%d}")
        if self.dice.random() < 0.2:
            body = body.replace(b";BERHASIL;", b";GAGAL;", 1)
        for _ in range(2):
            with suppress(Unusable, TakenBefore):
                take_result(body, self.now)
        return None

    def _any(self, *states):
        """A claim: mostly one it is time for, else any; one time in four as it was steps ago."""
        if self.seen and self.dice.random() < 0.25:
            return self.dice.choice(self.seen[-20:])
        fits = Claim.state << states if self.dice.random() < 0.8 else Claim.state != DRAFT
        rows = Claim.select(Claim.case).where(fits).order_by(Claim.id.desc()).limit(60).tuples()
        numbers = [number for (number,) in rows]
        if not numbers:
            raise CaseChanged
        claim = claim_of_case(self.dice.choice(numbers))
        self.seen.append(claim)
        return claim

    def _claim_and_officer(self, *states):
        claim = self._any(*states)
        owner = claim.case.owner if self.dice.random() < 0.6 else None
        return claim, owner or self.dice.choice(self.staff)

    def _shown(self, *states):
        claim, officer = self._claim_and_officer(*states)
        return claim, desk.Shown(claim.version, claim.case.version, officer, self.now)

    def _type_code(self, challenge, user):
        channel, target = challenges.channels_of(user)[0]
        challenges.send(challenge, channel, target, self.now)
        message = (Message.select().where(Message.about == challenge.public_id)
                   .order_by(Message.id.desc()).first())
        if message is None or message.body is None:
            raise CaseChanged
        code = re.search(r"\d{3} \d{3}", message.body).group().replace(" ", "")
        challenges.judge(challenge, code, self.now)

    def _papers(self, claim, verdict):
        """The papers the rules ask for, as rows: what is in them is another test's business."""
        with write_transaction():
            there = {row.kind for row in Paper.select().where(Paper.case == claim.case_id)}
            for kind in set(verdict.papers) - there:
                document = Document(uploaded_by=claim.worker.user_id, uploaded_at=self.now, size=9,
                                    media_type="image/jpeg", digest="0" * 64)
                document.label = "foto.jpg"
                document.save(force_insert=True)
                Paper.create(case=claim.case_id, kind=kind, document=document, side=AT_WORKER,
                             added_by=claim.worker.user_id, added_at=self.now)


ACTS = {"send": 20, "withdraw": 2, "correct": 5, "link": 3, "take_up": 16, "give_back": 5,
        "ask_interview": 3, "note_interview": 6, "approve": 18, "confirm": 12, "send_back": 2,
        "refuse": 2, "pay": 6}


def walk(seed, first, count, folder):
    """Take the steps."""
    create_app()
    ensure_connection()
    client = Client(random.Random(f"{seed} {first} {os.getpid()}"), Path(folder))
    for number in range(first, first + count):
        client.step(number)
        print(number, flush=True)


if __name__ == "__main__":
    walk(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4])
