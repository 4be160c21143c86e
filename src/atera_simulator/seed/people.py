"""The technicians, and the names that contacts are drawn from."""

from dataclasses import dataclass
from random import Random

from atera_simulator.seed.chance import likely
from atera_simulator.world import Record, World

ACCOUNT_DOMAIN = "fjordblick-it.example"

# Two share a first name, two last names differ by one letter, one name has diacritics in both halves.
_TECHNICIANS = (
    ("Tomasz", "Meyer"),
    ("Ingrid", "Maier"),
    ("Siân", "Brännström"),
    ("Tomasz", "Wieczorek"),
    ("Priya", "Raghunathan"),
    ("Luca", "Ferraro"),
    ("Femke", "de Wit"),
    ("Oluwaseun", "Adeyemi"),
    ("Yusuf", "Demir"),
    ("Chloé", "Lefèvre"),
    ("Kristoffer", "Aagaard"),
    ("Hanna", "Lindqvist"),
    ("Marek", "Novotný"),
    ("Aoife", "Brennan"),
    ("Rui", "Tavares"),
    ("Naomi", "Okafor"),
    ("Jürgen", "Petersen"),
    ("Elif", "Kaya"),
    ("Daniel", "Peterson"),
    ("Sakura", "Ishikawa"),
    ("Bram", "Verhoeven"),
    ("Zofia", "Kamińska"),
    ("Nikolaos", "Vlachos"),
    ("Maya", "Ben-David"),
)

# Technician ids are small and irregular, as in a tenant that has seen people leave.
_TECHNICIAN_IDS = (
    12,
    14,
    17,
    21,
    22,
    26,
    31,
    33,
    38,
    40,
    41,
    45,
    47,
    52,
    53,
    58,
    60,
    61,
    66,
    70,
    73,
    75,
    79,
    82,
)


@dataclass(frozen=True, slots=True)
class Names:
    """First and last names of one language; each with the ASCII form that an e-mail address uses."""

    first: tuple[tuple[str, str], ...]
    last: tuple[tuple[str, str], ...]


_FOLDS = str.maketrans(
    {
        "ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "é": "e", "è": "e", "ê": "e", "ë": "e", "ç": "c", "á": "a", "í": "i",
        "ó": "o", "ú": "u", "ø": "oe", "å": "aa", "ł": "l", "ń": "n", "ś": "s", "ż": "z", "ź": "z", "ą": "a", "ę": "e", "ć": "c",
        "ï": "i", "ô": "o", "â": "a", "ý": "y", "ş": "s", "\u0131": "i", "ñ": "n", "'": "", " ": "", "-": "",
    }
)  # fmt: skip


def ascii_form(name: str) -> str:
    """Return a Latin name as it would stand in a mail address."""
    return name.lower().translate(_FOLDS)


def _latin(words: str) -> tuple[tuple[str, str], ...]:
    return tuple((word.replace("_", " "), ascii_form(word.replace("_", " "))) for word in words.split())


