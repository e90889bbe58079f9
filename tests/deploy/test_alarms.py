"""Prometheus takes its files; every alarm comes when it must, and none where all is well."""

import json
import subprocess
from pathlib import Path

import pytest
import yaml

from deploy.render import TEMPLATES

RULES = TEMPLATES / "purna-alarms.yml"
ALARMS = {rule["alert"]: rule for group in yaml.safe_load(RULES.read_text("utf-8"))["groups"]
          for rule in group["rules"]}
DAY = 24 * 3600
# A site where all is well, every 15 s: the clock of a test begins at 0.
WELL = {
    'up{job="purna", instance="web1"}': "1x60",
    'up{job="purna", instance="web2"}': "1x60",
    'up{job="patroni", instance="db1"}': "1x60",
    "purna_database_up": "1x60",
    'purna_audit_faults{scope="all"}': "0x60",
    "purna_audit_checked_timestamp_seconds": "0x60",
    "purna_reconciliation_differences": "0x60",
    "purna_reconciliation_checked_timestamp_seconds": "0x60",
    'purna_outbox_oldest_seconds{channel="sms"}': "20x60",
    'purna_outbox_failed{channel="sms"}': "3x60",
    "purna_full_views_most": "29x60",
    'purna_database_faults_total{kind="busy"}': "0x60",
    'purna_http_requests_total{audience="public", status="2xx"}': "0+100x60",
    'purna_http_requests_total{audience="public", status="5xx"}': "0x60",
    'purna_codes_total{outcome="right"}': "0+5x60",
    'purna_codes_total{outcome="wrong"}': "0+1x60",
    "purna_authenticator_wrong_total": "0x60",
    'purna_sign_ins_total{outcome="began"}': "0+5x60",
    'purna_sign_ins_total{outcome="refused"}': "0+1x60",
    'purna_sender_beat_timestamp_seconds{job="purna", instance="web1"}': "0+15x60",
    'purna_sender_beat_timestamp_seconds{job="purna", instance="web2"}': "0+15x60",
    "purna_migrations_pending": "0x60",
    "purna_disk_free_ratio": "0.5x60",
    "purna_wal_bytes": "4000000x60",
    'patroni_primary{instance="db1"}': "1x60",
    'patroni_sync_standby{instance="db2"}': "1x60",
    'patroni_xlog_location{instance="db1"}': "0+1000000x60",
    'patroni_xlog_replayed_location{instance="db2"}': "0+1000000x60",
    'patroni_replica{instance="db2"}': "1x60",
    "purna_wal_archived_timestamp_seconds": "0+15x60",
    "purna_wal_archive_failing": "0x60",
    "purna_backup_timestamp_seconds": "0x60",
    'haproxy_backend_active_servers{proxy="ready", instance="edge1"}': "2x60",
    "etcd_server_has_leader": "1x60",
    'up{job="machine", instance="db1"}': "1x60",
    'node_timex_sync_status{job="machine", instance="db1"}': "1x60",
    'node_timex_offset_seconds{job="machine", instance="db1"}': "-0.01x60",
    'node_time_seconds{job="machine", instance="db1"}': "0+15x60",
}
DB1 = {"job": "machine", "instance": "db1"}
# alarm: what is wrong, from the beginning; after how long it is told; what the alarm names.
WRONG = {
    "AuditTrailBroken": ({'purna_audit_faults{scope="all"}': "1x60"}, "1m", {}),
    "MoneyDoesNotAgree": ({"purna_reconciliation_differences": "2x60"}, "1m", {}),
    "OutboxOld": ({'purna_outbox_oldest_seconds{channel="sms"}': "290+15x60"}, "1m",
                  {"channel": "sms"}),
    "TooManyFullViews": ({"purna_full_views_most": "30x60"}, "1m", {}),
    "LockSpike": ({'purna_database_faults_total{kind="busy"}': "0+3x60"}, "1m", {}),
    "ClockDoubted": ({"purna_clock_doubted_total": "0+1x60"}, "1m", {}),
    "ServerErrors": ({'purna_http_requests_total{audience="public", status="5xx"}': "0+4x60"},
                     "1m", {}),
    "NodeAway": ({'up{job="purna", instance="web1"}': "0x60"}, "1m",
                 {"job": "purna", "instance": "web1"}),
    "DatabaseAway": ({"purna_database_up": "0x60"}, "1m", {}),
    "SenderSilent": ({'purna_sender_beat_timestamp_seconds{job="purna", instance="web2"}': "0x60"},
                     "2m30s", {"job": "purna", "instance": "web2"}),
    "NoPrimary": ({'patroni_primary{instance="db1"}': "0x60"}, "1m", {}),
    "NoStandby": ({'patroni_sync_standby{instance="db2"}': "0x60"}, "1m", {}),
    "ReplicationLag": ({'patroni_xlog_location{instance="db1"}': "90000000+1000000x60"}, "1m",
                       {"instance": "db2"}),
    "LogNotArchived": ({"purna_wal_archive_failing": "1x60"}, "1m", {}),
    "NoNodeReady": ({'haproxy_backend_active_servers{proxy="ready", instance="edge1"}': "0x60"},
                    "1m", {"instance": "edge1"}),
    "EtcdWithoutLeader": ({"etcd_server_has_leader": "0x60"}, "1m", {}),
    "ClockNotKept": ({'node_timex_sync_status{job="machine", instance="db1"}': "0x60"}, "6m", DB1),
    "ClockWrong": ({'node_timex_offset_seconds{job="machine", instance="db1"}': "-0.2x60"}, "1m30s",
                   DB1),
    "PartAway": ({'up{job="patroni", instance="db1"}': "0x60"}, "1m30s",
                 {"job": "patroni", "instance": "db1"}),
    "DiskFull": ({"purna_disk_free_ratio": "0.09x60"}, "1m30s", {}),
    "MigrationsPending": ({"purna_migrations_pending": "1x60"}, "11m", {}),
    "LogOfSQLiteGrows": ({"purna_wal_bytes": "300000000x60"}, "11m", {}),
    "MessagesGivenUp": ({'purna_outbox_failed{channel="sms"}': "101x60"}, "1m",
                        {"channel": "sms"}),
    "CodesGuessed": ({'purna_codes_total{outcome="wrong"}': "0+20x60"}, "5m", {}),
    "SignInsGuessed": ({'purna_sign_ins_total{outcome="refused"}': "0+20x60"}, "5m", {}),
    "NeverVerified": ({"purna_audit_checked_timestamp_seconds": "_x300",
                       "purna_database_up": "1x300"}, "1h2m", {}),
    "NotVerified": ({"purna_audit_checked_timestamp_seconds": f"{-2 * DAY}x60"}, "1m", {}),
    "BackupOld": ({"purna_backup_timestamp_seconds": f"{-27 * 3600}x120"}, "11m", {}),
}
# alarm: what nobody tells, of a site where all is well; after how long that is told; what it names.
SILENT = [
    ("SenderSilent", 'purna_sender_beat_timestamp_seconds{job="purna", instance="web2"}', "1m",
     {"job": "purna", "instance": "web2"}),
    ("NeverVerified", "purna_reconciliation_checked_timestamp_seconds", "1h2m", {}),
    ("LogNotArchived", "purna_wal_archived_timestamp_seconds", "1m", {}),
    ("ClockNotKept", 'node_timex_sync_status{job="machine", instance="db1"}', "6m", DB1),
    ("BackupOld", "purna_backup_timestamp_seconds", "11m", {}),
    ("NoPrimary", 'patroni_primary{instance="db1"}', "1m", {}),
    ("NoStandby", 'patroni_sync_standby{instance="db2"}', "1m", {}),
]
# A clock that NTP is content with, and Prometheus is not.
FAST = {'node_time_seconds{job="machine", instance="db1"}': "3+15x60"}
SOON = ("AuditTrailBroken", "MoneyDoesNotAgree", "OutboxOld", "TooManyFullViews", "LockSpike")


