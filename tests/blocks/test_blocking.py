"""Blokir: one manager proposes, another confirms; what ends with it, and what it leaves."""

import json
from datetime import timedelta

import pytest
import time_machine

from tests.blocks.managers import NOTE, blocked, proposed, seen
from tests.page import Clerk
from tests.people import with_phone
from webapp import clock, sessions
from webapp.blocks import ending, service
from webapp.challenges import service as challenges
from webapp.challenges.purposes import Purpose
from webapp.closure.service import finish_due
from webapp.db import write_transaction
from webapp.models.accounts import WAITING, Challenge, Closure
from webapp.models.audit import AuditEntry
from webapp.models.blocks import DROPPED, ENDED, IN_FORCE, PROPOSED, Block
from webapp.models.branches import HEAD_OFFICE, Branch
from webapp.models.messages import Message
from webapp.models.people import ACTIVE, BLOCKED, CLOSED, CLOSING, Session, User
from webapp.models.workers import Worker
from webapp.parameters import rules_on


def state_of(user):
    return User.get_by_id(user.id).state


def messages(kind):
    return [row.body for row in Message.select().where(Message.kind == kind).order_by(Message.id)]


def happened(kind):
    return [json.loads(row.details) for row in AuditEntry.select().where(AuditEntry.kind == kind)]


def press(clerk, block, putusan, **fields):
    clerk.open(f"/cabang/blokir/{block.public_id}")
    fields |= {"csrf_token": clerk.page.fields()["csrf_token"], "putusan": putusan,
               "version": fields.get("version", Block.get_by_id(block.id).version)}
    return clerk.post(f"/cabang/blokir/{block.public_id}", fields)


def test_two_managers_block_an_account_step_by_step(siti, fajar_page, gita_page, cast):
    with_phone(cast.siti)
    page = fajar_page.open(f"/cabang/orang/{cast.siti.public_id}")
    fajar_page.open(page.select("a[href*='/cabang/blokir/orang/']")[0].get("href"))
    page = fajar_page.send(reason="DATA_PALSU", note=NOTE, until="2026-12-21",
                           review_on="2026-12-01")
    assert "Menunggu manajemen yang lain" in page.words()
    assert state_of(cast.siti) == ACTIVE
    assert messages("account:blocked") == []
    page = gita_page.open("/cabang/blokir")
    gita_page.open(page.select("main .rows a")[0].get("href"))
    assert NOTE in gita_page.page.words()
    assert gita_page.send("#confirm").words().count("Berlaku")
    block = Block.get()
    assert (block.state, block.confirmed_by.name, block.state_before) == (
        IN_FORCE, "Gita Larasati", ACTIVE)
    assert state_of(cast.siti) == BLOCKED
    sms, email = messages("account:blocked")
    for words in ("sampai 21 Desember 2026", "data yang diisi palsu", "Formulir pengaduan"):
        assert words in sms
        assert words in email
    assert siti.open("/beranda").heading == "Masuk"
    assert happened("block:proposed")[0]["rules"]["block.longest_days"] == 365


def test_blocking_ends_sessions_and_codes_in_the_same_transaction(app, cast, gita):
    with write_transaction():
        token = sessions.begin(cast.siti, clock.now(), browser="")
    code = challenges.begin(Purpose.CLOSE_ACCOUNT, user=cast.siti, bound={}, now=clock.now())
    in_flight = sessions.find(token)
    blocked(cast.siti, cast.fajar, gita)
    assert Session.get(Session.user == cast.siti).ended_at == Block.get().confirmed_at
    assert challenges.is_over(Challenge.get_by_id(code.id), clock.now())
    # The request that had read its session before: it brings nothing back.
    assert not sessions.touch(in_flight, clock.now())
    with write_transaction():
        assert sessions.renew(in_flight, clock.now()) is None
        sessions.enter_stage(in_flight, "")
    assert not sessions.is_good(sessions.find(token), clock.now())


@pytest.mark.parametrize("stage", ["", "syarat", "penutupan"])
def test_no_other_session_of_a_blocked_account_is_good_however_it_came(cast, gita, stage):
    blocked(cast.siti, cast.fajar, gita)
    with write_transaction():
        token = sessions.begin(User.get_by_id(cast.siti.id), clock.now(), "", stage=stage)
    assert not sessions.is_good(sessions.find(token), clock.now())


