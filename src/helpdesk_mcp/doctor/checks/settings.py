"""Settings: which are set, and which cannot be used."""

from collections.abc import Iterator, Sequence

from helpdesk_mcp.doctor.finding import Finding, ok, problem
from helpdesk_mcp.settings import as_set

NAME = "settings"


def findings(unusable: Sequence[str]) -> Iterator[Finding]:
    """Yield a problem for each setting that cannot be used, and which ones are set."""
    for sentence in unusable:
        yield problem(NAME, sentence, "Correct it; the checks below go on without it.")
    variables = ", ".join(as_set())
    yield ok(NAME, f"Set: {variables}." if variables else "None is set; the defaults hold.")
