"""Who is at a site while things happen to it: clerks, readers, people signing in.

Whatever stays without an answer, or is told to come again, is asked again, as people do.
"""

import hashlib
import io
import random
import re
import time
from typing import NamedTuple
from uuid import UUID

import httpx
from PIL import Image

from bench.soak.ledger import AWAY, Witness
from tests.faults.browser import Lost
from tests.faults.harness import FAIL, OK, UNKNOWN, Act, Crew, Desk
from tests.faults.people import NEW_DEVICE
from webapp.demo.people import PASSWORD
from webapp.documents.cleaning import clean

PATIENCE_SECONDS, PAUSE_SECONDS = 180, 0.3
UNDONE_SHARE = 0.25
CODE_SECONDS = 90      # a sender that died holds a message for a minute; later ones are owed
BETWEEN_VISITS = 5     # seconds; a phone gets three codes in a quarter of an hour, and no more
PIXELS = 12
# What the page that asks for the code says.
SENT_BY_SMS, FREE_TO_SEND = "Kami mengirim kode lewat SMS", "Tekan Kirim ulang di bawah"


class Clerk(Desk):
    """Files one worker's end after the other, and takes some back."""

    def __init__(self, browser, company, seed):
        super().__init__(browser, company, PATIENCE_SECONDS, PAUSE_SECONDS)
        self.dice = random.Random(seed)

    def act(self, membership, history, last_day=None):
        """One worker."""
        act = super().act(membership, history, last_day)
        if act.is_acknowledged and self.dice.random() < UNDONE_SHARE:
            self.undo(act)
        return act

    def undo(self, act):
        """Press Batalkan until told what became of it."""
        path = f"/perusahaan/{self.company}/nonaktif/{UUID(act.draft)}/batalkan"
        fields = {"csrf_token": self.browser.token, "reason": "Salah pilih nama."}
        deadline = time.monotonic() + self.patience
        while time.monotonic() < deadline and not {OK, FAIL} & {*act.undone}:
            act.undone.append(self._undo_once(path, fields))
            time.sleep(self.pause)

    def _undo_once(self, path, fields):
        try:
            answer = self.browser.post(path, fields)
        except Lost:
            return UNKNOWN
        if answer.status == 303:
            return OK
        return UNKNOWN if answer.status == AWAY else FAIL


class Paper(NamedTuple):
    """What somebody handed in and was told is kept."""

    path: str
    digest: str      # SHA-256 of what must come back


class Archivist(Clerk):
    """A clerk who hands in a photograph with each report, and looks at it afterwards.

    :param pause: seconds after each: an hour has a limit.
    """

    def __init__(self, browser, company, seed, pause=0):
        super().__init__(browser, company, seed)
        self.papers, self.complaints, self._pause = [], [], pause
        self._body, self._path = b"", ""      # of the form that is being filled in

    def act(self, membership, history, last_day=None):
        """One worker, with a paper."""
        act = Act(membership)
        history.append(act)
        self._body = photograph(self.dice)
        action, fields = self.draft(membership, act, last_day)
        if not action:
            return act
        form = self._insist(act, lambda: self.browser.get(self._path))
        if form.status == 200:
            number = form.find("input[name=document_id]").get("value")
            self.papers.append(Paper(f"/perusahaan/{self.company}/dokumen/{number}",
                                     digest(clean(self._body)[1])))
            self.complaints += self.looked_at(self.papers[-1], act)
        self.confirm(act, action, fields)
        time.sleep(self._pause)
        return act

    def send(self, path, answers):
        """Send the form, a photograph with it."""
        self._path = path
        request = httpx.Request("POST", "http://purna.example", data=answers,
                                files={"file": ("surat.png", self._body, "image/png")})
        return self.browser.ask("POST", path, request.read(),
                                {"Content-Type": request.headers["Content-Type"]})

    def looked_at(self, paper, act=None):
        """Fetch a paper: sentences, if it is not what was handed in."""
        answer = self._insist(act or Act(""), lambda: self.browser.get(paper.path))
        if answer.status != 200:
            yield f"paper {paper.path} is answered {answer.status}"
        elif digest(answer.body) != paper.digest:
            yield f"paper {paper.path} is not what was handed in"


def photograph(dice):
    """A small picture that nobody else has."""
    body = io.BytesIO()
    Image.frombytes("RGB", (PIXELS, PIXELS), dice.randbytes(3 * PIXELS ** 2)).save(body, "PNG")
    return body.getvalue()


def digest(body):
    """Of some bytes."""
    return hashlib.sha256(body).hexdigest()


