"""What an operator does from the shell."""

import json

from webapp.db import database
from webapp.models.companies import Company
from webapp.models.parameters import Parameter
from webapp.models.people import User
from webapp.models.workers import Membership


def run(app, *arguments, **options):
    return app.test_cli_runner().invoke(args=list(arguments), **options)


def test_a_company_and_its_clerk_are_added(app, cast):
    password = "kata-sandi-panjang\n" * 2
    answer = run(app, "add-user", "gita@niaga.example", "Gita", input=password)
    assert answer.exit_code == 0, answer.output
    answer = run(app, "add-company", "JJ030004", "CV Niaga", "--clerk", "gita@niaga.example")
    assert answer.exit_code == 0, answer.output
    clerk = User.get(User.email.matches("gita@niaga.example"))
    assert Company.get(Company.npp == "JJ030004").clerks.get().user == clerk


def test_what_is_there_already_or_malformed_is_refused_with_words(app, cast):
    assert "sudah terdaftar" in run(app, "add-company", "JJ010001", "Lagi").output
    assert run(app, "add-company", "J!", "Salah").exit_code != 0
    assert "flask add-user" in run(app, "add-company", "JJ030004", "CV", "--clerk",
                                   "siapa@ini.example").output
    assert run(app, "add-user", "ani@maju.example", "Ani",
               input="kata-sandi-panjang\n" * 2).exit_code != 0
    assert run(app, "add-user", "x@y.example", "X", input="pendek\npendek\n").exit_code != 0


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
