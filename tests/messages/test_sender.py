import os
import random
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections import Counter
from datetime import timedelta
from types import SimpleNamespace

import peewee
import pytest

from tests.gateways import HANG, REFUSE, SERVER_ERROR, TEMPORARY, SmsServer, SmtpServer
from tests.messages.conftest import leave_database
from webapp import clock, db
from webapp.messages.delivery import DemoDelivery, GatewayTrouble, UnknownAnswer
from webapp.messages.mail import Mailer
from webapp.messages.outbox import tell
from webapp.messages.sender import MOST_TRIES, Sender, _claim, _release, erase_delivered
from webapp.messages.sms import SmsGateway
from webapp.models.messages import EMAIL, EXPIRED, FAILED, SENT, SMS, WAITING, Message

NOW = clock.now()


@pytest.fixture
def sms_server():
    with SmsServer() as server:
        yield server


@pytest.fixture
def gateway(sms_server):
    gateway = SmsGateway(sms_server.url, "Purna", timeout=0.3)
    yield gateway
    gateway._client.close()


@pytest.fixture
def sender(gateway):
    return Sender({SMS: gateway}, rest=0)


class Refusing(DemoDelivery):
    """A gateway that answers each message with the same problem."""

    def __init__(self, problem):
        self.problem = problem

    def send(self, recipient, text, message_id, subject=""):
        raise self.problem


def again(message):
    return Message.get_by_id(message.id)


def test_a_waiting_message_is_sent_once_and_noted(told, sender, sms_server):
    message = told("Halo Siti", now=NOW)
    assert (sender.run_once(NOW), sender.run_once(NOW)) == (1, 0)
    assert [sms.id for sms in sms_server.received] == [message.public_id.hex]
    message = again(message)
    assert (message.state, message.lease, message.leased_until) == (SENT, None, None)
    assert NOW <= message.sent_at < NOW + timedelta(seconds=5)
    assert message.body == "Halo Siti"


def test_what_became_of_a_message_is_logged_with_its_id(told, sender, sms_server, caplog):
    caplog.set_level("INFO", "webapp.messages")
    sent = told("Halo Siti", now=NOW)
    sender.run_once(NOW)
    sms_server.answer_with(REFUSE)
    refused = told("Halo Siti", now=NOW)
    sender.run_once(NOW)
    assert [(record.getMessage(), record.fields["message"]) for record in caplog.records] == [
        ("message sent", sent.public_id), (f"message ended as {FAILED}", refused.public_id)]


def test_sending_happens_outside_any_transaction(told, database):
    class Watching(DemoDelivery):
        def send(self, *_):
            seen.append(database.in_transaction())

    seen = []
    told("Halo")
    Sender({SMS: Watching()}).run_once(clock.now())
    assert seen == [False]


def test_mail_and_texts_go_their_own_ways_in_one_round(told, gateway, sms_server):
    told("Halo", email=("Judul", "Isi"), now=NOW)
    with SmtpServer() as smtp_server:
        sender = Sender({SMS: gateway, EMAIL: Mailer(smtp_server.url, "p@purna.example")})
        assert sender.run_once(NOW) == 2
        assert [mail["Subject"] for mail in smtp_server.received] == ["Judul"]
    assert len(sms_server.received) == 1


@pytest.mark.parametrize("batch", [1, 50])
def test_the_oldest_due_goes_first_in_a_batch_and_between_batches(
        told, gateway, sms_server, batch):
    for minutes in (1, 3, 2):
        told(f"{minutes}", now=NOW - timedelta(minutes=minutes))
    sender = Sender({SMS: gateway}, batch=batch)
    while sender.run_once(NOW):
        pass
    assert [sms.text for sms in sms_server.received] == ["3", "2", "1"]


def test_trouble_delays_with_jitter_up_to_five_minutes_and_never_gives_up(told):
    message = told("Halo", now=NOW, expires_in=timedelta(days=9))
    sender, moment, waits = Sender({SMS: Refusing(GatewayTrouble("x"))}, rest=0), NOW, []
    for _ in range(30):
        assert sender.run_once(moment) == 1
        message = again(message)
        assert (message.state, message.lease, message.problem) == (WAITING, None, "x")
        waits.append((message.due_at - moment).total_seconds())
        moment = message.due_at
    for tries, wait in enumerate(waits):
        assert 0 <= wait <= min(5 * 2 ** tries, 300) + 1
    assert max(waits) > 100
    assert len(set(waits)) == 30


