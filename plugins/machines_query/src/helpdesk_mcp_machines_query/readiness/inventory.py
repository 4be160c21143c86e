"""The columns of a machine that readiness is judged from."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from helpdesk_mcp_machines_query import systems
from helpdesk_mcp_machines_query.systems import System

_VIRTUAL_VENDORS = ("vmware", "innotek", "qemu", "xen", "parallels", "bochs", "nutanix", "ovirt", "openstack", "amazon ec2", "google compute")  # fmt: skip
_VIRTUAL_MODELS = ("virtualbox", "virtual machine", "kvm", "standard pc (", "vmware", "hvm domu", "bhyve")


@dataclass(frozen=True, slots=True)
class Machine:
    """One machine as the inventory knows it; None or "" where it does not. Sizes in MiB."""

    id: int
    name: str
    customer_id: int | None
    customer_name: str | None
    os: str | None
    os_version: str | None
    os_build: str | None
    device_class: str | None
    processor: str | None
    processor_cores: int | None
    memory_mb: int | None
    vendor: str | None
    model: str | None
    product: str | None
    system_drive: str | None
    system_total_mb: int | None
    disk_total_mb: int | None
    last_seen_at: datetime | None
    facts_read_at: datetime | None
    """When the sync last read its custom values; None: not yet."""

    @property
    def system(self) -> System:
        """Return the operating system."""
        return systems.read(self.os, self.os_version, self.os_build, self.device_class)

    @property
    def is_virtual(self) -> bool:
        """Return whether the machine runs on a hypervisor; a Surface is of Microsoft too, and is none."""
        return is_virtual(self.vendor, self.model, self.product)


@lru_cache(maxsize=4096)
def is_virtual(vendor: str | None, model: str | None, product: str | None) -> bool:
    """Return whether vendor, model and product are those of a hypervisor."""
    maker, what = (vendor or "").lower(), f"{model or ''} {product or ''}".lower()
    return any(word in maker for word in _VIRTUAL_VENDORS) or any(word in what for word in _VIRTUAL_MODELS)
