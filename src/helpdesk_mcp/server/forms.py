"""Questions as forms for a person, and as a text where nobody can be asked."""

from collections.abc import Mapping
from typing import Any

from helpdesk_mcp.sdk import Form, Needed, Question

CONFIRM = "confirm"
_MOST_LISTED = 12


def schema(form: Form) -> dict[str, Any]:
    """Return a form's JSON schema: flat, as clients can show it."""
    properties = {question.argument: _property(question) for question in form.questions}
    required = [question.argument for question in form.questions if not question.optional]
    return {"type": "object", "properties": properties, "required": required}


def confirmation() -> dict[str, Any]:
    """Return the schema of the last question. No default: a client that accepts by itself has not said yes."""
    yes = {
        "type": "boolean",
        "title": "Yes, do this",
        "description": "Nothing is changed unless this is ticked.",
    }
    return {"type": "object", "properties": {CONFIRM: yes}, "required": [CONFIRM]}


def values(form: Form, content: Mapping[str, Any]) -> dict[str, Any]:
    """Return the tool's arguments from what the person filled in; what was left empty is left out."""
    found: dict[str, Any] = {}
    for question in form.questions:
        said = content.get(question.argument)
        if said is None or (isinstance(said, str) and not said.strip()):
            continue
        by_label = {choice.shown: choice.value for choice in question.choices}
        found[question.argument] = by_label.get(said, said) if isinstance(said, str) else said
    return found


def message(needed: Needed, form: Form, trouble: str) -> str:
    """Return what stands above a form; `trouble` is what was wrong with the last answers."""
    return "\n".join(line for line in (trouble, needed.about, form.title) if line)


def still_needed(tool: str, needed: Needed) -> str:
    """Return all questions as one text, for a model that asks them itself."""
    questions = [question for form in needed.forms for question in form.questions]
    head = (
        f"{needed.about}: not enough is known yet, and nothing was changed. Ask the user for what follows, invent nothing, "
        f"then call {tool} again with everything:"
    )
    return "\n".join([head, *map(_line, questions)])


def _property(question: Question) -> dict[str, Any]:
    if question.kind == "yes_no":
        return {"type": "boolean", "title": question.asks}
    shown = [choice.shown for choice in question.choices]
    return {"type": "string", "title": question.asks, **({"enum": shown} if shown else {})}


def _line(question: Question) -> str:
    optional = " (optional)" if question.optional else ""
    shown = [choice.shown for choice in question.choices]
    more = f"; and {len(shown) - _MOST_LISTED} more" if len(shown) > _MOST_LISTED else ""
    choices = f" One of: {'; '.join(shown[:_MOST_LISTED])}{more}." if shown else ""
    if question.kind == "yes_no":
        choices = " true or false."
    return f"- {question.argument}{optional}: {question.asks}{choices}"
