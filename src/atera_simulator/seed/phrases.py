"""Sentences that fit any ticket, in each language: acknowledgements, updates, chasers, thanks, closings, greetings."""

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Phrases:
    """One language's small talk of a helpdesk."""

    hello: str
    greeting: str
    """Opens a first mail, before anybody is known by name."""
    regards: str
    acknowledge: tuple[str, ...]
    updates: tuple[str, ...]
    chasers: tuple[str, ...]
    replies: tuple[str, ...]
    thanks: tuple[str, ...]


_ENGLISH = Phrases(
    hello="Hi {},",
    greeting="",
    regards="Kind regards",
    acknowledge=(
        "Thank you for your message. I am looking into it and will come back to you before noon.",
        "Got it, I have taken over this ticket. Please leave the machine switched on so that I can connect.",
        "Thanks for reporting. We see the same on our side and I am checking the details now.",
        "I tried to reach you by phone without luck. When can I connect to your computer for ten minutes?",
    ),
    updates=(
        "Short update: I have applied a first change. Please try once more and tell me whether anything is different.",
        "I have sent the logs to the vendor. Their case is open and they usually answer within one working day.",
        "The vendor asks for another trace. I would connect tomorrow at 08:30 if that suits you.",
        "A colleague is on site on Thursday and will look at it there as well.",
        "We are waiting for the spare part; the delivery is announced for the day after tomorrow.",
        "I have moved your profile to a test policy. The change becomes active after the next sign-in.",
        "The maintenance window is set for tonight at 21:00. Expect a short interruption of about ten minutes.",
        "I could reproduce the fault on a second machine, so it is not your computer.",
        "The update from the vendor is here. I will install it on one machine first and watch it for a day.",
    ),
    chasers=(
        "Is there any news? My colleague has the same problem now.",
        "It worked for two hours, then it came back exactly as before.",
        "Any update on this? It keeps us from working.",
        "I am in a meeting until 11, after that you can connect at any time.",
        "Please call me before you restart anything, we are in the middle of closing the month.",
    ),
    replies=(
        "I tried it, no difference.",
        "Yes, tomorrow morning suits me. I am at my desk from 8.",
        "Here is the screenshot you asked for.",
        "It happened again today at 10:42.",
        "No, nothing was changed on our side as far as I know.",
        "Better than before, but still not right.",
    ),
    thanks=(
        "Works now, thank you very much!",
        "Perfect, that was quick. You can close the ticket.",
        "Thanks a lot, everything is running again.",
        "Great, solved. Have a nice weekend!",
    ),
)

_GERMAN = Phrases(
    hello="Hallo {},",
    greeting="Guten Tag,",
    regards="Mit freundlichen Grüßen",
    acknowledge=(
        "vielen Dank für die Meldung. Ich schaue mir das an und melde mich bis heute Mittag.",
        "ich habe das Ticket übernommen. Bitte lassen Sie den Rechner eingeschaltet, damit ich mich verbinden kann.",
    ),
    updates=(
        "kurzer Zwischenstand: Ich habe eine erste Änderung vorgenommen. Bitte testen Sie es noch einmal.",
        "der Hersteller hat den Fall angenommen und meldet sich in der Regel innerhalb eines Werktags.",
        "das Ersatzteil ist bestellt und soll übermorgen geliefert werden.",
        "das Wartungsfenster ist heute um 21:00 Uhr, rechnen Sie mit etwa zehn Minuten Unterbrechung.",
    ),
    chasers=(
        "Gibt es schon etwas Neues? Inzwischen hat eine Kollegin dasselbe Problem.",
        "Zwei Stunden ging es, dann war alles wieder wie vorher.",
    ),
    replies=(
        "Habe ich probiert, leider kein Unterschied.",
        "Ja, morgen früh passt mir gut.",
        "Anbei der Screenshot.",
    ),
    thanks=(
        "Läuft wieder, vielen Dank!",
        "Super, das ging schnell. Das Ticket kann zu.",
        "Herzlichen Dank, alles bestens.",
    ),
)

_FRENCH = Phrases(
    hello="Bonjour {},",
    greeting="Bonjour,",
    regards="Cordialement",
    acknowledge=("Merci pour votre message, je regarde cela et reviens vers vous avant midi.",),
    updates=("Petit point : j'ai fait une première modification, pouvez-vous réessayer ?", "La pièce est commandée, livraison prévue après-demain."),
    chasers=("Avez-vous des nouvelles ? Une collègue a maintenant le même souci.",),
    replies=("J'ai essayé, aucune différence.", "Oui, demain matin me convient."),
    thanks=("Ça marche, merci beaucoup !", "Parfait, vous pouvez clôturer le ticket."),
)  # fmt: skip

_DUTCH = Phrases(
    hello="Hoi {},",
    greeting="Goedemorgen,",
    regards="Met vriendelijke groet",
    acknowledge=("Bedankt voor de melding, ik kijk ernaar en kom er voor de middag op terug.",),
    updates=(
        "Korte update: ik heb een eerste aanpassing gedaan, wil je het nog eens proberen?",
        "Het onderdeel is besteld en komt overmorgen binnen.",
    ),
    chasers=("Is er al nieuws? Een collega heeft nu hetzelfde probleem.",),
    replies=("Geprobeerd, geen verschil.", "Ja, morgenochtend komt goed uit."),
    thanks=("Werkt weer, hartelijk dank!", "Top, het ticket mag dicht."),
)

_SPANISH = Phrases(
    hello="Hola {}:",
    greeting="Buenos días:",
    regards="Un saludo",
    acknowledge=("Gracias por avisar, lo reviso y te digo algo antes del mediodía.",),
    updates=(
        "He aplicado un primer cambio, ¿puedes probar otra vez?",
        "La pieza está pedida y llega pasado mañana.",
    ),
    chasers=("¿Hay novedades? Ahora le pasa también a un compañero.",),
    replies=("Lo he probado y sigue igual.", "Sí, mañana por la mañana me viene bien."),
    thanks=("Ya funciona, ¡muchas gracias!", "Perfecto, podéis cerrar el ticket."),
)

# The helpdesk answers in English where nobody speaks the language; the requester still writes as at home.
_POLISH = replace(_ENGLISH, greeting="Dzień dobry,", thanks=("Działa, dziękuję bardzo!", "Super, dziękuję."))
_GREEK = replace(_ENGLISH, greeting="Καλημέρα,", thanks=("Δουλεύει, ευχαριστώ πολύ!",))
_HEBREW = replace(_ENGLISH, greeting="שלום,", thanks=("עובד, תודה רבה!",))
_JAPANESE = replace(_ENGLISH, thanks=("解決しました。ありがとうございました。",))

PHRASES: dict[str, Phrases] = {
    "en": _ENGLISH,
    "de": _GERMAN,
    "fr": _FRENCH,
    "nl": _DUTCH,
    "es": _SPANISH,
    "pl": _POLISH,
    "el": _GREEK,
    "he": _HEBREW,
    "ja": _JAPANESE,
}


def phrases(language: str) -> Phrases:
    """Return the phrases of `language`; English where the helpdesk has none of its own."""
    return PHRASES.get(language, _ENGLISH)
