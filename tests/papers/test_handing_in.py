"""Papers of a case: handed in once, by the side whose they are, while the case is open."""

from datetime import timedelta
from uuid import uuid4

import httpx
import obstore
import pytest

from tests.desk.matters import objected
from tests.page import in_parallel
from tests.papers.conftest import case_of, photograph, sent
from tests.requests.asking import approved
from tests.switch.walking import begin as begin_switch
from webapp.documents import service as documents
from webapp.documents import store
from webapp.documents.cleaning import Refused
from webapp.models.audit import AuditEntry
from webapp.models.cases import AT_BRANCH, AT_COMPANY, AT_WORKER, Case, Paper
from webapp.models.documents import Document
from webapp.papers import service
from webapp.papers.queries import MOST_PAPERS, box_for
from webapp.requests import service as requests

FORM = "form[data-papers]"


def worker_url(case):
    return f"/kasus/{case.public_id}/berkas"


def company_url(case, cast):
    return f"/perusahaan/{cast.maju.public_id}{worker_url(case)}"


def branch_url(case):
    return f"/cabang{worker_url(case)}"


def events(kind):
    return AuditEntry.select().where(AuditEntry.kind == kind).count()


def close(case):
    Case.update(holder=None, due_on=None, closed_at=case.opened_at).where(
        Case.id == case.id).execute()


def test_a_paper_is_cleaned_kept_and_on_record(siti, case):
    siti.open(worker_url(case))
    siti.send(kind="KTP", file=sent(name="KTP saya.PNG"))
    assert siti.page.path.startswith(f"/permohonan/{case.public_id}")
    paper = Paper.get()
    assert (paper.case, paper.kind, paper.side) == (case, "KTP", AT_WORKER)
    assert paper.document.label == "KTP saya.png"
    assert store.get(paper.document).startswith(b"\x89PNG")
    assert events("paper:added") == 1
    words = siti.open(worker_url(case)).words("#papers")
    assert "KTP saya.png, 1 kB Anda, 22 November 2026" in words
    assert "Tersimpan" in words


def test_htmx_and_the_script_get_the_box_with_what_is_there_now(siti, case):
    siti.open(worker_url(case))
    page = siti.send(htmx=True, kind="KK", file=sent())
    assert page.status == 200
    assert page.tree.get("id") == "papers"
    assert "Kartu keluarga" in page.words("#papers-list")
    assert not page.errors()


@pytest.mark.parametrize(("answers", "field", "sentence"), [
    ({"kind": "", "file": sent}, "paper-kind", "Pilih jenis dokumennya."),
    ({"kind": "SIM", "file": sent}, "paper-kind", "Pilih jenis dokumennya."),
    ({"kind": "KTP"}, "paper-file", "Pilih foto atau berkas yang akan diunggah."),
    ({"kind": "KTP", "file": lambda: sent(b"")}, "paper-file", "Berkas ini kosong."),
    ({"kind": "KTP", "file": lambda: sent(b"%PDF-")}, "paper-file", "PDF ini rusak")])
@pytest.mark.parametrize("htmx", [False, True])
def test_what_is_refused_says_so_beside_the_field(siti, case, answers, field, sentence, htmx):
    siti.open(worker_url(case))
    answers = {name: value() if callable(value) else value for name, value in answers.items()}
    page = siti.send(htmx=htmx, **answers)
    assert page.status == 422
    assert page.errors()[field].startswith(sentence)
    assert page.select(f".error-summary a[href='#{field}']")
    if not htmx:
        assert page.tree.findtext(".//title").startswith("Keliru: Dokumen")
    chosen = answers["kind"] if answers["kind"] == "KTP" else ""
    assert page.select("#paper-kind")[0].value == chosen
    assert not Paper.select().exists()


