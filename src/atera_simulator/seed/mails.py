"""Bodies of messages as mail programs send them: plain text and HTML, with signatures, disclaimers and quoted tails."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from random import Random

from atera_simulator.seed.chance import likely
from atera_simulator.seed.people import ACCOUNT_DOMAIN

DISCLAIMERS = {
    "en": "This e-mail and any attachment may be confidential and is meant for the addressee only. If you received it by mistake, please tell the sender and delete it.",
    "de": "Diese E-Mail kann vertrauliche Informationen enthalten. Wenn Sie nicht der richtige Empfänger sind, informieren Sie bitte den Absender und löschen Sie diese Nachricht.",
    "fr": "Ce message est confidentiel et destiné à son seul destinataire. En cas d'erreur, merci de prévenir l'expéditeur et de le supprimer.",
    "nl": "Dit bericht is uitsluitend bestemd voor de geadresseerde. Hebt u het per vergissing ontvangen, meld dit dan aan de afzender.",
}
SENT_FROM = {
    "en": ("Sent from my iPhone", "Get Outlook for Android", "Sent from my Galaxy"),
    "de": (
        "Von meinem iPhone gesendet",
        "Gesendet mit der Telekom Mail App",
        "Outlook für Android herunterladen",
    ),
    "fr": ("Envoyé de mon iPhone",),
    "nl": ("Verstuurd vanaf mijn iPhone",),
    "es": ("Enviado desde mi iPhone",),
}
_HEADERS = {
    "en": ("From", "Sent", "To", "Subject"),
    "de": ("Von", "Gesendet", "An", "Betreff"),
    "fr": ("De", "Envoyé", "À", "Objet"),
    "nl": ("Van", "Verzonden", "Aan", "Onderwerp"),
    "es": ("De", "Enviado", "Para", "Asunto"),
}
_HELPDESK = f"helpdesk@{ACCOUNT_DOMAIN}"
_WORD_HEAD = (
    '<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8">'
    "<style><!-- @font-face {font-family:Calibri;} p.MsoNormal {margin:0cm; font-size:11.0pt; font-family:Calibri,sans-serif;} "
    'a:link {color:#0563C1;} --></style></head><body lang="{}" link="#0563C1" vlink="#954F72"><div class="WordSection1">'
)
_PIXEL = (
    '<img src="https://track.mailcampaign.example/o/{}.gif" width="1" height="1" style="display:none" alt="">'
)


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a thread: what was written, without what its sender's program put around it."""

    author: str
    email: str
    sent: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Envelope:
    """What a body needs beside the text: the subject, the sender's language and job, the earlier messages to quote."""

    subject: str
    language: str
    job: str
    company: str
    phone: str
    earlier: Sequence[Message] = ()


Writer = Callable[[Random, Message, Envelope], tuple[str, str]]


def paragraphs(text: str) -> str:
    """Return plain text as HTML paragraphs; single line breaks become <br>."""
    return "".join(
        "<p>" + escape(part, quote=False).replace("\n", "<br>") + "</p>" for part in text.split("\n\n")
    )


def portal(_rng: Random, message: Message, _envelope: Envelope) -> tuple[str, str]:
    """Return a message typed into the customer portal: no signature, no quote."""
    return message.text, paragraphs(message.text)


def technician(message: Message, *, signed: bool, regards: str) -> tuple[str, str]:
    """Return a technician's reply or note as Atera's own editor writes it."""
    if not signed:
        return message.text, paragraphs(message.text)
    plain = f"{message.text}\n\n{regards}\n{message.author}"
    html = f'{paragraphs(message.text)}<p>{regards}<br><strong>{message.author}</strong><br><span style="color:#5b6b7a">Fjordblick IT-Service GmbH &middot; Service Desk</span></p>'
    return plain, html


def outlook(rng: Random, message: Message, envelope: Envelope) -> tuple[str, str]:
    """Return a mail from Outlook for Windows: MsoNormal paragraphs, a header block before each quoted mail."""
    head = _WORD_HEAD.replace("{}", envelope.language.upper())
    lines = "".join(_mso(line) for line in message.text.split("\n"))
    signature_plain, signature_html = _office_signature(rng, message, envelope)
    tail_plain, tail_html = _outlook_tail(envelope)
    plain = f"{message.text}\n\n{signature_plain}{tail_plain}"
    return plain, f"{head}{lines}{signature_html}{tail_html}</div></body></html>"


def _mso(line: str) -> str:
    return f'<p class="MsoNormal">{escape(line, quote=False) if line else "<o:p>&nbsp;</o:p>"}<o:p></o:p></p>'


def _office_signature(rng: Random, message: Message, envelope: Envelope) -> tuple[str, str]:
    plain = f"{message.author}\n{envelope.job}\n{envelope.company}\n{envelope.phone}\n{message.email}\n"
    logo = f'<img width="180" height="42" src="cid:image001.png@01DC{rng.randrange(16**4):04X}.{rng.randrange(16**8):08X}" alt="Logo">'
    html = (
        f'<table border="0" cellspacing="0" cellpadding="0"><tr><td style="padding:0 12pt 0 0">{logo if likely(rng, 0.5) else ""}</td>'
        f'<td><p class="MsoNormal"><b>{escape(message.author)}</b><br>{escape(envelope.job)}<br>{escape(envelope.company)}<br>'
        f'{envelope.phone}<br><a href="mailto:{message.email}">{message.email}</a></p></td></tr></table>'
    )
    if likely(rng, 0.4):
        disclaimer = DISCLAIMERS.get(envelope.language, DISCLAIMERS["en"])
        plain += f"\n{disclaimer}\n"
        html += f'<p class="MsoNormal"><span style="font-size:7.5pt;color:gray">{disclaimer}</span></p>'
    return plain, html


