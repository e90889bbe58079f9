"""A code is good for one act, once, for ten minutes, and for five guesses."""

import json
from datetime import timedelta

import pytest

from tests.challenges.conftest import (
    PHONE,
    again,
    begin,
    failures_of,
    judged,
    newest_code,
    send,
    wrong,
)
from tests.conftest import POSTGRESQL
from tests.gateways import SmsServer, SmtpServer
from tests.statements import Statements
from webapp import clock, vault
from webapp.challenges import service
from webapp.challenges.purposes import ACTS, Purpose, code_email, code_sms
from webapp.challenges.queries import challenge_with, own_challenge
from webapp.db import write_transaction
from webapp.messages.gsm import BASIC_ALPHABET
from webapp.messages.mail import Mailer
from webapp.messages.queries import shown_body
from webapp.messages.sender import Sender
from webapp.messages.sms import SmsGateway
from webapp.models.accounts import Challenge
from webapp.models.messages import EXPIRED, SENT, Message
from webapp.rate_limit import TooMany

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


def use(challenge, now):
    """Do the act."""
    with write_transaction():
        service.use(challenge, now)


# Once, and five guesses


def test_the_right_code_is_good_once(siti, now):
    challenge = begin(siti)
    code = send(challenge, now)
    service.judge(challenge, code, now)
    use(challenge, now)
    assert again(challenge).used_at == now
    assert judged(again(challenge), code, now) == "AlreadyUsed"
    with pytest.raises(service.AlreadyUsed):
        use(challenge, now)


def test_the_fifth_wrong_code_is_the_last_that_is_judged(siti, now):
    challenge = begin(siti)
    code = send(challenge, now)
    for left in (4, 3, 2, 1, 0):
        with pytest.raises(service.WrongCode) as refusal:
            service.judge(challenge, wrong(code, left + 1), now)
        assert refusal.value.left == again(challenge).guesses_left == left
    assert judged(challenge, code, now) == "NoCode"
    assert again(challenge).used_at is None


def test_four_wrong_codes_do_not_spoil_the_right_one(siti, now):
    challenge = begin(siti)
    code = send(challenge, now)
    assert [judged(challenge, wrong(code, number), now) for number in range(1, 5)] == [
        "WrongCode"] * 4
    assert judged(challenge, code, now) == "right"


def test_before_a_code_was_sent_none_is_right(siti, now):
    assert judged(begin(siti), "000000", now) == "NoCode"


def test_an_act_that_fails_leaves_its_code_to_be_used_again(siti, now):
    challenge = begin(siti)
    code = send(challenge, now)
    service.judge(challenge, code, now)
    with pytest.raises(ZeroDivisionError), write_transaction():  # noqa: PT012
        service.use(challenge, now)
        raise ZeroDivisionError
    assert judged(again(challenge), code, now) == "right"


# Nine minutes fifty-nine and ten minutes one


@pytest.mark.parametrize(("age", "answer"), [
    (timedelta(minutes=9, seconds=59), "right"), (timedelta(minutes=10), "NoCode"),
    (timedelta(minutes=10, seconds=1), "NoCode")])
def test_a_code_lives_for_ten_minutes(siti, now, age, answer):
    challenge = begin(siti)
    code = send(challenge, now)
    assert judged(challenge, code, now + age) == answer
    assert Message.get().expires_at == now + timedelta(minutes=10)


def test_an_expired_code_costs_no_guess_and_no_failure(siti, now):
    challenge = begin(siti)
    code = send(challenge, now)
    assert judged(challenge, wrong(code), now + 11 * MINUTE) == "NoCode"
    assert (again(challenge).guesses_left, failures_of(challenge)) == (5, 0)


def test_after_an_hour_the_act_itself_is_over(siti, now):
    challenge = begin(siti, now=now)
    code = send(challenge, now + 55 * MINUTE)
    service.judge(challenge, code, now + 59 * MINUTE)
    with pytest.raises(service.AlreadyUsed):
        use(challenge, now + 60 * MINUTE)
    with pytest.raises(service.NoCode):
        send(challenge, now + 61 * MINUTE)
    assert service.is_over(again(challenge), now + 60 * MINUTE)


