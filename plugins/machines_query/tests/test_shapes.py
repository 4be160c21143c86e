"""Conditions of one shape, so that the statements with them are written once."""

from datetime import UTC, date, datetime

from helpdesk_mcp_machines_query.queries import conditions as on
from helpdesk_mcp_machines_query.queries.conditions import Limits, shape, values


def every(n, word):
    moment = datetime(2026, 1, n, tzinfo=UTC)
    systems = [(word, "10.0", "19045", ""), ("", word, "", "")]
    texts = (on.m.name, on.m.vendor, on.m.serial, on.m.domain)
    return [
        on.is_of(n),
        on.UNREAD,
        *(on.holds(column, word) for column in texts),
        on.model(word),
        on.flag(on.m.is_online, is_set=True),
        on.flag(on.m.is_monitored, is_set=False),
        *on.between(on.m.processor_cores, n, n + 1),
        *on.memory(n, n + 8),
        *on.since(on.m.last_seen_at, moment, moment),
        *on.since(on.m.last_reboot_at, moment, moment),
        *on.since(on.m.bios_date, date(2026, 1, n), date(2026, 2, n)),
        *on.volume("D:", Limits(n, n + 1, n, n + 1)),
        on.user(word),
        on.processor_in([word] * n),
        on.system_in(systems),
        on.id_in(range(n)),
        on.has_value(word, word),
    ]


def test_conditions_that_differ_in_their_values_only_are_of_one_shape():
    one, other = shape(every(2, "a")), shape(every(3, "b"))
    assert [a is b for a, b in zip(one, other, strict=True)] == [True] * len(one)


def test_conditions_that_differ_in_more_are_of_different_shapes():
    pairs = [
        (on.flag(on.m.is_online, is_set=True), on.flag(on.m.is_online, is_set=False)),
        (on.holds(on.m.name, "a"), on.holds(on.m.serial, "a")),
        (*on.between(on.m.processor_cores, 2, 2),),
        (on.id_in([1]), on.id_not_in([1])),
        (on.has_value("a", None), on.has_value("a", "b")),
        (on.system_in([("a", "", "", "")]), on.system_in([("", "a", "", "")])),
        (*on.volume("D:", Limits(total_min=1)), *on.volume("D:", Limits(total_max=1))),
        (*on.volume("D:", Limits(total_min=1)), *on.volume("any", Limits(total_min=1))),
    ]
    assert [one.sql is not other.sql for one, other in pairs] == [True] * len(pairs)


def test_conditions_of_one_question_have_a_name_of_its_own_for_each_value():
    conditions = every(2, "a")
    assert len(values(conditions)) == sum(len(one.values) for one in conditions)
