"""Both sides of every boundary of the rules, by hand: the facts are Microsoft's lists and its script's rule."""

import pytest

from helpdesk_mcp_machines_query.processors import classify

SUPPORTED = """
Intel(R) Core(TM) i5-8250U CPU @ 1.60GHz
Intel(R) Core(TM) i3-8100 CPU @ 3.60GHz
Intel(R) Core(TM) i7-9700K CPU @ 3.60GHz
Intel(R) Core(TM) i7-1065G7 CPU @ 1.30GHz
Intel(R) Core(TM) i5-10210U CPU @ 1.60GHz
11th Gen Intel(R) Core(TM) i5-1135G7 @ 2.40GHz
12th Gen Intel(R) Core(TM) i7-1260P
13th Gen Intel(R) Core(TM) i5-13500T
Intel(R) Core(TM) i9-14900KS
Intel(R) CoreT i9-13900H
Intel(R) Core(TM) m3-8100Y CPU @ 1.10GHz
Intel(R) Core(TM) i5-8200Y CPU @ 1.30GHz
Intel(R) Core(TM) i7-8809G CPU @ 3.10GHz
Intel(R) Core(TM) i7-7800X CPU @ 3.50GHz
Intel(R) Core(TM) i9-7980XE CPU @ 2.60GHz
Intel(R) Core(TM) i3-N305
Intel(R) Core(TM) i5-L16G7 CPU @ 1.40GHz
Intel(R) Core(TM) Ultra 7 155H
Intel(R) Core(TM) Ultra 5 235T
Intel(R) Core(TM) 5 120U
Intel(R) Core(TM) 3 N355
Intel(R) N100
Intel(R) Processor U300
Intel(R) 300T
Intel(R) Pentium(R) Gold G5400 CPU @ 3.70GHz
Intel(R) Pentium(R) Silver N5000 CPU @ 1.10GHz
Intel(R) Pentium(R) CPU 4425Y @ 1.70GHz
Intel(R) Pentium(R) CPU GOLD 6500Y @ 1.10GHz
Intel(R) Celeron(R) G4900 CPU @ 3.10GHz
Intel(R) Celeron(R) N4000 CPU @ 1.10GHz
Intel(R) Celeron(R) J4125 CPU @ 2.00GHz
Intel(R) Celeron(R) CPU 3867U @ 1.80GHz
Intel(R) Celeron(R) 5205U CPU @ 1.90GHz
Intel(R) Atom(TM) x6425E Processor @ 2.00GHz
Intel(R) Xeon(R) W-2123 CPU @ 3.60GHz
Intel(R) Xeon(R) w3-2423
Intel(R) Xeon(R) E-2124 CPU @ 3.30GHz
Intel(R) Xeon(R) Silver 4110 CPU @ 2.10GHz
INTEL(R) XEON(R) PLATINUM 8480+
Intel(R) Xeon(R) D-2146NT CPU @ 2.30GHz
Intel(R) Xeon(R) D-1715TER CPU @ 2.40GHz
Intel(R) Xeon(R) 6787P
AMD Ryzen 5 2600 Six-Core Processor
AMD Ryzen 7 2700E Eight-Core Processor
AMD Ryzen 5 3600 6-Core Processor
AMD Ryzen 3 3200G with Radeon Vega Graphics
AMD Ryzen 7 PRO 4750U with Radeon Graphics
AMD Ryzen 7 7840U w/ Radeon 780M Graphics
AMD Ryzen 5 PRO 215 w/ Radeon 740M
AMD Ryzen AI 9 HX 370 w/ Radeon 890M
AMD RYZEN AI MAX+ 395 w/ Radeon 8060S
AMD Ryzen Z1 Extreme
AMD Ryzen 5 Microsoft Surface (R) Edition
AMD Ryzen Threadripper 2950X 16-Core Processor
AMD Ryzen Threadripper PRO 3945WX 12-Cores
AMD Ryzen Embedded R1606G with Radeon Vega Gfx
AMD Ryzen Embedded V2748 with Radeon Graphics
AMD Athlon Silver 3050U with Radeon Graphics
AMD Athlon 300GE w/ Radeon Vega Graphics
AMD 3020e with Radeon Graphics
AMD EPYC 7262 8-Core Processor
AMD EPYC 9654 96-Core Processor
Microsoft SQ1 @ 3.0 GHz
Snapdragon (TM) 7c @ 2.40 GHz
Snapdragon (TM) 8cx Gen 3 @ 3.0 GHz
Snapdragon(R) X 12-core X1E80100 @ 3.40 GHz
Snapdragon(R) X2 Elite Extreme - X2E94100 - Qualcomm(R) Oryon(TM) CPU
"""

