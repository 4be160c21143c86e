"""How the provider named the custom fields that hold what Atera's inventory does not know."""

from typing import Annotated

from pydantic import Field

from helpdesk_mcp.sdk import Call, PluginSettings


class MachineSettings(PluginSettings):
    """Names of custom fields of agents; a field that does not exist is simply never filled."""

    facts_field: Annotated[str, Field(description="Field with the collector's JSON line")] = "Win11 facts"
    readiness_field: Annotated[
        str, Field(description="Field with the JSON line of Microsoft's HardwareReadiness.ps1")
    ] = "HardwareReadiness"
    tpm_field: Annotated[str, Field(description="Field with the TPM's version")] = "TPM version"
    secure_boot_field: Annotated[str, Field(description="Field that says whether Secure Boot is on")] = (
        "Secure Boot"
    )
    firmware_field: Annotated[str, Field(description="Field that says UEFI or Legacy")] = "Firmware"
    disk_type_field: Annotated[
        str, Field(description="Field with the system disk's type: HDD, SSD, NVMe, eMMC")
    ] = "Disk type"
    processor_field: Annotated[
        str, Field(description="Field with the processor's signature, Win32_Processor.Caption")
    ] = "Processor signature"
    stale_days: Annotated[
        int, Field(ge=1, description="Machines not seen for so many days are marked as old data")
    ] = 30

    @property
    def fields(self) -> tuple[str, ...]:
        """Return all field names."""
        return (
            self.facts_field,
            self.readiness_field,
            self.tpm_field,
            self.secure_boot_field,
            self.firmware_field,
            self.disk_type_field,
            self.processor_field,
        )


def settings_of(call: Call) -> MachineSettings:
    """Return the plugin's settings, which the core read with the class above."""
    if not isinstance(call.settings, MachineSettings):
        raise TypeError(f"machines_query was given {type(call.settings).__name__} for its settings.")
    return call.settings
