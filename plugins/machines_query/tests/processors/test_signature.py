"""What the silicon says of itself, beside and against the name."""

import pytest

from helpdesk_mcp_machines_query.processors import classify


@pytest.mark.parametrize(
    ("name", "caption", "expected"),
    [
        ("AMD Ryzen 5 1600 Six-Core Processor", "AMD64 Family 23 Model 8 Stepping 2", "yes"),
        ("AMD Ryzen 5 1600 Six-Core Processor", "AMD64 Family 23 Model 1 Stepping 1", "no"),
        ("AMD Athlon 3000G with Radeon Vega Graphics", "AMD64 Family 23 Model 24 Stepping 1", "yes"),
        ("AMD Athlon 3000G with Radeon Vega Graphics", "AMD64 Family 23 Model 17 Stepping 0", "no"),
        ("Intel(R) Core(TM) i3-7020U CPU @ 2.30GHz", "Intel64 Family 6 Model 142 Stepping 10", "yes"),
        ("Intel(R) Core(TM) i3-7020U CPU @ 2.30GHz", "Intel64 Family 6 Model 142 Stepping 9", "no"),
        ("Intel(R) Genuine processor 0000", "Intel64 Family 6 Model 154 Stepping 3", "yes"),
        ("CPU Version", "Intel64 Family 6 Model 94 Stepping 3", "no"),
        ("Intel(R) Xeon(R) CPU", "Intel64 Family 6 Model 85 Stepping 7", "yes"),
        ("Intel(R) Xeon(R) CPU", "Intel64 Family 15 Model 4 Stepping 10", "no"),
        ("CPU Version", "AMD64 Family 21 Model 2 Stepping 0", "no"),
        ("CPU Version", "AMD64 Family 25 Model 80 Stepping 0", "yes"),
    ],
)
def test_the_signature_decides_where_the_name_cannot(name, caption, expected):
    verdict = classify(name, caption)
    assert (verdict.verdict, verdict.basis) == (expected, "signature")


def test_a_listed_name_outranks_the_stepping_it_shares_with_unlisted_ones():
    caption = "Intel64 Family 6 Model 142 Stepping 9"
    assert classify("Intel(R) Core(TM) m3-8100Y CPU @ 1.10GHz", caption).verdict == "yes"
    assert classify("Intel(R) Core(TM) i5-7200U CPU @ 2.50GHz", caption).verdict == "no"


def test_new_intel_families_with_small_model_numbers_are_judged_by_name():
    assert classify("Intel(R) Core(TM) Ultra 7 455K", "Intel64 Family 18 Model 1 Stepping 0").verdict == "yes"


def test_a_caption_of_32_bit_windows_takes_the_maker_from_the_name():
    caption = "x86 Family 6 Model 158 Stepping 10"
    assert classify("Intel(R) Core(TM) i5-8500 CPU @ 3.00GHz", caption).basis == "signature"
    assert classify("CPU Version", caption).verdict == "unknown"


@pytest.mark.parametrize("caption", [None, "", "n/a", "ARMv8 (64-bit) Family 8 Model D4B Revision 0"])
def test_a_caption_without_a_signature_leaves_the_name_to_decide(caption):
    assert classify("Intel(R) Core(TM) i5-8500 CPU @ 3.00GHz", caption).basis == "series"


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        ("0738 Precision 5520", "yes"),
        ("Surface Studio 2", "yes"),
        ("20BX001PGE ThinkPad P51", "no"),
        (None, "conditional"),
    ],
)
def test_the_i7_7820hq_depends_on_its_computer(model, expected):
    name, caption = "Intel(R) Core(TM) i7-7820HQ CPU @ 2.90GHz", "Intel64 Family 6 Model 158 Stepping 9"
    assert classify(name, model=model).verdict == expected
    assert classify(name, caption, model).verdict == expected