def test_a_byte_too_many_is_refused_beside_the_field(siti, case):
    fields = siti.open(worker_url(case)).fields() | {"kind": "KTP"}
    # Made by hand: the test client would spill it to disk.
    body = httpx.Request("POST", "http://localhost", data=fields,
                         files={"file": ("a.pdf", b"\0" * (6 * 1024 * 1024 + 1))})
    page = siti.post(worker_url(case), body.read(), content_type=body.headers["Content-Type"])
    assert page.status == 422
    assert page.errors()["paper-file"].startswith("Berkas ini lebih dari 6 MB.")


def test_the_box_comes_back_with_the_kinds_its_page_offered(siti, case):
    token = siti.token()
    page = siti.post(worker_url(case), {"csrf_token": token, "offered": "PKWT PAKLARING SIM PKWT",
                                        "kind": "PKWT", "file": sent()}, htmx=True)
    assert page.select("#paper-kind")[0].value_options == ["", "PKWT", "PAKLARING"]
    assert page.fields(FORM)["offered"] == "PKWT PAKLARING"


def test_one_kind_alone_need_not_be_chosen(siti, case):
    page = siti.post(worker_url(case), {"csrf_token": siti.token(), "offered": "KTP"}, htmx=True)
    assert not page.select("#paper-kind option")
    siti.send(FORM, file=sent())
    assert Paper.get().kind == "KTP"


def test_a_box_that_only_shows_has_no_form_after_removing_either(siti, paper):
    url = f"{worker_url(paper.case)}/{paper.public_id}/hapus"
    page = siti.post(url, {"csrf_token": siti.token(), "offered": ""}, htmx=True)
    assert page.status == 200
    assert not page.select("form")
    assert "Belum ada dokumen." in page.words("#papers")


def files():
    """Everything that lies in the document store."""
    return {one["path"] for some in obstore.list(store._store) for one in some}


def test_the_same_file_again_is_the_same_paper(cast, case, paper, now):
    before = files()
    again = service.add(case, AT_WORKER, cast.siti, "KTP", photograph(), "lagi.png", now)
    assert again == paper
    assert (Paper.select().count(), Document.select().count()) == (1, 1)
    assert events("paper:added") == 1
    assert files() == before
    assert store.get(paper.document)


def test_the_same_file_as_another_kind_is_refused_and_nothing_changes(siti, case, paper):
    siti.open(worker_url(case))
    page = siti.send(FORM, kind="KK", file=sent())
    assert page.errors()["paper-file"] == (
        "Berkas ini sudah ada di sini sebagai KTP. Pilih berkas lain, atau hapus dulu yang itu.")
    assert (Paper.get().kind, Document.select().count(), events("paper:added")) == ("KTP", 1, 1)
    siti.send("form[action$='/hapus']")
    siti.open(worker_url(case))
    siti.send(FORM, kind="KK", file=sent())
    assert Paper.get().kind == "KK"


def uploaded(page):
    """What the box says is there, of what is needed."""
    return [row.cssselect("div")[0].text for row in page.select("#papers #checklist li")
            if "Diunggah" in row.text_content()]


def test_the_box_says_anew_what_is_needed_and_there(siti, cast):
    begin_switch(siti, cast.siti_at_maju)
    case = Case.get()
    page = siti.open(worker_url(case))
    assert (len(page.select("#checklist li")), uploaded(page)) == (6, [])
    assert uploaded(siti.send(FORM, htmx=True, kind="KTP", file=sent())) == ["KTP"]
    assert uploaded(siti.send("form[action$='/hapus']", htmx=True)) == []


def test_a_form_that_must_have_papers_says_which_are_there(siti, cast):
    asked = approved(siti, cast.siti_at_maju, cast.ani, reason="LNG")
    page = siti.open(f"/permohonan/{asked.case.public_id}")
    assert (len(page.select("#papers #checklist li")), uploaded(page)) == (2, [])
    page = siti.send(FORM, htmx=True, kind="PASPOR", file=sent())
    assert uploaded(page) == ["Paspor"]


