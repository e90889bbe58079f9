"""Reading a house's database directly: which workers a measurement may use."""

import sqlite3
from contextlib import closing

from webapp.demo.data import SITI_KPJ

FREE = """
    SELECT m.kpj FROM membership m JOIN company c ON c.id = m.company_id
    WHERE c.npp = ? AND m.status = 'AKTIF' AND m.kpj <> ? AND m.started_on < date('now', '-40 days')
      AND NOT EXISTS (SELECT 1 FROM deactivation d WHERE d.membership_id = m.id)
    ORDER BY m.id % 97, m.id LIMIT ?"""
CLERKS_COMPANY = "JJ010001"


def free_cards(house, count):
    """Card numbers of workers who can be deactivated, spread over the company.

    Raises ``LookupError`` when there are too few.
    """
    with closing(sqlite3.connect(house.folder / "purna.sqlite3")) as connection:
        found = connection.execute(FREE, (CLERKS_COMPANY, SITI_KPJ, count)).fetchall()
    if len(found) < count:
        raise LookupError(f"{count} free workers are needed, {len(found)} are left")
    return [kpj for (kpj,) in found]
