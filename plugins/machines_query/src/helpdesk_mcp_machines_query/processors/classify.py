"""From a name, and better from a name and a signature, to a verdict."""

from dataclasses import replace

from . import amd, arm, intel_core, intel_small, intel_xeon, names, signature
from .signature import Signature
from .verdict import Line, Verdict

_NOBODY = Line("", "")


def classify(name: str, caption: str | None = None, model: str | None = None) -> Verdict:
    """Return whether Windows 11 supports the processor called `name`.

    `caption` is Win32_Processor.Caption where it is known: it outranks the name. `model` is the computer's, which decides for
    one processor. Never raises; a name without meaning is `unknown`.
    """
    tidied = names.tidy(name)
    by_name = _by_name(tidied, (model or "").lower())
    seen = signature.read(caption)
    return by_name if seen is None else _with_signature(by_name, seen, is_modelled=model is not None)


def _by_name(tidied: str, model: str) -> Verdict:
    if not tidied:
        return _NOBODY.unknown("The inventory names no processor.")
    if names.is_hypervisor(tidied):
        return _NOBODY.unknown("A hypervisor made this name up: the host's processor decides.")
    match names.maker(tidied):
        case "Intel":
            verdict = _intel(names.bare(tidied), model)
        case "AMD":
            verdict = amd.judge(names.bare(tidied))
        case "Qualcomm":
            verdict = arm.judge(tidied)
        case "other":
            maker = Line(tidied.split(maxsplit=1)[0].title(), "")
            verdict = maker.no("Processors of this maker are not supported.", "rule")
        case "":
            verdict = _NOBODY.unknown("This is a placeholder or the name of no known processor.")
    return verdict


def _intel(name: str, model: str) -> Verdict:
    if "xeon" in name:
        return intel_xeon.judge(name)
    if "pentium" in name:
        return intel_small.pentium(name)
    if "celeron" in name:
        return intel_small.celeron(name)
    if "atom" in name:
        return intel_small.atom(name)
    return intel_core.judge(name, model) or intel_small.plain(name)


def _with_signature(by_name: Verdict, seen: Signature, *, is_modelled: bool) -> Verdict:
    found = signature.finding(seen, by_name.vendor)
    if found == "pass":
        return replace(
            by_name,
            verdict="yes",
            basis="signature",
            sentence=f"Its signature ({seen}) passes Microsoft's rule.",
        )
    if found == "fail":
        return replace(
            by_name,
            verdict="no",
            basis="signature",
            sentence=f"Its signature ({seen}) fails Microsoft's rule.",
        )
    # Of Kaby Lake's stepping 9 a few names are listed; the one whose computer decides stays open until the computer is known.
    is_open = (
        by_name.verdict == "conditional" and intel_core.MODEL_DECIDES in by_name.sentence and not is_modelled
    )
    if signature.is_kaby_lake(seen) and by_name.verdict != "yes" and not is_open:
        return replace(
            by_name,
            verdict="no",
            basis="signature",
            sentence=f"Its signature ({seen}) fails Microsoft's rule, and no list names it.",
        )
    return by_name
