"""What is rendered is what each program takes, and holds no secret that others could read."""

import configparser
import os
import re
import shlex
import subprocess
from pathlib import Path

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from deploy import cluster_site
from deploy.certificates import Authority
from deploy.render import Site, main
from deploy.secrets_folder import Secrets, write_secret
from tests.deploy.conftest import SITE
from webapp import postgresql
from webapp.config import from_environment
from webapp.operation.server import MOST_BODY_BYTES

# What Patroni's check says of any machine but the one it is run on.
ONLY_HERE = re.compile(r"didn't pass validation: ('Port \d+ is already in use|'must not contain"
                       r"|.*(Cannot assign|is not reachable|No such file|doesn't exist))"
                       r"|bootstrap\.pg_hba +is not defined")


def said_by(*arguments, **options):
    """What a program says, and how it ends."""
    done = subprocess.run(arguments, capture_output=True, text=True, timeout=20, check=False,
                          **options)
    return done.returncode, done.stdout + done.stderr


def units(site):
    """The rendered units of the first web machine and the first database."""
    return sorted(unit for role in ("web", "database") for unit in
                  Path(site.of(role)[0]["folders"]["etc"], "systemd/system").iterdir())


def test_every_machine_has_its_files(rendered):
    assert {name: len(files) > 0 for name, files in rendered.files.items()} == dict.fromkeys(
        ["edge1", "web1", "web2", "db1", "db2", "db3", "mon1"], True)
    for files in rendered.files.values():
        assert all("{" + "{" not in path.read_text("utf-8") for path in files)


def test_a_file_with_a_secret_is_readable_by_its_owner_alone(rendered):
    secrets = [path.read_text("ascii").strip() for path in (rendered.folder / "secrets").iterdir()
               if path.is_file()]
    held = [path for files in rendered.files.values() for path in files
            if any(secret in path.read_text("utf-8") for secret in secrets)]
    assert len(held) > 20
    assert [path for path in held if path.stat().st_mode & 0o077] == []
    keys = [path for files in rendered.files.values() for path in files if path.suffix == ".key"]
    assert keys
    assert [path for path in keys if path.stat().st_mode & 0o077] == []


def test_rendering_again_changes_no_secret(rendered):
    path = rendered.folder / "web1/etc/purna/secrets/PURNA_DATA_KEY"
    before = path.read_text("ascii")
    rendered.site.write(rendered.site.of("web")[0], rendered.folder / "web1")
    assert path.read_text("ascii") == before
    assert Authority(rendered.folder / "secrets/tls").certificate == (
        rendered.folder / "db2/etc/purna/tls/ca.pem").read_text("ascii")


def test_a_secret_that_others_give_out_is_asked_for_by_name(tmp_path, capsys):
    assert main([str(SITE), str(tmp_path / "out"), "--secrets", str(tmp_path / "secrets")]) == 1
    assert "write PURNA_SMTP_URL into" in capsys.readouterr().err


def test_the_cluster_on_loopback_really_sends_where_it_is_told_a_gateway(tmp_path):
    assert "PURNA_SMS_URL" not in cluster_site.gateways(tmp_path)
    write_secret(tmp_path / "secrets" / "PURNA_SMS_URL", "http://127.0.0.1:1/sms")
    description = cluster_site.description(tmp_path, Path("/usr/bin"), "postgres")
    assert description["gateways"][-1] == "PURNA_SMS_URL"


