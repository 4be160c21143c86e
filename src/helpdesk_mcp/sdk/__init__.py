"""All that a plugin may import, and all that it needs: what to declare, what a call brings, how to fail, where the rows are.

`tables` are the mirrored tables for `select(...)`; `names` turns what people say into ids; `times` reads and shows moments.
A plugin imports nothing else of ours, and never `mcp`; its tests may import `helpdesk_mcp.testing` besides.
"""

from helpdesk_mcp.store import tables
from helpdesk_mcp.text import clean, fold, inspect_hidden, to_plain

from . import names, times
from .answer import Answer
from .call import Call
from .caller import Caller, Scope
from .change import Change, Choice, Form, FromStep, Needed, Question, Step
from .errors import Ambiguous, BadInput, NotFound, Refused, ToolFailure, Unavailable
from .job import JobRun, JobSession
from .live import LiveReads, Patch, Patches
from .plugin import (
    API,
    Advanced,
    Check,
    Completion,
    Effect,
    Job,
    Plugin,
    PluginSettings,
    Prompt,
    Resource,
    Schema,
    Tool,
)
from .session import ReadSession
from .wanted import WantFacts

__all__ = [
    "API",
    "Advanced",
    "Ambiguous",
    "Answer",
    "BadInput",
    "Call",
    "Caller",
    "Change",
    "Check",
    "Choice",
    "Completion",
    "Effect",
    "Form",
    "FromStep",
    "Job",
    "JobRun",
    "JobSession",
    "LiveReads",
    "Needed",
    "NotFound",
    "Patch",
    "Patches",
    "Plugin",
    "PluginSettings",
    "Prompt",
    "Question",
    "ReadSession",
    "Refused",
    "Resource",
    "Schema",
    "Scope",
    "Step",
    "Tool",
    "ToolFailure",
    "Unavailable",
    "WantFacts",
    "clean",
    "fold",
    "inspect_hidden",
    "names",
    "tables",
    "times",
    "to_plain",
]
