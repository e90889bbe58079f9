"""Settings that make no sense, or are not safe, are refused with one line."""

import subprocess
import sys

import pytest

from webapp import config
from webapp.config import Misconfigured
from webapp.secrets_file import new_secret


def production(tmp_path, **changes):
    return {"PURNA_ENV": "production", "PURNA_DATA": str(tmp_path), "PURNA_HOSTS": "purna.example",
            "PURNA_BASE_URL": "https://purna.example", "PURNA_BRANCH_NETWORKS": "10.0.0.0/8",
            "PURNA_SMTP_URL": "smtp://mail.example", "PURNA_SMS_URL": "https://sms.example/send",
            **{name: new_secret(32) for name in config.SECRETS}, **changes}


def test_demo_mode_needs_nothing_and_keeps_its_secrets(tmp_path):
    first = config.from_environment({"PURNA_DATA": str(tmp_path)})
    again = config.from_environment({"PURNA_DATA": str(tmp_path)})
    assert first["DATA_KEY"] == again["DATA_KEY"]
    assert (tmp_path / "secrets.json").stat().st_mode & 0o077 == 0


def test_production_with_everything_starts(tmp_path):
    settings = config.from_environment(production(tmp_path))
    assert settings["SECURE_COOKIES"]
    assert not settings["DEMO"]
    assert not (tmp_path / "secrets.json").exists()


def test_in_production_figures_are_for_nobody_who_is_not_named(tmp_path):
    assert config.from_environment(production(tmp_path))["MONITORING_NETWORKS"] == []
    told = config.from_environment(production(tmp_path, PURNA_MONITORING_NETWORKS="10.10.0.41"))
    assert [str(one) for one in told["MONITORING_NETWORKS"]] == ["10.10.0.41/32"]


@pytest.mark.parametrize(("name", "value", "words"), [
    ("PURNA_ENV", "staging", "must be one of demo, production"),
    ("PORT", "eighty", "whole number"),
    ("PORT", "70000", "whole number"),
    ("PURNA_HOSTS", "", "PURNA_HOSTS is missing"),
    ("PURNA_BASE_URL", "http://purna.example", "https://"),
    ("PURNA_BASE_URL", "", "PURNA_BASE_URL is missing"),
    ("PURNA_BRANCH_NETWORKS", "everywhere", "PURNA_BRANCH_NETWORKS"),
    ("PURNA_BRANCH_NETWORKS", "", "PURNA_BRANCH_NETWORKS is missing"),
    ("PURNA_MONITORING_NETWORKS", "10.0.0.300", "PURNA_MONITORING_NETWORKS"),
    ("PURNA_SMTP_URL", "", "PURNA_SMTP_URL is missing"),
    ("PURNA_SMS_URL", "ftp://x", "PURNA_SMS_URL must be a URL"),
    ("PURNA_PROXY_HOPS", "-1", "whole number"),
    ("PURNA_DATA_KEY", "", "PURNA_DATA_KEY is missing"),
    ("PURNA_DATA_KEY", "c2hvcnQ=", "must hold 32 bytes"),
    ("PURNA_DATA_KEY", "not base64!", "PURNA_DATA_KEY"),
    ("PURNA_DATA_KEY", "A" * 43 + "=", "too regular"),
    ("PURNA_DATA_KEY_FILE", "/nowhere/at/all", "cannot be read"),
])
def test_nonsense_is_refused_by_name(tmp_path, name, value, words):
    read = config.port if name == "PORT" else config.from_environment
    with pytest.raises(Misconfigured, match=words) as problem:
        read(production(tmp_path, **{name: value}))
    assert "\n" not in str(problem.value)


def test_one_key_for_everything_is_refused(tmp_path):
    same = new_secret(32)
    with pytest.raises(Misconfigured, match="differ"):
        config.from_environment(production(tmp_path, **dict.fromkeys(config.SECRETS, same)))