def test_two_sides_may_hand_in_the_same_file_and_each_takes_back_its_own(cast, case, paper, now):
    theirs = service.add(case, AT_COMPANY, cast.ani, "KTP", photograph(), "ktp.png", now)
    service.remove(paper, AT_WORKER, cast.siti, now)
    assert Paper.get() == theirs
    assert store.get(theirs.document)


def test_pressed_many_times_at_once_it_is_one_paper(app, cast, case, now):
    def hand_in(_):
        return service.add(case, AT_WORKER, cast.siti, "KTP", photograph(), "ktp.png", now)

    assert len({paper.id for paper in in_parallel(hand_in, 4)}) == 1
    assert Document.select().count() == 1
    assert store.get(Document.get())


def test_more_files_than_a_case_holds_are_refused_and_leave_nothing(cast, case, siti, now):
    document, _ = documents.cleaned_document(photograph(), "a.png", cast.siti, now=now)
    for number in range(MOST_PAPERS):
        document.id, document.public_id, document.digest = None, uuid4(), f"{number}"
        document.label = "a.png"     # sealed to its row
        document.save(force_insert=True)
        Paper.create(case=case, kind="LAIN", document=document, side=AT_WORKER,
                     added_by=cast.siti, added_at=now)
    page = siti.open(worker_url(case))
    assert "Sudah 20 berkas" in page.words("#papers")
    assert not page.select(FORM)
    before = files()
    with pytest.raises(Refused, match="Sudah ada 20 berkas"):
        service.add(case, AT_WORKER, cast.siti, "KTP", photograph("red"), "ktp.png", now)
    assert Document.select().count() == MOST_PAPERS
    assert files() == before


def test_whoever_hands_in_all_day_waits(siti, case, monkeypatch, now):
    monkeypatch.setattr(service, "FILES_OF_PERSON",
                        service.Limit("papers", 1, timedelta(hours=1)))
    siti.open(worker_url(case))
    siti.send(kind="KTP", file=sent())
    siti.open(worker_url(case))
    page = siti.send(FORM, kind="KK", file=sent(photograph("red")))
    assert page.status == 429
    assert page.errors()["paper-file"].startswith("Terlalu banyak berkas. Tunggu 60 menit")
    assert page.headers["Retry-After"] == "3600"
    assert Paper.select().count() == 1


def test_a_paper_is_taken_back_with_its_file_once_or_twice(siti, cast, paper):
    document = paper.document
    for _ in range(2):
        page = siti.open(worker_url(paper.case))
        siti.post(f"{worker_url(paper.case)}/{paper.public_id}/hapus",
                  {"csrf_token": siti.token()})
    assert not Paper.select().exists()
    assert not Document.select().exists()
    with pytest.raises(FileNotFoundError):
        store.get(document)
    assert events("paper:removed") == 1
    assert page.status == 200


def test_what_was_decided_keeps_its_papers(siti, case, paper):
    close(case)
    fields = {"csrf_token": siti.token(), "kind": "KK"}
    page = siti.post(worker_url(case), {**fields, "file": sent(photograph("red"))})
    assert (page.status, page.heading) == (409, "Kasus ini sudah selesai")
    page = siti.post(f"{worker_url(case)}/{paper.public_id}/hapus", fields)
    assert page.status == 409
    assert (Paper.select().count(), Document.select().count()) == (1, 1)
    page = siti.open(worker_url(case))
    assert not page.select("#papers form")


def test_a_download_is_an_attachment_and_on_record(siti, ani, dewi, cast, paper):
    places = ((siti, worker_url(paper.case)), (ani, company_url(paper.case, cast)),
              (dewi, branch_url(paper.case)))
    for number, (person, url) in enumerate(places, 1):
        answer = person.browser.get(f"{url}/{paper.public_id}")
        assert answer.data == store.get(paper.document)
        assert answer.headers["Content-Disposition"] == "attachment; filename=ktp.png"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert answer.headers["Cache-Control"] == "no-store"
        assert events("paper:read") == number