@pytest.fixture(scope="module")
def promtool(command):
    """Runs Prometheus' own check; gives its exit code and what it said."""
    path = command("promtool", "prometheus")

    def run(*arguments):
        done = subprocess.run([path, *arguments], capture_output=True, text=True, timeout=60,
                              check=False)
        return done.returncode, done.stdout + done.stderr
    return run


def test_prometheus_takes_its_file(on_loopback, promtool):
    machine = on_loopback().of("monitoring")[0]
    path = Path(machine["folders"]["etc"]) / "prometheus/prometheus.yml"
    code, said = promtool("check", "config", path)
    assert code == 0, said
    assert f"{len(ALARMS)} rules found" in said


def test_prometheus_takes_the_file_of_a_site_with_certificates(rendered, promtool):
    path = rendered.folder / "mon1/etc/prometheus/prometheus.yml"
    assert promtool("check", "config", "--syntax-only", path)[0] == 0


def test_there_is_a_case_for_each_alarm():
    assert {*WRONG} == {*ALARMS}
    assert [name for name in SOON if WRONG[name][1] != "1m"] == [], "OP-12: within a minute"


def test_op_12_each_alarm_comes_in_time_and_none_where_all_is_well(promtool, tmp_path):
    path = tmp_path / "tests.yml"
    path.write_text(json.dumps({
        "rule_files": [str(RULES)], "evaluation_interval": "15s",
        "tests": [case(WELL, [expected(name, at) for name in ALARMS for at in ("1m", "14m")]),
                  *(case(WELL | series, [expected(name, at, labels)])
                    for name, (series, at, labels) in WRONG.items()),
                  *(case(WELL | {series: "_x300", "purna_database_up": "1x300"},
                         [expected(name, at, labels)])
                    for name, series, at, labels in SILENT),
                  case(WELL | FAST, [expected("ClockWrong", "1m30s", DB1)])]}), "utf-8")
    code, said = promtool("test", "rules", path)
    assert code == 0, said


def case(series, alarms):
    return {"interval": "15s", "alert_rule_test": alarms,
            "input_series": [{"series": name, "values": values} for name, values in series.items()]}


def expected(name, at, labels=None):
    """That an alarm is raised at a moment, with labels; without these, that it is not."""
    told = {"exp_labels": labels, "exp_annotations": ALARMS[name]["annotations"]}
    return {"eval_time": at, "alertname": name, "exp_alerts": [] if labels is None else [told]}
