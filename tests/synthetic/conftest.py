"""Invented years of 400 referrals, one a format, written once for all tests of the room."""

from __future__ import annotations

import pytest

from tearmann.synthetic.referrals import FORMATS
from tests.synthetic.written import write_year


@pytest.fixture(scope="session", params=FORMATS)
def year(request, tmp_path_factory):
    """An invented year in each format in turn."""
    return write_year(tmp_path_factory.mktemp("year") / request.param, format=request.param)


@pytest.fixture(scope="session")
def documents(tmp_path_factory):
    """An invented year of single documents."""
    return write_year(tmp_path_factory.mktemp("documents") / "year", format="cybertip-xml")


@pytest.fixture(scope="session")
def mixed(tmp_path_factory):
    """An invented year as all senders send it."""
    return write_year(tmp_path_factory.mktemp("mixed") / "year", format="mixed")
