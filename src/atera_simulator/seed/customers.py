"""The customers, their contacts and the departments that contacts sit in."""

from dataclasses import dataclass
from datetime import timedelta
from random import Random

from atera_simulator.seed import phones
from atera_simulator.seed.chance import apportion, likely
from atera_simulator.seed.clock import iso
from atera_simulator.seed.people import NAMES, ascii_form, draw_name
from atera_simulator.seed.scale import Scale
from atera_simulator.world import World


@dataclass(frozen=True, slots=True)
class Company:
    """What is fixed about one customer; `code` starts its machine names and `language` is spoken by most of its people."""

    name: str
    domain: str
    code: str
    language: str
    address: str
    zip_code: str
    city: str
    country: str
    latitude: float
    longitude: float
    weight: int
    notes: str | None = None


# The first four make the tiny account: two names that are easily mixed up, one with umlauts and an ampersand, one with a bidi mark.
COMPANIES = (
    Company("Brandt Logistik", "brandt-logistik", "BL", "de", "Kai 9", "24159", "Kiel", "Germany", 54.3233, 10.1395, 9, "Gate code with reception"),
    Company("Brandt Logistics Nordic", "brandt-nordic", "BLN", "sv", "Havnegade 41", "6700", "Esbjerg", "Denmark", 55.4667, 8.45, 5),
    Company("Müller & Söhne Metallbau GmbH", "mueller-metallbau", "MSM", "de", "Industriestr. 17", "24941", "Flensburg", "Germany", 54.7661, 9.4093, 7, "Production runs in two shifts, no reboots before 22:00"),
    Company("\u200fכרמל הנדסה", "carmel-eng", "CRM", "he", "HaNamal 12", "3303138", "Haifa", "Israel", 32.8191, 34.9983, 4),
    Company("O'Rourke Dental Practice", "orourke-dental", "ORD", "en", "14 Shandon Street", "T23", "Cork", "Ireland", 51.9036, -8.4768, 3, "Surgery hours: call before remote sessions"),
    Company("Weißmann & Partner Steuerberatung", "weissmann-partner", "WPS", "de", "Große Str. 60", "24937", "Flensburg", "Germany", 54.7836, 9.4354, 4, "Deadline season from January to March: priority High"),
    Company("Clinique Saint-Rémy", "clinique-saint-remy", "CSR", "fr", "8 rue des Tanneurs", "67000", "Strasbourg", "France", 48.5808, 7.7426, 6),
    Company("Van Dijk Bloemenexport", "vandijk-bloemen", "VDB", "nl", "Legmeerdijk 230", "1431", "Aalsmeer", "Netherlands", 52.2592, 4.7597, 6, "Auction starts at 05:00, on-call applies"),
    Company("Talleres Ibáñez", "talleres-ibanez", "TIB", "es", "Calle del Puerto 22", "46021", "Valencia", "Spain", 39.4663, -0.3286, 3),
    Company("Παπαδόπουλος Ναυτιλιακή", "papadopoulos-shipping", "PPN", "el", "Akti Miaouli 81", "18538", "Piraeus", "Greece", 37.9421, 23.6358, 3),
    Company("Hartley Wealth Management", "hartley-wealth", "HWM", "en", "3 Spring Gardens", "M2 1AB", "Manchester", "United Kingdom", 53.4808, -2.2426, 5),
    Company("Kancelaria Zielińska", "kancelaria-zielinska", "KZI", "pl", "ul. Długa 7", "80-827", "Gdańsk", "Poland", 54.3497, 18.6532, 2),
    Company("Gymnasium am Hafen", "gymnasium-hafen", "GAH", "de", "Schulweg 1", "23552", "Lübeck", "Germany", 53.8716, 10.6851, 6, "Devices are used by pupils: no names in tickets"),
    Company("Förde Klinikum MVZ", "foerde-mvz", "FKM", "de", "Lindenallee 30", "24939", "Flensburg", "Germany", 54.7892, 9.4270, 8, "Medical devices in VLAN 40 are not ours"),
    Company("Nakamura Precision Europe", "nakamura-precision", "NPE", "ja", "Immermannstr. 45", "40210", "Düsseldorf", "Germany", 51.2242, 6.7896, 4),
    Company("Bakkerij Smit & Zn.", "bakkerij-smit", "BSZ", "nl", "Molenstraat 5", "7311", "Apeldoorn", "Netherlands", 52.2117, 5.9699, 2),
    Company("Åkesson Träindustri", "akesson-tra", "AKT", "sv", "Sågvägen 2", "57133", "Nässjö", "Sweden", 57.6531, 14.6967, 4),
    Company("Doyle Fairclough Solicitors", "doyle-fairclough", "DFS", "en", "27 Castle Street", "L2 4TA", "Liverpool", "United Kingdom", 53.4063, -2.9906, 4),
    Company("Studio Ferraro Architetti", "studio-ferraro", "SFA", "it", "Via Tortona 31", "20144", "Milano", "Italy", 45.4524, 9.1640, 3),
    Company("Hofgut Lindemann", "hofgut-lindemann", "HGL", "de", "Gutsweg 4", "24398", "Winnemark", "Germany", 54.6203, 9.9380, 2),
    Company("Cascade Outdoor Supply", "cascade-outdoor", "COS", "en", "410 Alder Street", "97204", "Portland", "United States", 45.5187, -122.6750, 4, "UTC-8: call after 17:00 our time"),
    Company("Seaview Hotels Group", "seaview-hotels", "SHG", "en", "1 Marine Parade", "BN2 1TL", "Brighton", "United Kingdom", 50.8194, -0.1270, 6),
    Company("Druckhaus Jürgensen", "druckhaus-juergensen", "DHJ", "de", "Werftstr. 12", "24143", "Kiel", "Germany", 54.3140, 10.1520, 4),
    Company("Tierarztpraxis Dr. Böhm", "tierarzt-boehm", "TDB", "de", "Dorfstr. 8", "24975", "Husby", "Germany", 54.7667, 9.5667, 1),
    Company("Stiftung Küstenschutz", "stiftung-kuestenschutz", "SKS", "de", "Deichweg 3", "25813", "Husum", "Germany", 54.4770, 9.0510, 2),
)  # fmt: skip

