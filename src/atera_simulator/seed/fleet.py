"""The machines: AgentDto records drawn from the tables of hardware and systems. What is odd about some is in `traps.py`."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

from atera_simulator.seed.chance import apportion, guid, likely
from atera_simulator.seed.clock import iso
from atera_simulator.seed.customers import Company
from atera_simulator.seed.hardware import USABLE_MIB, VOLUME_MIB, Form, Model, models
from atera_simulator.seed.people import ascii_form
from atera_simulator.seed.processors import FAILING, Processor
from atera_simulator.seed.scale import Scale
from atera_simulator.seed.systems import ARM_CLIENT, CLIENTS, LINUX, MAC, SERVERS, System
from atera_simulator.world import Record, World

_FORMS: tuple[Form, ...] = ("notebook", "desktop", "server", "virtual", "mac")
_FORM_WEIGHTS = (52, 31, 5, 9, 3)
_NAME_PART = {"notebook": "NB", "desktop": "PC", "server": "SRV", "virtual": "VM", "mac": "MAC"}
_DEVICE_TYPE = {"notebook": "PC", "desktop": "PC", "server": "Server", "virtual": "Server", "mac": "Mac"}
_SERVER_ROLES = ("DC01", "FS01", "SQL01", "TS01", "APP01", "BKP01", "DC02", "PRN01", "ERP01", "WSUS01")
_AGENT_VERSIONS = ("1.8.7.9", "1.8.7.9", "1.8.7.9", "1.8.7.2", "1.8.6.4")
_OFFICES = ("Microsoft 365 Apps for business", "Microsoft 365 Apps for enterprise", "Microsoft Office Home and Business 2021", "Microsoft Office Standard 2016")  # fmt: skip
_PUBLIC_NETS = ("192.0.2", "198.51.100", "203.0.113")
# A model that came with 4 to 16 GB, by age of its processor.
_MEMORY_SIZES = (4, 8, 16, 32)


@dataclass(slots=True)
class Site:
    """What the machines of one customer have in common."""

    customer_id: int
    company: Company
    people: list[Record]
    public_ip: str
    subnet: str
    folders: list[tuple[int, str] | tuple[None, None]]
    counts: dict[str, int] = field(default_factory=dict[str, int])

    def number(self, key: str) -> int:
        """Return the next running number of this customer's machines of one kind."""
        self.counts[key] = self.counts.get(key, 0) + 1
        return self.counts[key]


def add_machines(world: World, rng: Random, scale: Scale, behind: dict[int, Company]) -> None:
    """Fill `world.agents`, each customer in proportion to its weight, and give contacts their default machine."""
    agent_id = 5100
    # One short: the last record is the stale one of a machine whose agent was installed twice.
    shares = apportion(scale.machines - 1, [company.weight for company in behind.values()])
    for (customer_id, company), share in zip(behind.items(), shares, strict=True):
        site = _site(world, rng, customer_id, company)
        for _ in range(share):
            agent_id += rng.choice((1, 1, 2, 3, 7))
            world.agents[agent_id] = _machine(world, rng, agent_id, site)


def _site(world: World, rng: Random, customer_id: int, company: Company) -> Site:
    people = [contact for contact in world.contacts.values() if contact["CustomerID"] == customer_id]
    folder = 60 + customer_id * 3
    return Site(
        customer_id=customer_id,
        company=company,
        people=people,
        public_ip=f"{rng.choice(_PUBLIC_NETS)}.{rng.randrange(1, 255)}",
        subnet=f"192.168.{rng.randrange(1, 250)}",
        folders=[
            (folder, f"Office {company.city}"),
            (folder, f"Office {company.city}"),
            (folder + 1, "Field"),
            (None, None),
        ],
    )


