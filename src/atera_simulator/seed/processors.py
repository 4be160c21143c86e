"""Processors as Windows names them, one for each shape that real fleets show, with what a script would report beside the name.

Names and CPUID signatures are facts about hardware; the selection covers every branch of Windows 11's processor rule.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Processor:
    """A processor; `caption` is Win32_Processor.Caption, `gpu` the graphics built into it."""

    name: str
    cores: int
    clock: str
    """GHz, as text, as Atera reports it."""
    caption: str
    gpu: str

    @property
    def threads(self) -> int:
        """Return the number of logical processors."""
        if any(part in self.name for part in _ONE_THREAD_PER_CORE):
            return self.cores
        return self.cores + next((more for part, more in _FAST_CORES if part in self.name), self.cores)


# Only some cores of the hybrid designs run two threads.
_FAST_CORES = (
    ("1245U", 2),
    ("1260P", 4),
    ("1335U", 2),
    ("155H", 6),
    ("225U", 2),
    ("5 120U", 2),
    ("13500T", 6),
)
_ONE_THREAD_PER_CORE = (
    "N100", "Celeron", "Atom", "3020e", "3050U", "N4200", "E8400", "E5300", "G3220", "2200G", "FX", "235T", "i5-8500", "i3-8100",
    "i5-4590", "i5-6500", "i5-3470", "Snapdragon", "SQ1", "Apple", "QEMU", "KVM", "Ryzen 3 1200",
)  # fmt: skip


def _intel(
    name: str, cores: int, clock: str, model: int, stepping: int, gpu: str = "Intel(R) UHD Graphics"
) -> Processor:
    return Processor(name, cores, clock, f"Intel64 Family 6 Model {model} Stepping {stepping}", gpu)


def _amd(
    name: str, cores: int, clock: str, signature: str, gpu: str = "AMD Radeon(TM) Graphics"
) -> Processor:
    family, model, stepping = signature.split("/")
    return Processor(name, cores, clock, f"AMD64 Family {family} Model {model} Stepping {stepping}", gpu)


_XE = "Intel(R) Iris(R) Xe Graphics"

NOTEBOOK_CURRENT = (
    _intel("Intel(R) Core(TM) i5-8250U CPU @ 1.60GHz", 4, "1.6", 142, 10, "Intel(R) UHD Graphics 620"),
    _intel("Intel(R) Core(TM) i7-8550U CPU @ 1.80GHz", 4, "1.8", 142, 10, "Intel(R) UHD Graphics 620"),
    _intel("Intel(R) Core(TM) i5-10210U CPU @ 1.60GHz", 4, "1.6", 142, 12),
    _intel("11th Gen Intel(R) Core(TM) i5-1135G7 @ 2.40GHz", 4, "2.4", 140, 1, _XE),
    _intel("11th Gen Intel(R) Core(TM) i7-1165G7 @ 2.80GHz", 4, "2.8", 140, 1, _XE),
    _intel("12th Gen Intel(R) Core(TM) i5-1245U", 10, "1.6", 154, 4, _XE),
    _intel("12th Gen Intel(R) Core(TM) i7-1260P", 12, "2.1", 154, 3, _XE),
    _intel("13th Gen Intel(R) Core(TM) i5-1335U", 10, "1.3", 186, 3, _XE),
    _intel("Intel(R) Core(TM) Ultra 7 155H", 16, "3.8", 170, 4, "Intel(R) Arc(TM) Graphics"),
    _intel("Intel(R) Core(TM) Ultra 5 225U", 12, "1.5", 181, 0, "Intel(R) Graphics"),
    _intel("Intel(R) Core(TM) 5 120U", 10, "1.4", 186, 3, "Intel(R) Graphics"),
    _amd("AMD Ryzen 5 PRO 4650U with Radeon Graphics", 6, "2.1", "23/96/1"),
    _amd("AMD Ryzen 7 7840U w/ Radeon 780M Graphics", 8, "3.3", "25/116/1", "AMD Radeon(TM) 780M"),
    _amd("AMD Ryzen 5 PRO 215 w/ Radeon 740M", 6, "3.2", "25/117/2", "AMD Radeon(TM) 740M"),
)

NOTEBOOK_OLD = (
    _intel("Intel(R) Core(TM) i5-7200U CPU @ 2.50GHz", 2, "2.7", 142, 9, "Intel(R) HD Graphics 620"),
    _intel("Intel(R) Core(TM) i5-6300U CPU @ 2.40GHz", 2, "2.5", 78, 3, "Intel(R) HD Graphics 520"),
    _intel("Intel(R) Core(TM) i7-5600U CPU @ 2.60GHz", 2, "2.6", 61, 4, "Intel(R) HD Graphics 5500"),
    _intel("Intel(R) Core(TM) i5 CPU       M 520  @ 2.40GHz", 2, "2.4", 37, 5, "Intel(R) HD Graphics"),
    _intel("Intel(R) Processor 5Y70 CPU @ 1.10GHz", 2, "1.3", 61, 4, "Intel(R) HD Graphics 5300"),
    _intel("Intel(R) Core(TM) m3-7Y30 CPU @ 1.00GHz", 2, "1.6", 142, 9, "Intel(R) HD Graphics 615"),
    _intel("Intel(R) Pentium(R) CPU 4405U @ 2.10GHz", 2, "2.1", 78, 3, "Intel(R) HD Graphics 510"),
    _amd("AMD A12-9700P RADEON R7, 10 COMPUTE CORES 4C+6G", 4, "2.5", "21/101/1", "AMD Radeon R7 Graphics"),
    _amd("AMD PRO A10-8700B R6, 10 Compute Cores 4C+6G", 4, "1.8", "21/96/1", "AMD Radeon R6 Graphics"),
    _amd(
        "AMD Ryzen 7 2700U with Radeon Vega Mobile Gfx",
        4,
        "2.2",
        "23/17/0",
        "AMD Radeon(TM) RX Vega 10 Graphics",
    ),
)

SMALL = (
    _intel("Intel(R) N100", 4, "0.8", 190, 0),
    _intel("Intel(R) Celeron(R) CPU N3350 @ 1.10GHz", 2, "1.1", 92, 9, "Intel(R) HD Graphics 500"),
    _intel("Intel(R) Celeron(R) N4020 CPU @ 1.10GHz", 2, "1.1", 122, 8, "Intel(R) UHD Graphics 600"),
    _intel("Intel(R) Pentium(R) CPU 4425Y @ 1.70GHz", 2, "1.7", 142, 9, "Intel(R) UHD Graphics 615"),
    _intel("Intel(R) Pentium(R) CPU N4200 @ 1.10GHz", 4, "1.1", 92, 9, "Intel(R) HD Graphics 505"),
    _intel("Intel(R) Atom(TM) x5-Z8350  CPU @ 1.44GHz", 4, "1.4", 76, 4, "Intel(R) HD Graphics"),
    _amd("AMD 3020e with Radeon Graphics", 2, "1.2", "23/32/1"),
    _amd("AMD Athlon Silver 3050U with Radeon Graphics", 2, "2.3", "23/32/1"),
)

DESKTOP_CURRENT = (
    _intel("Intel(R) Core(TM) i5-8500 CPU @ 3.00GHz", 6, "3.0", 158, 10, "Intel(R) UHD Graphics 630"),
    _intel("Intel(R) Core(TM) i3-8100 CPU @ 3.60GHz", 4, "3.6", 158, 11, "Intel(R) UHD Graphics 630"),
    _intel("Intel(R) Core(TM) i7-10700 CPU @ 2.90GHz", 8, "2.9", 165, 5, "Intel(R) UHD Graphics 630"),
    _intel("Intel(R) Core(TM) i5-10500T CPU @ 2.30GHz", 6, "2.3", 165, 3, "Intel(R) UHD Graphics 630"),
    _intel("12th Gen Intel(R) Core(TM) i5-12500", 6, "3.0", 151, 5, "Intel(R) UHD Graphics 770"),
    _intel("13th Gen Intel(R) Core(TM) i5-13500T", 14, "1.6", 191, 2, "Intel(R) UHD Graphics 770"),
    _intel("Intel(R) Core(TM) Ultra 5 235T", 14, "2.2", 198, 2, "Intel(R) Graphics"),
    _intel("Intel(R) Pentium(R) Gold G5400 CPU @ 3.70GHz", 2, "3.7", 158, 11, "Intel(R) UHD Graphics 610"),
    _intel("Intel(R) Xeon(R) W-2123 CPU @ 3.60GHz", 4, "3.6", 85, 4, "NVIDIA Quadro P620"),
    _intel("Intel(R) Xeon(R) w3-2423", 6, "2.1", 143, 8, "NVIDIA T400 4GB"),
    _amd("AMD Ryzen 5 3600 6-Core Processor", 6, "3.6", "23/113/0", "NVIDIA GeForce GT 1030"),
    _amd("AMD Ryzen 7 2700X Eight-Core Processor", 8, "3.7", "23/8/2", "NVIDIA Quadro P400"),
    _amd("AMD Ryzen 5 PRO 5650GE with Radeon Graphics", 6, "3.4", "25/80/0"),
)

DESKTOP_OLD = (
    _intel("Intel(R) Core(TM) i5-4590 CPU @ 3.30GHz", 4, "3.3", 60, 3, "Intel(R) HD Graphics 4600"),
    _intel("Intel(R) Core(TM) i5-6500 CPU @ 3.20GHz", 4, "3.2", 94, 3, "Intel(R) HD Graphics 530"),
    _intel("Intel(R) Core(TM) i7-7700 CPU @ 3.60GHz", 4, "3.6", 158, 9, "Intel(R) HD Graphics 630"),
    _intel("Intel(R) Core(TM) i5-3470 CPU @ 3.20GHz", 4, "3.2", 58, 9, "Intel(R) HD Graphics 2500"),
    _intel(
        "Intel(R) Core(TM)2 Duo CPU     E8400  @ 3.00GHz",
        2,
        "3.0",
        23,
        10,
        "Intel(R) Q45/Q43 Express Chipset",
    ),
    _intel(
        "Pentium(R) Dual-Core  CPU      E5300  @ 2.60GHz", 2, "2.6", 23, 10, "Intel(R) G41 Express Chipset"
    ),
    _intel("Intel(R) Pentium(R) CPU G3220 @ 3.00GHz", 2, "3.0", 60, 3, "Intel(R) HD Graphics"),
    _intel("Intel(R) Xeon(R) CPU           W3520  @ 2.67GHz", 4, "2.7", 26, 5, "NVIDIA Quadro 600"),
    _intel("Intel(R) Xeon(R) CPU E3-1230 v5 @ 3.40GHz", 4, "3.4", 94, 3, "NVIDIA Quadro K620"),
    _amd(
        "AMD Ryzen 3 2200G with Radeon Vega Graphics", 4, "3.5", "23/17/0", "AMD Radeon(TM) Vega 8 Graphics"
    ),
    _amd("AMD Ryzen 7 1700 Eight-Core Processor", 8, "3.0", "23/1/1", "NVIDIA GeForce GT 710"),
    _amd("AMD FX(tm)-8120 Eight-Core Processor", 8, "3.1", "21/1/2", "AMD Radeon HD 6450"),
)

UNDECIDED = (
    _amd("AMD Ryzen 5 1600 Six-Core Processor", 6, "3.2", "23/8/2", "NVIDIA GeForce GT 1030"),
    _amd("AMD Ryzen 3 1200 Quad-Core Processor", 4, "3.1", "23/1/1", "NVIDIA GeForce GT 710"),
    _intel("Intel(R) Core(TM) i3-7020U CPU @ 2.30GHz", 2, "2.3", 142, 10, "Intel(R) HD Graphics 620"),
    _amd("AMD Athlon 3000G with Radeon Vega Graphics", 2, "3.5", "23/24/1", "AMD Radeon(TM) Vega 3 Graphics"),
    _intel("Intel(R) Core(TM) i7-7820HQ CPU @ 2.90GHz", 4, "2.9", 158, 9, "NVIDIA Quadro M1200"),
)

SURFACE = (
    _intel("Intel(R) Core(TM) i5-1035G4 CPU @ 1.10GHz", 4, "1.5", 126, 5, "Intel(R) Iris(R) Plus Graphics"),
    _amd("AMD Ryzen 5 Microsoft Surface (R) Edition", 4, "2.1", "23/24/1"),
    Processor("Microsoft SQ1 @ 3.0 GHz", 8, "3.0", "ARMv8 (64-bit) Family 8 Model 805 Revision D0E", "Qualcomm(R) Adreno(TM) 685 GPU"),
    Processor("Snapdragon(R) X 12-core X1E80100 @ 3.40 GHz", 12, "3.4", "ARMv8 (64-bit) Family 8 Model 1 Revision 201", "Qualcomm(R) Adreno(TM) X1-85 GPU"),
    Processor("Snapdragon(R) X Elite - X1E78100 - Qualcomm(R) Oryon(TM) CPU", 12, "3.4", "ARMv8 (64-bit) Family 8 Model 1 Revision 201", "Qualcomm(R) Adreno(TM) X1-85 GPU"),
    Processor("Snapdragon (TM) 8cx Gen 3 @ 3.0 GHz", 8, "3.0", "ARMv8 (64-bit) Family 8 Model D4B Revision 0", "Qualcomm(R) Adreno(TM) 690 GPU"),
)  # fmt: skip

SERVER = (
    _intel("Intel(R) Xeon(R) Silver 4210 CPU @ 2.20GHz", 10, "2.2", 85, 7, "Matrox G200eW3"),
    _intel("Intel(R) Xeon(R) Gold 6238R CPU @ 2.20GHz", 28, "2.2", 85, 7, "Matrox G200eW3"),
    _intel("Intel(R) Xeon(R) E-2234 CPU @ 3.60GHz", 4, "3.6", 158, 13, "Matrox G200eR"),
    _intel("Intel(R) Xeon(R) CPU E5-2620 v4 @ 2.10GHz", 8, "2.1", 79, 1, "Matrox G200eR2"),
    _amd("AMD EPYC 7313P 16-Core Processor", 16, "3.0", "25/1/1", "Matrox G200eW3"),
)

HYPERVISOR = (
    _intel("Intel Core Processor (Skylake, IBRS)", 2, "2.2", 94, 3, "Red Hat QXL controller"),
    _amd("AMD EPYC-Rome Processor", 4, "2.8", "23/49/0", "Red Hat QXL controller"),
    _amd("QEMU Virtual CPU version 2.5+", 2, "2.4", "15/107/1", "Standard VGA"),
    _amd("Common KVM processor", 1, "2.1", "15/6/1", "Standard VGA"),
)

APPLE = (
    Processor("Apple M1", 8, "3.2", "arm64", "Apple M1"),
    Processor("Apple M3 Pro", 11, "4.1", "arm64", "Apple M3 Pro"),
    _intel("Intel(R) Core(TM) i5-8210Y CPU @ 1.60GHz", 2, "1.6", 142, 9, "Intel UHD Graphics 617"),
)

BY_NAME = {
    processor.name: processor
    for group in (
        NOTEBOOK_CURRENT,
        NOTEBOOK_OLD,
        SMALL,
        DESKTOP_CURRENT,
        DESKTOP_OLD,
        UNDECIDED,
        SURFACE,
        SERVER,
        HYPERVISOR,
        APPLE,
    )
    for processor in group
}

# By Microsoft's rule on family, model and stepping.
FAILING = {processor.name for processor in (*NOTEBOOK_OLD, *DESKTOP_OLD)} | {
    "Intel(R) Celeron(R) CPU N3350 @ 1.10GHz",
    "Intel(R) Pentium(R) CPU N4200 @ 1.10GHz",
    "Intel(R) Atom(TM) x5-Z8350  CPU @ 1.44GHz",
    "AMD Ryzen 3 1200 Quad-Core Processor",
    "Intel(R) Xeon(R) CPU E5-2620 v4 @ 2.10GHz",
    "Intel Core Processor (Skylake, IBRS)",
    "QEMU Virtual CPU version 2.5+",
    "Common KVM processor",
}
