"""The rule of Microsoft's readiness script over family, model and stepping, as Win32_Processor.Caption spells them."""

import re
from dataclasses import dataclass
from typing import Literal

_CAPTION = re.compile(
    r"\b(Intel64|EM64T|AMD64|x86)\b.*?Family (\d+) Model (\d+) Stepping (\d+)", re.IGNORECASE
)
_LAST_OLD_MODEL, _SKYLAKE_X = 95, 85
_KABY_LAKE, _KABY_STEPPING = (142, 158), 9
_ZEN_FAMILY, _FIRST_ZEN = 23, (1, 17)
_P6, _NETBURST = 6, 15

Finding = Literal["pass", "fail", "name"]
"""`name`: the signature does not settle it, the name does."""


@dataclass(frozen=True, slots=True)
class Signature:
    """What the silicon says of itself."""

    architecture: str
    """intel64, amd64, or x86 where a 32-bit Windows hides the maker."""
    family: int
    model: int
    stepping: int

    def __str__(self) -> str:
        return f"family {self.family}, model {self.model}, stepping {self.stepping}"


def read(caption: str | None) -> Signature | None:
    """Return the signature in a caption such as `Intel64 Family 6 Model 142 Stepping 10`; None where there is none."""
    found = _CAPTION.search(caption or "")
    if found is None:
        return None
    architecture = found[1].lower().replace("em64t", "intel64")
    return Signature(architecture, int(found[2]), int(found[3]), int(found[4]))


def finding(signature: Signature, maker: str) -> Finding:
    """Return what the rule says; `maker` (from the name) decides where the caption does not tell Intel from AMD."""
    architecture = (
        {"Intel": "intel64", "AMD": "amd64"}.get(maker, "")
        if signature.architecture == "x86"
        else signature.architecture
    )
    if architecture == "intel64":
        return _intel(signature)
    return _amd(signature) if architecture == "amd64" else "name"


def _intel(signature: Signature) -> Finding:
    # Families 18 and 19 begin again with small model numbers, which a rule of 2021 takes for old ones.
    if signature.family > _NETBURST:
        return "name"
    if signature.family < _P6 or (
        signature.model <= _LAST_OLD_MODEL and (signature.family, signature.model) != (_P6, _SKYLAKE_X)
    ):
        return "fail"
    is_kaby_lake = signature.model in _KABY_LAKE and signature.stepping == _KABY_STEPPING
    return "name" if is_kaby_lake and signature.family == _P6 else "pass"


def is_kaby_lake(signature: Signature) -> bool:
    """Return whether this is the one stepping that passes under some names only."""
    return (
        signature.architecture != "amd64"
        and signature.model in _KABY_LAKE
        and signature.stepping == _KABY_STEPPING
    )


def _amd(signature: Signature) -> Finding:
    if signature.family < _ZEN_FAMILY:
        return "fail"
    return "fail" if signature.family == _ZEN_FAMILY and signature.model in _FIRST_ZEN else "pass"
