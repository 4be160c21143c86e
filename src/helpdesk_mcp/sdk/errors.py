"""What a tool raises when it cannot answer. The message goes to the model as it is: say what happened and what to do next.

ToolFailure
├── BadInput      an argument cannot be understood: correct it and call again
├── NotFound      nothing has that name or number: look it up first
├── Ambiguous     several things do: choose one of the candidates in the message
├── Refused       the call is understood and not allowed here
└── Unavailable   something the answer needs is down: try again later
"""


class ToolFailure(Exception):
    """A tool cannot answer; the message is a sentence for the caller."""


class BadInput(ToolFailure):
    """An argument cannot be understood."""


class NotFound(ToolFailure):
    """Nothing has that name or number."""


class Ambiguous(ToolFailure):
    """Several things have that name; the message lists them, and `candidates` holds id, name and detail of each."""

    def __init__(self, message: str, *, candidates: tuple[tuple[int, str, str], ...] = ()) -> None:
        super().__init__(message)
        self.candidates = candidates


class Refused(ToolFailure):
    """The call is not allowed here."""


class Unavailable(ToolFailure):
    """Something that the answer needs cannot be reached."""
