"""A world in a file: JSON, gzipped when the name ends in .gz.

Keys that JSON cannot hold are spelled out: integer ids become text, (kind, id) of custom values a pair in front of its values.
The journal is left out, since a world just read has no lists that would follow it.
"""

import gzip
from dataclasses import fields
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from atera_simulator.world import World

VERSION = 1
_PLAIN = ("seed", "size", "now", "account", "custom_fields", "patches", "last_ids")
_LEFT_OUT = ("journal", "custom_values", "ticket_modified")


def save(world: World, path: Path) -> None:
    """Write the world to a file, replacing the old one only once the new one is whole."""
    write(pack(world), path)


def load(path: Path) -> World:
    """Return the world of a file. Raises ValueError when the file is no snapshot of this version."""
    try:
        raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        data = orjson.loads(raw)
    except (gzip.BadGzipFile, EOFError, orjson.JSONDecodeError) as error:
        raise ValueError(
            f"{path} is not a snapshot of the simulator ({error}); delete it to start afresh"
        ) from None
    if not isinstance(data, dict) or data.get("version") != VERSION:  # pyright: ignore[reportUnknownMemberType] - JSON
        raise ValueError(f"{path} is not a snapshot of version {VERSION}; delete it to start afresh")
    return _unpacked(data)  # pyright: ignore[reportUnknownArgumentType] - JSON


def pack(world: World) -> bytes:
    """Return the whole world as JSON."""
    data: dict[str, Any] = {"version": VERSION}
    data |= {field.name: getattr(world, field.name) for field in fields(world) if field.name not in _LEFT_OUT}
    data["ticket_modified"] = world.ticket_modified
    data["custom_values"] = [
        [kind, item_id, values] for (kind, item_id), values in world.custom_values.items()
    ]
    return orjson.dumps(data, option=orjson.OPT_NON_STR_KEYS)


def write(packed: bytes, path: Path) -> None:
    """Write packed JSON to a file by way of a temporary one beside it."""
    draft = path.with_name(path.name + ".part")
    draft.write_bytes(gzip.compress(packed, compresslevel=1) if path.suffix == ".gz" else packed)
    draft.replace(path)


def _unpacked(data: dict[str, Any]) -> World:
    values: dict[str, Any] = {}
    for field in fields(World):
        if field.name in _PLAIN:
            values[field.name] = data[field.name]
        elif field.name not in _LEFT_OUT:
            values[field.name] = {int(key): record for key, record in data[field.name].items()}
    values["now"] = datetime.fromisoformat(data["now"])
    values["ticket_modified"] = {
        int(k): datetime.fromisoformat(v) for k, v in data["ticket_modified"].items()
    }
    values["custom_values"] = {(kind, item_id): found for kind, item_id, found in data["custom_values"]}
    return World(**values)
