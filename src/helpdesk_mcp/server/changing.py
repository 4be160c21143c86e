"""A call that changes something: fill in what is missing, show what would be done, do it after a yes.

The one place where anybody is asked. With a client that can ask, the person gets forms and a last question; with one that
cannot, the model gets a text: what is still needed, or the preview with a code for `confirm_change`.
"""

from collections.abc import Mapping
from typing import Any

from helpdesk_mcp.sdk import Caller, Change, Needed, Refused, Tool, ToolFailure
from helpdesk_mcp.sdk.changes import Draft, Proposal

from . import calls, forms
from .asking import Asked, CannotAsk, Channel, Replied
from .desk import Desk, Offered

_FORM = "form"
_MOST_ROUNDS = 8
"""Clients stop repeating a call after 10 rounds, and the last question is one of them."""


async def run(
    desk: Desk, caller: Caller, offered: Offered[Tool], arguments: Mapping[str, Any] | None, channel: Channel
) -> str | Asked:
    """Run a tool that changes something; return its text, or the question with which this call ends.

    Raises:
        Failed: with a sentence for the caller.
    """
    async with calls.edge(desk, offered):
        return await _Changing(desk, caller, offered, dict(arguments or {}), channel).run()


class _Changing:
    def __init__(
        self, desk: Desk, caller: Caller, offered: Offered[Tool], sent: dict[str, Any], channel: Channel
    ) -> None:
        self._desk = desk
        self._caller = caller
        self._offered = offered
        self._sent = sent
        self._channel = channel
        self._rounds = 0

    async def run(self) -> str | Asked:
        if self._channel.secret is None:
            return await self._fill({})
        kept = await self._desk.changes.draft(
            self._caller, self._offered.item.name, self._sent, self._channel.secret
        )
        self._rounds = kept.rounds - 1  # the answer to the last one comes with this call
        return await (self._fill(kept.answers) if kept.change_id is None else self._decided(kept.change_id))

    async def _fill(self, answers: dict[str, Any]) -> str | Asked:
        latest: dict[str, Any] = {}
        while self._rounds < _MOST_ROUNDS:
            outcome, trouble = await self._attempt(answers, latest)
            if not trouble:
                answers = {**answers, **latest}
            if isinstance(outcome, Change):
                return await self._propose(outcome)
            if not isinstance(outcome, Needed):
                return str(outcome)
            form = outcome.forms[0]
            message = forms.message(outcome, form, trouble)
            reply = await self._ask(_FORM, message, forms.schema(form), answers)
            if isinstance(reply, Asked):
                return reply
            if isinstance(reply, CannotAsk):
                return forms.still_needed(self._offered.item.name, outcome)
            if reply.content is None:
                return "The form was closed: nothing was changed."
            latest = forms.values(form, reply.content)
        raise Refused("Too many answers did not fit: nothing was changed. Start again with what is known.")

    async def _attempt(self, answers: dict[str, Any], latest: dict[str, Any]) -> tuple[Any, str]:
        """Run the tool with all answers; where the latest do not fit, without them, and tell what was wrong with them."""
        try:
            return await self._once({**answers, **latest}), ""
        except ToolFailure as failure:
            if not latest:
                raise
            return await self._once(answers), str(failure)

    async def _once(self, answers: dict[str, Any]) -> Any:
        arguments = {**self._sent, **answers}
        outcome, text = await calls.answered(self._desk, self._caller, self._offered, arguments)
        return outcome if text is None else text

    async def _propose(self, change: Change) -> str | Asked:
        proposal = await self._desk.changes.propose(self._caller, self._offered.item.name, change)
        reply = await self._ask(forms.CONFIRM, proposal.preview, forms.confirmation(), {}, proposal.id)
        if isinstance(reply, Replied):
            return await self._decide(proposal.id, reply)
        if isinstance(reply, CannotAsk) and self._desk.is_person_required:
            await self._desk.changes.decide(self._caller, proposal.id, yes=False)
            raise Refused(
                "This server changes things only through clients in which it can ask the person (HELPDESK_WRITES=person), "
                "and this client has no way to be asked. Nothing was changed."
            )
        return reply if isinstance(reply, Asked) else _with_code(proposal)

    async def _decided(self, change_id: int) -> str | Asked:
        reply = await self._ask(forms.CONFIRM, "", forms.confirmation(), {}, change_id)
        if not isinstance(reply, Replied):
            raise Refused("The answer did not come along. Nothing was changed: start again.")
        return await self._decide(change_id, reply)

    async def _decide(self, change_id: int, reply: Replied) -> str:
        yes = reply.content is not None and reply.content.get(forms.CONFIRM) is True
        return await self._desk.changes.decide(self._caller, change_id, yes=yes)

    async def _ask(
        self,
        key: str,
        message: str,
        schema: dict[str, Any],
        answers: dict[str, Any],
        change_id: int | None = None,
    ) -> Asked | Replied | CannotAsk:
        self._rounds += 1

        async def keep() -> str:
            draft = Draft(answers=answers, rounds=self._rounds, change_id=change_id)
            return await self._desk.changes.save_draft(
                self._caller, self._offered.item.name, self._sent, draft
            )

        return await self._channel.ask(key, message, schema, keep)


def _with_code(proposal: Proposal) -> str:
    return (
        f"NOT DONE YET. This would be done:\n{proposal.preview}\n"
        f'Show this to the user. Only when they say yes: confirm_change(code="{proposal.code}") within 10 minutes.'
    )
