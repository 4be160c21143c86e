"""Puts a world together, part by part, in the order in which they refer to each other."""

from datetime import UTC, datetime, timedelta

from atera_simulator.seed.alerts import add_alerts
from atera_simulator.seed.chance import stream
from atera_simulator.seed.clock import iso
from atera_simulator.seed.contracts import add_contracts, add_rates
from atera_simulator.seed.custom_fields import add_custom_fields
from atera_simulator.seed.customers import add_contacts, add_customers, add_departments
from atera_simulator.seed.fleet import add_machines
from atera_simulator.seed.hostile import plant
from atera_simulator.seed.invoices import add_invoices
from atera_simulator.seed.knowledge import add_articles
from atera_simulator.seed.links import link_tickets
from atera_simulator.seed.patches import add_patches
from atera_simulator.seed.people import account, add_technicians
from atera_simulator.seed.scale import SCALES, Size
from atera_simulator.seed.tickets import add_tickets
from atera_simulator.seed.traps import set_traps
from atera_simulator.world import World


def build_world(size: Size, seed: int = 7, now: datetime | None = None) -> World:
    """Return a filled account, the same for the same arguments; `now` (aware; default: the present) is its newest moment."""
    moment = (now or datetime.now(UTC)).astimezone(UTC).replace(microsecond=0)
    scale = SCALES[size]
    world = World(seed=seed, size=size, now=moment, account=account(iso(moment - timedelta(days=2821))))
    add_technicians(world, scale.technicians)
    add_departments(world)
    add_rates(world)
    behind = add_customers(world, stream(seed, size, "customers"), scale)
    add_contacts(world, stream(seed, size, "contacts"), scale, behind)
    add_contracts(world, stream(seed, size, "contracts"))
    add_machines(world, stream(seed, size, "machines"), scale, behind)
    set_traps(world, stream(seed, size, "traps"), size)
    add_patches(world, stream(seed, size, "patches"))
    add_tickets(world, stream(seed, size, "tickets"), scale, behind)
    link_tickets(world, stream(seed, size, "links"), size)
    plant(world, stream(seed, size, "hostile"), scale)
    add_alerts(world, stream(seed, size, "alerts"), scale)
    add_custom_fields(world, stream(seed, size, "custom fields"))
    add_articles(world, stream(seed, size, "articles"), scale)
    add_invoices(world, stream(seed, size, "invoices"), scale)
    return world
