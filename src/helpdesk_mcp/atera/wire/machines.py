"""Machines that run Atera's agent: hardware, patches, and the alerts they raise."""

from helpdesk_mcp.atera.wire.record import AnyCaseRecord, Flag, Real, Record, Text, Whole
from helpdesk_mcp.atera.wire.times import Moment


class Disk(Record):
    """A volume. Atera lists the same one two or three times now and then: keep the first per Drive."""

    Drive: Text = None
    Free: Real = None
    """MiB, like the two below it."""
    Used: Real = None
    Total: Real = None


class Battery(Record):
    """A notebook's battery."""

    Id: Whole = None
    Name: Text = None
    BatteryHealth: Real = None
    """FullChargeCapacity / DesignedCapacity: as a ratio or in percent is not documented."""
    DesignedCapacity: Whole = None
    FullChargeCapacity: Whole = None
    CycleCount: Whole = None


class Agent(Record):
    """A machine. The same AgentID may come twice in one pass through the list."""

    AgentID: int
    MachineID: Text = None
    DeviceGuid: Text = None
    """Names the machine in alerts and patches."""
    FolderID: Whole = None
    FolderName: Text = None
    CustomerID: Whole = None
    CustomerName: Text = None
    AgentName: Text = None
    SystemName: Text = None
    MachineName: Text = None
    DomainName: Text = None
    CurrentLoggedUsers: Text = None
    ComputerDescription: Text = None
    Monitored: Flag = None
    AgentVersion: Text = None
    Favorite: Flag = None
    ThresholdID: Whole = None
    MonitoredAgentID: Whole = None
    Created: Moment = None
    Modified: Moment = None
    Online: Flag = None
    LastSeen: Moment = None
    ReportedFromIP: Text = None
    """The public address."""
    AppViewUrl: Text = None
    Motherboard: Text = None
    Processor: Text = None
    Memory: Real = None
    """MiB."""
    Display: Text = None
    Sound: Text = None
    ProcessorCoresCount: Whole = None
    SystemDrive: Text = None
    ProcessorClock: Text = None
    """GHz, as text."""
    Vendor: Text = None
    VendorSerialNumber: Text = None
    VendorBrandModel: Text = None
    ProductName: Text = None
    BiosManufacturer: Text = None
    BiosVersion: Text = None
    BiosReleaseDate: Moment = None
    MacAddresses: list[Text] | None = None
    IpAddresses: list[Text] | None = None
    HardwareDisks: list[Disk] | None = None
    BatteryInfo: Battery | None = None
    OS: Text = None
    OSType: Text = None
    """The class of the device ("Work Station", "Domain Controller"), not its operating system."""
    WindowsSerialNumber: Text = None
    """A product key: a secret."""
    Office: Text = None
    OfficeSP: Text = None
    OfficeOEM: Flag = None
    OfficeSerialNumber: Text = None
    """A product key: a secret."""
    OSNum: Real = None
    LastRebootTime: Moment = None
    OSVersion: Text = None
    OSBuild: Text = None
    OfficeFullVersion: Text = None
    LastLoginUser: Text = None
    DeviceType: Text = None


class InstalledPatch(AnyCaseRecord):
    """A patch that a machine has."""

    Name: Text = None
    Class: Text = None
    KBId: Text = None
    InstallDate: Moment = None


class InstalledPatches(AnyCaseRecord):
    """`GET agents/{deviceGuid}/installed-patches`."""

    DeviceGuid: Text = None
    Timestamp: Moment = None
    InstalledUpdates: list[InstalledPatch] | None = None


class AvailablePatch(AnyCaseRecord):
    """A patch that a machine could have."""

    Name: Text = None
    Class: Text = None
    KBId: Text = None
    Status: Text = None


class AvailablePatches(AnyCaseRecord):
    """`GET agents/{deviceGuid}/available-patches`."""

    DeviceGuid: Text = None
    Timestamp: Moment = None
    AvailableUpdates: list[AvailablePatch] | None = None


class Alert(Record):
    """An alert. Its status is a filter, not a field: archived means resolved, a snooze in the future means snoozed."""

    AlertID: int
    Code: Whole = None
    Source: Text = None
    Title: Text = None
    Severity: Text = None
    Created: Moment = None
    SnoozedEndDate: Moment = None
    DeviceGuid: Text = None
    AgentId: Whole = None
    """Spelled with a small d here."""
    AdditionalInfo: Text = None
    Archived: Flag = None
    AlertCategoryID: Text = None
    """A word in spite of its name: Hardware, Disk, Availability, Performance, Exchange, General."""
    ArchivedDate: Moment = None
    TicketID: Whole = None
    AlertMessage: Text = None
    DeviceName: Text = None
    CustomerID: Whole = None
    CustomerName: Text = None
    FolderID: Whole = None
    PollingCyclesCount: Whole = None
    DeviceType: Text = None
