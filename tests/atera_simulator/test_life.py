from collections import Counter

from atera_simulator.life import Life
from atera_simulator.snapshot import load, pack, save
from atera_simulator.world import World


def live(world, clock, steps, seed=3):
    life = Life(world, seed)
    happened = []
    for _ in range(steps):
        clock.pass_time(minutes=1)
        happened.append(life.step(clock.now))
    return happened


def test_everything_happens_sooner_or_later(world, clock):
    happened = Counter(live(world, clock, 300))

    wanted = {"mail", "reply", "note", "move", "time", "ticket", "alert", "resolve", "machine"}
    assert wanted <= set(happened)
    assert happened["mail"] > happened["alert"]


def test_what_happens_leaves_its_traces(world, clock):
    before = (
        len(world.tickets),
        len(world.work_hours),
        len(world.alerts),
        sum(map(len, world.comments.values())),
    )
    happened = Counter(live(world, clock, 100))

    after = (
        len(world.tickets),
        len(world.work_hours),
        len(world.alerts),
        sum(map(len, world.comments.values())),
    )
    written = happened["mail"] + happened["reply"] + happened["note"] + happened["ticket"]
    made = (happened["ticket"], happened["time"], happened["alert"], written)
    assert tuple(new - old for new, old in zip(after, before, strict=True)) == made
    assert max(world.ticket_modified.values()) > world.now


def test_the_same_seed_and_calls_give_the_same_world(clock, world, tmp_path):
    save(world, tmp_path / "start.json")
    live(world, clock, 60)
    clock.pass_time(minutes=-60)
    again = load(tmp_path / "start.json")
    live(again, clock, 60)

    assert pack(again) == pack(world)


def test_an_empty_world_stands_still(clock):
    empty = World(seed=1, size="tiny", now=clock.now, account={})
    assert set(live(empty, clock, 50)) == {None}


def test_a_ticket_of_autopilot_is_answered_by_a_human(world, clock):
    for ticket in world.tickets.values():
        ticket["TechnicianContactID"] = -1
    live(world, clock, 60)

    writers = {row["TechnicianContactID"] for thread in world.comments.values() for row in thread}
    assert writers <= {None, 12, 13}