def test_nobody_confirms_their_own_proposal(fajar_page, cast, gita):
    block = proposed(cast.siti, cast.fajar)
    assert not fajar_page.open(f"/cabang/blokir/{block.public_id}").select("#confirm")
    assert press(fajar_page, block, "sahkan").status == 403
    assert state_of(cast.siti) == ACTIVE


def test_nor_by_another_account_of_the_same_person(cast, gita):
    for user in (cast.fajar, gita):
        user.nik = "3171060101800077"
        user.save()
    block = proposed(cast.siti, cast.fajar)
    with pytest.raises(service.NotYours):
        service.confirm(seen(block, gita), gita, version=1, now=clock.now())


def test_nobody_blocks_or_reads_about_themselves(fajar_page, gita_page, gita, cast):
    assert fajar_page.open(f"/cabang/blokir/orang/{cast.fajar.public_id}").status == 403
    with pytest.raises(service.NotYours):
        proposed(cast.fajar, cast.fajar)
    block = proposed(gita, cast.fajar)
    assert gita_page.open(f"/cabang/blokir/{block.public_id}").status == 404
    assert "Gita" not in gita_page.open("/cabang/blokir").words("main .empty")


@pytest.mark.parametrize("who", ["dewi", "eka"])
def test_only_managers_see_and_do_it(app, cast, who):
    block = proposed(cast.siti, cast.fajar)
    clerk = Clerk(app).is_signed_in_as(getattr(cast, who))
    for path in ("/cabang/blokir", f"/cabang/blokir/{block.public_id}",
                 f"/cabang/blokir/orang/{cast.siti.public_id}"):
        assert clerk.open(path).status == 403
    page = clerk.open(f"/cabang/orang/{cast.siti.public_id}")
    assert not page.select("a[href*=blokir]")
    assert "Menunggu manajemen kedua" not in page.words()


def test_another_branchs_block_is_missing(app, cast, joko):
    block = proposed(cast.siti, cast.fajar)
    User.update(role="manager").where(User.name == "Joko Santoso").execute()
    assert joko.open(f"/cabang/blokir/{block.public_id}").status == 404
    assert "Siti" not in joko.open("/cabang/blokir").text


@pytest.mark.parametrize(("fields", "where"), [
    ({"reason": ""}, "reason"), ({"note": "Sudah jelas."}, "note"), ({"until": ""}, "until"),
    ({"review_on": ""}, "review_on"), ({"until": "2026-11-21"}, "until"),
    ({"until": "2027-11-23"}, "until"), ({"review_on": "2026-11-22"}, "review_on"),
    ({"review_on": "2026-12-23"}, "review_on"), ({"until": "2026-11-22"}, "until"),
    ({"until": "2026-12-01", "review_on": "2026-12-02"}, "review_on")])
def test_what_is_missing_or_too_far_away_is_said_beside_its_field(fajar_page, cast, fields, where):
    fajar_page.open(f"/cabang/blokir/orang/{cast.siti.public_id}")
    page = fajar_page.send(**{"reason": "KEAMANAN", "note": NOTE, "until": "2026-12-31",
                              "review_on": "2026-12-22", **fields})
    assert (page.status, list(page.errors())) == (422, [where])
    assert Block.select().count() == 0


def test_on_its_last_day_a_block_can_be_kept_as_it_is(gita_page, cast, gita):
    block = blocked(cast.siti, cast.fajar, gita, days=8)
    with time_machine.travel("2026-11-30T01:00:00Z"):
        clerk = Clerk(gita_page.browser.application).is_signed_in_as(gita)
        assert press(clerk, block, "tinjau", act="tetap", review_on="2026-11-30").status == 200
    assert str(Block.get().review_on) == "2026-11-30"


def in_another_branch(user):
    other = Branch.get_or_none(Branch.code == "LAIN1") or Branch.create(
        code="LAIN1", name="Kantor Cabang Satu Orang")
    User.update(branch=other).where(User.id == user.id).execute()
    return User.get_by_id(user.id)


