"""Which way assistance can go (rules §5). Pure.

That money arrived is a fact, whatever was known before. What arrived is never undone, and what
failed is scheduled anew first.
"""

from webapp.models.programmes import CHECKED, DISBURSED, FAILED, GRANTED, HELD, PLANNED

MOVES = {
    GRANTED: (PLANNED, CHECKED, HELD, DISBURSED, FAILED),
    PLANNED: (PLANNED, CHECKED, HELD, DISBURSED, FAILED),
    CHECKED: (PLANNED, HELD, DISBURSED, FAILED),
    HELD: (PLANNED, CHECKED, DISBURSED, FAILED),
    FAILED: (PLANNED,),
    DISBURSED: (),
}
# Nothing more is paid to who was revoked; that it was paid before may become known late.
OF_THE_REVOKED = {FAILED: (DISBURSED,)}
UNFINISHED = (GRANTED, PLANNED, CHECKED, HELD)     # money is still to come