class Reader:
    """Looks around, and reads receipts that somebody was shown: they must still say the same."""

    def __init__(self, browser, company, history, seed):
        self.browser, self.history, self.dice = browser, history, random.Random(seed)
        self.complaints, self._company = [], f"/perusahaan/{company}"

    def act(self):
        """Open one page."""
        shown = [act for act in self.history[-500:] if act.numbers]
        if not shown or self.dice.random() < 0.5:
            self._open(self.dice.choice(("/", "/masuk", "/kontak",
                                         f"{self._company}/tenaga-kerja",
                                         f"{self._company}/tenaga-kerja?q=Sari")))
            return
        act = self.dice.choice(shown)
        answer = self._open(f"{self._company}/nonaktif/{UUID(act.draft)}")
        if answer and answer.status == 200 and answer.words(".receipt-number") != act.numbers[0]:
            self.complaints.append(f"{act.draft} shows another receipt number")

    def _open(self, path):
        try:
            return self.browser.get(path)
        except Lost:
            return None


class Visitor:
    """Signs in on a new device, with the code that comes by SMS, looks around, and leaves.

    :param accounts: an iterator of ``people.Account``; many visitors may share it.
    :param sms: the gateway that stands for everybody's phone.
    """

    def __init__(self, ledger, ports, accounts, sms):
        self.ledger, self.ports, self.accounts, self.sms = ledger, ports, accounts, sms
        self.complaints, self.visits, self.browser = [], 0, None
        self.owed = []      # sign-ins (hex) whose code had not come when the visitor went away

    def act(self):
        """One visit, or a try."""
        account = next(self.accounts)
        self.browser = Witness(self.ledger, self.ports, account.address, cookies=NEW_DEVICE)
        heard = len(self.sms.received)
        asked = self._ask(lambda: self.browser.try_to_sign_in(account.email, PASSWORD))
        if asked and asked.status == 303:
            self._enter(asked.location, lambda: self._code(account.phone, heard))
        time.sleep(BETWEEN_VISITS)

    def _enter(self, path, code):
        page = self._ask(lambda: self.browser.get(path))
        if not page or page.status != 200 or not self._was_sent(page):
            return
        typed = code()
        if not typed:
            self.owed.append(UUID(path.rpartition("/")[2]).hex)
            return
        if self._typed_in(path, {**page.form()[1], "code": typed}):
            self._leave()

    def _was_sent(self, page):
        """Whether a code is on its way to the phone: the page says so, or what forbids it."""
        if SENT_BY_SMS in page.words():
            return True
        if FREE_TO_SEND in page.words():
            self.complaints.append("a sign-in was acknowledged, and no code sent")
        return False

    def _typed_in(self, path, fields):
        """Type the code. Whether that began a session the visitor knows of."""
        presses = []

        def press():
            presses.append(path)
            return self.browser.post(path, fields)

        self._ask(press)
        if "purna" in self.browser.cookies:
            self.visits += 1
            return True
        if len(presses) == 1:      # else the answer that brought it may have been lost
            self.complaints.append("the right code began no session")
        return False

    def _leave(self):
        leave = self._ask(lambda: self.browser.get("/keluar"))
        if leave and leave.status == 200:
            self._ask(lambda: self.browser.post("/keluar", leave.form("form[action='/keluar']")[1]))
        elif leave:
            self.complaints.append(f"a session that had begun was answered {leave.status}")

    def _ask(self, ask):
        """Ask until answered; None when that takes too long."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            try:
                answer = ask()
                if answer.status != AWAY:
                    return answer
            except (Lost, IndexError):      # the sign-in page said that it is away
                pass
            time.sleep(PAUSE_SECONDS)
        self.complaints.append(f"a visitor had no answer for {PATIENCE_SECONDS} s")
        return None

    def _code(self, phone, heard):
        deadline = time.monotonic() + CODE_SECONDS
        while time.monotonic() < deadline:
            for text in (sms.text for sms in self.sms.received[heard:] if sms.to == phone):
                if found := re.search(r"(\d{3}) (\d{3})", text):
                    return "".join(found.groups())
            time.sleep(PAUSE_SECONDS)
        return None


class Passers(Crew):
    """Those who come and go beside the clerks, until the block ends.

    :param people: each has ``act()``.
    :param think_seconds: between two acts of one of them.
    """

    def __init__(self, people, think_seconds):
        super().__init__(people)
        self._think = think_seconds

    def _work(self, one):
        while not self._stop.wait(self._think):
            one.act()
