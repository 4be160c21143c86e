"""What is said about a processor."""

from dataclasses import dataclass
from typing import Literal

Decision = Literal["yes", "no", "conditional", "unknown"]
Basis = Literal["listed", "series", "rule", "signature", "none"]
"""What a decision stands on: a model that Microsoft names; a whole series that it names or leaves out; only the rule of its
readiness script; the signature read on the machine; nothing."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether Windows 11 supports a processor."""

    verdict: Decision
    vendor: str
    """Intel, AMD, Qualcomm, another maker's name, or "" where it is not known."""
    family: str
    """As sold: `Core i5`, `Ryzen 7`, `Xeon E`; "" where it is not known."""
    generation: int | None
    """Intel Core: 8 for i5-8250U. AMD Ryzen: the thousands, 5 for 5600X. None where the name has none."""
    basis: Basis
    sentence: str
    """The reason, for a person."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of products: what every verdict about one of its processors has in common."""

    vendor: str
    family: str
    generation: int | None = None

    def yes(self, sentence: str = "", basis: Basis = "series") -> Verdict:
        """Return that Windows 11 supports it."""
        return self._verdict("yes", basis, sentence or f"{self} is supported.")

    def no(self, sentence: str = "", basis: Basis = "series") -> Verdict:
        """Return that Windows 11 does not support it."""
        return self._verdict("no", basis, sentence or f"{self} is older than what Windows 11 supports.")

    def conditional(self, sentence: str) -> Verdict:
        """Return that the name alone does not decide; the sentence says what does."""
        return self._verdict("conditional", "listed", sentence)

    def unknown(self, sentence: str = "") -> Verdict:
        """Return that no rule covers it."""
        return self._verdict("unknown", "none", sentence or f"No rule covers this {self.family}.")

    def _verdict(self, verdict: Decision, basis: Basis, sentence: str) -> Verdict:
        return Verdict(verdict, self.vendor, self.family, self.generation, basis, sentence)

    def __str__(self) -> str:
        if self.generation is None:
            return f"{self.vendor} {self.family}"
        if self.vendor == "Intel":
            return f"{self.vendor} {self.family}, generation {self.generation},"
        return f"{self.vendor} {self.family} {self.generation}000"
