"""Knowledge base articles, written from the issue families: what people report, how to tell, what solved it."""

from datetime import timedelta
from html import escape
from random import Random
from uuid import NAMESPACE_URL, uuid5

from atera_simulator.seed.chance import likely
from atera_simulator.seed.clock import iso
from atera_simulator.seed.issues import ENGLISH, Issue
from atera_simulator.seed.scale import Scale
from atera_simulator.world import World


def add_articles(world: World, rng: Random, scale: Scale) -> None:
    """Fill `world.knowledge_base` with one article each for the most frequent families."""
    frequent = sorted(ENGLISH, key=lambda issue: -issue.weight)[: scale.articles]
    for number, issue in enumerate(frequent):
        kb_id = 301 + number * 3
        written = world.now - timedelta(days=rng.randrange(120, 900), minutes=rng.randrange(600))
        changed = written + (world.now - written) * rng.random()
        views = rng.randrange(4, 320)
        world.knowledge_base[kb_id] = {
            "KBID": kb_id,
            "KBTimestamp": iso(written),
            "KBContext": _body(issue),
            "KBProduct": issue.titles[0],
            "KBRating_Yes": views // rng.randrange(6, 20),
            "KBRating_No": views // rng.randrange(30, 90),
            "KBRating_Views": views,
            "KBLastModified": iso(changed),
            "KBIsPrivate": likely(rng, 0.6),
            "KBStatus": 1,
            "KBPriority": 0,
            "KBKeywords": ",".join([issue.topic.lower(), *issue.key.split("-")]),
            "KBAddress": f"https://kb.fjordblick-it.example/{kb_id}",
            "SectionId": _section_id("section", issue.topic),
            "SectionName": issue.topic,
            "CategoryId": _section_id("category", issue.kind),
            "CategoryName": "How to" if issue.kind == "Request" else "Troubleshooting",
        }


def _section_id(kind: str, name: str) -> str:
    return str(uuid5(NAMESPACE_URL, f"https://kb.example/{kind}/{name}"))


def _body(issue: Issue) -> str:
    def items(texts: tuple[str, ...]) -> str:
        return "".join(f"<li>{escape(text, quote=False)}</li>" for text in texts)

    symptoms = "".join(f"<p>{escape(text.split(chr(10))[0], quote=False)}</p>" for text in issue.symptoms)
    return (
        f"<h2>{escape(issue.titles[0], quote=False)}</h2><h3>What is reported</h3>{symptoms}"
        f"<h3>Ask first</h3><ul>{items(issue.questions)}</ul><h3>What we found</h3><ul>{items(issue.findings)}</ul>"
        f"<h3>Solution</h3><ol>{items(issue.fixes)}</ol>"
    )
