"""The demo's mailbox: newest first, bounded, sealed, safe with several senders."""

import secrets
from concurrent.futures import ProcessPoolExecutor
from datetime import timedelta
from multiprocessing import get_context

import pytest

from webapp import clock, vault
from webapp.demo.mailbox import FILE, KEPT, Mailbox
from webapp.vault import Vault

KEYS = [secrets.token_bytes(32)], secrets.token_bytes(32)


@pytest.fixture(autouse=True)
def own_vault():
    before = vault.current()
    vault.use(Vault(*KEYS))
    yield
    vault.use(before)


def test_messages_come_newest_first_with_what_their_readers_see(tmp_path):
    mailbox, later = Mailbox(tmp_path), clock.now() + timedelta(days=1)
    mailbox.keep("+628123454512", "", "Purna: 482 913", clock.now())
    mailbox.keep("ani@maju.example", "Kode", "Kode Anda: 482 913", later)
    mail, sms = mailbox.newest()
    assert (sms.is_sms, sms.recipient, sms.text) == (True, "+628123454512", "Purna: 482 913")
    assert (mail.is_sms, mail.subject, mail.text) == (False, "Kode", "Kode Anda: 482 913")
    assert mail.received_at == later


def test_a_mailbox_that_got_nothing_is_empty(tmp_path):
    assert Mailbox(tmp_path).newest() == []


def test_nothing_is_in_the_file_in_clear_and_only_its_owner_reads_it(tmp_path):
    Mailbox(tmp_path).keep("ani@maju.example", "Kode", "482 913", clock.now())
    held = (tmp_path / FILE).read_bytes()
    assert not [word for word in (b"ani@", b"482", b"Kode") if word in held]
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}


def test_a_torn_line_and_one_of_other_keys_are_passed_over(tmp_path):
    mailbox = Mailbox(tmp_path)
    for text in ("pertama", "kedua"):
        mailbox.keep("+628123454512", "", text, clock.now())
    with (tmp_path / FILE).open("ab") as file:
        file.write(b"c2V0ZW5nYWg=\n%%%\n\n")
    assert [letter.text for letter in mailbox.newest()] == ["kedua", "pertama"]
    vault.use(Vault([secrets.token_bytes(32)], KEYS[1]))
    assert mailbox.newest() == []


def send(folder, sender):
    """What one sender's process does."""
    for number in range(150):
        Mailbox(folder).keep("+628123454512", "", f"{sender}-{number}", clock.now())


def test_four_senders_at_once_lose_nothing_of_the_newest_two_hundred(tmp_path):
    with ProcessPoolExecutor(4, get_context("fork")) as pool:
        list(pool.map(send, [tmp_path] * 4, "abcd"))
    lines = (tmp_path / FILE).read_bytes().splitlines()
    assert KEPT <= len(lines) < 2 * KEPT
    texts = [letter.text for letter in Mailbox(tmp_path).newest()]
    assert len(texts) == len(set(texts)) == KEPT
    for sender in "abcd":     # each one's own, in their order and without a gap
        numbers = [int(text[2:]) for text in reversed(texts) if text[0] == sender]
        assert numbers == list(range(150 - len(numbers), 150))
