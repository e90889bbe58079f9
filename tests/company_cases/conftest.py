"""Siti's request, her form, her objection, as they stand before PT Maju."""

from types import SimpleNamespace

import pytest

from tests.company_cases.asking import ask, dispute, fill_in, place_of


@pytest.fixture
def asked(cast, now):
    """Siti's request, and where the company reads it."""
    request = ask(cast, now)
    return SimpleNamespace(row=request, case=request.case, place=place_of(request.case, cast.maju))


@pytest.fixture
def filled(cast, now):
    """The same with Siti's form."""
    request = fill_in(cast, now)
    return SimpleNamespace(row=request, case=request.case, place=place_of(request.case, cast.maju))


@pytest.fixture
def objected(cast, now):
    """Siti's objection to Budi's report, and where the company reads it."""
    objection = dispute(cast, now)
    return SimpleNamespace(row=objection, case=objection.case,
                           place=place_of(objection.case, cast.maju))
