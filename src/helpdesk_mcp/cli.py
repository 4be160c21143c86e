"""The command line: arguments to one call into `app`. Every command imports its own part, so that `serve` starts fast."""

import argparse
import asyncio
import gc
import json
import logging
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from . import __version__, logs
from .settings import Settings, SettingsError, load, load_usable

_FAILED = 2
_INTERRUPTED = 130
_log = logging.getLogger(__name__)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return the exit code; trouble is one sentence on stderr, never a traceback."""
    options = _parser().parse_args(arguments)
    try:
        if options.run is _doctor:
            return _doctor(options)
        settings = load(**_overrides(options))
        logs.configure(settings.log_level, settings.log_format)
        if getattr(options, "until_input_closes", False):
            _stop_when_input_closes()
        return options.run(settings, options)
    except KeyboardInterrupt:
        return _INTERRUPTED
    except _expected() as error:
        print(f"helpdesk-mcp: {logs.redact(str(error))}", file=sys.stderr)
        return _FAILED
    except Exception as bug:  # noqa: BLE001 - the outermost edge: a person at a terminal gets a sentence
        _log.debug("command_failed", exc_info=bug)
        kind = type(bug).__name__
        print(
            f"helpdesk-mcp: unexpected {kind}; HELPDESK_LOG_LEVEL=DEBUG shows where. Please report it.",
            file=sys.stderr,
        )
        return _FAILED


def _expected() -> tuple[type[Exception], ...]:
    """Return the errors whose text is written for the person at the terminal.

    Only modules that the command has loaded can have raised theirs.
    """
    named = (
        ("helpdesk_mcp.atera.errors", "AteraError"),
        ("helpdesk_mcp.bridge", "Unusable"),
        ("helpdesk_mcp.demo.stack", "DemoFailed"),
        ("helpdesk_mcp.embedded", "EmbeddedError"),
        ("helpdesk_mcp.scaffold", "NotMade"),
        ("helpdesk_mcp.server.http", "NotAllowed"),
        ("helpdesk_mcp.store.engines", "StoreUnavailable"),
        ("helpdesk_mcp.store.migrate", "MigrationBlocked"),
    )
    loaded = [getattr(sys.modules[module], name) for module, name in named if module in sys.modules]
    return (SettingsError, *loaded)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="helpdesk-mcp", description="The Atera helpdesk for MCP clients.")
    parser.add_argument("--version", action="version", version=f"helpdesk-mcp {__version__}")
    parser.add_argument("--data-dir", type=Path, help="folder of the private Postgres (HELPDESK_DATA_DIR)")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    demo = commands.add_parser("demo", help="play the whole product on a simulated Atera; needs nothing")
    demo.add_argument("--exit", action="store_true", help="stop after the tour instead of serving on")
    demo.add_argument(
        "--port", type=int, default=8765, help="where to serve MCP over HTTP (default 8765; 0: any free port)"
    )
    demo.add_argument(
        "--size", choices=("tiny", "demo", "msp"), default="demo", help="how large an account to simulate"
    )
    demo.add_argument(
        "--fresh", action="store_true", help="start from an empty database and a new simulated account"
    )
    demo.set_defaults(run=_demo)

    serve = commands.add_parser("serve", help="serve MCP over stdio, or over HTTP")
    serve.add_argument("--http", metavar="HOST:PORT", help="serve at http://HOST:PORT/mcp instead of stdio")
    _stoppable(serve).set_defaults(run=_serve)

    bridge = commands.add_parser("bridge", help="carry MCP between stdio and a helpdesk server elsewhere")
    bridge.add_argument("--url", help="the server's address, http://server:8765/mcp (HELPDESK_BRIDGE_URL)")
    bridge.add_argument(
        "--patience", type=float, default=20.0, metavar="S", help="seconds to wait for it at the start"
    )
    bridge.set_defaults(run=_bridge)

    worker = commands.add_parser("worker", help="keep the database up to date with Atera")
    _stoppable(worker).set_defaults(run=_worker)

    sync = commands.add_parser("sync", help="read everything that is due from Atera once")
    sync.add_argument(
        "--once", action="store_true", required=True, help="one cycle, the first load included, then stop"
    )
    sync.add_argument(
        "--only", metavar="STREAM[,STREAM]", help="only these streams, or jobs of plugins: PLUGIN.JOB"
    )
    sync.set_defaults(run=_sync)

    commands.add_parser("migrate", help="bring the database up to this version").set_defaults(run=_migrate)
    commands.add_parser("status", help="show what was synced, when, and what went wrong").set_defaults(
        run=_status
    )
    commands.add_parser("plugins", help="show the plugins, their tools, and what is broken").set_defaults(
        run=_plugins
    )

    doctor = commands.add_parser("doctor", help="check this installation, and say what to do next")
    doctor.add_argument("--json", action="store_true", help="print the result for a program")
    doctor.set_defaults(run=_doctor)

    _add_token(commands)

    plugin = commands.add_parser("plugin", help="make a new plugin: plugin new NAME")
    plugin.add_argument("action", choices=("new",))
    plugin.add_argument("name", metavar="NAME", help="lower-case letters, digits and underscores")
    plugin.set_defaults(run=_plugin_new)

    simulate = commands.add_parser(
        "simulate-atera", help="run a simulated Atera; its token is simulated-token"
    )
    simulate.add_argument("--size", choices=("tiny", "demo", "msp"), default="demo")
    simulate.add_argument("--host", default="127.0.0.1")
    simulate.add_argument("--port", type=int, default=8700)
    simulate.add_argument("--seed", type=int, default=7)
    simulate.add_argument(
        "--pace", type=float, default=0.0, help="changes a minute while it runs (default 0: none)"
    )
    simulate.add_argument("--rate", type=int, default=700, help="requests a minute before 429 (0: no limit)")
    simulate.add_argument("--state", type=Path, help="file that keeps the account over restarts")
    simulate.add_argument(
        "--faults",
        metavar="JSON",
        default="{}",
        help="what goes wrong with it (docs/simulated-atera.md); default: nothing",
    )
    _stoppable(simulate).set_defaults(run=_simulate)
    return parser


def _add_token(commands: Any) -> None:
    token = commands.add_parser("token", help="make, show and take back the tokens of callers over HTTP")
    actions = token.add_subparsers(dest="action", required=True, metavar="ACTION")
    new = actions.add_parser("new", help="make a token and print it, this once")
    new.add_argument("name", metavar="NAME", help="whose it is and for what, such as jens-laptop")
    new.add_argument("--engineer", metavar="MAIL", help="who `me` is: mail address or name in Atera")
    new.add_argument(
        "--scopes",
        default="read",
        help="read, write (change tickets) or reach (write to customers); each includes those before it (default read)",
    )
    new.add_argument("--expires", default="90d", metavar="TIME", help="such as 12h, 90d (the default) or 52w")
    actions.add_parser("list", help="show all tokens, but not what they are")
    revoke = actions.add_parser("revoke", help="take a token back")
    revoke.add_argument("said", metavar="NAME|ID")
    token.set_defaults(run=_token)


def _stoppable(command: argparse.ArgumentParser) -> argparse.ArgumentParser:
    command.add_argument(
        "--until-input-closes",
        action="store_true",
        help="stop when standard input closes, as the parent's end does",
    )
    return command


def _stop_when_input_closes() -> None:
    def wait() -> None:
        while sys.stdin.buffer.read(1):
            pass
        signal.raise_signal(signal.SIGINT)

    threading.Thread(target=wait, daemon=True).start()


def _overrides(options: argparse.Namespace) -> dict[str, Any]:
    return {"data_dir": options.data_dir} if options.data_dir else {}


def _demo(settings: Settings, options: argparse.Namespace) -> int:
    from .demo.play import play  # noqa: PLC0415

    return asyncio.run(
        play(settings, size=options.size, port=options.port, exit_after=options.exit, fresh=options.fresh)
    )


def _serve(settings: Settings, options: argparse.Namespace) -> int:
    # A client waits for the first answer, and a tenth of the start went into looking for garbage among what is just loaded.
    gc.disable()
    from .app import serving  # noqa: PLC0415

    if options.http is None:
        asyncio.run(serving.over_stdio(settings))
    else:
        asyncio.run(serving.over_http(settings, *_address(options.http)))
    return 0


def _bridge(settings: Settings, options: argparse.Namespace) -> int:
    from . import bridge  # noqa: PLC0415

    url = options.url or settings.bridge_url
    if url is None:
        raise SettingsError(
            "HELPDESK_BRIDGE_URL is not set: give the address of the helpdesk server, such as "
            "`helpdesk-mcp bridge --url http://server:8765/mcp`."
        )
    token = settings.bridge_token
    asyncio.run(bridge.run(url, token.get_secret_value() if token else None, patience_s=options.patience))
    return 0


def _worker(settings: Settings, _: argparse.Namespace) -> int:
    from .app import syncing  # noqa: PLC0415

    asyncio.run(syncing.worker(settings))
    return 0


def _sync(settings: Settings, options: argparse.Namespace) -> int:
    from .app import reports, syncing  # noqa: PLC0415

    with reports.progress_bars() as on_progress:
        runs = asyncio.run(syncing.once(settings, options.only, on_progress))
    return reports.print_runs(runs)


def _migrate(settings: Settings, _: argparse.Namespace) -> int:
    from .app import reports, syncing  # noqa: PLC0415

    return reports.print_upgrade(asyncio.run(syncing.upgrade(settings)))


def _status(settings: Settings, _: argparse.Namespace) -> int:
    from .app import reports  # noqa: PLC0415

    return asyncio.run(reports.print_status(settings))


def _plugins(settings: Settings, _: argparse.Namespace) -> int:
    from .app import reports  # noqa: PLC0415

    return reports.print_plugins(settings)


def _doctor(options: argparse.Namespace) -> int:
    from . import doctor  # noqa: PLC0415

    # Settings that cannot be used are what it is asked about, so it goes on without them. Its lines tell what logs would.
    settings, unusable = load_usable(**_overrides(options))
    logs.configure("DEBUG" if settings.log_level == "DEBUG" else "CRITICAL")
    return doctor.leave(doctor.run(settings, unusable, as_json=options.json))


def _token(settings: Settings, options: argparse.Namespace) -> int:
    from .app import tokens  # noqa: PLC0415

    if options.action == "list":
        return asyncio.run(tokens.show(settings))
    if options.action == "revoke":
        print(asyncio.run(tokens.revoke(settings, options.said)))
        return 0
    secret, about = asyncio.run(
        tokens.make(
            settings,
            options.name,
            engineer=options.engineer,
            scopes=options.scopes,
            expires=options.expires,
        )
    )
    print(about, file=sys.stderr, flush=True)
    print(secret)
    return 0


def _plugin_new(_: Settings, options: argparse.Namespace) -> int:
    from .scaffold import make  # noqa: PLC0415

    made = make(options.name, Path.cwd())
    place = "and named it in pyproject.toml" if made.in_checkout else "a package of its own"
    tests = (
        f"uv run pytest plugins/{options.name}" if made.in_checkout else f"cd {options.name} && uv run pytest"
    )
    print(f"Made {made.folder}: {len(made.files)} files, {place}.")
    print(
        f"Next: `{tests}`, then `uv run helpdesk-mcp plugins`. What else a plugin can bring: docs/plugins.md."
    )
    return 0


def _simulate(_: Settings, options: argparse.Namespace) -> int:
    from atera_simulator.faults import Faults  # noqa: PLC0415
    from atera_simulator.serve import run  # noqa: PLC0415

    faults = Faults()
    try:
        faults.configure(json.loads(options.faults))
    except ValueError as error:
        raise SettingsError(f"--faults cannot be used: {error}.") from error
    run(
        host=options.host,
        port=options.port,
        size=options.size,
        seed=options.seed,
        pace=options.pace,
        rate_per_minute=options.rate or None,
        state=options.state,
        faults=faults,
        announce=print,
    )
    return 0


def _address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal():
        raise SettingsError(f"--http takes HOST:PORT, such as 127.0.0.1:8765, and not {text!r}.")
    return host.strip("[]"), int(port)


if __name__ == "__main__":
    sys.exit(main())
