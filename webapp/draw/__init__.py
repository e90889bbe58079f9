"""Undian: who of those who joined a wave is chosen, so that anybody can compute it again. Pure.

How it works, version 1 of the format:

1.  With the wave a *secret* is made, 32 random bytes. Its SHA-256, the *commitment*, is shown from
    then on, the secret itself only with the result.
2.  At closing the *list* is fixed: ASCII text, every line ended by one line feed, fields parted by
    ``;``. The first line is ``PURNA-UNDIAN;1;<id of the wave, 32 hex digits>;<quota>``. One line
    for each applicant follows, ``<number>;<family>;<used>``, in the order of the numbers' bytes:

    - the number is twelve letters and digits, and stands in the name's place;
    - the family is 16 hex digits, the same for all of one family card (KK) in this wave, and
      another in every other wave: it cannot be led back to the card;
    - used is how many of that family were chosen in earlier waves of the programme.

    Its SHA-256 is the *digest*, shown from the closing on.
3.  The *seed* is the SHA-256 of the 32 bytes of the secret followed by the 32 bytes of the digest.
    Nobody can choose it: who knows the secret does not know the list that will be, and who makes up
    the list does not know the secret, which the commitment holds fast.
4.  The *order* is that of the HMAC-SHA256 of each number under the seed, the smallest first.
    Whoever was revoked after the closing is left out of it (hasil ``DICABUT``); the rest have the
    places 1, 2, 3, … Leaving somebody out moves others up and changes nothing else in the order.
5.  In this order each is *chosen* until the quota is reached, but at most two of one family, those
    of earlier waves counted: the next of a family is passed over, and the place goes to whoever
    comes after.

The published file (``published``) holds all of it; ``recompute`` is the script on the page.
"""

from pathlib import Path


def recompute_path():
    """Where the script is that the page shows."""
    return Path(__file__).with_name("recompute.py")