def test_a_secret_may_come_from_a_file(tmp_path):
    file = tmp_path / "key"
    file.write_text(new_secret(32) + "\n")
    environ = production(tmp_path, PURNA_DATA_KEY_FILE=str(file))
    del environ["PURNA_DATA_KEY"]
    assert config.from_environment(environ)["DATA_KEY"]


def test_the_command_ends_with_one_clear_line(tmp_path):
    environ = {"PATH": "", "FLASK_APP": "wsgi", "PURNA_ENV": "production"}
    answer = subprocess.run([sys.executable, "-m", "flask", "serve"], env=environ,
                            capture_output=True, text=True, timeout=60)
    assert answer.returncode != 0
    assert answer.stderr.strip().splitlines()[-1].endswith("PURNA_BASE_URL is missing.")
    assert "Traceback" not in answer.stderr


def test_production_has_no_demo(tmp_path):
    code = ("from webapp import create_app; app = create_app(); "
            "print([rule.rule for rule in app.url_map.iter_rules() if 'demo' in rule.rule])")
    environ = {**production(tmp_path), "PATH": ""}
    answer = subprocess.run([sys.executable, "-c", code], env=environ, capture_output=True,
                            text=True, timeout=60)
    assert answer.stdout.strip() == "[]", answer.stderr
    refused = subprocess.run([sys.executable, "-m", "flask", "demo"], capture_output=True,
                             env={**environ, "FLASK_APP": "wsgi"}, text=True, timeout=60)
    assert "production" in refused.stderr


@pytest.mark.parametrize(("name", "value"), [
    ("DATABASE_URL", "mysql://x"), ("DATABASE_REPLICA_URL", "sqlite:///x"),
    ("DATABASE_REPLICA_URL", "postgresql://replica.example/purna"),
    ("DATABASE_URL", "sqlite:///"), ("PURNA_DOCUMENTS_URL", "foo"),
    ("PURNA_SMTP_URL", "smtp://"), ("PURNA_SMTP_URL", "smtp://mail.example:abc"),
    ("PURNA_SMS_URL", "https://"), ("PURNA_BASE_URL", "https://"),
    ("PURNA_CONTACT_EMAIL", "niet"), ("PURNA_CONTACT_PHONE", "175 dan 176"),
    ("PURNA_CONTACT_PHONE", "javascript:1"), ("PURNA_CONTACT_HOURS", "Senin\nSelasa"),
    ("PURNA_CONTACT_HOURS", "Senin " * 20),
    ("PURNA_BASE_URL", "https://purna.example:99999"), ("PURNA_MAIL_FROM", "niet")])
def test_an_address_that_leads_nowhere_is_refused_with_one_line(tmp_path, name, value):
    with pytest.raises(Misconfigured) as caught:
        config.from_environment(production(tmp_path, **{name: value}))
    assert str(caught.value).startswith(name)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("name", "value"), [
    ("DATABASE_URL", "postgresql:///purna?host=/run/postgresql"),
    ("PURNA_DOCUMENTS_URL", "s3://papers/purna"), ("PURNA_SMTP_URL", "smtps://u:p@mail.example:465"),
    ("PURNA_MAIL_FROM", "Purna <purna@bpjs.example>")])
def test_addresses_as_operators_write_them_are_taken(tmp_path, name, value):
    settings = config.from_environment(production(tmp_path, **{name: value}))
    assert settings[name.removeprefix("PURNA_")] == value


def test_people_write_to_the_sender_of_our_mail_unless_told_otherwise(tmp_path):
    environ = production(tmp_path, PURNA_MAIL_FROM="Purna <kabar@purna.example>")
    settings = config.from_environment(environ)
    assert settings["CONTACT_EMAIL"] == "Purna <kabar@purna.example>"
    assert settings["CONTACT_PHONE"] == ""
    told = config.from_environment({**environ, "PURNA_CONTACT_EMAIL": "tanya@purna.example",
                                    "PURNA_CONTACT_PHONE": "+62 21 555-0100"})
    assert told["CONTACT_EMAIL"] == "tanya@purna.example"
    assert told["CONTACT_PHONE"] == "+62 21 555-0100"
