"""What an operator does from the shell."""

import json
import re

from tests.page import Clerk
from webapp import cli, clock
from webapp.branch.queries import is_same_person
from webapp.companies.service import add_clerk
from webapp.db import database
from webapp.demo.data import generated
from webapp.formats import nik_warnings, parse_nik
from webapp.models.audit import AuditEntry
from webapp.models.companies import Company
from webapp.models.parameters import Parameter
from webapp.models.people import User
from webapp.models.workers import Membership


def run(app, *arguments, **options):
    return app.test_cli_runner().invoke(args=list(arguments), **options)


def test_a_company_and_its_clerk_are_added(app, cast):
    password = "lampu basah gunung kertas\n" * 2
    answer = run(app, "add-user", "gita@niaga.example", "Gita", input=password)
    assert answer.exit_code == 0, answer.output
    answer = run(app, "add-company", "JJ030004", "CV Niaga", "--clerk", "gita@niaga.example")
    assert answer.exit_code == 0, answer.output
    clerk = User.get(User.email.matches("gita@niaga.example"))
    assert Company.get(Company.npp == "JJ030004").clerks.get().user == clerk


def audited(kind, subject):
    return AuditEntry.select().where(AuditEntry.kind == kind,
                                     AuditEntry.subject == subject.public_id).count()


def test_who_was_added_and_let_in_is_in_the_audit_trail(app, cast):
    run(app, "add-user", "gita@niaga.example", "Gita", input="lampu basah gunung kertas\n" * 2)
    run(app, "add-company", "JJ030004", "CV Niaga", "--clerk", "gita@niaga.example")
    gita = User.get(User.email.matches("gita@niaga.example"))
    assert audited("account:added", gita) == audited("clerk:let in", gita) == 1
    assert run(app, "audit", "verify").exit_code == 0


def test_capitals_in_an_address_keep_nobody_out(app, cast, visitor):
    run(app, "add-user", "Ani.W@Maju.co.id", "Ani W", input="lampu basah gunung kertas\n" * 2)
    visitor.open("/masuk")
    page = visitor.send(account="ANI.W@maju.CO.ID", password="lampu basah gunung kertas")
    assert page.heading == "Perangkat baru"


def test_a_clerk_is_let_in_later_and_once(app, cast):
    for ending in ("PT Lain Sejahtera\n", "PT Lain Sejahtera already\n"):
        answer = run(app, "add-clerk", "jj020002", "Ani@maju.example")
        assert answer.output.endswith(ending), answer.output
    assert cast.lain.clerks.where(User.id == cast.ani.id).join(User).count() == 1
    assert audited("clerk:let in", cast.ani) == 1


def test_a_worker_cannot_act_for_a_company(app, cast):
    answer = run(app, "add-clerk", "JJ020002", "siti@pekerja.example")
    assert answer.exit_code != 0
    assert "cannot act for a company" in answer.output


def noted(path):
    return path.read_text().splitlines()


def test_heads_are_noted_again_when_they_changed(app, cast, tmp_path):
    path = tmp_path / "heads.jsonl"
    cli._note_heads(path, clock.now())
    first = noted(path)
    cli._note_heads(path, clock.now())
    assert noted(path) == first
    add_clerk(cast.lain, cast.ani, now=clock.now())
    cli._note_heads(path, clock.now())
    assert len(noted(path)) == len(first) + 1


def test_a_torn_line_of_heads_stops_neither_noting_nor_checking(app, cast, tmp_path):
    path = tmp_path / "heads.jsonl"
    cli._note_heads(path, clock.now())
    whole = cli._noted_heads(path)
    path.write_text(path.read_text()[:-30])
    cli._note_heads(path, clock.now())
    assert sorted(cli._noted_heads(path)) == sorted(whole)
    assert run(app, "audit", "verify", "--heads", str(path)).exit_code == 0


def test_heads_kept_elsewhere_show_that_entries_were_cut_off(app, cast, tmp_path):
    kept = tmp_path / "kept.jsonl"
    name, sequence, head = json.loads(run(app, "audit", "heads").output.splitlines()[0])
    kept.write_text(json.dumps([name, sequence, head]) + "\n")
    assert run(app, "audit", "verify", "--heads", str(kept)).exit_code == 0
    kept.write_text(json.dumps([name, sequence + 1, head]) + "\n")     # one that is not there now
    assert run(app, "audit", "verify").exit_code == 0
    answer = run(app, "audit", "verify", "--heads", str(kept))
    assert answer.exit_code == 1
    assert "was noted before" in answer.output


