"""Computing a draw again, and saying what is not as it was said to be. Pure."""

from webapp.draw.drawing import Draw
from webapp.draw.listing import ListDigest, commitment_of, head_of, seed_of
from webapp.models.programmes import CHOSEN, NOT_CHOSEN, REVOKED

NAMED = 5                # results that are named one by one
_NUMBER, _PLACE = 12, 4  # bytes


class Check:
    """A draw that is computed again from its list.

    The results are computed with the seed that is said, so that each difference stands for itself:
    a changed list is no changed result, too.

    :param claims: ``published.Claims``.
    """

    def __init__(self, claims):
        self._claims, self._odd = claims, []
        self._list = ListDigest(head_of(claims.wave, claims.quota))
        self._draw = Draw(claims.seed)

    def add(self, row):
        """Take in the next ``published.Row``, by number.

        :raises ValueError: they are not in their order.
        """
        self._list.add(row.entry)
        if row.result == REVOKED:
            if row.place:
                self._odd.append(f"{row.entry.number} dicabut, tetapi punya urutan {row.place}")
            return
        key = (row.entry.number.encode() + (row.place or 0).to_bytes(_PLACE, "big")
               + bytes((row.result == CHOSEN,)))
        self._draw.add(row.entry, key)

    def differences(self):
        """Yields a sentence for each thing that is not as it was said to be."""
        claims = self._claims
        if self._list.hex() != claims.digest:
            yield (f"Daftar berubah: kodenya {self._list.hex()}, seharusnya {claims.digest}.")
        if commitment_of(claims.secret) != claims.commitment:
            yield (f"Rahasia berubah: kodenya {commitment_of(claims.secret)}, seharusnya "
                   f"{claims.commitment}.")
        seed = seed_of(claims.secret, claims.digest)
        if seed != claims.seed:
            yield f"Benih berubah: {claims.seed}, seharusnya {seed}."
        yield from self._different_results()

    @property
    def count(self):
        """How many are on the list."""
        return self._list.count

    def _different_results(self):
        odd, count = self._odd, len(self._odd)
        for key, place, is_chosen in self._draw.results(self._claims.quota):
            number = key[:_NUMBER].decode()
            said = int.from_bytes(key[_NUMBER:_NUMBER + _PLACE], "big"), bool(key[-1])
            if said != (place, is_chosen):
                count += 1
                if len(odd) < NAMED:
                    odd.append(f"{number} urutan {said[0] or 'kosong'} {_word(said[1])}, "
                               f"seharusnya urutan {place} {_word(is_chosen)}")
        if count:
            yield f"Hasil berubah pada {count} pendaftar."
            yield from (f"Hasil: {words}." for words in odd)


def _word(is_chosen):
    return CHOSEN if is_chosen else NOT_CHOSEN


def check_file(reader):
    """The differences in a published file, and how many are on its list: a pair.

    What the results are computed with stands at the file's end: the rows are read twice.

    :param reader: makes a fresh ``published.Reader`` of the file.
    :raises webapp.draw.published.Unreadable: it is no such file.
    """
    first = reader()
    for _ in first.rows():
        pass
    check = Check(first.claims())
    try:
        for row in reader().rows():
            check.add(row)
    except ValueError as problem:
        return [f"Daftar berubah: {problem}."], check.count
    return list(check.differences()), check.count