NAMES: dict[str, Names] = {
    "de": Names(
        _latin(
            "Maren Jens Sabine Torsten Anke Björn Katrin Uwe Heike Lars Jörg Silke Frank Nele Günther Petra Moritz Ayşe Lena Matthias"
        ),
        _latin(
            "Voss Krüger Schäfer Lindemann Hoffmann Weiß Brandt Jürgensen Maier Meyer Böhm Köhler Petersen Schröder Lange Y\u0131lmaz Kowalski"
        ),
    ),
    "en": Names(
        _latin(
            "Grace Oliver Fiona Declan Amelia Hamza Ruth Callum Priya Sean Bridget Noah Imogen Kwame Sarah Liam Harriet Owen Zainab Paul"
        ),
        _latin(
            "Whitcombe O'Rourke Patel Hughes MacLeod Bennett Okonkwo Hartley Nguyen Fairclough Sullivan Khan Ashworth Doyle Clarke Reid"
        ),
    ),
    "fr": Names(
        _latin("Camille Élodie Antoine Hélène Julien Benoît Margaux Thierry Inès Rémi Nadia François"),
        _latin("Lefèvre Moreau Garnier Dubois Bérenger Chevalier N'Diaye Rousseau Fontaine Mercier"),
    ),
    "nl": Names(
        _latin("Sanne Joost Femke Pieter Anouk Ruben Lotte Maarten Daan Marijke Bas Esmee"),
        _latin("Jansen de_Vries van_Dijk Bakker Visser Smit de_Boer Mulder van_den_Berg Dekker"),
    ),
    "es": Names(
        _latin("Lucía Álvaro Carmen Javier Inés Raúl Marta Íñigo Nuria Sergio"),
        _latin("Núñez Ortega Ibáñez Castaño Romero Muñoz Vidal Herrero Peña Gálvez"),
    ),
    "pl": Names(
        _latin("Agnieszka Paweł Zofia Wojciech Małgorzata Krzysztof Ewa Łukasz"),
        _latin("Zieliński Wójcik Kamiński Nowak Dąbrowski Jabłoński Lewandowska"),
    ),
    "sv": Names(
        _latin("Freja Søren Astrid Mads Ingrid Henrik Linnea Åsa Rasmus Kirsten"),
        _latin("Sørensen Brandt Lindqvist Møller Åkesson Nygaard Holm Bergström"),
    ),
    "it": Names(
        _latin("Giulia Matteo Chiara Davide Francesca Paolo"), _latin("Ferraro Bianchi Conti De_Luca Greco")
    ),
    "el": Names(
        (("Νίκος", "nikos"), ("Ελένη", "eleni"), ("Γιώργος", "giorgos"), ("Μαρία", "maria")),
        (("Παπαδόπουλος", "papadopoulos"), ("Βλάχου", "vlachou"), ("Οικονόμου", "oikonomou")),
    ),
    "he": Names(
        (("נועה", "noa"), ("יואב", "yoav"), ("Tamar", "tamar"), ("אורי", "uri"), ("Michal", "michal")),
        (("לוי", "levi"), ("כהן", "cohen"), ("Ben-Ami", "benami"), ("ברק", "barak")),
    ),
    "ja": Names(
        (("美咲", "misaki"), ("健太", "kenta"), ("Yuki", "yuki"), ("直樹", "naoki")),
        (("佐藤", "sato"), ("高橋", "takahashi"), ("Watanabe", "watanabe")),
    ),
}


def account(created: str) -> Record:
    """Return the AccountInfoResponse of the simulated managed service provider."""
    return {
        "AccountID": "0019fj4b",
        "Country": "Germany",
        "CompanyName": "Fjordblick IT-Service GmbH",
        "CreatedOn": created,
        "State": "Schleswig-Holstein",
        "TimeZoneName": "W. Europe Standard Time",
        "City": "Flensburg",
        "Address": "Am Nordertor 3",
        "PostalCode": "24939",
        "Phone": "+49 40 66969 100",
        "IsITDepartment": False,
        "Plan": "Superpower",
    }


def add_technicians(world: World, count: int) -> None:
    """Fill `world.technicians` with the first `count` of the staff."""
    for technician_id, (first, last) in zip(_TECHNICIAN_IDS[:count], _TECHNICIANS, strict=False):
        world.technicians[technician_id] = {
            "TechnicianContactID": technician_id,
            "FirstName": first,
            "LastName": last,
            "TechnicianFullName": f"{first} {last}",
            "TechnicianEmail": f"{ascii_form(first)}.{ascii_form(last)}@{ACCOUNT_DOMAIN}",
        }


def draw_name(rng: Random, language: str) -> tuple[str, str, str]:
    """Return (first name, last name, local part of a mail address) of somebody who speaks `language`."""
    names = NAMES[language]
    first, first_ascii = rng.choice(names.first)
    last, last_ascii = rng.choice(names.last)
    local = f"{first_ascii}.{last_ascii}" if likely(rng, 0.6) else f"{first_ascii[0]}.{last_ascii}"
    return first, last, local