def test_the_application_starts_with_what_a_web_machine_knows(rendered):
    etc = rendered.folder / "web1/etc"
    environment = {}
    for path in (etc / "purna/purna.env", etc / "purna/gateways.env"):
        lines = [line for line in path.read_text("utf-8").splitlines() if line[:1] not in "#"]
        environment |= dict(line.split("=", 1) for line in lines)
    environment = {name: value.replace("/etc/purna", str(etc / "purna"))
                   for name, value in environment.items()}
    environment["PURNA_SMTP_URL"] = "smtp://mail.example"
    for name in ("DATABASE_URL", "DATABASE_REPLICA_URL"):
        named, = re.findall(f"^Environment={name}_FILE=/etc/(.*)$", (
            etc / "systemd/system/purna-web.service").read_text("utf-8"), re.MULTILINE)
        environment[f"{name}_FILE"] = str(etc / named)
    settings = from_environment(environment)
    assert settings["PRODUCTION"]
    assert settings["PROXY_HOPS"] == 1
    assert settings["DATABASE_URL"].endswith("@127.0.0.1:6432/purna?application_name=web-web1")
    assert settings["DATABASE_REPLICA_URL"].endswith(
        "@127.0.0.1:6432/purna_replica?application_name=web-web1")


def test_the_two_pools_lead_to_the_primary_and_to_the_replicas(rendered):
    etc = rendered.folder / "web1/etc"
    ini = configparser.ConfigParser()
    ini.read(etc / "pgbouncer/pgbouncer.ini")
    ports = rendered.description["ports"]
    assert dict(ini["databases"]) == {
        "purna": f"host=127.0.0.1 port={ports['primary']} dbname=purna",
        "purna_replica": f"host=127.0.0.1 port={ports['replica']} dbname=purna"}
    asked = dict(re.findall(r"listen \w+\n    bind 127.0.0.1:(\d+)\n[^$]*?GET uri (\S+)",
                            (etc / "haproxy/haproxy.cfg").read_text("utf-8")))
    assert asked == {str(ports["primary"]): "/primary", str(ports["replica"]): "/replica?lag=16MB"}
    sender = (etc / "systemd/system/purna-sender.service").read_text("utf-8")
    assert "REPLICA" not in sender, "what it does is written"


@pytest.mark.parametrize("certificate", ["", "site"])
def test_nginx_takes_its_file(on_loopback, command, certificate):
    nginx = command("nginx", "nginx")
    site = on_loopback(listeners={"certificate": certificate})
    edge = site.of("edge")[0]
    tls = Path(edge["folders"]["etc"]) / "purna/tls"
    tls.mkdir(parents=True)
    for ending, text in zip(("pem", "key"), Authority(tls).pair_for("x", "127.0.0.1"), strict=True):
        (tls / f"site.{ending}").write_text(text)
    code, said = said_by(nginx, "-t", "-q", "-c", f"{edge['folders']['etc']}/nginx/nginx.conf",
                         "-e", f"{edge['folders']['log']}/nginx/error.log")
    assert (code, said) == (0, "")


def test_nginx_lets_through_what_any_view_takes(rendered):
    text = (rendered.folder / "edge1/etc/nginx/purna-pages.conf").read_text("utf-8")
    mebibytes = int(re.search(r"client_max_body_size (\d+)m;", text)[1])
    assert mebibytes * 1024 * 1024 > MOST_BODY_BYTES


def test_nginx_lets_files_through_where_a_view_takes_them_and_nowhere_else(rendered, app):
    text = (rendered.folder / "edge1/etc/nginx/purna-pages.conf").read_text("utf-8")
    takes = re.compile(re.search(r"location ~ (\S+) {\n    client_max_body_size", text)[1])
    rules = [rule for rule in app.url_map.iter_rules() if "POST" in rule.methods]
    by_nginx, by_views = ({rule.rule for rule in rules if is_so(rule)} for is_so in (
        lambda rule: takes.search(re.sub("<[^>]+>", "0-0", rule.rule)),
        lambda rule: hasattr(app.view_functions[rule.endpoint], "most_bytes")))
    assert by_nginx == by_views
    assert by_views


def test_a_secret_that_others_could_read_is_theirs_no_more(tmp_path):
    path = tmp_path / "PURNA_SMS_URL"
    path.write_text("http://127.0.0.1:1/sms")
    path.chmod(0o644)
    Secrets(tmp_path).text("PURNA_SMS_URL")
    assert path.stat().st_mode & 0o777 == 0o600


