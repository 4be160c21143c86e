"""What is odd in real inventories: each trap changes one machine in a way that a naive reader gets wrong."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from atera_simulator.seed import processors
from atera_simulator.seed.chance import guid
from atera_simulator.seed.clock import iso
from atera_simulator.seed.fleet import disk
from atera_simulator.seed.processors import Processor
from atera_simulator.seed.scale import Size
from atera_simulator.seed.systems import LONG_TERM, OUTDATED, System
from atera_simulator.world import Record, World

_PLACEHOLDER_SERIALS = ("To be filled by O.E.M.", "Default string", "System Serial Number")
_SHARED_NAMES = ("RECEPTION-PC", "LAPTOP-BACKUP")
_RIGHT_TO_LEFT = "\u200f"
_COPIES: dict[Size, int] = {"tiny": 1, "demo": 2, "msp": 8}


@dataclass(frozen=True, slots=True)
class Moment:
    """What a trap may need beside the machine."""

    rng: Random
    now: datetime
    turn: int
    """Counts the uses of the trap, so that its variants take turns."""


Trap = Callable[[Record, Moment], None]


def set_traps(world: World, rng: Random, size: Size) -> None:
    """Give each trap a few workstations of its own; a small fleet gets as many traps as half of its machines can bear."""
    free = [agent for agent in world.agents.values() if agent["DeviceType"] == "PC"]
    rng.shuffle(free)
    del free[len(free) * 3 // 5 :]
    for turn in range(_COPIES[size]):
        for trap in TRAPS:
            if free:
                trap(free.pop(), Moment(rng, world.now, turn))
    _mark_hebrew_systems(world)
    _share_names(world)
    _install_twice(world, rng)


def _fit(agent: Record, processor: Processor) -> None:
    agent |= {
        "Processor": processor.name,
        "ProcessorCoresCount": processor.cores,
        "ProcessorClock": processor.clock,
        "Display": processor.gpu,
    }


def _run(agent: Record, system: System) -> None:
    agent |= {
        "OS": system.text,
        "OSVersion": system.version,
        "OSBuild": system.build,
        "OSType": system.device_class,
        "OSNum": system.number,
    }


def _repeat_disks(agent: Record, moment: Moment) -> None:
    agent["HardwareDisks"] = [dict(row) for row in agent["HardwareDisks"] for _ in range(2 + moment.turn % 2)]


def _add_empty_drive(agent: Record, _moment: Moment) -> None:
    agent["HardwareDisks"].append(disk("", 499.0, 0.1))


def _lose_system_drive(agent: Record, _moment: Moment) -> None:
    agent["HardwareDisks"] = [disk("D:", 952742.0, 0.4)]


def _lose_all_disks(agent: Record, moment: Moment) -> None:
    agent["HardwareDisks"] = [] if moment.turn % 2 else None


def _write_drive_with_slash(agent: Record, _moment: Moment) -> None:
    agent["SystemDrive"] = "C:\\"


def _fit_four_gigabytes(agent: Record, moment: Moment) -> None:
    agent["Memory"] = (3947, 3765)[moment.turn % 2]


def _fit_three_gigabytes(agent: Record, moment: Moment) -> None:
    agent["Memory"] = (3041, 2937)[moment.turn % 2]


def _lose_memory(agent: Record, moment: Moment) -> None:
    agent["Memory"] = (0, None)[moment.turn % 2]


def _solder_small_disk(agent: Record, moment: Moment) -> None:
    _fit(agent, processors.SMALL[(1, 2)[moment.turn % 2]])
    agent["Memory"] = 3881
    agent["HardwareDisks"] = [disk("C:", (59020.0, 29184.0)[moment.turn % 2], 0.82)]
    # Its processor could run 11: what keeps it from there is a part.
    _run(agent, System("Microsoft Windows 10 Pro x64", "22H2", "19045.6456"))


def _partition_badly(agent: Record, _moment: Moment) -> None:
    agent["HardwareDisks"] = [disk("C:", 51200.0, 0.93), disk("D:", 901542.0, 0.2)]


def _lose_processor(agent: Record, moment: Moment) -> None:
    agent["Processor"] = ("", None)[moment.turn % 2]
    agent["ProcessorClock"] = None
    agent["ProcessorCoresCount"] = 0


def _name_processor_oddly(agent: Record, moment: Moment) -> None:
    odd = (
        "Intel(R) CoreT i9-13900H",
        "CPU Version",
        "Intel(R) Genuine processor 0000 @ 2.00GHz",
        "VirtualApple @ 2.50GHz",
    )
    agent["Processor"] = odd[moment.turn % len(odd)]


def _pad_processor(agent: Record, _moment: Moment) -> None:
    _fit(agent, processors.DESKTOP_CURRENT[0])
    agent["Processor"] += "            "


def _leave_serial_open(agent: Record, moment: Moment) -> None:
    agent["VendorSerialNumber"] = _PLACEHOLDER_SERIALS[moment.turn % len(_PLACEHOLDER_SERIALS)]


def _lose_folder(agent: Record, _moment: Moment) -> None:
    agent |= {"FolderID": None, "FolderName": None}


def _forget_for_months(agent: Record, moment: Moment) -> None:
    seen = moment.now - timedelta(days=moment.rng.randrange(95, 420))
    agent |= {
        "Online": False,
        "LastSeen": iso(seen),
        "Modified": iso(seen),
        "LastRebootTime": iso(seen - timedelta(days=3)),
        "CurrentLoggedUsers": "",
        "AgentVersion": "1.8.3.1",
    }


def _never_reboot(agent: Record, moment: Moment) -> None:
    agent |= {
        "Online": True,
        "LastSeen": iso(moment.now - timedelta(seconds=95)),
        "LastRebootTime": iso(moment.now - timedelta(days=moment.rng.randrange(93, 260))),
    }


def _keep_outdated_system(agent: Record, moment: Moment) -> None:
    _fit(agent, processors.DESKTOP_OLD[moment.turn % 4])
    _run(agent, OUTDATED[moment.turn % len(OUTDATED)])


def _run_long_term_edition(agent: Record, moment: Moment) -> None:
    _run(agent, LONG_TERM[moment.turn % len(LONG_TERM)])


def _run_iot_edition(agent: Record, moment: Moment) -> None:
    _fit(agent, processors.SMALL[moment.turn % 2])
    _run(agent, LONG_TERM[(1, 2)[moment.turn % 2]])


def _force_windows_11(agent: Record, _moment: Moment) -> None:
    _fit(agent, processors.DESKTOP_OLD[1])
    _run(agent, System("Microsoft Windows 11 Pro x64", "25H2", "26200.7171"))


def _fit_undecided_processor(agent: Record, moment: Moment) -> None:
    _fit(agent, processors.UNDECIDED[moment.turn % len(processors.UNDECIDED)])
    _run(agent, System("Microsoft Windows 10 Pro x64", "22H2", "19045.6456"))


def _virtualise(agent: Record, moment: Moment) -> None:
    _fit(agent, processors.HYPERVISOR[(3, 2, 0, 1)[moment.turn % 4]])
    agent |= {
        "Vendor": "QEMU",
        "ProductName": "Standard PC (Q35 + ICH9, 2009)",
        "VendorBrandModel": "pc-q35-8.1",
        "BatteryInfo": None,
    }
    _run(agent, System("Microsoft Windows 10 Pro x64", "22H2", "19045.6456"))


def _host_on_vmware(agent: Record, _moment: Moment) -> None:
    _fit(agent, processors.SERVER[3])
    agent |= {
        "Vendor": "VMware, Inc.",
        "ProductName": "VMware20,1",
        "VendorBrandModel": "VMware20,1",
        "BatteryInfo": None,
    }
    _run(agent, System("Microsoft Windows 11 Enterprise x64", "24H2", "26100.7019"))


def _take_newest_silicon(agent: Record, _moment: Moment) -> None:
    agent |= {
        "Processor": "Snapdragon(R) X2 Elite Extreme - X2E94100 - Qualcomm(R) Oryon(TM) CPU",
        "ProcessorCoresCount": 18,
        "ProcessorClock": "4.4",
        "Display": "Qualcomm(R) Adreno(TM) X2-90 GPU",
    }
    _run(agent, System("Microsoft Windows 11 Pro ARM64", "26H1", "28000.1450"))


TRAPS: tuple[Trap, ...] = (
    _repeat_disks,
    _fit_four_gigabytes,
    _solder_small_disk,
    _lose_processor,
    _forget_for_months,
    _keep_outdated_system,
    _add_empty_drive,
    _virtualise,
    _lose_system_drive,
    _partition_badly,
    _lose_memory,
    _leave_serial_open,
    _lose_folder,
    _never_reboot,
    _run_long_term_edition,
    _run_iot_edition,
    _force_windows_11,
    _fit_undecided_processor,
    _name_processor_oddly,
    _pad_processor,
    _lose_all_disks,
    _write_drive_with_slash,
    _fit_three_gigabytes,
    _host_on_vmware,
    _take_newest_silicon,
)


def _mark_hebrew_systems(world: World) -> None:
    for agent in world.agents.values():
        if agent["CustomerName"].startswith(_RIGHT_TO_LEFT):
            agent["OS"] = _RIGHT_TO_LEFT + agent["OS"]


def _share_names(world: World) -> None:
    """Let machines of different customers bear the same name."""
    first_of: dict[int, Record] = {}
    for agent in world.agents.values():
        if agent["DeviceType"] == "PC":
            first_of.setdefault(agent["CustomerID"], agent)
    for index, agent in enumerate(list(first_of.values())[:5]):
        name = _SHARED_NAMES[index % len(_SHARED_NAMES)]
        agent |= {"AgentName": name, "SystemName": name, "MachineName": name}


def _install_twice(world: World, rng: Random) -> None:
    """Add the stale record that a reinstalled agent leaves behind: same machine, other id."""
    agent = next(agent for agent in reversed(world.agents.values()) if agent["DeviceType"] == "PC")
    stale_id = max(world.agents) + 3
    seen = world.now - timedelta(days=64, hours=5)
    device_guid = guid(rng)
    stale = agent | {
        "AgentID": stale_id,
        "DeviceGuid": device_guid,
        "AppViewUrl": f"https://app.atera.com/new/rmm/device/{device_guid}/agent",
        "Online": False,
        "LastSeen": iso(seen),
        "Modified": iso(seen),
        "LastRebootTime": iso(seen - timedelta(days=2)),
        "Created": iso(world.now - timedelta(days=900)),
    }
    world.agents[stale_id] = stale
