"""Fixtures that ask by answering `input_required` (2026-07-28): the client repeats its call with what was asked for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import mcp_types as types

from .raw import Context, RawPrompt, RawTool, said

_Params = types.CallToolRequestParams | types.GetPromptRequestParams
_ANSWERS: dict[type[Any], type[Any]] = {
    types.ElicitRequest: types.ElicitResult,
    types.CreateMessageRequest: types.CreateMessageResult,
    types.ListRootsRequest: types.ListRootsResult,
}


def _form(message: str, **fields: str) -> types.ElicitRequest:
    schema = {
        "type": "object",
        "properties": {name: {"type": kind} for name, kind in fields.items()},
        "required": [*fields],
    }
    return types.ElicitRequest(params=types.ElicitRequestFormParams(message=message, requested_schema=schema))


def _sampling(prompt: str, max_tokens: int) -> types.CreateMessageRequest:
    message = types.SamplingMessage(role="user", content=types.TextContent(type="text", text=prompt))
    return types.CreateMessageRequest(
        params=types.CreateMessageRequestParams(messages=[message], max_tokens=max_tokens)
    )


_NAME = _form("What is your name?", name="string")
_GREETING = _sampling("Generate a greeting", 50)
_ROOTS = types.ListRootsRequest()


@dataclass(frozen=True)
class Round:
    """One round of questions. `state` comes back with the answers, sealed on the way by the SDK."""

    questions: Mapping[str, Any]
    state: str | None = None

    def asked(self) -> types.InputRequiredResult:
        """Return the result that asks."""
        return types.InputRequiredResult(input_requests={**self.questions}, request_state=self.state)

    def answers(self, params: _Params) -> dict[str, Any] | None:
        """Return the answers to all questions of this round, or None where it has to be asked (again)."""
        if params.request_state != self.state:
            return None
        given = params.input_responses or {}
        fit = {
            key: given[key]
            for key, question in self.questions.items()
            if isinstance(given.get(key), _ANSWERS[type(question)])
        }
        return fit if len(fit) == len(self.questions) else None


def _asks(name: str, questions: Round, told: Callable[[dict[str, Any]], str]) -> RawTool:
    async def run(_: Context, params: types.CallToolRequestParams) -> Any:
        answers = questions.answers(params)
        return questions.asked() if answers is None else said(told(answers))

    return RawTool(name=name, description="Ask by answering input_required.", run=run)


async def _two_rounds(_: Context, params: types.CallToolRequestParams) -> Any:
    first = Round({"step1": _form("Step 1: What is your name?", name="string")}, "round-1")
    second = Round({"step2": _form("Step 2: What is your favorite color?", color="string")}, "round-2")
    if (answers := second.answers(params)) is not None:
        return said(f"Color: {answers['step2'].content['color']}")
    return first.asked() if first.answers(params) is None else second.asked()


async def _what_the_client_can(context: Context, _: types.CallToolRequestParams) -> Any:
    offered = context.session.client_capabilities or types.ClientCapabilities()
    able = {
        "user_name": (offered.elicitation, _NAME),
        "greeting": (offered.sampling, _GREETING),
        "client_roots": (offered.roots, _ROOTS),
    }
    questions = {key: question for key, (capability, question) in able.items() if capability is not None}
    return Round(questions).asked() if questions else said("Nothing can be asked.")


async def _prompt(_: Context, params: types.GetPromptRequestParams) -> Any:
    questions = Round({"user_context": _form("What context should the prompt use?", context="string")})
    answers = questions.answers(params)
    if answers is None:
        return questions.asked()
    text = types.TextContent(type="text", text=f"Context: {answers['user_context'].content['context']}")
    return types.GetPromptResult(messages=[types.PromptMessage(role="user", content=text)])


_CONFIRM = Round({"confirm": _form("Please confirm", ok="boolean")}, "asked-to-confirm")

TOOLS = (
    _asks(
        "test_input_required_result_elicitation",
        Round({"user_name": _NAME}),
        lambda answers: f"Hello, {answers['user_name'].content['name']}!",
    ),
    _asks(
        "test_input_required_result_sampling",
        Round({"capital_question": _sampling("What is the capital of France?", 100)}),
        lambda answers: answers["capital_question"].content.text,
    ),
    _asks(
        "test_input_required_result_list_roots",
        Round({"client_roots": _ROOTS}),
        lambda answers: ", ".join(str(root.uri) for root in answers["client_roots"].roots),
    ),
    _asks("test_input_required_result_request_state", _CONFIRM, lambda _: "state-ok"),
    _asks("test_input_required_result_tampered_state", _CONFIRM, lambda _: "state-ok"),
    _asks(
        "test_input_required_result_multiple_inputs",
        Round({"user_name": _NAME, "greeting": _GREETING, "client_roots": _ROOTS}, "asked-for-three"),
        lambda answers: f"Answered: {', '.join(answers)}",
    ),
    _asks("test_streaming_elicitation", Round({"user_name": _NAME}), lambda _: "Streamed."),
    RawTool(name="test_input_required_result_multi_round", description="Ask in two rounds.", run=_two_rounds),
    RawTool(
        name="test_input_required_result_capabilities",
        description="Ask for what the client declared.",
        run=_what_the_client_can,
    ),
)

PROMPTS = (
    RawPrompt(
        name="test_input_required_result_prompt", description="Ask before the prompt is filled.", run=_prompt
    ),
)
