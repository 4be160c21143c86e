"""Installed and available updates. Machines with the same system share the update records: they are never changed."""

from datetime import datetime, timedelta
from random import Random

from atera_simulator.seed.clock import iso
from atera_simulator.world import Record, World

_PRODUCTS = {
    "Windows 10": "Windows 10 Version 22H2 for x64-based Systems",
    "Windows 11": "Windows 11 for x64-based Systems",
    "Windows Server": "Microsoft server operating system for x64-based Systems",
}
_MONTHS = 8
_KB_STEP = 1003
_KB_BASE = 5_070_000
_PATCH_TUESDAY = 12


def add_patches(world: World, rng: Random) -> None:
    """Fill `world.patches` for every Windows machine that has reported within the last quarter."""
    catalogue = {
        product: _updates(world.now, index, title) for index, (product, title) in enumerate(_PRODUCTS.items())
    }
    for agent in world.agents.values():
        product = next((product for product in catalogue if product in agent["OS"]), None)
        if product is not None and world.now - datetime.fromisoformat(agent["LastSeen"]) < timedelta(days=90):
            missing = rng.choices((0, 1, 2, 4), (45, 35, 15, 5))[0]
            world.patches[agent["DeviceGuid"]] = {
                "timestamp": agent["LastSeen"],
                "installedUpdates": catalogue[product][missing:],
                "availableUpdates": [_available(update) for update in catalogue[product][:missing]],
            }


def _updates(now: datetime, index: int, title: str) -> list[Record]:
    """Return the updates of one product, the newest first, with the day each came out."""
    found: list[Record] = []
    for age in range(_MONTHS):
        released = (now.replace(day=1) - timedelta(days=30 * age)).replace(day=_PATCH_TUESDAY)
        if released >= now:
            continue
        number = _KB_BASE + index * 211 - age * _KB_STEP
        found.append(
            _update(f"{released:%Y-%m} Cumulative Update for {title}", "Security Updates", number, released)
        )
        if age % 3 == 0:
            found.append(
                _update(
                    f"{released:%Y-%m} .NET Framework Security and Quality Rollup",
                    "Updates",
                    number - 90,
                    released,
                )
            )
    found.append(
        _update(
            "Windows Malicious Software Removal Tool x64", "Update Rollups", 890_830, now - timedelta(days=40)
        )
    )
    return found


def _update(name: str, kind: str, number: int, released: datetime) -> Record:
    installed = released.replace(hour=3, minute=20, second=0) + timedelta(days=3)
    return {"name": name, "class": kind, "kbId": f"KB{number}", "installDate": iso(installed)}


def _available(update: Record) -> Record:
    return {"name": update["name"], "class": update["class"], "kbId": update["kbId"], "status": "Available"}