def _machine(world: World, rng: Random, agent_id: int, site: Site) -> Record:
    form = rng.choices(_FORMS, _FORM_WEIGHTS)[0]
    choices = models(form)
    model = rng.choices(choices, [choice.weight for choice in choices])[0]
    processor = rng.choice(model.processors)
    user = rng.choice(site.people) if form in {"notebook", "desktop", "mac"} else None
    record: Record = {"MachineID": None, "AgentID": agent_id}
    record |= _place(rng, site, form, user)
    record |= _presence(world.now, rng, form, site)
    record |= _fittings(rng, model, processor)
    record |= _software(rng, _system(rng, form, processor, record["MachineName"]), form)
    record |= {
        "LastRebootTime": _reboot(world.now, rng, record),
        "LastLoginUser": _account(site, user),
        "DeviceType": _DEVICE_TYPE[form],
    }
    if user is not None and user["DefaultAgentId"] is None:
        user["DefaultAgentId"] = agent_id
    return record


def _account(site: Site, user: Record | None) -> str | None:
    domain = site.company.domain.split("-")[0].upper()
    if user is None:
        return f"{domain}\\administrator"
    return f"{domain}\\{user['Email'].split('@')[0].replace('.', '')}"


def _place(rng: Random, site: Site, form: Form, user: Record | None) -> Record:
    key = _NAME_PART[form]
    number = site.number(key)
    if form in {"server", "virtual"}:
        role = _SERVER_ROLES[(site.number("role") - 1) % len(_SERVER_ROLES)]
        name = (
            f"{site.company.code}-{role}"
            if number <= len(_SERVER_ROLES)
            else f"{site.company.code}-{key}-{number:02d}"
        )
    else:
        name = f"{site.company.code}-{key}-{number:03d}"
    folder_id, folder_name = rng.choice(site.folders)
    return {
        "FolderID": folder_id,
        "FolderName": folder_name,
        "CustomerID": site.customer_id,
        "CustomerName": site.company.name,
        "AgentName": name,
        "SystemName": name,
        "MachineName": name,
        "DomainName": f"{ascii_form(site.company.domain.split('-')[0])}.local"
        if likely(rng, 0.8)
        else "WORKGROUP",
        "CurrentLoggedUsers": _account(site, user) if likely(rng, 0.6) else "",
        "ComputerDescription": f"{user['Lastname']} {key}" if user and likely(rng, 0.4) else None,
    }


def _presence(now: datetime, rng: Random, form: Form, site: Site) -> Record:
    online = likely(rng, 0.93 if form in {"server", "virtual"} else 0.62)
    seen = now - (
        timedelta(seconds=rng.randrange(20, 280)) if online else timedelta(minutes=rng.randrange(40, 15000))
    )
    device_guid = guid(rng)
    return {
        "DeviceGuid": device_guid,
        "Monitored": likely(rng, 0.97),
        "AgentVersion": rng.choice(_AGENT_VERSIONS),
        "Favorite": likely(rng, 0.03),
        "ThresholdID": rng.choice((4, 4, 6, 9, None)),
        "MonitoredAgentID": None,
        "Created": iso(now - timedelta(days=rng.randrange(30, 1800), minutes=rng.randrange(800))),
        "Modified": iso(seen - timedelta(minutes=rng.randrange(5, 900))),
        "Online": online,
        "LastSeen": iso(seen),
        "ReportedFromIP": site.public_ip,
        "AppViewUrl": f"https://app.atera.com/new/rmm/device/{device_guid}/agent",
    }


def _reboot(now: datetime, rng: Random, record: Record) -> str:
    seen = datetime.fromisoformat(record["LastSeen"])
    days = rng.expovariate(1 / 9) if likely(rng, 0.9) else rng.uniform(30, 88)
    return iso(min(seen, now) - timedelta(days=days, minutes=rng.randrange(5, 600)))


def _fittings(rng: Random, model: Model, processor: Processor) -> Record:
    released = datetime(rng.randrange(2019, 2026), rng.randrange(1, 13), rng.randrange(1, 29), tzinfo=UTC)
    fitted = (
        rng.choice((32, 64, 128))
        if model.form in {"server", "virtual"}
        else rng.choices(_MEMORY_SIZES, (6, 34, 46, 14))[0]
    )
    return {
        "Motherboard": f"{model.vendor} {model.sku}",
        "Processor": processor.name,
        "Memory": rng.choice(USABLE_MIB[fitted]),
        "Display": processor.gpu,
        "Sound": None if model.form in {"server", "virtual"} else "Realtek(R) Audio",
        "ProcessorCoresCount": processor.cores,
        "SystemDrive": "/" if model.form == "mac" else "C:",
        "ProcessorClock": processor.clock,
        "Vendor": model.vendor,
        "VendorSerialNumber": _serial(rng, model),
        "VendorBrandModel": model.sku,
        "ProductName": model.product,
        "BiosManufacturer": model.bios_maker,
        "BiosVersion": model.bios_version,
        "BiosReleaseDate": iso(released),
        "MacAddresses": [f"00-00-5E-00-53-{rng.randrange(256):02X}" for _ in range(rng.choice((1, 2)))],
        "IpAddresses": [f"192.168.{rng.randrange(1, 250)}.{rng.randrange(10, 250)}"],
        "HardwareDisks": _disks(rng, model.form),
        "BatteryInfo": _battery(rng) if model.form == "notebook" else None,
    }


