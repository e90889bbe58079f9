"""A dead mail server and a gateway that hangs slow nobody down and lose no message."""

import statistics
import time
from collections import Counter
from datetime import timedelta
from types import SimpleNamespace
from uuid import UUID

import pytest

from tests.faults import checker
from tests.faults.codes import newest_code
from tests.faults.harness import Gateways, desks_for, is_all_sent, maju
from tests.faults.people import accounts, ask_for_code
from tests.faults.processes import Sender, Server, running, wait_until
from tests.gateways import HANG, OK, free_port
from webapp import clock

FILINGS = 20
ASKED = 15
MOST_TIMES_SLOWER = 2


@pytest.fixture(scope="module")
def office(builder, tmp_path_factory):
    """A server and a sender between two gateways that will die."""
    house, logs = builder.house(), tmp_path_factory.mktemp("logs")
    server = Server(house, free_port(), logs / "server.log")
    with Gateways() as gateways, running(server, Sender(house, gateways, logs / "sender.log")):
        yield SimpleNamespace(house=house, store=house.store, gateways=gateways,
                              ports=[server.port], accounts=iter(accounts()))


def test_filing_is_as_fast_while_the_gateways_are_dead_and_all_is_delivered_afterwards(office):
    house, gateways = office.house, office.gateways
    company = maju(house.store)
    desk = desks_for(company.public_id, office.ports, 1)[0]
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
    gateways.sms.stop()     # lets go of whom it kept hanging
    gateways.sms.start()
    try_again_now(house.store)
    wait_until(lambda: is_all_sent(house.store), 30, what="every message to be sent")
    assert dead <= MOST_TIMES_SLOWER * well
    assert checker.faults(history, house, gateways.received) == []


def test_codes_are_asked_for_as_fast_and_come_afterwards_unless_their_ten_minutes_are_over(
        office):
    gateways, store = office.gateways, office.store
    well = median_code(office, what="as usual")
    wait_until(lambda: is_all_sent(store), 20, what="the first codes to be sent")
    earlier = set(states(store))
    gateways.sms.stop()
    gateways.smtp.stop()
    dead = median_code(office, what="with dead gateways")
    open_on_a_new_device(office)
    wait_until(lambda: tried(store), what="the sender to notice")
    over = ten_minutes_pass_for_half_of_the_codes(store)
    gateways.sms.start()
    gateways.smtp.start()
    try_again_now(store)
    wait_until(lambda: is_all_sent(store), 30, what="every message to be sent")
    came = {number for _, number in gateways.received} - earlier
    promised = {number: state for number, state in states(store).items() if number not in earlier}
    assert {number for number, state in promised.items() if state == "KEDALUWARSA"} == over
    assert came == promised.keys() - over
    assert {promised[number] for number in came} == {"TERKIRIM"}
    again = median_code(office, what="as usual again")
    assert dead <= MOST_TIMES_SLOWER * max(well, again)     # the machine has other work, too
    texts = Counter((sms.to, sms.text) for sms in set_of_ids(gateways.sms.received))
    assert max(texts.values()) == 1, "one text came under two ids"


def median_confirmation(desk, memberships, history):
    """Seconds from Konfirmasi to its answer."""
    taken = []
    for _ in range(FILINGS):
        act = desk.act(next(memberships), history)
        assert act.outcomes == ["ok"]
        taken.append(act.answers[-2][1])
    return statistics.median(taken)


def median_code(office, what):
    """Seconds from the password to the page that asks for the code, on new devices."""
    taken = []
    for _ in range(ASKED):
        begun = time.monotonic()
        _, page, _ = ask_for_code(office.ports, next(office.accounts))
        taken.append(time.monotonic() - begun)
        assert "Kode 6 angka" in page.words(), what
    return statistics.median(taken)


def open_on_a_new_device(office):
    """Somebody is let in with a code that was read otherwise, and is told so by a notice."""
    account = next(office.accounts)
    browser, page, path = ask_for_code(office.ports, account)
    fields = page.form()[1]
    assert browser.post(path, {**fields, "code": newest_code(office.house)}).status == 303


def tried(store):
    """Whether both channels were tried in vain."""
    return store.scalar("SELECT COUNT(DISTINCT channel) FROM message "
                        "WHERE state = 'MENUNGGU' AND tries > 0") == 2


def ten_minutes_pass_for_half_of_the_codes(store):
    """Every second code that waits is too old from now on; their ids."""
    rows = store.rows("SELECT public_id FROM message WHERE state = ? AND kind = ? ORDER BY id",
                      "MENUNGGU", "otp-masuk")[::2]
    past = (clock.now() - timedelta(seconds=1)).replace(tzinfo=None).isoformat(" ")
    for (number,) in rows:
        store.execute("UPDATE message SET expires_at = ? WHERE public_id = ?", past, number)
    return {UUID(str(number)).hex for (number,) in rows}


def states(store):
    """Every message by its id: what became of it."""
    return {UUID(str(number)).hex: state for number, state in store.rows(
        "SELECT public_id, state FROM message")}


def set_of_ids(received):
    """Each message once, however often it came under its own id."""
    return {sms.id: sms for sms in received}.values()


def try_again_now(store):
    """What waits for another try need not wait the minutes it would: they are not the subject."""
    store.execute("UPDATE message SET due_at = created_at WHERE state = ? AND lease IS NULL",
                  "MENUNGGU")
