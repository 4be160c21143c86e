"""The filters of a machine search as a caller writes them, and as they stand in the address of the CSV."""

from typing import Annotated, Any, Literal
from urllib.parse import parse_qsl, quote, urlencode

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from helpdesk_mcp.sdk import BadInput

_DISK_TYPES = ("HDD", "SSD", "NVMe", "eMMC", "unknown")
_MOST = 1_000_000


def _sensible(number: float) -> float:
    if not 0 <= number <= _MOST:
        raise ValueError(f"it must be from 0 to {_MOST}")
    return number


def _positive(number: int) -> int:
    if not 1 <= number <= _MOST:
        raise ValueError(f"it must be from 1 to {_MOST}")
    return number


def _spelled(said: Any) -> Any:
    """Return a disk type as the choices spell it: nobody remembers the small e of eMMC."""
    return next((known for known in _DISK_TYPES if known.lower() == str(said).strip().lower()), said)


DiskType = Annotated[Literal["HDD", "SSD", "NVMe", "eMMC", "unknown"], BeforeValidator(_spelled)]
# Checked here and not by bounds in the schema, which every conversation would pay for fourteen times.
Gb = Annotated[float, AfterValidator(_sensible)]
Count = Annotated[int, AfterValidator(_sensible)]
Page = Annotated[int, AfterValidator(_positive)]
Limit = Annotated[int, Field(le=50), AfterValidator(_positive)]


class Filters(BaseModel):
    """All must hold. Sizes in GB as Windows counts them; moments as `times.moment` takes them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    customer: str | None = None
    name: str | None = None
    user: str | None = None
    os: str | None = None
    edition: str | None = None
    release: str | None = None
    unsupported_on: str | None = None
    cpu: str | None = None
    gen_min: Count | None = None
    gen_max: Count | None = None
    cores_min: Count | None = None
    cores_max: Count | None = None
    memory_min_gb: Gb | None = None
    memory_max_gb: Gb | None = None
    drive: str = "system"
    disk_min_gb: Gb | None = None
    disk_max_gb: Gb | None = None
    free_min_gb: Gb | None = None
    free_max_gb: Gb | None = None
    disk_type: DiskType | None = None
    vendor: str | None = None
    model: str | None = None
    serial: str | None = None
    domain: str | None = None
    online: bool | None = None
    monitored: bool | None = None
    seen_after: str | None = None
    seen_before: str | None = None
    rebooted_after: str | None = None
    rebooted_before: str | None = None
    bios_after: str | None = None
    bios_before: str | None = None
    field: str | None = None


def to_query(filters: Filters) -> str:
    """Return the filters for the address of the CSV; decoded once on the way, it still tells `&` in a name from a separator."""
    given: dict[str, Any] = filters.model_dump(exclude_defaults=True)
    texts = {name: f"{value:g}" if isinstance(value, float) else str(value) for name, value in given.items()}
    return urlencode(texts, quote_via=quote).replace("%", "%25") or "all=1"


def from_query(query: str) -> Filters:
    """Return the filters that an address names.

    Raises:
        BadInput: it names a filter that does not exist, or a value that the filter does not take.
    """
    given = dict(parse_qsl(query, keep_blank_values=False))
    given.pop("all", None)
    try:
        return Filters.model_validate(given)
    except ValidationError as error:
        found = error.errors(include_url=False)[0]
        name = ".".join(map(str, found["loc"]))
        raise BadInput(
            f"The address of the CSV has {name!r}: {found['msg'].lower()}. It takes {', '.join(Filters.model_fields)}."
        ) from error
