"""The filters of a search once more, without a database: over rows in memory, one filter after the other."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from helpdesk_mcp_machines_query import systems
from helpdesk_mcp_machines_query.memory import fitted_gb
from helpdesk_mcp_machines_query.processors import classify
from helpdesk_mcp_machines_query.processors.names import tidy
from helpdesk_mcp_machines_query.readiness import Facts


@dataclass(frozen=True)
class PlainMachine:
    """A machine with all that filters look at."""

    row: dict[str, Any]
    values: dict[str, str]
    facts: Facts
    owners: list[str] = field(default_factory=list)
    """Names and mail addresses of the contacts whose own machine it is."""

    def __getattr__(self, name):
        return self.row[name]

    @property
    def system(self):
        return systems.read(self.row["os"], self.row["os_version"], self.row["os_build"], self.row["device_class"])  # fmt: skip

    @property
    def processor_is(self):
        return classify(self.row["processor"] or "")

    def volumes(self, drive):
        if drive == "system":
            drive = self.row["system_drive"]
        return [one for one in self.row["disks"] if drive in {"any", one["drive"]}]


def holds(text, said):
    return said.lower() in (text or "").lower()


def used_by(one, said):
    account = said.replace(" ", "")
    return (
        any(holds(owner, said) for owner in one.owners)
        or holds(one.logged_in_users, account)
        or holds(one.last_login_user, account)
    )


def at_most(value, most):
    return value is not None and value <= most


def at_least(value, least):
    return value is not None and value >= least


def memory(one):
    return fitted_gb(one.memory_mb) if one.memory_mb else None


def before(at, said):
    return at is not None and at < said


def fits(volume, limits):
    sizes = {"disk": volume["total_mb"] / 1024, "free": volume["free_mb"] / 1024}
    return all(
        sizes[name[:4]] >= value if "_min_" in name else sizes[name[:4]] <= value
        for name, value in limits.items()
    )


def has_value(one, said):
    name, is_named, value = said.partition("=")
    found = one.values.get(name, "")
    return found != "" and (not is_named or found.lower() == value.lower())


def is_family(one, said):
    return set(said.lower().split()) <= set(f"{one.system} {one.system.family}".lower().split())


Test = Callable[[PlainMachine, Any], bool]
SIMPLE: dict[str, tuple[list[Any], Test]] = {
    "customer": (["Brandt Logistik", "Clinique Saint-Rémy", "Hofgut Lindemann"], lambda one, said: one.customer_name == said),
    "name": (["NB", "-00", "SQL"], lambda one, said: holds(one.name, said)),
    "user": (["a", "holm", "admin", "Rasmus Holm"], used_by),
    "os": (["Windows", "Windows 10", "Windows 11", "Server", "Windows Server 2019", "macOS", "Linux", "Debian"], is_family),
    "edition": (["Pro", "Home", "Enterprise", "Standard"], lambda one, said: one.system.edition == said),
    "release": (["22H2", "24H2", "19045", "26100"], lambda one, said: said in {one.system.version, str(one.system.build)}),
    "unsupported_on": (["2025-10-15", "2026-10-14", "2029-01-09"], lambda one, said: before(one.system.end, date.fromisoformat(said))),
    "cpu": (["i5", "Core i7", "Ryzen", "Xeon", "Celeron"], lambda one, said: tidy(said) in tidy(one.processor or "") or said.lower() in f"{one.processor_is.vendor} {one.processor_is.family}".lower()),
    "gen_min": ([5, 8, 11], lambda one, said: at_least(one.processor_is.generation, said)),
    "gen_max": ([4, 7, 12], lambda one, said: at_most(one.processor_is.generation, said)),
    "cores_min": ([2, 6], lambda one, said: at_least(one.processor_cores, said)),
    "cores_max": ([4, 8], lambda one, said: at_most(one.processor_cores, said)),
    "memory_min_gb": ([4, 16], lambda one, said: at_least(memory(one), said)),
    "memory_max_gb": ([4, 8, 16], lambda one, said: at_most(memory(one), said)),
    "disk_type": (["HDD", "SSD", "NVMe", "eMMC", "unknown"], lambda one, said: (one.facts.disk_type or "unknown") == said),
    "vendor": (["Dell", "HP", "micro"], lambda one, said: holds(one.vendor, said)),
    "model": (["Latitude", "5", "virtual"], lambda one, said: holds(one.model, said) or holds(one.product, said)),
    "serial": (["A", "7"], lambda one, said: holds(one.serial, said)),
    "domain": (["brandt", "local", "WORK"], lambda one, said: holds(one.domain, said)),
    "online": ([True, False], lambda one, said: one.is_online is said),
    "monitored": ([True, False], lambda one, said: one.is_monitored is said),
    "field": (["TPM version", "TPM version=2.0", "Disk type=ssd", "Secure Boot"], has_value),
}  # fmt: skip
MOMENTS = {"seen": "last_seen_at", "rebooted": "last_reboot_at"}


def fit(one: PlainMachine, filters: dict[str, Any], now: datetime) -> bool:
    """Whether a machine meets all filters."""
    limits = {name: value for name, value in filters.items() if name.startswith(("disk_m", "free_"))}
    if limits and not any(fits(volume, limits) for volume in one.volumes(filters.get("drive", "system"))):
        return False
    for name, said in filters.items():
        if name in SIMPLE and not SIMPLE[name][1](one, said):
            return False
        what, _, side = name.partition("_")
        if side in {"before", "after"}:
            at = one.bios_date if what == "bios" else one.row[MOMENTS[what]]
            mark = date.fromisoformat(said) if what == "bios" else now - timedelta(days=int(said[:-1]))
            if at is None or before(at, mark) is not (side == "before"):
                return False
    return True


def filters() -> st.SearchStrategy[dict[str, Any]]:
    """Up to four filters at once, of every kind."""
    sizes = st.sampled_from([5, 20, 64, 128, 237.8, 500, 1000])
    kinds = {
        **{name: st.sampled_from(choices) for name, (choices, _) in SIMPLE.items()},
        **{f"{what}_{side}_gb": sizes for what in ("disk", "free") for side in ("min", "max")},
        **{f"{what}_{side}": st.sampled_from(["1d", "7d", "60d"]) for what in MOMENTS for side in ("before", "after")},
        **{f"bios_{side}": st.sampled_from(["2020-01-01", "2024-06-01"]) for side in ("before", "after")},
        "drive": st.sampled_from(["system", "any", "C:", "D:"]),
    }  # fmt: skip
    chosen = st.lists(st.sampled_from(sorted(kinds)), min_size=1, max_size=4, unique=True)
    return chosen.flatmap(lambda names: st.fixed_dictionaries({name: kinds[name] for name in names}))
