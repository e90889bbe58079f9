"""The arithmetic of ``bench.machines``, beside sums done by hand."""

import pytest

from bench.costs import Cost
from bench.explained import lines
from bench.machines import (
    ASSUMED,
    MACHINE,
    SITE,
    Load,
    a_second,
    acts_a_month,
    load_of,
    machines_for,
    values,
)

# Of any act: 1 kB of log, 9 kB where whole pages are copied into it.
COST = Cost(web_ms=10, database_ms=5, statements=4, commits=1, log_bytes=1000, full_log_bytes=9000,
            rows=3, row_bytes=2000, stored_bytes=0, objects=0, answers=2, sent_bytes=5000)
PACE = {"working_days": 20, "peak_day": 2, "peak_hour": 0.18, "peak_minute": 2}


@pytest.fixture
def costs():
    return {name: COST for name in acts_a_month(values(SITE))}


def test_a_months_acts_come_in_its_busiest_minutes():
    # 1.000.000 / 20 = 50.000 on a day, 100.000 on the busiest, 18.000 in its hour, 5 a second, 10.
    assert a_second(1_000_000, PACE) == pytest.approx(10)


def test_leavers_are_in_lists_or_alone_and_nowhere_twice():
    month = acts_a_month({**values(SITE), "members": 1_000_000, "leavers": 0.02, "by_list": 0.25})
    assert month["a deactivation"] == 15_000
    assert month["a row of a list"] == 5_000


def test_the_log_is_between_that_of_few_pages_and_that_of_all(costs):
    by_share = [load_of(costs, values(SITE), {**values(MACHINE), "warm": share}).log_bytes
                for share in (1, 0.5, 0)]
    assert by_share[1] == pytest.approx((by_share[0] + by_share[2]) / 2)
    assert by_share[2] == pytest.approx(9 * by_share[0])


def test_the_senders_acts_are_not_the_web_servers(costs):
    free = {**costs, "a message delivered": COST._replace(web_ms=0)}
    before, after = (load_of(one, values(SITE), values(MACHINE)) for one in (costs, free))
    assert after.web_cores == before.web_cores
    assert after.sender_cores < before.sender_cores


MEANS = {**values(MACHINE), "busy": 0.5, "web_cores": 8, "threads": 4, "beside": 20,
         "edge_cores": 4, "database_cores": 16, "connections": 500, "flushes": 100, "group": 2}
LOAD = Load(*[0.0] * len(Load._fields))._replace(
    web_cores=9, sender_cores=1, database_cores=8, edge_cores=2, commits=100)


def test_one_machine_more_than_half_used_ones_would_be():
    found = machines_for(LOAD, MEANS)
    assert found.web == 4                             # 10 / 0,5 = 20 cores, three of 8, one more
    assert found.edge == 2                            # 2 / 0,5 = 4 cores, one of 4, one more
    assert found.connections == 4 * (8 * 4 + 20) + 20
    assert found.processor_used == 1                  # 8 of 16, half of which may be used
    assert found.commits_used == 0.5                  # 100 of 100 × 2
    assert found.used == 1


@pytest.mark.parametrize("change", [{"database_cores": 9}, {"commits": 300}, {"web_cores": 90}])
def test_a_primary_that_cannot_bear_it_is_said_so(change):
    assert machines_for(LOAD._replace(**change), MEANS).used > 1


def test_every_assumption_is_printed_as_one(costs):
    said = "\n".join(lines(costs, COST, 400, SITE, MACHINE))
    assumed = [one for one in (*SITE.values(), *MACHINE.values()) if one.source == ASSUMED]
    assert len(assumed) > 10
    for one in assumed:
        assert f"{one.what} [{ASSUMED}]" in said
    assert "At twice that peak" in said