def _outlook_tail(envelope: Envelope) -> tuple[str, str]:
    sender, sent, receiver, subject = _HEADERS.get(envelope.language, _HEADERS["en"])
    plain: list[str] = []
    html: list[str] = []
    for mail in reversed(envelope.earlier):
        when = mail.sent.strftime("%d.%m.%Y %H:%M")
        plain.append(
            f"\n{sender}: {mail.author} <{mail.email}>\n{sent}: {when}\n{receiver}: {_HELPDESK}\n{subject}: {envelope.subject}\n\n{mail.text}\n"
        )
        html.append(
            '<div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p class="MsoNormal">'
            f"<b>{sender}:</b> {escape(mail.author)} &lt;{mail.email}&gt;<br><b>{sent}:</b> {when}<br>"
            f"<b>{receiver}:</b> {_HELPDESK}<br><b>{subject}:</b> {escape(envelope.subject, quote=False)}</p></div>"
            + "".join(_mso(line) for line in mail.text.split("\n"))
        )
    return "".join(plain), "".join(html)


def gmail(rng: Random, message: Message, envelope: Envelope) -> tuple[str, str]:
    """Return a mail from Gmail: divs, and a gmail_quote with the whole conversation."""
    body = "".join(
        f'<div dir="ltr">{escape(line, quote=False) or "<br>"}</div>' for line in message.text.split("\n")
    )
    pixel = _PIXEL.format(f"{rng.randrange(16**8):08x}") if likely(rng, 0.1) else ""
    signature = f'<div dir="ltr" class="gmail_signature"><div>--&nbsp;</div><div>{escape(message.author)}</div><div>{escape(envelope.company)}</div></div>'
    plain, html = _introduced_tail(envelope, "gmail_quote")
    return (
        f"{message.text}\n\n-- \n{message.author}\n{envelope.company}\n{plain}",
        f"{body}<br>{signature}{pixel}{html}",
    )


def _introduced_tail(envelope: Envelope, css: str) -> tuple[str, str]:
    """Return the earlier messages nested, each introduced by an "On ... wrote:" line."""
    plain, html = "", ""
    for mail in envelope.earlier:
        line = _introduction(mail, envelope.language)
        inside = mail.text + ("\n\n" + plain if plain else "")
        plain = f"{line}\n" + "\n".join(f"> {row}" for row in inside.split("\n"))
        html = (
            f'<div class="{css}"><div dir="ltr" class="gmail_attr">{escape(line)}<br></div>'
            f'<blockquote class="{css}" style="margin:0 0 0 .8ex;border-left:1px #ccc solid;padding-left:1ex" type="cite">'
            f"{paragraphs(mail.text)}{html}</blockquote></div>"
        )
    return (f"\n{plain}" if plain else ""), html


def _introduction(mail: Message, language: str) -> str:
    if language == "de":
        return f"Am {mail.sent:%d.%m.%Y} um {mail.sent:%H:%M} schrieb {mail.author} <{mail.email}>:"
    if language == "fr":
        return f"Le {mail.sent:%d/%m/%Y} à {mail.sent:%H:%M}, {mail.author} <{mail.email}> a écrit :"
    if language == "nl":
        return f"Op {mail.sent:%d-%m-%Y} om {mail.sent:%H:%M} schreef {mail.author} <{mail.email}>:"
    return f"On {mail.sent:%a, %b %d, %Y at %H:%M} {mail.author} <{mail.email}> wrote:"


def apple(_rng: Random, message: Message, envelope: Envelope) -> tuple[str, str]:
    """Return a mail from Apple Mail: divs with -webkit styles and a cite blockquote."""
    plain, html = _introduced_tail(envelope, "Apple-interchange")
    body = "<br>".join(escape(line, quote=False) for line in message.text.split("\n"))
    opened = '<html><body style="overflow-wrap: break-word; -webkit-nbsp-mode: space; line-break: after-white-space;">'
    return (
        f"{message.text}\n{message.author}\n{plain}",
        f"{opened}<div>{body}</div><div><br>{escape(message.author)}</div>{html}</body></html>",
    )


def thunderbird(_rng: Random, message: Message, envelope: Envelope) -> tuple[str, str]:
    """Return a mail from Thunderbird: moz-cite-prefix, and the answer below a short quote in some."""
    plain, html = _introduced_tail(envelope, "moz-cite-prefix")
    signature = f'<pre class="moz-signature" cols="72">-- \n{escape(message.author)}\n{escape(envelope.company)}</pre>'
    return f"{message.text}\n\n-- \n{message.author}\n{plain}", f"{paragraphs(message.text)}{html}{signature}"


def phone(rng: Random, message: Message, envelope: Envelope) -> tuple[str, str]:
    """Return a mail from a mobile: a few words, the maker's signature, and all that went before."""
    made_with = rng.choice(SENT_FROM.get(envelope.language, SENT_FROM["en"]))
    plain, html = _introduced_tail(envelope, "iphone-quote")
    body = escape(message.text, quote=False).replace("\n", "<br>")
    return (
        f"{message.text}\n\n{made_with}\n{plain}",
        f'<div dir="auto">{body}<br><br><div dir="ltr">{made_with}</div>{html}</div>',
    )


PROGRAMS: tuple[tuple[int, Writer], ...] = (
    (50, outlook),
    (13, gmail),
    (10, apple),
    (6, thunderbird),
    (15, phone),
)


def program(rng: Random) -> Writer:
    """Return one mail program; people keep theirs for a whole thread."""
    return rng.choices([writer for _, writer in PROGRAMS], [weight for weight, _ in PROGRAMS])[0]
