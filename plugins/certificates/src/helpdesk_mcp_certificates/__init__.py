"""The plugin that watches TLS certificates: a job looks at customers' hosts, a tool tells which fail or end soon."""

from pathlib import Path

from helpdesk_mcp.sdk import Check, Job, Plugin, Schema, Tool

from .checks import hosts_answer
from .job import look_at_hosts
from .settings import CertificateSettings
from .tables import metadata
from .tools.list_certificates import list_certificates

plugin = Plugin(
    name="certificates",
    summary="Watch TLS certificates of customers' web and mail hosts: which end soon, which fail and why.",
    tools=(
        Tool(
            run=list_certificates,
            title="List certificates",
            effect="read",
            streams=("certificates.look_at_hosts",),
        ),
    ),
    settings=CertificateSettings,
    schema=Schema(metadata=metadata, migrations=Path(__file__).parent / "migrations"),
    jobs=(Job(run=look_at_hosts, every=CertificateSettings.interval),),
    checks=(Check(run=hosts_answer),),
    # It connects to hosts outside: somebody should have wanted that.
    by_default=False,
)