_TRADES = {
    "de": ("Metallbau", "Logistik", "Steuerberatung", "Elektrotechnik", "Immobilien", "Druckerei", "Pflegedienst", "Autohaus"),
    "en": ("Logistics", "Solicitors", "Dental Care", "Engineering", "Wealth Management", "Hotels", "Food Services", "Architects"),
    "fr": ("Transports", "Imprimerie", "Conseil", "Pharmacie", "Menuiserie"),
    "nl": ("Transport", "Installatietechniek", "Notariaat", "Kwekerij", "Bouw"),
    "es": ("Talleres", "Asesores", "Bodegas", "Construcciones"),
    "pl": ("Kancelaria", "Transport", "Budownictwo"),
    "sv": ("Bygg", "Transport", "Redovisning"),
    "it": ("Studio", "Trasporti", "Meccanica"),
}  # fmt: skip

_PLACES = {
    "de": (("Hamburg", "Germany", "20095", 53.55, 9.99), ("Rendsburg", "Germany", "24768", 54.30, 9.66), ("Schleswig", "Germany", "24837", 54.52, 9.57), ("Graz", "Austria", "8010", 47.07, 15.44)),
    "en": (("Leeds", "United Kingdom", "LS1 4AP", 53.80, -1.55), ("Dublin", "Ireland", "D02", 53.35, -6.26), ("Bristol", "United Kingdom", "BS1 5TR", 51.45, -2.59)),
    "fr": (("Lille", "France", "59000", 50.63, 3.06), ("Liège", "Belgium", "4000", 50.63, 5.57)),
    "nl": (("Groningen", "Netherlands", "9712", 53.22, 6.57), ("Antwerpen", "Belgium", "2000", 51.22, 4.40)),
    "es": (("Bilbao", "Spain", "48001", 43.26, -2.93),),
    "pl": (("Szczecin", "Poland", "70-001", 53.43, 14.55),),
    "sv": (("Malmö", "Sweden", "21119", 55.61, 13.00), ("Aarhus", "Denmark", "8000", 56.16, 10.20)),
    "it": (("Torino", "Italy", "10121", 45.07, 7.69),),
}  # fmt: skip

_DEPARTMENTS = (
    ("Dispatch", "Truck and tour planning"),
    ("Accounting", "Payables, receivables, payroll"),
    ("Production", "Shop floor and machine terminals"),
    ("Sales", "Inside and field sales"),
    ("Management", "Directors and their assistants"),
    ("Human resources", "Hiring, onboarding, leave"),
    ("Reception", "Front desk and switchboard"),
    ("Warehouse", "Goods in, picking, goods out"),
    ("Engineering", "Construction and CAD"),
    ("Medical", "Doctors and nurses"),
    ("Teaching", "Teachers and classrooms"),
    ("Legal", "Lawyers and paralegals"),
)

_JOBS = ("Dispatch lead", "Bookkeeper", "Managing director", "Office manager", "Sales representative", "Shift supervisor", "Project engineer", "HR officer", "Receptionist", "Warehouse clerk", "Payroll clerk", "Purchasing", "Quality manager", "Assistant", "Lawyer", "Nurse", "Teacher", "Controller", None)  # fmt: skip


def companies(rng: Random, count: int) -> list[Company]:
    """Return `count` companies: the hand-written ones first, then made-up ones with names of their own."""
    found = list(COMPANIES[:count])
    names = {company.name for company in found}
    codes = {company.code for company in found}
    languages = [language for language in _TRADES for _ in range(6 if language in {"de", "en"} else 1)]
    while len(found) < count:
        company = _invent(rng, rng.choice(languages), len(found))
        if company.name not in names and company.code not in codes:
            found.append(company)
            names.add(company.name)
            codes.add(company.code)
    return found