def test_a_message_past_its_time_is_not_sent(told, sender, sms_server):
    message = told("Kode 123456", kind="otp:claim", now=NOW, expires_in=timedelta(minutes=10))
    sender.run_once(NOW + timedelta(minutes=10))
    message = again(message)
    assert (message.state, message.body) == (EXPIRED, None)
    assert sms_server.asked == 0


def test_a_refused_number_fails_at_once_and_says_why(told, sender, sms_server):
    sms_server.answer_with(REFUSE)
    message = told("Halo", now=NOW)
    sender.run_once(NOW)
    message = again(message)
    assert message.state == FAILED
    assert "Nomor ditolak" in message.problem
    assert "6281" not in message.problem


@pytest.mark.parametrize("problem", [UnknownAnswer("Ditolak."), ZeroDivisionError("+628 rahasia")])
def test_a_poison_message_is_parked_after_ten_tries(told, problem):
    message, moment = told("Halo", now=NOW), NOW
    sender = Sender({SMS: Refusing(problem)})
    for _ in range(MOST_TRIES):
        assert again(message).state == WAITING
        assert sender.run_once(moment) == 1
        moment += timedelta(minutes=6)
    message = again(message)
    assert (message.state, sender.run_once(moment)) == (FAILED, 0)
    assert "rahasia" not in message.problem


def test_a_message_that_cannot_be_opened_does_not_stop_the_others(told, sender, sms_server):
    poison, other = told("a", now=NOW - timedelta(hours=1)), told("b", now=NOW)
    Message.update(body_sealed=b"x" * 40).where(Message.id == poison.id).execute()
    assert sender.run_once(NOW) == 2
    assert (again(poison).state, again(other).state) == (WAITING, SENT)
    assert again(poison).problem == "Unreadable"


def test_troubles_of_a_dead_gateway_do_not_park_a_message(told):
    message, moment, refusing = told("Halo", now=NOW), NOW, Refusing(GatewayTrouble("x"))
    sender = Sender({SMS: refusing}, rest=0)
    for _ in range(20):
        sender.run_once(moment)
        moment += timedelta(minutes=6)
    refusing.problem = UnknownAnswer("y")
    sender.run_once(moment)
    assert again(message).state == WAITING


def test_three_troubles_in_a_row_rest_the_channel_and_free_the_batch(told, gateway, sms_server):
    for number in range(6):
        told(f"{number}", now=NOW)
    sms_server.answer_with(SERVER_ERROR)
    sender = Sender({SMS: gateway}, rest=0.4)
    assert (sender.run_once(NOW), sender.run_once(NOW)) == (3, 0)
    assert sms_server.asked == 3
    assert Message.select().where(Message.lease.is_null(False)).count() == 0
    time.sleep(0.45)
    assert sender.run_once(NOW) == 1      # one probe while the gateway is still in trouble
    sms_server.answer_with("ok")
    time.sleep(0.45)
    assert sender.run_once(NOW + timedelta(minutes=5)) == 6


def test_a_killed_senders_message_is_free_when_its_lease_ends(told, sender, sms_server):
    message = told("Halo", now=NOW)
    assert len(_claim(SMS, message.public_id, NOW, 60, 50)) == 1     # and then it is killed
    assert sender.run_once(NOW + timedelta(seconds=59)) == 0
    assert sender.run_once(NOW + timedelta(seconds=60)) == 1
    assert sms_server.received[0].id == message.public_id.hex