UNSUPPORTED = """
Intel(R) Core(TM) i5-7200U CPU @ 2.50GHz
Intel(R) Core(TM) i7-7700 CPU @ 3.60GHz
Intel(R) Core(TM) i7-7740X CPU @ 4.30GHz
Intel(R) Core(TM) i5-7640X CPU @ 4.00GHz
Intel(R) Core(TM) i7-7Y75 CPU @ 1.30GHz
Intel(R) Core(TM) m3-7Y30 CPU @ 1.00GHz
Intel(R) Core(TM) M-5Y71 CPU @ 1.20GHz
Intel(R) Processor 5Y70 CPU @ 1.10GHz
Intel(R) Core(TM) i7-6900K CPU @ 3.20GHz
Intel(R) Core(TM) i5-2520M CPU @ 2.50GHz
Intel(R) Core(TM) i5 CPU       M 520  @ 2.40GHz
Intel(R) Core(TM) i7 CPU         870  @ 2.93GHz
Intel(R) Core(TM)2 Duo CPU     E8400  @ 3.00GHz
Pentium(R) Dual-Core  CPU      E5300  @ 2.60GHz
Intel(R) Pentium(R) CPU G4560 @ 3.50GHz
Intel(R) Pentium(R) CPU        G6950  @ 2.80GHz
Intel(R) Pentium(R) CPU N4200 @ 1.10GHz
Intel(R) Pentium(R) CPU 4415U @ 2.30GHz
Intel(R) Celeron(R) CPU G3930 @ 2.90GHz
Intel(R) Celeron(R) CPU N3350 @ 1.10GHz
Intel(R) Celeron(R) CPU 3865U @ 1.80GHz
Intel(R) Atom(TM) x5-Z8350  CPU @ 1.44GHz
Intel(R) Atom(TM) CPU Z3735F @ 1.33GHz
Intel(R) Xeon(R) CPU           W3520  @ 2.67GHz
Intel(R) Xeon(R) CPU E5-2620 v4 @ 2.10GHz
Intel(R) Xeon(R) CPU E3-1230 v6 @ 3.50GHz
Intel(R) Xeon(R) CPU D-1541 @ 2.10GHz
Intel(R) Xeon(R) CPU            5160  @ 3.00GHz
AMD Ryzen 7 1700 Eight-Core Processor
AMD Ryzen 5 1600X Six-Core Processor
AMD Ryzen 3 PRO 1200 Quad-Core Processor
AMD Ryzen Threadripper 1950X 16-Core Processor
AMD Ryzen 3 2200G with Radeon Vega Graphics
AMD Ryzen 5 2400GE with Radeon Vega Graphics
AMD Ryzen 5 2500U with Radeon Vega Mobile Gfx
AMD Ryzen 7 2800H with Radeon Vega Graphics
AMD Ryzen Embedded V1605B with Radeon Vega Gfx
AMD Athlon 200GE with Radeon Vega Graphics
AMD Athlon(tm) II X4 640 Processor
AMD A12-9700P RADEON R7, 10 COMPUTE CORES 4C+6G
AMD FX(tm)-8350 Eight-Core Processor
AMD EPYC 7251 8-Core Processor
AMD EPYC 3251 8-Core Processor
Snapdragon (TM) 835 @ 2.21 GHz
VIA Nano X2 U4025 @ 1.2 GHz
Hygon C86 3185  8-core Processor
"""

CONDITIONAL = """
Intel(R) Core(TM) i3-7020U CPU @ 2.30GHz
Intel(R) Core(TM) i7-7820HQ CPU @ 2.90GHz
AMD Ryzen 5 1600 Six-Core Processor
AMD Ryzen 3 1200 Quad-Core Processor
AMD Athlon 3000G with Radeon Vega Graphics
"""

UNDECIDED = """
CPU Version
To Be Filled By O.E.M.
Intel Core Processor (Skylake, IBRS)
AMD EPYC-Rome Processor
QEMU Virtual CPU version 2.5+
Common KVM processor
VirtualApple @ 2.50GHz
Intel(R) Genuine processor 0000 @ 2.00GHz
AMD Eng Sample: 100-000000300-30_Y
AMD 4700S 8-Core Processor Desktop Kit
AMD Ryzen
Intel(R) Core(TM) i7
Intel(R) Core(TM) i7-17700K
Intel(R) Core(TM) i5-82500U
Intel(R) Core(TM) i3-N399
Intel(R) Xeon(R) CPU
Intel(R) Xeon(R) W 2123
Intel(R) Pentium(R) Gold 9900
Intel(R) Celeron(R) 8905
AMD Athlon 8220U
Snapdragon Compute Platform
Apple M1
"""


def names(block):
    return [line for line in block.splitlines() if line]


@pytest.mark.parametrize("name", names(SUPPORTED))
def test_a_supported_processor_is_yes(name):
    assert classify(name).verdict == "yes"


@pytest.mark.parametrize("name", names(UNSUPPORTED))
def test_an_old_processor_is_no(name):
    assert classify(name).verdict == "no"


@pytest.mark.parametrize("name", names(CONDITIONAL))
def test_a_name_that_was_sold_with_two_designs_says_what_would_settle_it(name):
    verdict = classify(name)
    assert verdict.verdict == "conditional"
    assert "needs the" in verdict.sentence


@pytest.mark.parametrize("name", names(UNDECIDED))
def test_a_name_that_no_rule_knows_is_unknown(name):
    verdict = classify(name)
    assert (verdict.verdict, verdict.basis) == ("unknown", "none")


@pytest.mark.parametrize(
    ("name", "vendor", "family", "generation"),
    [
        ("Intel(R) Core(TM) i5-8250U CPU @ 1.60GHz", "Intel", "Core i5", 8),
        ("13th Gen Intel(R) Core(TM) i7-1355U", "Intel", "Core i7", 13),
        ("Intel(R) Core(TM) i7 CPU         870  @ 2.93GHz", "Intel", "Core i7", 1),
        ("Intel(R) Core(TM) Ultra 9 285K", "Intel", "Core Ultra 9", None),
        ("AMD Ryzen 7 PRO 4750U with Radeon Graphics", "AMD", "Ryzen 7", 4),
        ("AMD FX(tm)-8350 Eight-Core Processor", "AMD", "FX, A, E, Phenom and earlier", None),
        ("Snapdragon (TM) 8cx Gen 3 @ 3.0 GHz", "Qualcomm", "Snapdragon 8cx", None),
    ],
)
def test_vendor_family_and_generation_are_read_from_the_name(name, vendor, family, generation):
    verdict = classify(name)
    assert (verdict.vendor, verdict.family, verdict.generation) == (vendor, family, generation)


@pytest.mark.parametrize("name", ["", "   ", "\u200b"])
def test_an_empty_name_is_unknown(name):
    assert classify(name).sentence == "The inventory names no processor."
