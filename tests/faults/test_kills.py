"""kill -9 of servers and sender under load: nothing acknowledged is lost, nothing is doubled."""

from tests.faults import checker
from tests.faults.harness import (
    Gateways,
    Killer,
    Load,
    desks_for,
    is_all_sent,
    let_a_minute_pass,
    maju,
)
from tests.faults.processes import Sender, Server, running, wait_until
from tests.gateways import free_port

KILLS, SEED, CLERKS = 9, 20261122, 6     # `make soak` kills for an hour
CHANNELS = 2     # a sender that dies between sending and noting repeats one message of each


def test_kills_of_servers_and_sender_lose_nothing_and_double_nothing(
        house, tmp_path):
    with Gateways(delay=0.002) as gateways:
        servers = [Server(house, free_port(), tmp_path / f"server-{name}.log") for name in "ab"]
        sender = Sender(house, gateways, tmp_path / "sender.log")
        with running(*servers, sender):
            load = _killed_under_load(house, servers, sender)
        let_a_minute_pass(house.store)
        with running(sender):
            wait_until(lambda: is_all_sent(house.store), 30, what="every message to be sent")
        received = gateways.received
    assert checker.faults(load.history, house, received) == []
    assert len(load.acknowledged) >= 5 * KILLS, "too little load to prove anything"
    assert load.statuses <= {200, 303, 503}
    presses = [outcome for act in load.history for outcome in act.outcomes]
    assert "unknown" in presses, "no kill met a press that was under way"
    assert checker.repeated(received) <= CHANNELS * KILLS


def _killed_under_load(house, servers, sender):
    company = maju(house.store)
    desks = desks_for(company.public_id, [server.port for server in servers], CLERKS)
    victims = [[servers[0]], [servers[1]], [sender], [sender], [*servers, sender]]
    with Load(desks, company.memberships) as load:
        Killer(victims, SEED, load.pressing).kill(KILLS)
        for program in (*servers, sender):
            program.wait_until_up()
    return load
