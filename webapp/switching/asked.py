"""What each page of a switch's draft asks for. Pure."""

from webapp.switch import progress

FIELDS = {progress.LEAVING: ("reason", "last_day", "address"),
          progress.INCOME: ("income", "sector", "has_savings"),
          progress.START: ("starts_on",), progress.PAPERS: ("originals",)}
CORRECTION = "perbaiki"
ALL_TYPED = tuple(dict.fromkeys(name for names in FIELDS.values() for name in names))


def names_kept(step):
    """The fields of a page that are kept before they are right."""
    return ALL_TYPED if step == CORRECTION else FIELDS.get(step, ())
