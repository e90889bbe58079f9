"""What an account leaves open: nobody is left who could go on with some of it, the rest goes on."""

import json
from datetime import timedelta

import pytest

from tests.claim_desk.claims import sent as claim_sent
from tests.closure.conftest import ask_to_close
from tests.company_cases.asking import ask, fill_in, report
from tests.complaints.complaining import complain
from tests.programmes.waving import wave_of
from webapp import audit, clock
from webapp.closure import service
from webapp.models.accounts import Closure
from webapp.models.audit import AuditEntry
from webapp.models.cases import Case, DeactivationRequest, Objection
from webapp.models.deactivations import Deactivation
from webapp.models.messages import Message
from webapp.models.programmes import Applicant, Wave
from webapp.models.switches import OwnMembership, Switch
from webapp.models.workers import Membership
from webapp.objections import service as objections
from webapp.parameters import rules_on
from webapp.programme_desk import service as programme_desk
from webapp.programme_desk.turns import take_turns
from webapp.programmes import service as programmes
from webapp.requests import service as requests
from webapp.requests.queries import open_request_of
from webapp.switch import service as switches

WITHDRAWN = "case:request withdrawn"


@pytest.fixture
def close(browser):
    """Call it: the account is closed."""
    def closed():
        ask_to_close(browser)
        assert service.finish_due(Closure.get().due_at) == 1
    return closed


def begin(cast, now):
    return requests.begin(cast.siti_at_maju, cast.siti, now)


def approve(cast, now):
    asked = ask(cast, now)
    requests.approve(asked, cast.ani, version=asked.version, now=now)


def over():
    """(state, holder, whether it has an address) of the only request."""
    request = DeactivationRequest.get()
    return (request.state, Case.get_by_id(request.case_id).holder,
            request.address_sealed is not None)


@pytest.mark.parametrize(("make", "told"), [(begin, 0), (approve, 2)])
def test_what_waits_for_the_worker_is_withdrawn(cast, now, close, make, told):
    make(cast, now)
    close()
    assert over() == ("DIBATALKAN", None, False)
    letters = Message.select().where(Message.kind == WITHDRAWN)
    assert {row.user_id for row in letters} == ({cast.ani.id, cast.budi.id} if told else set())
    entry = AuditEntry.get(AuditEntry.kind == "request:withdrawn")
    assert (entry.actor, json.loads(entry.details)["by"]) == (None, "closure")
    assert not list(audit.verify())
    assert open_request_of(cast.siti_at_maju) is None


@pytest.mark.parametrize(("make", "state"), [(ask, "DIAJUKAN"), (fill_in, "FORMULIR_TERISI")])
def test_what_waits_for_the_company_goes_on_without_the_address(cast, now, close, make, state):
    make(cast, now)
    close()
    assert over() == (state, "company", False)
    assert not Message.select().where(Message.kind == WITHDRAWN).exists()


def test_what_is_over_forgets_the_address_too(cast, now, close):
    asked = fill_in(cast, now)
    requests.refuse(asked, cast.ani, version=asked.version, reason="Belum waktunya.", now=now)
    close()
    assert over() == ("DITOLAK", None, False)


def test_an_objection_that_was_not_sent_is_withdrawn(cast, now, close):
    made = report(cast, now)
    objection = objections.begin(made, Membership.get_by_id(made.membership_id), cast.siti, now)
    close()
    assert Objection.get_by_id(objection.id).state == "DIBATALKAN"
    assert Case.get().holder is None
    assert Deactivation.get().state == "BERLAKU"


def test_a_sent_objection_goes_on(cast, now, close):
    made = report(cast, now)
    objection = objections.begin(made, Membership.get_by_id(made.membership_id), cast.siti, now)
    objections.send(objection, cast.siti, version=objection.version, now=now,
                    rules=rules_on(clock.day_of(now)), reason="Saya masih bekerja di sana.")
    close()
    assert (Objection.get().state, Case.get().holder) == ("DIAJUKAN", "branch")
    assert Deactivation.get().state == "DISANGGAH"


