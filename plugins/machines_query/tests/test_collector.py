"""The collector, as far as it can be checked without Windows: what it writes is what is read, and it only reads."""

import json
import re
from pathlib import Path

import pytest

from helpdesk_mcp_machines_query.readiness import read_facts
from helpdesk_mcp_machines_query.readiness.facts import LINE_DECIDES_UNTIL, LINE_STARTS
from helpdesk_mcp_machines_query.settings import MachineSettings

SOURCE = Path(__file__).parents[1] / "collector" / "Collect-Windows11Facts.ps1"
CODE = re.sub(r"<#.*?#>|#[^\n]*", "", SOURCE.read_text(encoding="utf-8"), flags=re.DOTALL)
WRITTEN = re.findall(r"^Add-Fact (\w+)", CODE, re.MULTILINE)
READING = {"Add-Fact", "Confirm-SecureBootUEFI", "ConvertTo-Json", "ForEach-Object", "Get-ChildItem", "Get-CimInstance", "Get-Date", "Get-Disk", "Get-ItemProperty", "Get-Partition", "Get-PhysicalDisk", "Measure-Object", "Select-Object", "Where-Object", "Write-Verbose"}  # fmt: skip

LINE = {
    "v": 2, "cpu": "Intel(R) Core(TM) i5-8500 CPU @ 3.00GHz", "fms": "Intel64 Family 6 Model 158 Stepping 10",
    "arch": 9, "lp": 6, "mhz": 3000, "ram": 8192, "tpm": "2.0", "sb": "on", "fw": "UEFI", "media": "SSD",
    "bus": "NVMe", "mui": ["GE24H2:Green:", "GE25H2:Red:CpuFms+Tpm"], "at": "2026-11-24T10:00:00", "disk": "Samsung SSD 970 EVO", "sys": 243_000,
}  # fmt: skip


def facts(line):
    settings = MachineSettings()
    return read_facts({settings.facts_field: json.dumps(line)}, settings)


def test_the_line_of_these_tests_is_the_one_that_the_collector_writes():
    assert ["v", *WRITTEN] == list(LINE)
    assert json.dumps(LINE, separators=(",", ":")).startswith(LINE_STARTS)
    assert re.search(r"\[ordered\]@{ v = 2 }", CODE)


def test_nothing_that_decides_stands_at_the_end_of_the_line():
    deciding, mark, beside = json.dumps(LINE, separators=(",", ":")).partition(LINE_DECIDES_UNTIL)
    assert mark
    assert list(json.loads('{"at":' + beside)) == ["at", "disk", "sys"]
    assert json.loads(deciding + "}")["mui"] == LINE["mui"]


@pytest.mark.parametrize("name", sorted({*WRITTEN} - {"cpu", "arch", "mhz"}))
def test_every_fact_that_is_written_is_read(name):
    # The bus outranks the medium: without it the medium tells.
    whole = {key: value for key, value in LINE.items() if key != "bus" or name != "media"}
    less = {key: value for key, value in whole.items() if key != name}
    assert facts(whole) != facts(less)


def test_the_longest_line_fits_into_a_custom_field():
    assert len(json.dumps({**LINE, "disk": "D" * 64}, separators=(",", ":"))) < 1000


def test_it_calls_nothing_that_changes_a_machine_or_leaves_it():
    assert set(re.findall(r"\b[A-Z][A-Za-z]+-[A-Z]\w+\b", CODE)) == READING
    assert not re.search(r"https?:|\[System\.Net|Start-|Invoke-", CODE)


def test_a_windows_of_any_language_can_read_it():
    # PowerShell 5.1 takes a script without a mark for the system's own code page.
    assert SOURCE.read_bytes().isascii()


@pytest.mark.parametrize("pair", ["()", "{}", "[]"])
def test_what_is_opened_is_closed(pair):
    outside_of_texts = re.sub(r"'[^'\n]*'|\"[^\"\n]*\"", "", CODE)
    depth = [0]
    for sign in outside_of_texts:
        depth.append(depth[-1] + (sign == pair[0]) - (sign == pair[1]))
    assert min(depth) == 0
    assert depth[-1] == 0
