"""Codes typed by many at once, over four server processes."""

from collections import Counter

from tests.faults.browser import Browser
from tests.faults.codes import newest_code
from tests.faults.harness import at_once

GUESSES, GUESSERS, MOST_JUDGED, SENT_AGAIN = 200, 40, 5, 40
KIND = "Kode tidak cocok"
NEW_DEVICE = {"purna-perangkat": "peramban-baru"}


def before_the_code(street, account, address):
    """Somebody on a new device, up to the page that asks: (browser, its path, token)."""
    browser = Browser(street.ports, address, cookies=NEW_DEVICE)
    path = browser.try_to_sign_in(account, "purna-demo-2026").location
    assert path.startswith("/masuk/kode/")
    return browser, path, browser.get(path).form()[1]["csrf_token"]


def opened(street, role):
    """How many sessions people of this role ever had."""
    return street.store.scalar('SELECT COUNT(*) FROM session s JOIN "user" u ON u.id = s.user_id '
                               "WHERE u.role = ?", role)


def test_of_two_hundred_parallel_wrong_codes_five_are_judged_and_the_right_one_is_refused(street):
    person, path, token = before_the_code(street, "siti@pekerja.example", "127.0.3.1")
    code = newest_code(street.house)
    wrong = iter(f"{(int(code) + number) % 1_000_000:06}" for number in range(1, GUESSES + 1))

    def guess(place, codes):
        browser = person.another(street.ports[place % 4:] + street.ports[:place % 4])
        return [browser.post(path, {"csrf_token": token, "code": one}) for one in codes]

    shares = [[next(wrong) for _ in range(GUESSES // GUESSERS)] for _ in range(GUESSERS)]
    answers = [answer for some in at_once(*(
        lambda place=place, codes=codes: guess(place, codes)
        for place, codes in enumerate(shares))) for answer in some]
    assert len(answers) == GUESSES
    assert {answer.status for answer in answers} <= {422, 503}     # busy: not looked at
    judged = [answer for answer in answers
              if answer.status == 422 and KIND in answer.words(".field-error")]
    assert len(judged) <= MOST_JUDGED
    assert street.store.rows("SELECT failures FROM throttle WHERE kind = ?", "otp-masuk") == [
        (MOST_JUDGED,)]
    refused = person.post(path, {"csrf_token": token, "code": code})
    assert "sudah salah lima kali" in refused.words(".field-error")
    assert opened(street, "worker") == 0


def test_the_right_code_sent_forty_times_at_once_opens_one_session(street):
    before = opened(street, "employer")
    person, path, token = before_the_code(street, "budi@maju.example", "127.0.3.2")
    code = newest_code(street.house)
    browsers = [person.another(street.ports[place % 4:] + street.ports[:place % 4])
                for place in range(SENT_AGAIN)]
    answers = at_once(*(lambda browser=browser: browser.post(
        path, {"csrf_token": token, "code": code}) for browser in browsers))
    let_in = [browser for browser, answer in zip(browsers, answers, strict=True)
              if "purna" in browser.cookies]
    assert len(let_in) == 1
    assert opened(street, "employer") == before + 1
    assert Counter(answer.status for answer in answers)[303] >= 1
    assert {answer.status for answer in answers} <= {303, 422, 503}
    assert let_in[0].get("/perusahaan").status == 303
