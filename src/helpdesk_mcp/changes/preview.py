"""What the person reads before saying yes."""

from helpdesk_mcp.sdk.change import Change


def preview(change: Change) -> str:
    """Return a change as a text: title, details, then what it would send and what to mind."""
    outward = [f"LEAVES THE HOUSE, to {step.reaches}: {step.says}" for step in change.steps if step.reaches]
    steps = [f"{place}. {step.says}" for place, step in enumerate(change.steps, start=1)]
    lines = [
        change.title,
        *change.details,
        # One step is what the title says.
        *(["Steps:", *steps] if len(steps) > 1 else []),
        *outward,
        *(f"Warning: {warning}" for warning in change.warnings),
    ]
    return "\n".join(lines)
