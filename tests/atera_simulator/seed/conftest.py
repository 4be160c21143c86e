"""Worlds built once for all tests of the seed; no test changes them."""

import csv
from datetime import UTC, datetime
from pathlib import Path

import pytest

from atera_simulator.seed import build_world

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


@pytest.fixture(scope="session")
def now():
    return NOW


@pytest.fixture(scope="session")
def tiny():
    return build_world("tiny", seed=7, now=NOW)


@pytest.fixture(scope="session")
def demo():
    return build_world("demo", seed=7, now=NOW)


@pytest.fixture(scope="session", params=["tiny", "demo"])
def world(request):
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="session")
def microsoft_verdicts():
    """Verdict of Microsoft's own test by processor name: yes, no, or something between."""
    table = Path(__file__).parents[4] / "shared" / "data" / "cpu-names.csv"
    if not table.exists():
        pytest.skip("the table of processor names is not at hand")
    with table.open(encoding="utf-8", newline="") as rows:
        return {row["string"]: row["ms_hardwarereadiness_rule"] for row in csv.DictReader(rows)}
