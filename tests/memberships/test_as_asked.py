"""What the worker asked for is told as such, and still can be objected to."""

from webapp import clock
from webapp.deactivation import service as deactivations
from webapp.deactivation.queries import filed_of
from webapp.models.cases import Case
from webapp.models.deactivations import Deactivation
from webapp.models.messages import Message
from webapp.parameters import rules_on
from webapp.requests import service
from webapp.requests.queries import open_request_of


def end_as_asked(cast, now):
    """Siti asks, PT Maju agrees, she fills in the form, PT Maju confirms."""
    rules = rules_on(clock.day_of(now))
    request = service.begin(cast.siti_at_maju, cast.siti, now)
    request = service.keep_draft(request, reason="RSG", last_day=clock.day_of(now), note="",
                                 now=now)
    service.send(request, cast.siti, version=request.version, rules=rules, now=now)
    request = open_request_of(cast.siti_at_maju)
    service.approve(request, cast.ani, version=request.version, now=now)
    request = open_request_of(cast.siti_at_maju)
    service.fill_in(request, cast.siti, version=request.version, address="Jalan Melati 3",
                    rules=rules, now=now)
    request = open_request_of(cast.siti_at_maju)
    return service.confirm(request, cast.ani, version=request.version, company=cast.maju,
                           rules=rules, now=now)


def test_it_is_not_asked_about_and_can_be_objected_to(siti, cast, now):
    end_as_asked(cast, now)
    assert "Sanggah" not in siti.open("/beranda").words()
    page = siti.open(f"/kepesertaan/{cast.siti_at_maju.public_id}")
    assert "Sesuai permohonan Anda" in page.words()
    assert page.select("main form button")[0].text_content() == "Sanggah"


def test_undone_afterwards_the_request_says_so(siti, cast, now):
    end_as_asked(cast, now)
    case = Case.get()
    page = siti.open(f"/permohonan/{case.public_id}")
    assert "Tanda terimanya adalah bukti Anda" in page.words()
    report = filed_of.one(cast.maju, Deactivation.get().public_id)
    deactivations.undo(report, cast.ani, reason="Dipanggil kembali", company=cast.maju,
                       rules=rules_on(clock.day_of(now)), now=now)
    page = siti.open(f"/permohonan/{case.public_id}")
    assert "Laporannya kemudian dibatalkan" in page.words()
    assert "Tanda terimanya" not in page.words()


def test_a_draft_that_was_not_sent_is_no_wish(siti, cast, now):
    service.begin(cast.siti_at_maju, cast.siti, now)
    draft = deactivations.save_draft(cast.siti_at_maju, cast.ani, reason="RSG", note="",
                                     last_day=clock.day_of(now), document=None, now=now)
    deactivations.file(draft, cast.ani, version=draft.version, company=cast.maju,
                       rules=rules_on(clock.day_of(now)), now=now)
    assert "Benar atau keliru?" in Message.get(Message.kind == "deactivation:filed").body
    page = siti.open(f"/kepesertaan/{cast.siti_at_maju.public_id}")
    assert "Apakah laporan ini benar?" in page.words()