def at_head_office(user):
    User.update(branch=HEAD_OFFICE).where(User.id == user.id).execute()
    return User.get_by_id(user.id)


def test_the_head_office_is_the_second_for_a_branch_with_one_manager(app, cast, gita):
    gita, block = at_head_office(gita), proposed(cast.siti, in_another_branch(cast.fajar))
    clerk = Clerk(app).is_signed_in_as(gita)
    page = clerk.open("/cabang/blokir")
    assert "Blokir (1)" in page.words("nav[aria-label=Utama]")
    clerk.open(page.select("main .rows a")[0].get("href"))
    assert "Berlaku" in clerk.send("#confirm").words()
    today = clock.today()
    service.ask_longer(Block.get(), cast.fajar, "Belum selesai.", version=2,
                       review_on=today + timedelta(days=8), until=today + timedelta(days=60),
                       rules=rules_on(today), now=clock.now())
    clerk.open(f"/cabang/blokir/{block.public_id}")
    assert clerk.send("#lengthen").status == 200
    assert (Block.get().until, Block.get().reviewed_by) == (today + timedelta(days=60), gita)


def test_a_branch_with_two_managers_needs_no_head_office(app, cast, gita, hadi):
    gita = at_head_office(gita)
    block = proposed(cast.siti, in_another_branch(cast.fajar))
    in_another_branch(hadi)
    clerk = Clerk(app).is_signed_in_as(gita)
    assert clerk.open(f"/cabang/blokir/{block.public_id}").status == 404
    assert "Siti" not in clerk.open("/cabang/blokir").text


def test_a_proposal_sent_twice_is_one_and_another_one_is_shown_whose_it_is(fajar_page, gita_page,
                                                                           cast):
    fields = {"reason": "KEAMANAN", "note": NOTE, "until": "2026-12-31", "review_on": "2026-12-22"}
    path = f"/cabang/blokir/orang/{cast.siti.public_id}"
    gita_page.open(path)
    form = gita_page.page.fields()
    fajar_page.open(path)
    mine = fajar_page.page.fields() | fields
    assert fajar_page.post(path, mine).path == fajar_page.post(path, mine).path
    page = gita_page.post(path, form | fields | {"note": "Yang lain lagi, dengan kata sendiri."})
    assert page.status == 409
    assert "Fajar Nugroho" in page.words()
    assert "Yang lain lagi" in page.text
    assert Block.select().count() == 1


def test_a_dropped_proposal_leaves_the_account_alone(fajar_page, siti, cast):
    block = proposed(cast.siti, cast.fajar)
    assert press(fajar_page, block, "batalkan", why="").status == 422
    press(fajar_page, block, "batalkan", why="Ternyata orang lain.")
    block = Block.get_by_id(block.id)
    assert (block.state, block.ending, block.ended_by) == (
        DROPPED, "Ternyata orang lain.", cast.fajar)
    assert siti.open("/beranda").heading == "Halo, Siti Rahayu"
    assert "blokir" not in siti.open("/profil/riwayat").words().lower()


def test_a_proposal_whose_last_day_is_past_blocks_nobody(gita_page, cast):
    block = proposed(cast.siti, cast.fajar, days=8)
    with time_machine.travel("2026-12-01T01:00:00Z"):
        clerk = Clerk(gita_page.browser.application).is_signed_in_as(User.get(
            User.name == "Gita Larasati"))
        assert press(clerk, block, "sahkan").status == 409
    assert state_of(cast.siti) == ACTIVE


def test_a_closed_account_cannot_be_blocked(cast, gita):
    block = proposed(cast.siti, cast.fajar)
    User.update(state=CLOSED).where(User.id == cast.siti.id).execute()
    with pytest.raises(service.NotBlockable):
        service.confirm(seen(block, gita), gita, version=1, now=clock.now())
    assert (state_of(cast.siti), Block.get().state) == (CLOSED, PROPOSED)
    with pytest.raises(service.NotBlockable):
        proposed(cast.rahmat_at_lain.worker.user or _closed(cast), cast.fajar)


def _closed(cast):
    User.update(state=CLOSED).where(User.id == cast.ani.id).execute()
    return User.get_by_id(cast.ani.id)


