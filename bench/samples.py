"""What clerks type: taken from the workers there are, so that every search finds somebody."""

from webapp.models.workers import Membership, Worker

PREFIX = 9      # of the eleven digits of a card


def samples(company, count):
    """Lists of ``count`` terms by kind of search, the same ones for the same database."""
    rows = list(Membership.select(Membership, Worker).join(Worker)
                .where(Membership.company == company)
                .order_by(Membership.public_id).limit(count))    # random, so no neighbours
    return {
        "card number": [row.kpj for row in rows],
        "beginning of a card number": [row.kpj[:PREFIX] for row in rows],
        "NIK": [row.worker.nik for row in rows],
        "name": [row.worker.name for row in rows],
        "name with a typing error": [_mistyped(row.worker.name, row.id) for row in rows],
        "one common word": [row.worker.name.split()[0] for row in rows],
    }


def _mistyped(name, number):
    """The name with one letter of its longest word wrong, missing, twice or swapped."""
    words = name.lower().split()
    longest = max(range(len(words)), key=lambda place: len(words[place]))
    word = words[longest]
    at = 1 + number % (len(word) - 2)
    words[longest] = (
        word[:at] + "x" + word[at + 1:], word[:at] + word[at + 1:],
        word[:at] + word[at] + word[at:], word[:at] + word[at + 1] + word[at] + word[at + 2:],
    )[number % 4]
    return " ".join(words)
