"""The grammar of processor names: what is noise in them, and who made the processor."""

import re
from typing import Literal

Maker = Literal["Intel", "AMD", "Qualcomm", "other", ""]

_SIGNS = re.compile(r"\((?:r|tm|c)\)|[®™©\u200b-\u200f\u2060\ufeff\u00ad]", re.IGNORECASE)
_NOISE = re.compile(
    r"@.*$"
    r"|\b\d{1,2}(?:st|nd|rd|th) gen\b"
    r"|,? (?:with|w/) radeon.*$"
    r"|,? radeon r\d.*$"
    r"|\b(?:\d+|dual|triple|quad|six|eight|twelve|sixteen)[- ]cores?\b(?: processor)?"
    r"|\b(?:cpu|apu|processor)\b",
    re.IGNORECASE,
)
_BLANKS = re.compile(r"\s+")
# Some firmware turns "(TM)" into a plain T.
_GLUED_SIGN = re.compile(r"\b(core)t\b", re.IGNORECASE)

_HYPERVISOR = re.compile(
    r"^(?:intel |amd )?(?:"
    r"qemu\b|virtual cpu|common (?:32-bit )?kvm|kvm\b|virtualapple|bochs|pc-(?:i440fx|q35)"
    r"|(?:core|xeon|celeron)(?: e\d+xx(?: v\d)?)? processor \(|xeon e\d+xx |xeon e\d-\d+xx "
    r"|(?:westmere|nehalem|skylake|cascadelake|icelake|sapphirerapids)\b"
    r"|core i[3579] \d+xx "
    r"|epyc-\w+ processor|epyc processor|opteron \w*xx class|opteron g\d|.*\(qemu\)"
    r"|.*\bclass (?:cpu|core)\b)"
)
_INTEL = re.compile(
    r"\bintel\b|^genuineintel|^genuine|\bpentium\b|\bceleron\b|\bxeon\b|\batom\b|^core\b|^i[3579]-|itanium"
)
_AMD = re.compile(
    r"\bamd\b|\bryzen\b|\bathlon\b|\bepyc\b|\bphenom\b|\bopteron\b|\bturion\b|\bsempron\b|\bduron\b"
)
_QUALCOMM = re.compile(r"\bqualcomm\b|\bsnapdragon\b|\boryon\b|^microsoft sq\d|\bqc[ms]\d{4}\b|\bkryo\b")
_OTHER = re.compile(
    r"\b(?:via|zhaoxin|kaixian|kaisheng|hygon|centaur|centaurhauls|transmeta|vortex86|cyrix|winchip|ampere|geode|nsc|sis|umc|rise|loongson|mediatek)\b"
)


def plain(name: str) -> str:
    """Return the name without signs and with single blanks."""
    return _BLANKS.sub(" ", _SIGNS.sub(" ", name)).strip()


def tidy(name: str) -> str:
    """Return the plain name in lower case."""
    return plain(name).lower()


def is_hypervisor(tidied: str) -> bool:
    """Return whether a hypervisor made the name up; to be asked before words are dropped from it."""
    return _HYPERVISOR.match(tidied) is not None


def bare(name: str) -> str:
    """Return a plain name without clock, core count, graphics and words that every name may carry."""
    return _BLANKS.sub(" ", _GLUED_SIGN.sub(r"\1", _NOISE.sub(" ", name))).strip(" ,-")


def maker(tidied: str) -> Maker:
    """Return who made the processor; `other` for makers that Windows 11 does not support."""
    if _QUALCOMM.search(tidied):
        return "Qualcomm"
    if _OTHER.search(tidied):
        return "other"
    if _AMD.search(tidied):
        return "AMD"
    return "Intel" if _INTEL.search(tidied) else ""
