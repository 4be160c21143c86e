"""`sync_status`: how fresh and how complete the local copy is."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from helpdesk_mcp.sdk import Call
from helpdesk_mcp.sdk.times import span
from helpdesk_mcp.sdk.words import inert
from helpdesk_mcp_atera_read import lines
from helpdesk_mcp_atera_read.queries import streams
from helpdesk_mcp_atera_read.queries.streams import Rows, Run, Success, Threads

_MOST_DRIFT = 8


async def sync_status(call: Call) -> str:
    """How fresh and complete the local copy is, and what went wrong."""
    done, runs, counts = (
        await streams.successes(call.db),
        await streams.newest_runs(call.db),
        await streams.rows(call.db),
    )
    held = await streams.quarantined(call.db)
    told = [
        _line(stream, counts.get(stream), done.get(stream), runs.get(stream), call)
        for stream in [*streams.TABLES, *_troubled(runs)]
    ]
    extra = [
        *_threads(await streams.threads(call.db)),
        *(
            f"{records} record{'s'[: records != 1]} of {stream} could not be stored, for example: {inert(reason, 200)}"
            for stream, (records, reason) in held.items()
        ),
        *_drift(await streams.drifted(call.db)),
    ]
    return "\n".join(["stream: rows, age of the data, next run, newest run", *told, *extra])


def _troubled(runs: Mapping[str, Run]) -> list[str]:
    """Return the other streams, such as the nightly passes over what is here, that have something to tell."""
    return sorted(name for name, run in runs.items() if name not in streams.TABLES and run.outcome != "ok")


def _line(stream: str, rows: Rows | None, done: Success | None, run: Run | None, call: Call) -> str:
    told = [
        f"{'about ' if rows.is_estimate else ''}{rows.count:,} rows" if rows else "",
        f"{span(call.now - _read_at(done))} old" if done else "never loaded completely",
        _next(done, run, call),
        _state(run, call),
    ]
    return f"{stream}: {', '.join(filter(None, told))}"


def _read_at(done: Success) -> datetime:
    return done.data_as_of or done.finished_at


def _state(run: Run | None, call: Call) -> str:
    if run is None:
        return "no run yet"
    if run.outcome is None:
        return f"running since {span(call.now - run.started_at)} (or killed)"
    if run.outcome == "ok":
        return f"ok ({_work(run)})"
    reason = inert(run.error, 300) or "no reason recorded"
    return f"{run.outcome.upper()} {lines.ago(run.started_at, call)} ({_work(run)}): {reason}"


def _work(run: Run) -> str:
    requests = f"{run.requests:,} request{'s'[: run.requests != 1]}"
    return f"{requests}, {run.read:,} read, {run.written:,} changed"


def _next(done: Success | None, run: Run | None, call: Call) -> str:
    """Return when the stream runs again, as long as the worker runs."""
    if run is None or run.every_s is None or run.outcome is None:
        return ""
    left = timedelta(0) if done is None else _read_at(done) + timedelta(seconds=run.every_s) - call.now
    return f"due in {span(left)}" if left > timedelta(0) else "due in the next cycle"


def _threads(threads: Threads) -> list[str]:
    told: list[str] = []
    if threads.never_read:
        what = _conversations(threads.never_read, "is", "are")
        told.append(f"{what} still to be read for the first time, open tickets first.")
    if threads.changed:
        what = _conversations(threads.changed, "changed and will", "changed and will")
        told.append(f"{what} be read again in the next run.")
    return told


def _conversations(count: int, one: str, many: str) -> str:
    return f"{count:,} conversation {one}" if count == 1 else f"{count:,} conversations {many}"


def _drift(fields: Sequence[str]) -> list[str]:
    if not fields:
        return []
    more = f" and {len(fields) - _MOST_DRIFT} more" if len(fields) > _MOST_DRIFT else ""
    return [f"Fields that differ from the models: {', '.join(map(inert, fields[:_MOST_DRIFT]))}{more}."]
