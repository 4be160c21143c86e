"""Whatever arguments come: an answer or a sentence, soon, and nothing is written."""

from functools import partial

import pytest
from hypothesis import strategies as st
from mcp import MCPError
from mcp_types import INVALID_PARAMS, PromptReference

from . import values

SERVED = ("engineer", "customer", "ticket", "number", "status", "machine", "%")


def test_every_tool_answers_any_arguments(front, real, each):
    def called(name, sent):
        (block,) = front.ask("silent", "call_tool", name, sent).content
        assert block.text.strip()

    for tool in front.ask("silent", "list_tools").tools:
        each(partial(called, tool.name), values.arguments(tool.input_schema, real))


@pytest.mark.parametrize("kind", ["auto", "legacy"])
def test_every_form_takes_any_answer(front, real, each, kind):
    """Forms are filled with anything, and the last question is answered with anything but a yes."""

    def called(name, sent, said):
        front.ask(kind, "call_tool", name, sent, answers=[*said, *[None] * 12])

    for tool in front.ask("silent", "list_tools").tools:
        if not tool.annotations.read_only_hint:
            fields = st.sampled_from([*tool.input_schema["properties"], "confirm"])
            answer = st.dictionaries(fields, values.plain(real), max_size=6).filter(is_no_yes)
            answers = st.lists(st.none() | answer, max_size=3)
            each(partial(called, tool.name), values.arguments(tool.input_schema, real), answers)


def is_no_yes(answer):
    return answer.get("confirm") is not True


def test_every_prompt_answers_any_arguments(front, real, each):
    def got(name, sent):
        refused_or_given(front.ask("silent", "get_prompt", name, sent))

    for prompt in front.ask("silent", "list_prompts").prompts:
        known = {argument.name: values.texts(real) for argument in prompt.arguments}
        sent = st.fixed_dictionaries(known, optional={"other": values.texts(real)})
        each(partial(got, prompt.name), sent)


def test_every_address_answers_any_words(front, real, each):
    def read(start, words):
        refused_or_given(front.ask("silent", "read_resource", start + words))

    for template in front.ask("silent", "list_resource_templates").resource_templates:
        words = values.texts(real).filter(str.isprintable)  # a client sends no others in an address
        each(partial(read, template.uri_template.partition("{")[0]), words)


def test_every_completion_takes_any_word(front, real, each):
    def completed(reference, argument, typed):
        front.ask("silent", "complete", reference, {"name": argument, "value": typed})

    prompts = front.ask("silent", "list_prompts").prompts
    references = [PromptReference(type="ref/prompt", name=prompt.name) for prompt in prompts]
    each(completed, st.sampled_from(references), st.sampled_from(SERVED), values.texts(real))


def refused_or_given(result):
    if isinstance(result, MCPError):
        assert result.error.code == INVALID_PARAMS, result.error
        assert result.error.message.strip()


def test_what_no_database_holds_completes_nothing(front):
    (prompt, *_) = front.ask("silent", "list_prompts").prompts
    reference = PromptReference(type="ref/prompt", name=prompt.name)
    for argument in SERVED:
        for typed in ("\x00", "a\ud800"):
            found = front.ask("silent", "complete", reference, {"name": argument, "value": typed})
            assert found.completion.values == []