# A new code ends the old


def test_a_new_code_ends_the_one_before(siti, now):
    challenge = begin(siti)
    old = send(challenge, now)
    new = send(challenge, now + MINUTE)
    assert old != new     # one in a million would be alike
    assert judged(challenge, old, now + MINUTE) == "WrongCode"
    assert judged(challenge, new, now + MINUTE) == "right"


def test_a_new_code_brings_five_guesses_and_forgives_no_failure(siti, now):
    challenge = begin(siti)
    code = send(challenge, now)
    assert judged(challenge, wrong(code), now) == "WrongCode"
    send(challenge, now + MINUTE)
    assert (again(challenge).guesses_left, failures_of(challenge)) == (5, 1)


def test_beginning_anew_ends_the_act_before_and_its_code(siti, now):
    earlier = begin(siti, now=now, new="+628111")
    code = send(earlier, now)
    begin(siti, now=now, new="+628222")
    assert judged(earlier, code, now) == "NoCode"
    with pytest.raises(service.AlreadyUsed):
        use(again(earlier), now)
    assert service.is_over(again(earlier), now)


def test_beginning_anew_leaves_other_purposes_and_other_people_alone(siti, cast, now):
    kept = [begin(siti, Purpose.SIGN_IN), begin(cast.ani, Purpose.CLOSE_ACCOUNT)]
    code = send(kept[1], now, target="+628111111111")
    begin(siti, Purpose.CLOSE_ACCOUNT)
    assert not any(service.is_over(again(one), now) for one in kept)
    assert judged(kept[1], code, now) == "right"


def test_a_code_replaced_between_judging_and_acting_does_nothing(siti, now):
    challenge = begin(siti)
    service.judge(challenge, send(challenge, now), now)
    send(again(challenge), now + MINUTE)
    with pytest.raises(service.AlreadyUsed):
        use(challenge, now + MINUTE)
    assert again(challenge).used_at is None


# One act: its purpose, its person, its object, its data


def test_a_code_for_one_act_is_wrong_for_another_of_the_same_person(siti, now):
    closing, signing_in = begin(siti), begin(siti, Purpose.SIGN_IN)
    code = send(closing, now)
    send(signing_in, now + MINUTE)
    assert judged(signing_in, code, now + MINUTE) == "WrongCode"
    assert judged(closing, code, now + MINUTE) == "right"


def test_a_code_of_one_person_is_wrong_for_another(siti, cast, now):
    hers, his = begin(siti), begin(cast.budi)
    code = send(hers, now)
    send(his, now, target="+628111111111")
    assert judged(his, code, now) == "WrongCode"


@pytest.mark.parametrize("change", [
    {"purpose": Purpose.CHANGE_CONTACT_OLD}, {"person": "0" * 32}, {"bound": {"new": "+628222"}}])
def test_a_code_is_wrong_once_anything_of_its_act_is_another(siti, now, change):
    challenge = begin(siti, new="+628111")
    code = send(challenge, now)
    if "bound" in change:     # resealed, as one with the keys and the database could
        challenge.bound = json.dumps(change["bound"])
        change = {"bound_sealed": challenge.bound_sealed}
    Challenge.update(**change).where(Challenge.id == challenge.id).execute()
    assert judged(again(challenge), code, now) == "WrongCode"


def test_the_digest_of_one_act_put_under_another_opens_nothing(siti, now):
    first = begin(siti, new="+628111")
    code = send(first, now)
    Challenge.update(used_at=now).where(Challenge.id == first.id).execute()
    second = begin(siti, new="+628111")     # alike in everything but that it is another
    Challenge.update(mac=again(first).mac, guesses_left=5, code_expires_at=now + MINUTE).where(
        Challenge.id == second.id).execute()
    assert judged(again(second), code, now) == "WrongCode"


