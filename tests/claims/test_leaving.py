"""Claims and the account: its closing, and what is held about a person."""

import json

from tests.claims.claiming import drafted, moved, only_claim, submitted
from tests.closure.conftest import ask_to_close
from tests.people import with_phone
from webapp import audit
from webapp.closure import service
from webapp.closure.queries import open_matters
from webapp.models.accounts import Closure
from webapp.models.audit import AuditEntry
from webapp.models.cases import Case
from webapp.models.claims import Claim
from webapp.models.people import User


def close(siti):
    ask_to_close(siti, "email")     # the phone was just sent a code
    assert service.finish_due(Closure.get().due_at) == 1


def test_what_runs_is_named_before_an_account_is_closed_and_goes_on(siti, cast, now):
    with_phone(cast.siti)
    submitted(siti, cast)
    matter, = open_matters(cast.siti, now)
    assert (matter.kind, matter.company, matter.day.isoformat()) == (
        "claim", "Biaya medis", "2026-11-22")
    words = siti.open("/tutup-akun").words()
    assert "Pencairan Biaya medis, 22 November 2026, tetap berjalan." in words
    close(siti)
    claim = Claim.get()
    assert (claim.state, Case.get().holder, claim.amount) == ("DIAJUKAN", "branch", 4_250_000)
    assert User.get_by_id(cast.siti.id).state == "DITUTUP"


def test_what_is_over_and_what_was_not_sent_is_not_named(siti, cast, now):
    drafted(siti, cast)
    assert open_matters(cast.siti, now) == []
    moved(only_claim(), "DIBATALKAN")
    assert open_matters(cast.siti, now) == []


def test_a_draft_is_given_up_with_the_account(siti, cast):
    drafted(siti, cast)
    close(siti)
    assert (Claim.get().state, Case.get().holder) == ("DIBATALKAN", None)
    entry = AuditEntry.get(AuditEntry.kind == "claim:withdrawn")
    assert (entry.actor, json.loads(entry.details)["by"]) == (None, "closure")
    assert not list(audit.verify())


def test_the_person_can_have_it_all_in_a_file_and_on_screen(siti, cast):
    submitted(siti, cast)
    siti.open("/profil/data")
    answer = siti.browser.post("/profil/data", data=siti.page.fields())
    row, = json.loads(answer.get_data(as_text=True))["pencairan"]
    assert (row["jenis"], row["jumlah"], row["tujuan"]) == (
        "Biaya medis", 4_250_000, "Biaya rawat inap")
    assert row["dikirim_ke"] == "BCA ••••8123"
    words = siti.open("/profil/data/layar").words()
    assert "Rp4.250.000" in words
