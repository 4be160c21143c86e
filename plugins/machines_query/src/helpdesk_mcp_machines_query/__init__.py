"""The plugin for machines: find them by anything in the inventory, show one, and tell which are ready for Windows 11."""

from helpdesk_mcp.sdk import Completion, Plugin, Prompt, Resource, Tool

from .exports import machines_csv
from .prompts import machine_names, windows11_plan
from .settings import MachineSettings
from .tools.get_machine import get_machine, machine_screen
from .tools.search_machines import search_machines
from .tools.windows11_readiness import windows11_readiness

plugin = Plugin(
    name="machines_query",
    summary="Find machines by hardware, system and use; tell which are ready for Windows 11 and why.",
    tools=(
        Tool(run=search_machines, title="Search machines", effect="read", streams=("machines",)),
        Tool(
            run=get_machine, title="Show a machine", effect="read", streams=("machines", "alerts", "tickets")
        ),
        Tool(run=windows11_readiness, title="Windows 11 readiness", effect="read", streams=("machines",)),
    ),
    prompts=(Prompt(run=windows11_plan, title="Plan a move to Windows 11"),),
    resources=(
        Resource(
            uri="machine://{machine}",
            run=machine_screen,
            title="A machine",
            streams=("machines", "alerts", "tickets"),
        ),
        Resource(
            uri="machines://csv/{+query}", run=machines_csv, title="Machines as CSV", mime_type="text/csv"
        ),
    ),
    completions=(Completion(argument="machine", run=machine_names),),
    settings=MachineSettings,
)
