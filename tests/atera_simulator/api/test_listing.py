import random

from atera_simulator import changes
from atera_simulator.api.listing import Listing
from atera_simulator.api.listings import (
    ACTIVE,
    ARCHIVED,
    FINISHED,
    SILENT,
    Listings,
    customer_group,
    status_group,
)
from atera_simulator.api.rate_limit import RateLimit
from atera_simulator.life import Life

GROUPS = ("all", FINISHED, SILENT, ACTIVE, ARCHIVED, customer_group(17), status_group("open"), 90401)


def contents(listings):
    return {
        (name, group): list(listing.ids(group))
        for name, listing in vars(listings).items()
        if isinstance(listing, Listing)
        for group in GROUPS
    }


def test_lists_that_followed_every_change_equal_lists_made_afresh(world, clock):
    followed = Listings(world)
    contents(followed)
    life, dice = Life(world, 5), random.Random(5)
    for _ in range(200):
        clock.pass_time(minutes=1)
        life.step(clock.now)
        if dice.random() < 0.2:
            contents(followed)
    changes.delete_alert(world, 771201)
    changes.delete_contact(world, 2306)
    changes.delete_agent(world, 5150)

    assert contents(followed) == contents(Listings(world))


def test_a_list_can_start_at_a_key_and_run_both_ways(world):
    listing = Listing(world, "tickets", lambda _, ticket_id: (ticket_id, ("all",)))

    assert list(listing.ids(start=90402)) == [90402, 90403]
    assert list(listing.ids(start=90402, reverse=True)) == [90403, 90402]
    assert listing.ids()[1:] == [90402, 90403]
    assert listing.ids()[0] == 90401
    assert len(listing.ids("nothing")) == 0


def test_the_rate_is_a_sliding_minute():
    limit = RateLimit(2)

    assert (limit.wait_s(0.0), limit.wait_s(30.0)) == (None, None)
    assert limit.wait_s(59.5) == 1
    assert limit.wait_s(60.0) is None
    assert limit.wait_s(60.5) == 30
    assert RateLimit(None).wait_s(0.0) is None