@pytest.mark.parametrize("who", ["ani", "dewi", "eka"])
def test_clerks_and_staff_may_be_blocked_alike(cast, gita, who):
    blocked(getattr(cast, who), cast.fajar, gita)
    assert state_of(getattr(cast, who)) == BLOCKED


def test_the_later_of_two_managers_sees_who_was_faster(app, cast, gita, hadi):
    block = proposed(cast.siti, cast.fajar)
    late = Clerk(app).is_signed_in_as(hadi)
    fields = late.open(f"/cabang/blokir/{block.public_id}").fields("#drop")
    service.confirm(seen(block, gita), gita, version=1, now=clock.now())
    page = late.post(f"/cabang/blokir/{block.public_id}", fields | {"why": "Saya kira keliru."})
    assert page.status == 409
    assert "Gita Larasati mengesahkan" in page.words()
    assert "Saya kira keliru." in page.text
    assert Block.get().state == IN_FORCE


def test_pressing_confirm_twice_is_once(app, cast, gita, gita_page):
    block = proposed(cast.siti, cast.fajar)
    fields = gita_page.open(f"/cabang/blokir/{block.public_id}").fields("#confirm")
    for _ in range(2):
        page = gita_page.post(f"/cabang/blokir/{block.public_id}", fields)
        assert page.status == 200
    assert len(messages("account:blocked")) == 1
    assert len(happened("block:confirmed")) == 1


def test_a_block_ends_by_itself_after_its_last_day_and_all_is_as_before(cast, gita):
    block = blocked(cast.siti, cast.fajar, gita, days=10)
    with time_machine.travel("2026-12-02T16:59:00Z"):      # the last day is not over in Jakarta
        assert ending.end_over(clock.now()) == 0
    with time_machine.travel("2026-12-02T17:01:00Z"):
        assert ending.end_over(clock.now()) == 1
        assert ending.end_over(clock.now()) == 0
    block = Block.get_by_id(block.id)
    assert (block.state, block.ended_by, state_of(cast.siti)) == (ENDED, None, ACTIVE)
    assert "tidak diblokir lagi" in messages("account:block ended")[0]
    assert Worker.get(Worker.name == "Siti Rahayu").user == cast.siti


def test_an_expired_block_holds_nobody_at_sign_in(app, cast, gita):
    blocked(cast.siti, cast.fajar, gita, days=10)
    with time_machine.travel("2026-12-02T17:01:00Z"):
        clerk = Clerk(app).sign_in("siti@pekerja.example")
        assert clerk.page.heading == "Halo, Siti Rahayu"
    assert (state_of(cast.siti), Block.get().state) == (ACTIVE, ENDED)


def test_a_manager_ends_it_with_a_reason(fajar_page, cast, gita):
    block = blocked(cast.siti, cast.fajar, gita)
    assert list(press(fajar_page, block, "tinjau", act="akhiri").errors()) == ["reason"]
    press(fajar_page, block, "tinjau", act="akhiri", reason="KTP sudah dicocokkan.")
    block = Block.get_by_id(block.id)
    assert (block.state, block.ending, state_of(cast.siti)) == (
        ENDED, "KTP sudah dicocokkan.", ACTIVE)
    assert len(messages("account:block ended")) == 1


def test_on_its_day_it_waits_for_a_review(app, cast, gita):
    block = blocked(cast.siti, cast.fajar, gita)
    clerk = Clerk(app).is_signed_in_as(gita)
    assert "Siti" not in clerk.open("/cabang/blokir").text
    with time_machine.travel("2026-11-29T01:00:00Z"):
        clerk = Clerk(app).is_signed_in_as(gita)
        page = clerk.open("/cabang/blokir")
        assert "Tinjau hari ini" in page.words()
        assert "Blokir (1)" in page.words("nav[aria-label=Utama]")
        press(clerk, block, "tinjau", act="tetap", review_on="2026-12-10")
        assert "Tinjau hari ini" not in clerk.open("/cabang/blokir").words()
    block = Block.get_by_id(block.id)
    assert (str(block.review_on), block.reviewed_by, block.version) == ("2026-12-10", gita, 3)
    assert messages("account:block changed") == []


