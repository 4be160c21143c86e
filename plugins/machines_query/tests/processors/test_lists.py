"""Against names and lists from outside the repo: skipped where they are not at hand."""

import csv
import re
import time
from pathlib import Path

import pytest

from helpdesk_mcp_machines_query.processors import classify

DATA = Path(__file__).parents[4].parent / "shared" / "data"
NAMES, LISTS = DATA / "cpu-names.csv", DATA / "win11-cpus.csv"

pytestmark = pytest.mark.skipif(
    not (NAMES.exists() and LISTS.exists()), reason="the reference lists are not here"
)

EXCEPTIONS = (
    # pattern in the name, what we say, why
    (r"i7-7820HQ", "conditional", "listed for two computers only: the name alone does not decide"),
    (r"m3-8100Y|i5-82[01]0Y|i7-8500Y|i[57]-8[37]0[5-9]G", "yes", "stepping 9 that Microsoft's lists name"),
    (r"Ultra 7 165H", "yes", "the record's signature is damaged: family 6 model 10 is of 2001"),
    (r"Genuine|ENGINEERING|Eng Sample", "unknown", "samples carry no name to judge"),
    (r"^AMD 4[78]00S|^AMD Unknown|^Spreadtrum", "unknown", "console, placeholder, maker without a rule"),
    (r"^Intel\(R\)$|^[\x00-\x1f]*$|Core(\(TM\))? i[37]( processor)?$|Core\(TM\) CPU Q", "unknown", "the number is missing or out of place"),
    (r"Xeon\((R|TM)\)( CPU)?( E)?( @.*)?$", "unknown", "a Xeon without a number may be of any year"),
    (r"QEMU", "unknown", "made up by a hypervisor"),
)  # fmt: skip
SERIES_NOT_NAMES = re.compile(r"Series|[Pp]rocessors|^(Snapdragon )?X1[EP]?$|\bIQ-X")
LIST_ERRORS = ("5400T",)
"""The list means the G5400T."""


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def exception(name):
    return next((said for pattern, said, _ in EXCEPTIONS if re.search(pattern, name)), None)


def test_real_names_get_the_verdict_of_microsofts_rule_or_an_explained_one():
    wrong = []
    for row in rows(NAMES):
        expected = {"yes": "yes", "no": "no", "no9": "no"}.get(row["ms_hardwarereadiness_rule"])
        said = classify(row["string"]).verdict
        if expected and said != expected and said != exception(row["string"]):
            wrong.append((row["string"], expected, said))
    assert wrong == []


def test_with_a_signature_only_the_listed_stepping_9_and_one_computer_differ_from_the_rule():
    differing = set()
    for row in rows(NAMES):
        maker = {"intel": "Intel64", "amd": "AMD64"}.get(row["cpuid_vendor"])
        expected = {"yes": "yes", "no": "no", "no9": "no"}.get(row["ms_hardwarereadiness_rule"])
        if maker and row["family"] and expected:
            caption = f"{maker} Family {row['family']} Model {row['model']} Stepping {row['stepping']}"
            if classify(row["string"], caption).verdict != expected:
                differing.add(row["string"])
    assert {
        name for name in differing if not re.search(EXCEPTIONS[0][0] + "|" + EXCEPTIONS[1][0], name)
    } == set()


def test_every_model_on_microsofts_lists_is_supported():
    wrong = []
    for row in rows(LISTS):
        if SERIES_NOT_NAMES.search(row["model"]) or not re.search(r"\d", row["model"]):
            continue
        for brand in row["brand"].split("|"):
            name = f"{row['vendor']} {brand} {row['model']}"
            if "Processors" not in brand and classify(name).verdict not in {"yes", "conditional"}:
                wrong.append(name)
    assert {name for name in wrong if not name.endswith(LIST_ERRORS)} == set()


def test_ten_thousand_names_are_judged_in_a_second():
    names = [row["string"] for row in rows(NAMES)]
    started = time.perf_counter()
    for name in names:
        classify(name)
    assert len(names) / (time.perf_counter() - started) > 10_000