def test_what_is_there_already_or_malformed_is_refused_with_words(app, cast):
    assert "sudah terdaftar" in run(app, "add-company", "JJ010001", "Lagi").output
    assert run(app, "add-company", "J!", "Salah").exit_code != 0
    assert "flask add-user" in run(app, "add-company", "JJ030004", "CV", "--clerk",
                                   "siapa@ini.example").output
    assert run(app, "add-user", "ani@maju.example", "Ani",
               input="lampu basah gunung kertas\n" * 2).exit_code != 0
    answer = run(app, "add-user", "x@y.example", "X", input="pendek\npendek\n")
    assert answer.exit_code != 0
    assert "use a password of 12 to 128 characters" in answer.output


def test_the_rules_are_listed_with_their_source(app, cast):
    output = run(app, "rules", "list").output
    assert "deactivation.report_working_days" in output
    assert "PP 44/2015" in output
    assert len(output.splitlines()) == Parameter.select().count()


def test_fresh_secrets_all_differ(app):
    lines = run(app, "secrets").output.split()
    assert len({line.partition("=")[2] for line in lines}) == 5


def test_heads_are_lines_of_json(app, cast):
    lines = run(app, "audit", "heads").output.splitlines()
    assert all(len(json.loads(line)) == 3 for line in lines)


def test_demo_data_is_the_same_every_time(app, cast):
    answer = run(app, "demo", "--workers", "400")
    assert answer.exit_code == 0, answer.output
    before = Membership.select().count()
    assert before >= 400
    run(app, "demo", "--workers", "400")
    assert Membership.select().count() == before
    assert run(app, "audit", "verify").exit_code == 0


def test_no_two_generated_people_share_a_nik_and_each_looks_valid():
    # Companies 0, 10, 20 … : a NIK's serial number and city come round again after 99,990 people.
    rows = [row for number in range(0, 400, 10)
            for row in generated(number, 0, 150, clock.today())]
    assert len({row.nik for row in rows}) == len(rows)
    for row in rows:
        assert parse_nik(row.nik) == row.nik
        assert not nik_warnings(row.nik, row.birth_date)


def test_alive_and_ready(app, cast, visitor):
    assert visitor.browser.get("/healthz").json == {"status": "ok"}
    assert visitor.browser.get("/readyz").json == {"status": "ok"}


def test_not_ready_names_the_part_to_the_inside_only(app, cast, visitor):
    database.execute_sql("DELETE FROM schema_migration")
    inside = visitor.browser.get("/readyz")
    outside = visitor.browser.get("/readyz", environ_base={"REMOTE_ADDR": "203.0.113.9"})
    assert inside.status_code == outside.status_code == 503
    assert inside.json == {"status": "failing", "failing": ["schema"]}
    assert outside.json == {"status": "failing"}


def test_staff_are_added_with_their_nik_so_that_they_are_known_as_workers_too(app, cast):
    password = "lampu basah gunung kertas\n" * 2
    without = run(app, "add-user", "gita@cabang.example", "Gita", "--role", "officer",
                  input=password)
    assert "staff need their --nik" in without.output
    answer = run(app, "add-user", "gita@cabang.example", "Gita", "--role", "officer",
                 "--nik", "3171064508900001", input=password)
    gita = User.get(User.email.matches("gita@cabang.example"))
    assert is_same_person(gita, cast.siti)
    printed = re.findall(r"^  (\S+)$", answer.output, re.MULTILINE)
    clerk = Clerk(app)
    clerk.open("/masuk")
    clerk.send(account="gita@cabang.example", password=password.split("\n")[0])
    assert clerk.send(code=printed[0]).heading == "Pasang autentikator"


def test_staff_who_lost_everything_are_handed_new_codes(app, cast):
    answer = run(app, "reset-authenticator", "dewi@cabang.example")
    assert len(re.findall(r"^  \S+$", answer.output, re.MULTILINE)) == 3
    assert "recovery codes" not in run(app, "reset-authenticator", "ani@maju.example").output
