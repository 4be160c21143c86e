from dataclasses import fields

import pytest

from atera_simulator import changes
from atera_simulator.snapshot import load, save
from atera_simulator.world import World


@pytest.mark.parametrize("name", ["world.json", "world.json.gz"])
def test_a_world_comes_back_as_it_was(world, clock, tmp_path, name):
    changes.set_custom_value(world, "agentfield", 5150, "Age", "3")
    world.journal.clear()
    save(world, tmp_path / name)

    loaded = load(tmp_path / name)
    for field in fields(World):
        assert getattr(loaded, field.name) == getattr(world, field.name), field.name
    assert [file.name for file in tmp_path.iterdir()] == [name]


def test_ids_are_not_given_again_after_a_restart(world, clock, tmp_path):
    person = {"Email": "x@y.example", "CustomerID": 17}
    last = changes.create_contact(world, person, now=clock.now)
    changes.delete_contact(world, last)
    save(world, tmp_path / "world.json")

    assert changes.create_contact(load(tmp_path / "world.json"), person, now=clock.now) == last + 1


@pytest.mark.parametrize("content", [b"{}", b"[1]", b"nonsense", b'{"version": 99}', b""])
@pytest.mark.parametrize("name", ["world.json", "world.json.gz"])
def test_a_file_that_is_no_snapshot_is_refused_with_advice(tmp_path, content, name):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(ValueError, match="delete it to start afresh"):
        load(path)