def _serial(rng: Random, model: Model) -> str:
    letters = "BCDFGHJKLMNPQRSTVWXYZ0123456789"
    tail = "".join(rng.choices(letters, k=7))
    return (
        f"VMware-56 4d {tail[:2].lower()} {tail[2:4].lower()}" if model.vendor.startswith("VMware") else tail
    )


def _disks(rng: Random, form: Form) -> list[Record]:
    server = form in {"server", "virtual"}
    total = VOLUME_MIB[
        rng.choice((128, 256)) if server else rng.choices((240, 256, 512, 1000), (1, 4, 8, 2))[0]
    ]
    drive = "/" if form == "mac" else "C:"
    disks = [disk(drive, total, rng.uniform(0.2, 0.93))]
    if server or likely(rng, 0.12):
        disks.append(disk("D:", VOLUME_MIB[rng.choice((1000, 2000))], rng.uniform(0.1, 0.95)))
    return disks


def disk(drive: str, total: float, used_share: float) -> Record:
    """Return a HardwareDiskDto; sizes in MiB."""
    used = float(round(total * used_share))
    return {"Drive": drive, "Free": total - used, "Used": used, "Total": total}


def _battery(rng: Random) -> Record:
    designed = rng.choice((42000, 50000, 52500, 57000, 68000))
    full = round(designed * rng.uniform(0.42, 1.0))
    return {
        "Id": 1,
        "Name": rng.choice(("5B10W51831", "DELL M033W39", "Primary", "FPB0357S")),
        "BatteryHealth": round(100 * full / designed, 1),
        "DesignedCapacity": designed,
        "FullChargeCapacity": full,
        "CycleCount": rng.randrange(12, 900),
    }


def _system(rng: Random, form: Form, processor: Processor, name: str) -> System:
    if form == "mac":
        return rng.choice(MAC)
    if form in {"server", "virtual"}:
        system = (
            rng.choice(LINUX)
            if likely(rng, 0.1)
            else rng.choices([s for _, s in SERVERS], [w for w, _ in SERVERS])[0]
        )
        if "-DC0" in name and system not in LINUX:
            return System(system.text, system.version, system.build, "Domain Controller", system.number)
        return system
    if processor.caption.startswith("ARM"):
        return ARM_CLIENT
    old = processor.name in FAILING
    # Setup refuses old processors, so what runs 11 on them was forced; some new machines were never upgraded.
    wanted = "Windows 10" if likely(rng, 0.92 if old else 0.2) else "Windows 11"
    choices = [(weight, system) for weight, system in CLIENTS if wanted in system.text]
    return rng.choices([system for _, system in choices], [weight for weight, _ in choices])[0]


def _software(rng: Random, system: System, form: Form) -> Record:
    windows = system.text.startswith("Microsoft")
    office = (
        rng.choice(_OFFICES) if form in {"notebook", "desktop"} and windows and likely(rng, 0.85) else None
    )
    return {
        "OS": system.text,
        "OSType": system.device_class,
        "WindowsSerialNumber": f"00000-00000-00000-AA{rng.randrange(1000):03d}" if windows else None,
        "Office": office,
        "OfficeSP": None,
        "OfficeOEM": False if office else None,
        "OfficeSerialNumber": None,
        "OSNum": system.number,
        "OSVersion": system.version,
        "OSBuild": system.build,
        "OfficeFullVersion": rng.choice(("16.0.19328", "16.0.19231", "16.0.17928")) if office else None,
    }
