import pytest

from atera_simulator.faults import Fault, Faults


def pattern(fault, calls=8, method="GET", path="/tickets"):
    return [fault.strikes(method, path) for _ in range(calls)]


@pytest.mark.parametrize(
    ("options", "struck"),
    [
        ({}, "11111111"),
        ({"every": 3}, "00100100"),
        ({"after": 5}, "00000111"),
        ({"times": 2}, "11000000"),
        ({"after": 1, "every": 2, "times": 2}, "00101000"),
    ],
)
def test_a_rule_strikes_by_count(options, struck):
    assert pattern(Fault("html", **options)) == [digit == "1" for digit in struck]


def test_calls_that_a_rule_does_not_meet_are_not_counted():
    fault = Fault("html", path_prefix="/tickets", method="post", every=2)

    assert pattern(fault, 2, method="GET") == [False, False]
    assert pattern(fault, 2, method="POST", path="/alerts") == [False, False]
    assert pattern(fault, 2, method="POST", path="/tickets/1/comments") == [False, True]
    assert (fault.met, fault.spoilt) == (2, 1)


@pytest.mark.parametrize(
    ("method", "struck"), [("GET", False), ("POST", True), ("PUT", True), ("DELETE", True)]
)
def test_faults_after_a_commit_meet_writes_unless_told_otherwise(method, struck):
    assert Fault("hang-after-commit").strikes(method, "/tickets/billableduration") is struck
    assert Fault("hang-after-commit", method=method).strikes(method, "/account")


@pytest.mark.parametrize("options", [{"every": 0}, {"every": "2"}, {"after": -1}, {"times": 1.5}])
def test_counts_that_make_no_sense_are_refused(options):
    with pytest.raises(ValueError, match=next(iter(options))):
        Fault("html", **options)


def test_everything_is_off_by_default_and_after_clearing():
    faults = Faults()
    faults.configure(
        {"null_links": True, "date_skew_s": 3, "naive_dates": ["/alerts"], "rules": [{"kind": "html"}]}
    )

    assert (faults.null_links, faults.date_skew_s, faults.naive_dates) == (True, 3, ("/alerts",))
    faults.clear()
    assert faults == Faults()
    assert not any(getattr(faults, name) for name in Faults.__dataclass_fields__)