def test_many_senders_at_once_never_take_the_same_message(told, siti, database):
    with db.write_transaction():
        for number in range(120):
            tell(siti, kind="k", about=None, now=NOW, sms=f"{number}")
    taken, start = [], threading.Barrier(6)

    def take():
        start.wait()
        while messages := _claim(SMS, uuid.uuid4(), NOW, 60, 3):
            taken.extend(message.id for message in messages)
        leave_database()

    threads = [threading.Thread(target=take) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == 120
    assert len(set(taken)) == 120


def test_no_more_than_a_batch_is_taken(told, siti):
    for number in range(8):
        told(f"{number}", now=NOW)
    lease = siti.public_id
    assert len(_claim(SMS, lease, NOW, 60, 5)) == 5
    _release(lease)
    assert len(_claim(SMS, lease, NOW, 60, 50)) == 8


def test_a_batch_ends_when_half_of_its_lease_is_used(told):
    class Slow(DemoDelivery):
        def send(self, *_):
            time.sleep(0.2)

    for number in range(5):
        told(f"{number}", now=NOW)
    assert Sender({SMS: Slow()}, lease=0.6).run_once(NOW) == 2
    assert Message.select().where(Message.lease.is_null(False)).count() == 0


def test_a_sender_told_to_stop_leaves_the_rest_free(told, gateway, sms_server):
    for number in range(5):
        told(f"{number}", now=NOW)
    sender = Sender({SMS: gateway}, stopping=lambda: sms_server.asked >= 2)
    assert sender.run_once(NOW) == 2
    assert Message.select().where(Message.lease.is_null(False)).count() == 0


def test_what_was_sent_while_the_database_was_away_is_noted_and_not_sent_again(
        told, database, sms_server, gateway):
    class BreaksAfterwards(DemoDelivery):
        def send(self, *arguments):
            gateway.send(*arguments)
            rename("message", "hidden")

    def rename(old, new):
        database.execute_sql(f"ALTER TABLE {old} RENAME TO {new}")

    first, second = told("1", now=NOW), told("2", now=NOW)
    sender = Sender({SMS: BreaksAfterwards()})
    with pytest.raises(peewee.PeeweeException):
        sender.run_once(NOW)
    rename("hidden", "message")
    with pytest.raises(peewee.PeeweeException):
        sender.run_once(NOW)               # notes the first, then sends the second
    rename("hidden", "message")
    sender.run_once(NOW)
    assert {again(first).state, again(second).state} == {SENT}
    assert Counter(sms.text for sms in sms_server.received) == {"1": 1, "2": 1}


def test_a_late_refusal_does_not_undo_what_another_sender_noted(told):
    class SentByAnother(DemoDelivery):
        def send(self, *_):
            Message.update(state=SENT, lease=None).execute()
            raise GatewayTrouble("x")

    message = told("Halo", now=NOW)
    Sender({SMS: SentByAnother()}).run_once(NOW)
    assert (again(message).state, again(message).tries) == (SENT, 0)


def test_a_code_is_erased_when_it_is_sent(told, sender, sms_server):
    message = told("Kode 123456", kind="otp:claim", now=NOW)
    sender.run_once(NOW)
    assert sms_server.received[0].text == "Kode 123456"
    assert (again(message).state, again(message).body_sealed) == (SENT, None)


def test_addresses_are_erased_a_week_later_and_texts_stay(told, sender, sms_server):
    old, new = told("lama", now=NOW), told("baru", now=NOW + timedelta(days=1))
    for day in (0, 1):
        sender.run_once(NOW + timedelta(days=day))
    sms_server.answer_with(REFUSE)
    failed = told("gagal", now=NOW + timedelta(days=1))
    waiting = told("menunggu", now=NOW, expires_in=timedelta(days=30))
    Message.update(due_at=NOW + timedelta(days=20)).where(Message.id == waiting.id).execute()
    sender.run_once(NOW + timedelta(days=1))
    assert erase_delivered(NOW + timedelta(days=7, minutes=1)) == 1
    assert [again(message).recipient is None for message in (old, new, failed, waiting)] == [
        True, False, False, False]
    assert again(old).body == "lama"
    assert erase_delivered(NOW + timedelta(days=12)) == 2
    assert again(waiting).recipient


def test_a_hanging_mail_server_does_not_hold_up_texts(told, database, gateway, sms_server):
    for number in range(5):
        told(f"{number}", email=("a", "b"), now=NOW)
    with SmtpServer() as smtp_server:
        smtp_server.answer_with(HANG)
        sender = Sender({SMS: gateway,
                         EMAIL: Mailer(smtp_server.url, "p@purna.example", timeout=1)})

        def send_mail():
            sender.run_once(NOW, EMAIL)
            leave_database()

        thread = threading.Thread(target=send_mail)
        thread.start()
        begun = time.monotonic()
        assert sender.run_once(NOW, SMS) == 5
        assert time.monotonic() - begun < 1
        assert thread.is_alive()
        thread.join()
        assert smtp_server.asked == 3
        smtp_server.answer_with(TEMPORARY)
    assert Message.select().where(Message.channel == EMAIL, Message.state == WAITING).count() == 5


# The killing of senders: a checker, the check of the checker, and the run.

def faults_of(promised, received):
    """What is wrong with a history.

    :param promised: {id: text} of the messages written.
    :param received: (id, text) as the gateway accepted them, in order.
    """
    times = Counter(identity for identity, _ in received)
    faults = [f"{identity} was never received" for identity in promised if not times[identity]]
    faults += [f"{identity} was never promised" for identity in times if identity not in promised]
    faults += [f"{identity} carried another text" for identity, text in received
               if promised.get(identity, text) != text]
    repeats = sum(times.values()) - len(times)
    if repeats > len(promised) / 10:
        faults.append(f"{repeats} repeats for {len(promised)} messages")
    return faults


def test_the_checker_sees_each_fault():
    promised = {f"id{number}": f"text{number}" for number in range(20)}
    good = [*promised.items(), ("id3", "text3")]
    assert faults_of(promised, good) == []
    assert faults_of(promised, good[1:]) == ["id0 was never received"]
    assert faults_of(promised, [*good, ("other", "text4")]) == ["other was never promised"]
    assert faults_of(promised, [*good, ("id4", "text5")]) == ["id4 carried another text"]
    assert faults_of(promised, [*good, *good[:2]]) == ["3 repeats for 20 messages"]


def start_sender(database_url, sms_url):
    return subprocess.Popen([sys.executable, "-m", "tests.messages.child", "send", database_url,
                             sms_url], stdout=subprocess.DEVNULL)


def kill_and_replace(senders, chance, database_url, sms_url):
    place = chance.randrange(len(senders))
    os.kill(senders[place].pid, signal.SIGKILL)
    senders[place].wait()
    senders[place] = start_sender(database_url, sms_url)


def test_no_message_is_lost_when_senders_are_killed_and_the_gateway_fails(
        siti, database_url, record_property):
    with db.write_transaction():
        for number in range(200):
            tell(siti, kind="k", about=None, now=clock.now(), sms=f"pesan {number}")
    promised = {message.public_id.hex: message.body for message in Message.select()}
    chance, begun = random.Random(), time.monotonic()
    with SmsServer(fail_share=0.2, delay=0.01) as server:
        senders = [start_sender(database_url, server.url) for _ in range(2)]
        try:
            run = SimpleNamespace(kills=0, was_down=False)
            while Message.select().where(Message.state != SENT).exists():
                assert time.monotonic() - begun < 40, "not delivered in time"
                disturb(run, server, senders, chance, database_url)
                time.sleep(chance.uniform(0.02, 0.1))
        finally:
            for sender in senders:
                sender.kill()
                sender.wait()
        received = [(sms.id, sms.text) for sms in server.received]
    record_property("seconds", time.monotonic() - begun)
    record_property("repeats", len(received) - 200)
    assert run.kills == 5
    assert run.was_down
    assert faults_of(promised, received) == []
    assert faults_of(promised, [one for one in received if one[0] != received[0][0]])


def disturb(run, server, senders, chance, database_url):
    """Kill a sender while messages are on their way, five times; close the gateway once."""
    if run.kills < 5 and len(server.received) > run.kills * 30:
        kill_and_replace(senders, chance, database_url, server.url)
        run.kills += 1
    if run.kills == 3 and not run.was_down:
        server.stop()
        time.sleep(2)
        server.start()
        run.was_down = True