def test_each_side_hands_in_and_takes_back_only_its_own(siti, ani, dewi, cast, now):
    case = objected(cast)
    paper = service.add(case, AT_WORKER, cast.siti, "KTP", photograph(), "ktp.png", now)
    for person, url, colour in ((ani, company_url(case, cast), "red"),
                                (dewi, branch_url(case), "blue")):
        person.open(url)
        assert "Pekerja, 22 November 2026" in person.page.words("#papers-list")
        assert not person.page.select("#papers-list form")
        person.send(kind="LAIN", file=sent(photograph(colour)))
        remove = f"{url}/{paper.public_id}/hapus"
        assert person.post(remove, {"csrf_token": person.token()}).status == 404
    assert [row.side for row in Paper.select().order_by(Paper.id)] == [
        AT_WORKER, AT_COMPANY, AT_BRANCH]
    page = dewi.open(branch_url(case))
    assert len(page.select("#papers-list form")) == 1
    dewi.send("#papers-list form")
    assert Paper.select().count() == 2


@pytest.mark.parametrize("stranger", ["citra", "joko", "rahmat"])
def test_for_others_the_papers_do_not_exist(request, app, cast, paper, stranger):
    if stranger == "rahmat":
        cast.siti_at_maju.worker.__class__.update(user=None).execute()
        person, urls = request.getfixturevalue("siti"), [worker_url(paper.case)]
    else:
        person = request.getfixturevalue(stranger)
        urls = {"citra": [company_url(paper.case, cast),
                          company_url(paper.case, cast).replace(
                              str(cast.maju.public_id), str(cast.lain.public_id))],
                "joko": [branch_url(paper.case)]}[stranger]
    fields = {"csrf_token": person.token(), "kind": "KTP"}
    for url in urls:
        assert person.open(url).status == 404
        assert person.open(f"{url}/{paper.public_id}").status == 404
        assert person.post(url, {**fields, "file": sent(photograph("red"))}).status == 404
        assert person.post(f"{url}/{paper.public_id}/hapus", fields).status == 404
    assert Paper.select().count() == 1
    assert not events("paper:read")


def test_a_paper_belongs_to_its_case(dewi, paper, walk_in):
    url = f"{branch_url(walk_in)}/{paper.public_id}"
    assert dewi.open(url).status == 404


def test_what_was_only_begun_is_nobody_elses(siti, ani, dewi, cast, request_of_siti, now):
    case = case_of(request_of_siti)
    service.add(case, AT_WORKER, cast.siti, "KTP", photograph(), "ktp.png", now)
    assert siti.open(worker_url(case)).status == 200
    assert ani.open(company_url(case, cast)).status == 404
    assert dewi.open(branch_url(case)).status == 404
    requests.withdraw(request_of_siti, cast.siti, version=1, now=now)
    assert ani.open(company_url(case, cast)).status == 404


def test_staff_see_no_papers_of_their_own(app, dewi, cast, case):
    cast.siti_at_maju.worker.__class__.update(user=cast.dewi).where(
        cast.siti_at_maju.worker.__class__.id == case.worker_id).execute()
    page = dewi.open(branch_url(case))
    assert (page.status, page.heading) == (403, "Ini akun Anda sendiri")
    assert events("case:seen") == 1


def test_the_box_offers_what_its_page_says_and_only_while_it_may(cast, case, paper):
    box = box_for(case, AT_WORKER, cast.siti, ("KTP", "KK"), can_add=True)
    assert (box.kinds, box.offered) == ([("KTP", "KTP"), ("KK", "Kartu keluarga")], "KTP KK")
    assert not box_for(case, AT_WORKER, cast.siti, ("KTP",), can_add=False).offered


def test_a_paper_in_a_case_is_no_orphan(cast, case, paper, now):
    assert documents.purge_orphans(now + timedelta(days=9)) == 0
    assert store.get(paper.document)
    paper.delete_instance()
    assert documents.purge_orphans(now + timedelta(days=9)) == 1
    assert not Document.select().exists()
