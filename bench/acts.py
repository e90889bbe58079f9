"""The acts of the journeys, each as somebody's plain pages, and who does them."""

import io
import random
import re
from datetime import timedelta

from PIL import Image

from bench import journey
from bench.client import CLERK, HTMX, list_url
from bench.visitor import Visitor
from webapp import clock
from webapp.db import write_transaction
from webapp.demo.people import PASSWORD
from webapp.models.cases import CLAIM, Case
from webapp.models.claims import CHECKING, SUBMITTED, Claim
from webapp.models.messages import Message
from webapp.models.people import User

OFFICER = "dewi@cabang.example"
PHOTOGRAPH = 1600, 1200     # pixels, as static/papers.js makes them, at the quality it gives


class Company:
    """A clerk at the list of their company."""

    def __init__(self, base, traffic):
        self._visitor = Visitor(base, traffic).is_signed_in_as(person(CLERK))
        client = self._visitor.client
        client.follow_redirects = False
        self.clerk = journey.Clerk(client, list_url(client))

    def look(self, _):
        """The list of workers."""
        self.clerk.client.get(self.clerk.list_url).raise_for_status()

    def search(self, kpj):
        """By card number."""
        self.clerk.client.post(self.clerk.list_url, headers=HTMX, data={
            **self.clerk.search_fields, "cari": kpj}).raise_for_status()

    def deactivate(self, kpj):
        """From search to receipt."""
        journey.with_htmx(self.clerk, kpj)

    def schedule(self, kpj):
        """The same for a last day that is still to come."""
        self.clerk.last_day = (clock.today() + timedelta(days=1)).isoformat()
        journey.with_htmx(self.clerk, kpj)


def sign_in(visitor):
    """By e-mail and password on a known browser, to the first page; and out again."""
    visitor.open("/masuk").send(account=visitor.user.email, password=PASSWORD)
    visitor.client.cookies.delete("purna", domain="127.0.0.1", path="/")


def look_home(visitor):
    """A worker's first page."""
    visitor.open("/beranda")


def close(visitor):
    """Closing an account, from its page to the page that waits."""
    visitor.open("/tutup-akun").send(channel="email").send(code=newest_code())


def fill_in_claim(visitor):
    """A claim, from the list of kinds to the page of its papers."""
    visitor.open("/pencairan/daftar").send(kind="JHT-S10")
    here = str(visitor.answer.url).rpartition("/")[0]
    visitor.open(f"{here}/jumlah").send(amount="450.000")
    visitor.send(purpose="Biaya keluarga", reason="Untuk biaya keluarga bulan ini.")
    visitor.send(address="Jalan Melati 3, Jakarta")


def hand_in(visitor):
    """A photograph for it."""
    visitor.send("//form[@data-papers]", kind="KTP",
                 files={"file": ("foto.jpg", photograph(), "image/jpeg")})


def send_claim(visitor):
    """From its papers over the account and the check page to the code and the receipt."""
    visitor.send("//form[substring(@action, string-length(@action) - 7) = '/dokumen']")
    visitor.send().send().send(code=newest_code())
    if not visitor.tree.xpath("//*[contains(@class, 'receipt-number')]"):
        raise LookupError("the claim did not end at a receipt")


def at_the_claims(visitor):
    """The officer works at the branch that has them."""
    with write_transaction():
        User.update(branch=Case.select(Case.branch).where(Case.kind == CLAIM).limit(1)).where(
            User.id == visitor.user.id).execute()
    return visitor


def decide(visitor):
    """An officer's decision: the queue, taking one, looking at its paper, agreeing."""
    visitor.open("/cabang")
    waiting = Claim.select().where(Claim.state == SUBMITTED).order_by(Claim.id).get()
    here = f"/cabang/pencairan/{waiting.case.public_id}"
    visitor.open(here).send("//form[substring(@action, string-length(@action) - 5) = '/ambil']")
    visitor.open(f"{here}/setujui")
    paper, = set(visitor.tree.xpath("//a[contains(@href, '/berkas/')]/@href"))
    visitor.client.get(paper).raise_for_status()
    visitor.send("//form[@id='approving']", seen="KTP")
    if Claim.get_by_id(waiting.id).state in (SUBMITTED, CHECKING):
        raise LookupError("the claim was not approved")


def visitors(base, traffic, users):
    """Signed-in people, each with a browser of their own."""
    return [_of(Visitor(base, traffic).is_signed_in_as(user), user) for user in users]


def strangers(base, traffic, users):
    """The same people before they sign in."""
    return [_of(Visitor(base, traffic), user) for user in users]


def _of(visitor, user):
    visitor.user = user
    return visitor


def person(email):
    """Somebody of the cast."""
    return User.get(User.email.matches(email))


def newest_code():
    """The six digits that were sent last."""
    message = (Message.select().where(Message.kind.startswith("otp"))
               .order_by(Message.id.desc()).get())
    return re.search(r"\d{3} \d{3}", message.body).group()


def photograph():
    """A photograph of a card as a phone sends it after the browser made it smaller: soft shapes
    with the noise of a lens. Each is another."""
    dice = random.Random()
    small = Image.frombytes("RGB", (100, 75), dice.randbytes(22_500))
    grain = Image.frombytes("RGB", (800, 600), dice.randbytes(1_440_000)).resize(PHOTOGRAPH)
    out = io.BytesIO()
    Image.blend(small.resize(PHOTOGRAPH, Image.Resampling.BICUBIC), grain, 0.08).save(
        out, "JPEG", quality=80)
    return out.getvalue()