def disputed(cast, now):
    made = report(cast, now)
    objection = objections.begin(made, Membership.get_by_id(made.membership_id), cast.siti, now)
    objections.send(objection, cast.siti, version=objection.version, now=now,
                    rules=rules_on(clock.day_of(now)), reason="Saya masih bekerja di sana.")


def switched(cast, now):
    begun = switches.begin(cast.siti_at_maju.worker, cast.siti, cast.siti_at_maju, now)
    Switch.update(state="DIAJUKAN", income=0, sector="lainnya", starts_on=clock.day_of(now),
                  submitted_at=now).where(Switch.id == begun.id).execute()


def pays_alone(cast, now):
    OwnMembership.create(worker=cast.siti_at_maju.worker_id, continues=cast.siti_at_maju,
                         income=0, base=1_000_000, has_savings=False, sector="lainnya",
                         started_on=clock.day_of(now), paid_until=clock.day_of(now).replace(day=1))


def on_a_list(cast, now):
    programmes.join(wave_of(cast), cast.siti_at_maju.worker, cast.siti, family="x", now=now)


def on_a_closed_list(cast, now):
    on_a_list(cast, now)
    Wave.update(state="DITUTUP").execute()


@pytest.mark.parametrize(("make", "words", "leads_to"), [
    (report, "Laporan PT Maju Bersama", "/kepesertaan/"),
    (disputed, "Sanggahan Anda", "/sanggahan/"),
    (ask, "Permohonan nonaktif Anda", "/permohonan/"),
    (approve, "permohonan nonaktif Anda", "/permohonan/"),
    (lambda cast, now: claim_sent(cast, "LAIN", amount=500_000), "Pencairan Lainnya",
     "/pencairan/"),
    (switched, "Peralihan ke Mandiri dari PT Maju Bersama", "/mandiri/"),
    (pays_alone, "Kepesertaan mandiri Anda", "/iuran"),
    (on_a_list, "Pendaftaran Anda di Kartu Prakerja, Gelombang 1", "/program/"),
    (on_a_closed_list, "Pendaftaran Anda di Kartu Prakerja, Gelombang 1", "/program/")])
def test_what_is_open_is_named_with_a_link_to_it(browser, cast, now, make, words, leads_to):
    make(cast, now)
    assert leads(browser, words).startswith(leads_to)


def test_so_is_a_complaint(browser):
    complain(browser)
    assert leads(browser, "“Pelayanan kantor cabang”") == f"/pengaduan/{Case.get().public_id}"


def leads(browser, words):
    """Where the only link in what is open leads; the page is there."""
    [link] = browser.open("/tutup-akun").select(".notice a")
    assert link.text_content() == words
    page = browser.open(link.get("href"))
    assert page.status == 200
    return page.path


def test_a_wave_that_is_open_is_left_and_what_is_closed_stays(cast, now, close):
    worker, kept = cast.siti_at_maju.worker, []
    for name in ("Kartu Prakerja", "BSU 2026"):
        programme = programme_desk.make_programme(cast.fajar, now, name=name, lead="Bantuan.",
                                                  grant=600_000)
        programme_desk.make_wave(programme, cast.fajar, now, number=1, quota=2,
                                 opens_on=clock.day_of(now), declarations=[],
                                 closes_on=clock.day_of(now) + timedelta(days=9))
        take_turns(now)
        wave = Wave.get(Wave.programme == programme)
        kept.append(programmes.join(wave, worker, cast.siti, family=name, now=now))
    wave = Wave.get_by_id(kept[1].wave_id)
    programme_desk.close_early(wave, cast.fajar, now, version=wave.version)
    close()
    assert list(Applicant.select()) == [kept[1]]
    entry = AuditEntry.get(AuditEntry.kind == "applicant:withdrawn")
    assert (entry.actor, entry.subject) == (None, worker.public_id)
    assert json.loads(entry.details)["programme"] == "Kartu Prakerja"