def test_a_review_may_shorten_it_and_the_person_is_told(fajar_page, cast, gita):
    block = blocked(cast.siti, cast.fajar, gita)
    page = press(fajar_page, block, "tinjau", act="persingkat", until="2026-12-30")
    assert list(page.errors()) == ["until"]
    press(fajar_page, block, "tinjau", act="persingkat", until="2026-12-01")
    assert str(Block.get_by_id(block.id).until) == "2026-12-01"
    assert "sampai 1 Desember 2026" in messages("account:block changed")[0]


def test_lasting_longer_needs_the_second_manager_again(fajar_page, gita_page, cast, gita):
    block = blocked(cast.siti, cast.fajar, gita)
    press(fajar_page, block, "tinjau", act="perpanjang", until="2027-02-01",
          review_on="2026-12-15", reason="Polisi masih memeriksa.")
    assert str(Block.get_by_id(block.id).until) == "2026-12-22"
    assert press(fajar_page, block, "perpanjang").status == 403
    assert "Minta diperpanjang" in gita_page.open("/cabang/blokir").words()
    press(gita_page, block, "perpanjang")
    block = Block.get_by_id(block.id)
    assert (str(block.until), str(block.review_on), block.longer_until, block.reviewed_by) == (
        "2027-02-01", "2026-12-15", None, gita)
    assert "sampai 1 Februari 2027" in messages("account:block changed")[0]


def test_refused_it_ends_on_its_day(fajar_page, gita_page, cast, gita):
    block = blocked(cast.siti, cast.fajar, gita)
    press(fajar_page, block, "tinjau", act="perpanjang", until="2027-02-01",
          review_on="2026-12-15", reason="Polisi masih memeriksa.")
    press(gita_page, block, "jangan-perpanjang")
    block = Block.get_by_id(block.id)
    assert (str(block.until), block.longer_until) == ("2026-12-22", None)
    assert press(gita_page, block, "perpanjang", version=3).status == 409


def test_a_closure_stops_while_blocked_and_goes_on_with_the_time_it_had_left(cast, gita):
    due = clock.now() + timedelta(hours=30)
    closure = Closure.create(user=cast.siti, channel="email", requested_at=clock.now(), due_at=due,
                             cancel_index="x" * 32, state=WAITING)
    User.update(state=CLOSING).where(User.id == cast.siti.id).execute()
    block = blocked(cast.siti, cast.fajar, gita, days=10)
    assert block.state_before == CLOSING
    with time_machine.travel("2026-12-02T06:30:00Z"):
        assert finish_due(clock.now()) == 0
        service.end(seen(block, gita), gita, "Sudah jelas.", version=2, now=clock.now())
        assert finish_due(clock.now()) == 0
    assert state_of(cast.siti) == CLOSING
    moved = Closure.get_by_id(closure.id).due_at - due
    assert abs(moved - timedelta(days=10)) < timedelta(seconds=5)
    assert "Penutupan akun berjalan lagi: 3 Desember 2026" in messages("account:block ended")[0]
    with time_machine.travel("2026-12-03T12:31:00Z"):
        assert finish_due(clock.now()) == 1


def test_officers_see_a_block_in_force_and_every_look_is_recorded(dewi, fajar_page, cast, gita):
    block = blocked(cast.siti, cast.fajar, gita)
    words = dewi.open(f"/cabang/orang/{cast.siti.public_id}").words()
    assert "Data yang diisi palsu" in words
    assert "Akun diblokir" in words
    fajar_page.open(f"/cabang/blokir/{block.public_id}")
    looks = AuditEntry.select().where(AuditEntry.kind == "person:seen",
                                      AuditEntry.subject == cast.siti.public_id)
    assert [json.loads(row.details)["page"] for row in looks] == ["person", "block"]


def test_a_branch_blocks_nobody_of_another(app, cast, joko):
    User.update(role="manager").where(User.name == "Joko Santoso").execute()
    for who in (cast.ani, cast.siti, cast.dewi):
        assert joko.open(f"/cabang/blokir/orang/{who.public_id}").status == 404
    assert joko.open(f"/cabang/blokir/orang/{cast.citra.public_id}").status == 200
