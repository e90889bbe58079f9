"""What the worker asked for is told as such, and still can be objected to."""

from webapp import clock
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