def test_haproxy_takes_its_file(rendered, on_loopback, command):
    haproxy = command("haproxy", "haproxy")
    here = [Path(machine["folders"]["etc"]) for machine in on_loopback().machines]
    there = [rendered.folder / name / "etc" for name in ("edge1", "web1")]
    paths = [etc / "haproxy/haproxy.cfg" for etc in (*here, *there)]
    assert [said_by(haproxy, "-c", "-q", "-f", path)[0] for path in paths if path.exists()] == (
        [0] * 5)


def test_haproxy_tells_of_itself_to_the_monitoring_machine_alone(rendered):
    for name, address in (("edge1", "10.10.0.11"), ("web1", "10.10.0.21")):
        text = (rendered.folder / name / "etc/haproxy/haproxy.cfg").read_text("utf-8")
        assert f"bind {address}:8404\n" in text
        assert "http-request deny unless { src 10.10.0.41 } { path /metrics }" in text


def test_the_monitoring_machine_is_let_in_where_figures_are_and_not_to_staff_pages(rendered):
    text = (rendered.folder / "web1/etc/purna/purna.env").read_text("utf-8")
    assert "PURNA_BRANCH_NETWORKS=10.20.0.0/16\n" in text
    assert "PURNA_MONITORING_NETWORKS=10.10.0.41\n" in text


def test_of_two_edges_each_listens_for_prometheus_on_its_own_address(rendered, tmp_path):
    second = {"name": "edge2", "address": "10.10.0.12", "roles": ["edge"]}
    site = Site({**rendered.description, "machine": [*rendered.description["machine"], second]},
                rendered.folder / "secrets")
    for machine in site.machines:
        site.write(machine, tmp_path / machine["name"])
    told = yaml.safe_load((tmp_path / "mon1/etc/prometheus/prometheus.yml").read_text("utf-8"))
    targets = {job["job_name"]: {one["labels"]["instance"]: one["targets"]
                                 for one in job["static_configs"]}
               for job in told["scrape_configs"]}
    for name, address in (("edge1", "10.10.0.11"), ("edge2", "10.10.0.12")):
        etc = tmp_path / name / "etc"
        assert targets["haproxy"][name] == [f"{address}:8404"]
        balancing = (etc / "haproxy/haproxy.cfg").read_text("utf-8")
        assert {*re.findall(r"bind ([\d.]+):", balancing)} == {"127.0.0.1", address}
        # One of them has the internal address, and nginx is to start at both.
        assert "listen 10.20.0.11:443" in (etc / "nginx/nginx.conf").read_text("utf-8")
        assert "ip_nonlocal_bind = 1" in (etc / "sysctl.d/60-purna.conf").read_text("utf-8")
    assert targets["purna"] == dict.fromkeys(("web1", "web2"), ["10.20.0.11:443"])


def test_patroni_takes_its_file(rendered, command):
    patroni = command("patroni", "patroni")
    _, said = said_by(patroni, "--validate-config", rendered.folder / "db1/etc/patroni/config.yml")
    assert [line for line in said.splitlines() if not ONLY_HERE.search(line)] == []


def test_postgresql_acknowledges_nothing_that_is_not_on_a_second_machine(rendered):
    text = (rendered.folder / "db1/etc/patroni/config.yml").read_text("utf-8")
    for line in ("synchronous_mode: true", "synchronous_mode_strict: true",
                 'synchronous_commit: "on"'):
        assert re.search(rf"^ +{line}$", text, re.MULTILINE), line


def test_pgbouncer_keeps_a_session_and_outlasts_every_statement(rendered):
    ini = configparser.ConfigParser()
    ini.read(rendered.folder / "web1/etc/pgbouncer/pgbouncer.ini")
    pool = ini["pgbouncer"]
    assert pool["pool_mode"] == "session"
    assert int(pool["query_timeout"]) > postgresql.STATEMENT_SECONDS + postgresql.LOCK_SECONDS
    threads = rendered.description["web_workers"] * rendered.description["web_threads"]
    assert int(pool["default_pool_size"]) >= threads


