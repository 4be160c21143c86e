"""Vendors and models of the fleet, and what is fitted in them."""

from dataclasses import dataclass
from typing import Literal

from atera_simulator.seed import processors
from atera_simulator.seed.processors import Processor

Form = Literal["notebook", "desktop", "server", "virtual", "mac"]


@dataclass(frozen=True, slots=True)
class Model:
    """A model that somebody sells, with the processors it is drawn with here; `sku` is what Atera calls brand model."""

    form: Form
    vendor: str
    product: str
    sku: str
    bios_maker: str
    bios_version: str
    processors: tuple[Processor, ...]
    weight: int = 4


_DELL, _LENOVO, _HP, _FUJITSU, _MICROSOFT, _APPLE = (
    "Dell Inc.",
    "LENOVO",
    "HP",
    "FUJITSU CLIENT COMPUTING LIMITED",
    "Microsoft Corporation",
    "Apple Inc.",
)
_NEW, _OLD = processors.NOTEBOOK_CURRENT, processors.NOTEBOOK_OLD
_DESK, _OLD_DESK = processors.DESKTOP_CURRENT, processors.DESKTOP_OLD

MODELS: tuple[Model, ...] = (
    Model("notebook", _DELL, "Latitude 5540", "0C12", _DELL, "1.21.0", _NEW[7:8], 7),
    Model("notebook", _DELL, "Latitude 5420", "0A20", _DELL, "1.42.1", _NEW[3:5], 8),
    Model("notebook", _DELL, "Latitude 5490", "0816", _DELL, "1.36.0", _NEW[0:2], 6),
    Model("notebook", _DELL, "Latitude E7270", "06DB", _DELL, "1.40.0", _OLD[1:2], 4),
    Model("notebook", _DELL, "Latitude 7480", "07A0", _DELL, "1.38.0", _OLD[0:1], 4),
    Model("notebook", _DELL, "Precision 5520", "07BF", _DELL, "1.34.0", processors.UNDECIDED[4:5], 1),
    Model("notebook", _LENOVO, "ThinkPad T14 Gen 4", "21HD0001GE", _LENOVO, "R2FET58W (1.38)", _NEW[7:8], 8),
    Model("notebook", _LENOVO, "ThinkPad T14s Gen 5", "21LS001RGE", _LENOVO, "N46ET22W (1.12)", _NEW[8:9], 5),
    Model("notebook", _LENOVO, "ThinkPad E14 Gen 6", "21M7002KGE", _LENOVO, "R2HET40W (1.21)", _NEW[10:11], 3),
    Model("notebook", _LENOVO, "ThinkPad L14 Gen 1", "20U5004JGE", _LENOVO, "R19ET48W (1.32)", _NEW[11:12], 4),
    Model("notebook", _LENOVO, "ThinkPad T450s", "20BX001PGE", _LENOVO, "JBET74WW (1.38)", _OLD[2:3], 3),
    Model("notebook", _LENOVO, "ThinkPad T410", "2522KG4", _LENOVO, "6IET85WW (1.45)", _OLD[3:4], 1),
    Model("notebook", _LENOVO, "IdeaPad 320-15ABR", "80XS00BGGE", _LENOVO, "5PCN20WW", _OLD[7:8], 1),
    Model("notebook", _LENOVO, "ThinkPad A285", "20MX0008GE", _LENOVO, "R0XET52W (1.28)", _OLD[9:10], 1),
    Model("notebook", _HP, "HP EliteBook 840 G9 Notebook PC", "6F6E1EA#ABD", _HP, "U70 Ver. 01.13.00", _NEW[5:7], 7),
    Model("notebook", _HP, "HP EliteBook 845 G10 Notebook PC", "818N0EA#ABD", _HP, "V82 Ver. 01.08.00", _NEW[12:14], 4),
    Model("notebook", _HP, "HP ProBook 440 G7", "9HP71EA#ABD", _HP, "S71 Ver. 01.20.00", _NEW[2:3], 4),
    Model("notebook", _HP, "HP Elite x2 1011 G1", "L5G63EA#ABD", _HP, "M85 Ver. 01.31", _OLD[4:5], 1),
    Model("notebook", _HP, "HP Stream Laptop 14-cb0xx", "2CS30EA#ABD", "Insyde", "F.31", processors.SMALL[1:3], 1),
    Model("notebook", _HP, "HP EliteBook 745 G3", "T4H60EA#ABD", _HP, "N73 Ver. 01.52", _OLD[8:9], 1),
    Model("notebook", _FUJITSU, "LIFEBOOK U7512", "S26391-K517-V100", _FUJITSU, "Version 2.25", _NEW[5:6], 3),
    Model("notebook", _FUJITSU, "LIFEBOOK E547", "S26391-K449-V100", "FUJITSU // Phoenix Technologies Ltd.", "Version 1.34", _OLD[0:1], 2),
    Model("notebook", _MICROSOFT, "Surface Laptop 3", "Surface_Laptop_3_1867:1868", _MICROSOFT, "19.102.143", processors.SURFACE[0:2], 2),
    Model("notebook", _MICROSOFT, "Surface Pro X", "Surface_Pro_X_1876", _MICROSOFT, "7.650.140", processors.SURFACE[2:3], 1),
    Model("notebook", _MICROSOFT, "Microsoft Surface Laptop, 7th Edition", "Surface_Laptop_7th_Edition_2036", _MICROSOFT, "175.77.235", processors.SURFACE[3:5], 1),
    Model("notebook", _MICROSOFT, "Surface Go", "Surface_Go_1824_Commercial", _MICROSOFT, "1.0.42", processors.SMALL[3:4], 1),
    Model("desktop", _DELL, "OptiPlex 7010", "0BA1", _DELL, "1.18.0", _DESK[5:6], 5),
    Model("desktop", _DELL, "OptiPlex 3060", "085D", _DELL, "1.31.0", _DESK[0:2], 6),
    Model("desktop", _DELL, "OptiPlex 7080", "09A2", _DELL, "1.32.0", _DESK[2:4], 5),
    Model("desktop", _DELL, "OptiPlex 7050", "07A1", _DELL, "1.27.0", _OLD_DESK[2:3], 3),
    Model("desktop", _DELL, "OptiPlex 3020", "0651", _DELL, "A20", _OLD_DESK[0:1], 3),
    Model("desktop", _DELL, "Precision 5820 Tower", "0738", _DELL, "2.40.0", _DESK[8:9], 1),
    Model("desktop", _HP, "HP ProDesk 600 G3 SFF", "2DT03ES#ABD", _HP, "P07 Ver. 02.43", _OLD_DESK[1:2], 4),
    Model("desktop", _HP, "HP ProDesk 405 G8 Desktop Mini PC", "552R6ES#ABD", _HP, "S18 Ver. 02.16.00", _DESK[12:13], 3),
    Model("desktop", _HP, "HP Elite SFF 600 G9 Desktop PC", "6A768EA#ABD", _HP, "U01 Ver. 02.17.00", _DESK[4:5], 4),
    Model("desktop", _HP, "HP Z4 G5 Workstation", "5E8R4EA#ABD", _HP, "U61 Ver. 01.05.02", _DESK[9:10], 1),
    Model("desktop", "Hewlett-Packard", "HP Compaq 8000 Elite SFF PC", "WB717ET#ABD", "Hewlett-Packard", "786G7 v01.13", _OLD_DESK[4:5], 1),
    Model("desktop", _LENOVO, "ThinkCentre neo 50q Gen 5", "12X3000HGE", _LENOVO, "M5CKT29A", _DESK[6:7], 2),
    Model("desktop", _LENOVO, "ThinkCentre M75s-1", "11AV0005GE", _LENOVO, "M2TKT55A", processors.UNDECIDED[3:4], 1),
    Model("desktop", _FUJITSU, "ESPRIMO P558", "D3600-A1", "FUJITSU // American Megatrends Inc.", "V5.0.0.13 R1.29.0", (_DESK[0], _DESK[7]), 4),
    Model("desktop", "FUJITSU", "ESPRIMO P500", "D3062-A1", "FUJITSU // American Megatrends Inc.", "V4.6.4.0 R1.22.0", _OLD_DESK[3:4], 2),
    Model("desktop", "ASUS", "PRIME B450M-A", "System SKU", "American Megatrends Inc.", "3211", (*_DESK[10:12], *processors.UNDECIDED[0:2], _OLD_DESK[9]), 3),
    Model("desktop", "Gigabyte Technology Co., Ltd.", "GA-970A-UD3P", "Default string", "American Megatrends Inc.", "F2k", (_OLD_DESK[10], _OLD_DESK[11]), 1),
    Model("desktop", "MEDION", "MS-7728", "Default string", "American Megatrends Inc.", "1.0B", (_OLD_DESK[5], _OLD_DESK[6], _OLD_DESK[7]), 1),
    Model("desktop", "AZW", "SER", "Default string", "American Megatrends International, LLC.", "EQ120", processors.SMALL[0:1], 2),
    Model("server", _DELL, "PowerEdge R540", "08FF", _DELL, "2.22.2", processors.SERVER[0:2], 4),
    Model("server", _DELL, "PowerEdge T340", "08FD", _DELL, "2.17.2", processors.SERVER[2:3], 3),
    Model("server", "HPE", "ProLiant DL380 Gen9", "719064-B21", "HP", "P89", processors.SERVER[3:4], 3),
    Model("server", "HPE", "ProLiant DL325 Gen10 Plus v2", "P38480-B21", "HPE", "A43", processors.SERVER[4:5], 2),
    Model("virtual", "VMware, Inc.", "VMware Virtual Platform", "VMware7,1", "VMware, Inc.", "VMW71.00V.21100432.B64.2301110304", processors.SERVER[0:2], 6),
    Model("virtual", _MICROSOFT, "Virtual Machine", "Virtual Machine", _MICROSOFT, "Hyper-V UEFI Release v4.1", processors.SERVER[2:5], 6),
    Model("virtual", "QEMU", "Standard PC (Q35 + ICH9, 2009)", "pc-q35-8.1", "SeaBIOS", "rel-1.16.2-0-gea1b7a073390", processors.HYPERVISOR, 3),
    Model("mac", _APPLE, "MacBook Pro", "Mac15,6", _APPLE, "11881.140.96", processors.APPLE[1:2], 2),
    Model("mac", _APPLE, "MacBook Air", "MacBookAir10,1", _APPLE, "11881.140.96", processors.APPLE[0:1], 3),
    Model("mac", _APPLE, "MacBook Air", "MacBookAir8,2", _APPLE, "2069.40.2.0.0", processors.APPLE[2:3], 1),
)  # fmt: skip

# Fitted GiB and the MiB that Windows can use of them: firmware and graphics keep a part.
USABLE_MIB = {
    4: (3947, 3881, 3765),
    8: (8065, 7914, 8074),
    16: (16088, 15742, 16236),
    32: (32411, 32535),
    64: (65193,),
    128: (130941,),
}
# Nominal size of a drive and the MiB of the system volume on it.
VOLUME_MIB = {128: 121343.0, 240: 227982.0, 256: 243557.0, 512: 487058.0, 1000: 952742.0, 2000: 1906909.0}


def models(form: Form) -> list[Model]:
    """Return the models of one form."""
    return [model for model in MODELS if model.form == form]