def _invent(rng: Random, language: str, index: int) -> Company:
    last, last_ascii = rng.choice(NAMES[language].last)
    trade = rng.choice(_TRADES[language])
    city, country, zip_code, latitude, longitude = rng.choice(_PLACES[language])
    name = f"{last} {trade}" if likely(rng, 0.7) else f"{trade} {city}"
    label = ascii_form(name.replace("&", "").replace(" ", "-")) + f"-{index}"
    code = "".join(word[0] for word in (ascii_form(name), last_ascii, ascii_form(city))).upper() + str(index)
    street = f"{rng.choice(('Main Street', 'Hafenstr.', 'Station Road', 'Ringstr.', 'Mill Lane'))} {rng.randrange(1, 120)}"
    return Company(
        name,
        label,
        code,
        language,
        street,
        zip_code,
        city,
        country,
        latitude,
        longitude,
        rng.choice((1, 2, 2, 3, 4, 6)),
    )


def add_departments(world: World) -> None:
    """Fill `world.departments`; the account shares one list, as in Atera."""
    for number, (name, description) in enumerate(_DEPARTMENTS, start=3):
        world.departments[number] = {"Id": number, "Name": name, "Description": description}


def add_customers(world: World, rng: Random, scale: Scale) -> dict[int, Company]:
    """Fill `world.customers`; return the company behind each CustomerID."""
    behind: dict[int, Company] = {}
    customer_id = 16
    for company in companies(rng, scale.customers):
        customer_id += rng.choice((1, 1, 2, 5))
        behind[customer_id] = company
        created = world.now - timedelta(days=rng.randrange(760, 2200), hours=rng.randrange(9))
        world.customers[customer_id] = {
            "CustomerID": customer_id,
            "CustomerName": company.name,
            "CreatedOn": iso(created),
            "LastModified": iso(
                world.now - timedelta(days=rng.randrange(1, 700), minutes=rng.randrange(900))
            ),
            "BusinessNumber": f"DE{rng.randrange(10**8, 10**9)}" if company.country == "Germany" else None,
            "Domain": f"{company.domain}.example",
            "Address": company.address,
            "City": company.city,
            "State": None,
            "Country": company.country,
            "Phone": phones.landline(rng, company.country),
            "Fax": phones.landline(rng, company.country) if likely(rng, 0.15) else None,
            "Notes": company.notes,
            "Logo": None,
            "Links": None,
            "Longitude": company.longitude,
            "Latitude": company.latitude,
            "ZipCodeStr": company.zip_code,
        }
    return behind


def add_contacts(world: World, rng: Random, scale: Scale, behind: dict[int, Company]) -> None:
    """Fill `world.contacts`: every customer has at least one, the first of each is its contact person."""
    contact_id = 2300
    shares = apportion(scale.contacts, [company.weight for company in behind.values()])
    for (customer_id, company), share in zip(behind.items(), shares, strict=True):
        taken: set[str] = set()
        for position in range(share):
            contact_id += rng.choice((1, 1, 1, 2, 4))
            _add_contact(world, rng, contact_id, customer_id, company, position, taken)


def _add_contact(
    world: World,
    rng: Random,
    contact_id: int,
    customer_id: int,
    company: Company,
    position: int,
    taken: set[str],
) -> None:
    language = company.language if likely(rng, 0.85) else rng.choice(("de", "en", "pl", "it"))
    first, last, local = draw_name(rng, language)
    email = f"{local}@{company.domain}.example"
    if email in taken:
        email = f"{local}{position}@{company.domain}.example"
    taken.add(email)
    department = rng.choice([*world.departments.values(), None])
    created = world.now - timedelta(days=rng.randrange(740, 1900), minutes=rng.randrange(600))
    world.contacts[contact_id] = {
        "EndUserID": contact_id,
        "CustomerID": customer_id,
        "CustomerName": company.name,
        "Firstname": first,
        "Lastname": last,
        "JobTitle": rng.choice(_JOBS),
        "Email": email,
        "Phone": phones.landline(rng, company.country) if likely(rng, 0.85) else None,
        "MobilePhone": phones.mobile(rng, company.country) if likely(rng, 0.35) else None,
        "IsContactPerson": position == 0,
        "InIgnoreMode": position > 0 and likely(rng, 0.015),
        "CreatedOn": iso(created),
        "LastModified": iso(created + (world.now - created) * rng.random()),
        "Archived": position > 0 and likely(rng, 0.04),
        "DepartmentID": department["Id"] if department else None,
        "DepartmentName": department["Name"] if department else None,
        "DefaultAgentId": None,
    }