def test_there_are_connections_for_all_machines(rendered):
    web = len(rendered.site.of("web"))
    threads = rendered.description["web_workers"] * rendered.description["web_threads"]
    assert rendered.description["database_connections"] >= web * (threads + 8 + 12) + 20


def test_pgbackrest_takes_its_file(on_loopback, command):
    pgbackrest = command("pgbackrest", "pgbackrest")
    path = f"{on_loopback().of('database')[0]['folders']['etc']}/pgbackrest.conf"
    code, said = said_by(pgbackrest, f"--config={path}", "--stanza=purna", "--log-level-file=off",
                         "info")
    assert code == 0, said


@pytest.mark.parametrize(("day", "expected"), [(6, "incr"), (7, "full")])
def test_the_night_s_backup_is_whole_on_sundays(on_loopback, tmp_path, day, expected):
    said = of_shell(backup_unit(on_loopback), "ExecStart", tmp_path, pgbackrest='echo "$@"',
                    date=f"echo {day}")
    assert f"--type={expected} backup\n" in said


def test_when_it_was_made_is_told_to_whoever_watches_and_never_half(on_loopback, tmp_path):
    unit = backup_unit(on_loopback)
    folder = Path(unit.parents[3], "state/prometheus/node-exporter")
    folder.mkdir(parents=True)
    of_shell(unit, "ExecStartPost", tmp_path)
    kept, = folder.iterdir()
    assert (kept.name, kept.stat().st_mode & 0o777) == ("purna.prom", 0o644)
    family, = text_string_to_metric_families(kept.read_text("ascii"))
    assert family.name == "purna_backup_timestamp_seconds"
    assert family.samples[0].value == pytest.approx(kept.stat().st_mtime, abs=2)


def test_a_backup_is_made_where_the_primary_is_and_takes_nothing_of_postgresql_s(on_loopback):
    lines = backup_unit(on_loopback).read_text("utf-8").splitlines()
    assert [line for line in lines if line.startswith("RemoveIPC=")][-1] == "RemoveIPC=no"
    condition, = [line for line in lines if line.startswith("ExecCondition=")]
    assert "--fail" in condition
    assert condition.endswith("/primary")


def backup_unit(on_loopback):
    """The unit of a database's backup."""
    return next(unit for unit in units(on_loopback()) if unit.name == "purna-backup.service")


def of_shell(unit, kind, folder, **commands):
    """What a unit's line for the shell says.

    :param commands: scripts in place of programs.
    """
    for name, script in commands.items():
        (folder / name).write_text(f"#!/bin/sh\n{script}\n")
        (folder / name).chmod(0o755)
    line, = re.findall(f"^{kind}=\\+?(/bin/sh -c .*)$", unit.read_text("utf-8"), re.MULTILINE)
    line = line.replace("%%", "%").replace("$$", "$")      # as systemd reads it
    code, said = said_by(*shlex.split(line), env={"PATH": f"{folder}:/usr/bin:/bin"}, umask=0o077)
    assert code == 0, said
    return said


def test_systemd_takes_the_units(on_loopback, command):
    analyze = command("systemd-analyze", "systemd")
    for unit in units(on_loopback(folders={"python": "/bin"},
                                  users={"purna": "root", "database": "root"})):
        unit.write_text(re.sub("/bin/(gunicorn|python|curl) ", "/bin/true ",
                               unit.read_text("utf-8")))
        assert said_by(analyze, "verify", "--man=no", unit) == (0, "")


def test_the_units_leave_little_open(on_loopback, command):
    analyze = command("systemd-analyze", "systemd")
    site = on_loopback(users={"purna": "purna", "database": "postgres"})
    for unit in (unit for unit in units(site) if unit.suffix == ".service"):
        code, said = said_by(analyze, "security", "--offline=true", "--threshold=20", unit,
                             env={"PATH": os.environ["PATH"], "SYSTEMD_COLORS": "0"})
        assert code == 0, said[-300:]