def test_an_act_is_found_for_its_purpose_and_its_person_only(siti, cast):
    challenge = begin(siti)
    assert challenge_with.one(challenge.public_id, Purpose.CLOSE_ACCOUNT) == challenge
    assert challenge_with.one(challenge.public_id, Purpose.SIGN_IN) is None
    assert own_challenge.one(siti, challenge.public_id, Purpose.CLOSE_ACCOUNT) == challenge
    assert own_challenge.one(cast.budi, challenge.public_id, Purpose.CLOSE_ACCOUNT) is None


def test_what_the_act_will_do_is_kept_sealed_and_read_back(siti, database):
    challenge = begin(siti, phone="+628999888777")
    assert service.bound_to(again(challenge)) == {"phone": "+628999888777"}
    assert "628999888777" not in repr(Challenge.select().tuples().first())


# Ten wrong in all: for one person and purpose


def guess_wrong(challenge, times, moment):
    """Type so many wrong codes, having new ones sent on the way; the moment after the last."""
    while times:
        code = send(challenge, moment)
        for number in range(1, min(times, 5) + 1):
            assert judged(challenge, wrong(code, number), moment) == "WrongCode"
        times -= min(times, 5)
        moment += 6 * MINUTE     # three in a quarter of an hour
    return moment - 6 * MINUTE


def far(siti, now, days):
    """A fresh act on another day, when the day's six messages are forgotten."""
    return begin(siti, now=now + timedelta(days=days)), now + timedelta(days=days)


def test_ten_wrong_codes_wait_ten_minutes_through_resend_and_beginning_anew(siti, now):
    challenge = begin(siti)
    locked = guess_wrong(challenge, 10, now)
    with pytest.raises(TooMany) as refusal:
        send(challenge, locked + 2 * MINUTE)
    assert refusal.value.until == locked + 10 * MINUTE
    anew = begin(siti, now=locked + 3 * MINUTE)
    assert judged(anew, "000000", locked + 3 * MINUTE) == "TooMany"
    with pytest.raises(TooMany):
        send(anew, locked + 10 * MINUTE - SECOND)
    code = send(anew, locked + 10 * MINUTE)
    assert judged(anew, code, locked + 10 * MINUTE) == "right"


def test_during_the_lock_the_right_code_is_not_looked_at(siti, now):
    challenge = begin(siti)
    guess_wrong(challenge, 5, now)
    code = send(challenge, now + MINUTE)
    for number in range(1, 5):
        judged(challenge, wrong(code, number), now + MINUTE)
    code = send(challenge, now + 2 * MINUTE)
    assert judged(challenge, wrong(code), now + 2 * MINUTE) == "WrongCode"     # the tenth
    left = again(challenge).guesses_left
    assert judged(challenge, code, now + 2 * MINUTE) == "TooMany"
    assert again(challenge).guesses_left == left


def test_the_wait_doubles_with_each_ten(siti, now):
    moment = now
    for days, minutes in ((0, 10), (1, 20), (2, 40)):
        challenge, moment = far(siti, now, days)
        locked = guess_wrong(challenge, 10, moment)
        assert judged(challenge, "000000", locked + minutes * MINUTE - SECOND) == "TooMany"
        assert judged(challenge, "000000", locked + minutes * MINUTE) != "TooMany"


def test_the_lock_is_for_one_person_and_one_purpose(siti, cast, now):
    challenge = begin(siti)
    locked = guess_wrong(challenge, 10, now)
    assert judged(begin(siti, Purpose.SIGN_IN), "000000", locked) == "NoCode"
    assert judged(begin(cast.budi), "000000", locked) == "NoCode"


def test_success_forgives_the_wrong_ones_before(siti, now):
    challenge = begin(siti)
    moment = guess_wrong(challenge, 9, now)
    assert failures_of(challenge) == 9
    challenge, moment = far(siti, now, 1)
    service.judge(challenge, send(challenge, moment), moment)
    use(challenge, moment)
    assert failures_of(challenge) == 0
    challenge, moment = far(siti, now, 2)
    moment = guess_wrong(challenge, 9, moment)
    assert judged(challenge, "000000", moment) != "TooMany"


