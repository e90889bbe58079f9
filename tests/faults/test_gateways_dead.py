"""A dead mail server and a gateway that hangs slow nobody down and lose no message."""

import statistics

from tests.faults import checker
from tests.faults.harness import Gateways, desks_for, is_all_sent, maju
from tests.faults.processes import Sender, Server, running, wait_until
from tests.gateways import HANG, OK, free_port

FILINGS = 20
MOST_TIMES_SLOWER = 2


def test_filing_is_as_fast_while_the_gateways_are_dead_and_all_is_delivered_afterwards(
        house, tmp_path):
    server = Server(house, free_port(), tmp_path / "server.log")
    with Gateways() as gateways, running(
            server, Sender(house, gateways, tmp_path / "sender.log")):
        company = maju(house.store)
        desk = desks_for(company.public_id, [server.port], 1)[0]
        memberships, history = iter(company.memberships), []
        well = median_confirmation(desk, memberships, history)
        wait_until(lambda: is_all_sent(house.store), 20, what="the first messages to be sent")
        gateways.sms.answer_with(HANG)
        gateways.smtp.stop()
        asked = gateways.sms.asked
        desk.act(next(memberships), history)
        wait_until(lambda: gateways.sms.asked > asked, what="the gateway to hang")
        dead = median_confirmation(desk, memberships, history)
        assert not is_all_sent(house.store), "the gateways were not dead"
        gateways.smtp.start()
        gateways.sms.answer_with(OK)
        try_again_now(house.store)
        wait_until(lambda: is_all_sent(house.store), 30, what="every message to be sent")
        received = gateways.received
    assert dead <= MOST_TIMES_SLOWER * well
    assert checker.faults(history, house, received) == []


def median_confirmation(desk, memberships, history):
    """Seconds from Konfirmasi to its answer."""
    taken = []
    for _ in range(FILINGS):
        act = desk.act(next(memberships), history)
        assert act.outcomes == ["ok"]
        taken.append(act.answers[-2][1])
    return statistics.median(taken)


def try_again_now(store):
    """What waits for another try need not wait the minutes it would: they are not the subject."""
    store.execute("UPDATE message SET due_at = created_at WHERE state = ? AND lease IS NULL",
                  "MENUNGGU")