def test_wrong_proofs_of_an_authenticator_lock_alike(siti, now):
    challenge = begin(siti, Purpose.SIGN_IN_AUTHENTICATOR)
    for _ in range(10):
        service.count_proof(challenge, now)
    with pytest.raises(TooMany) as refusal:
        service.count_proof(challenge, now)
    assert refusal.value.until == now + 10 * MINUTE
    service.forgive(challenge)
    service.count_proof(challenge, now)


# Nobody there


def test_for_nobody_the_same_is_done_and_nothing_is_sent(siti, now):
    def walk(user, target):
        with Statements() as counted:
            challenge = begin(user, now=now)
            service.send(challenge, "sms", target, now)
            judged(challenge, "000000", now)
        return counted.count

    walk(siti, PHONE)     # compiles what is compiled once
    assert walk(None, None) == walk(siti, "+628111111111")
    decoy = Message.get(Message.user.is_null())
    assert (decoy.state, decoy.recipient, decoy.body) == (EXPIRED, None, None)
    with SmsServer() as gateway:
        Sender({"sms": SmsGateway(gateway.url, "Purna")}).run_once(now)
        assert {sms.to for sms in gateway.received} == {"+628111111111", PHONE}


@pytest.mark.skipif(POSTGRESQL, reason="a million digests, the same on both databases")
def test_where_no_code_was_sent_none_of_a_million_is_right(app, now):
    challenge = begin(None)
    service.send(challenge, "sms", None, now)
    act = f"{challenge.public_id.hex}|{challenge.purpose}|{challenge.person}|{challenge.bound}"
    index, mac = vault.current().index, again(challenge).mac
    assert not any(index(f"{act}|{number:06}", "challenge.code") == mac
                   for number in range(1_000_000))


def test_another_message_in_place_of_a_code_can_be_read_by_its_owner(siti, now):
    service.send(begin(siti), "sms", PHONE, now, instead=(siti, "Sudah ada akun.", ("A", "B")))
    message = Message.get()
    assert message.user == siti
    assert shown_body(message) == "Sudah ada akun."


# The message


@pytest.mark.parametrize("purpose", ACTS)
def test_the_text_names_the_act_fits_one_sms_and_has_no_link(purpose):
    text = code_sms(purpose, "000913")
    assert text.startswith("Purna: 000 913 untuk ")
    assert ACTS[purpose] in text
    assert ACTS[purpose].isupper()
    assert "Jangan beri tahu siapa pun" in text
    assert len(text) <= 160
    assert set(text) <= BASIC_ALPHABET
    subject, body = code_email(purpose, "000913")
    assert "000 913" in body
    assert ACTS[purpose] in body
    assert "913" not in subject
    for words in (text, subject, body):
        assert not [sign for sign in ("http", "www", ".id", "/") if sign in words.lower()]


def test_acts_with_a_code_each_have_words_of_their_own():
    assert len(set(ACTS.values())) == len(ACTS)
    without = set(Purpose) - set(ACTS)
    assert without == {Purpose.PROVE, Purpose.SIGN_IN_AUTHENTICATOR, Purpose.SIGN_IN_PASSKEY,
                       Purpose.ADD_AUTHENTICATOR, Purpose.ADD_PASSKEY}


@pytest.mark.parametrize("channel", ["sms", "email"])
def test_the_outbox_forgets_a_code_once_it_is_sent(siti, now, channel):
    target = PHONE if channel == "sms" else siti.email
    challenge = begin(siti)
    service.send(challenge, channel, target, now)
    code = newest_code()
    with SmsServer() as sms, SmtpServer() as smtp:
        Sender({"sms": SmsGateway(sms.url, "Purna"),
                "email": Mailer(smtp.url, "purna@purna.example")}).run_once(clock.now())
        came = [one.text for one in sms.received] + [str(one) for one in smtp.received]
    assert len(came) == 1
    assert f"{code[:3]} {code[3:]}" in came[0]
    message = Message.get()
    assert (message.state, message.body, shown_body(message)) == (SENT, None, None)
    assert judged(challenge, code, now) == "right"
