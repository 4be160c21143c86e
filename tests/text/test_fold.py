import email
import email.policy
import tarfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_mcp.text import Folded, fold, to_plain

ARCHIVE = Path(__file__).parents[3] / "shared" / "data" / "mail-reply-fixtures.tar.gz"
LINES = st.sampled_from(
    [
        "Hello",
        "",
        "> quoted",
        "On 3 Apr 2024 at 10:00, Bob wrote:",
        "--",
        "Kind regards,",
        "Ann Lee",
        "ann@example.com",
        "From: Bob",
        "Sent: 3 April 2024",
        "Subject: x",
        "Sent from my iPhone",
        "-----Original Message-----",
        "It works?",
        "This is confidential and for the intended recipient",
        "https://example.com",
        "Disclaimer: none",
        "____________",
    ],
)
CARD = "Ann Lee\nEngineer\nAcme Ltd\n+44 20 7946 0000\nann@example.com\nwww.example.com"


def fixture_texts(part):
    if not ARCHIVE.exists():
        pytest.skip("the mail fixtures are not beside this repo")
    with tarfile.open(ARCHIVE) as archive:
        for member in archive.getmembers():
            if member.isfile() and part in member.name:
                yield Path(member.name).name, archive.extractfile(member).read()


def words(text):
    return " ".join(text.split())


def test_every_standard_reply_folds_to_its_new_part():
    seen = 0
    for name, raw in fixture_texts("/standard_replies/"):
        if not name.endswith(".eml"):
            continue
        for part in email.message_from_bytes(raw, policy=email.policy.default).walk():
            if part.get_content_maintype() == "text":
                own = name == "outlook.eml" and part.get_content_type() == "text/html"
                folded = fold(to_plain(part.get_content()))
                assert folded.body == ("Allo! Follow up MIME!" if own else "Hello"), name
                assert folded.quoted_lines > 0, name
                seen += 1
    assert seen == 19


def test_every_html_reply_folds_to_its_new_part():
    seen = 0
    for name, raw in fixture_texts("/html_replies/"):
        folded = fold(to_plain(raw.decode("utf-8", "replace")))
        assert words(folded.body) == "Hi. I am fine. Thanks, Alex", name
        assert folded.quoted_lines >= 4, name
        seen += 1
    assert seen == 9


def test_no_signature_fixture_loses_a_word_of_its_text_and_most_lose_the_signature():
    files = dict(fixture_texts("/signature/emails/stripped/"))
    handled = 0
    for name in [name for name in files if name.endswith("_body")]:
        body = files[name].decode().replace("#sig#", "")
        signature = files[name.replace("_body", "_signature")].decode().replace("#sig#", "")
        new = words(body).removesuffix(words(signature)).strip()
        folded = words(fold(to_plain(body)).body)
        assert folded.startswith(new), name
        handled += folded == new
    # The sixth is a bare "Thank you, Noam", which stays on purpose.
    assert handled == 5


@pytest.mark.parametrize(
    "tail",
    [
        "On Mon, Apr 2, 2024 at 6:26 PM, Bob Day <bob@example.com>\nwrote:\n\n> Hi",
        "Am 02.04.2024 um 18:26 schrieb Bob:\n> Hi",
        "Le mar. 2 avr. 2024 à 18:26, Bob <bob@example.com> a écrit :\n\n> Hi",
        "El mar, 2 abr 2024 a las 18:26, Bob (<bob@example.com>) escribió:\n\n> Hi",
        "Op di 2 apr 2024 om 18:26 schreef Bob <bob@example.com>:\n\n> Hi",
        "Il giorno mar 2 apr 2024 alle ore 18:26 Bob <bob@example.com> ha scritto:\n\n> Hi",
        "W dniu 2.04.2024 o 18:26, Bob pisze:\n> Hi",
        "2024年4月2日(火) 18:26 Bob <bob@example.com>:\n\n> Hi",
        "Στις Τρί 2 Απρ 2024 στις 6:26 μ.μ., ο χρήστης Bob <bob@example.com> έγραψε:\n\n> Hi",
        "\u202bבתאריך יום ג׳, 2 באפר׳ 2024 ב-18:26 מאת \u202aBob\u202c\u200f <\u202abob@example.com\u202c\u200f>:\u202c\n\n> Hi",
        "Von: Bob <bob@example.com>\nGesendet: Dienstag, 2. April 2024 18:26\nAn: Ann\nBetreff: Drucker\n\nHi",
        "De : Bob\nEnvoyé : mardi 2 avril 2024 18:26\nÀ : Ann\nObjet : Imprimante\n\nHi",
        "De: Bob\nEnviado el: martes, 2 de abril de 2024\nPara: Ann\nAsunto: x\n\nHi",
        "________________________________\nFrom: Bob\nSent: Tuesday\nTo: Ann; Joe;\n Max\nSubject: x\n\nHi",
        "-----Ursprüngliche Nachricht-----\nHi",
        "##- Please type your reply above this line -##\nHi",
    ],
)
def test_the_old_mail_is_cut_and_counted_in_every_language(tail):
    folded = fold(f"It is fixed.\n\n{tail}")
    assert folded == Folded("It is fixed.", sum(1 for line in tail.split("\n") if line.strip()), 0)


def test_answers_between_quotes_keep_the_lines_they_answer():
    text = "On 2 Apr 2024, at 18:26, Bob wrote:\n> Which port?\n443\n> Which host?\nmail"
    assert fold(text + "\n> Bye") == Folded(text, 1, 0)


def test_an_answer_below_the_quote_stands_alone():
    assert fold("On 04/02/2024 06:26 PM, Bob wrote:\n> Hi\nHello") == Folded("Hello", 2, 0)


@pytest.mark.parametrize(
    "signature",
    [
        "-- \nAnn Lee\nAcme Ltd",
        f"Kind regards,\n{CARD}",
        f"Mit freundlichen Grüßen\n\n{CARD}",
        "Best regards,\n\nAnn Lee | Engineer\nT: +1 (555) 010-2030\nann@example.com | www.example.com",
        CARD,
        "Sent from my iPhone",
        "Get Outlook for iOS (https://aka.ms/o0ukef)",
        "Von meinem iPhone gesendet",
        "Envoyé de mon iPhone",
        "This e-mail is intended only for the addressee.\nIf you are not the intended recipient, please notify the sender.",
        "CONFIDENTIALITY NOTICE: keep this to yourself.",
    ],
)
def test_signatures_footers_and_disclaimers_are_cut_and_counted(signature):
    folded = fold(f"The lamp is red.\n\n{signature}")
    assert folded == Folded("The lamp is red.", 0, sum(1 for line in signature.split("\n") if line.strip()))


def test_a_disclaimer_below_the_quote_is_a_signature():
    assert fold("Fixed.\n\nOn 2 Apr 2024, Bob wrote:\n> Hi\n\nConfidentiality notice: x") == Folded(
        "Fixed.", 2, 1
    )


@pytest.mark.parametrize(
    "text",
    [
        "Thanks,\nAlex",
        f"Please create an account for:\n\n{CARD}",
        "Two things.\n\nThanks,\nAnn\n\nPS: the toner is low too, call +44 20 7946 0000",
        "It fails.\n\nVon meinem PC aus geht es nicht",
        "It fails.\n\nSent from the scanner but nothing arrives",
        "It fails.\n\nMy document is confidential and I cannot open it",
        "The form says\n\nFrom: here\nTo: there",
        "We met on 3 April 2024 and Bob wrote: nothing",
        "Options\n\n-- FOUR cables\n-- EIGHT plugs",
        "> only a quote",
        "The log:\n2024-05-01 10:00:01 ftp wrote: failed\n2024-05-01 10:00:02 bob@example.com:\nretrying",
        "-----Original Message-----\nFrom: Bob\nHi",
    ],
)
def test_what_may_be_meant_is_kept(text):
    assert fold(text) == Folded(text, 0, 0)


def test_a_signature_marked_in_html_is_cut():
    source = "<div>Done.</div><div class=gmail_signature>Ann<br>Acme</div>"
    assert fold(to_plain(source)) == Folded("Done.", 0, 3)


def test_the_rule_above_a_quote_goes_with_the_quote():
    assert fold("Done.\n---\n> old") == Folded("Done.", 2, 0)


@given(st.lists(LINES, max_size=40).map("\n".join) | st.text())
def test_no_line_is_lost_without_being_counted(text):
    folded = fold(text)
    whole = sum(1 for line in text.split("\n") if line.strip())
    left = sum(1 for line in folded.body.split("\n") if line.strip())
    assert whole == left + folded.quoted_lines + folded.signature_lines
    assert not text.strip() or folded.body.strip()


@pytest.mark.parametrize(
    "signed",
    [
        "Kind regards\nAda Lovelace\nAnalytical Engines Ltd · Service Desk",
        "Mit freundlichen Grüßen\n\nAda Lovelace",
        "Ada Lovelace",
        "Ada Lovelace | Engineer\nAnalytical Engines Ltd",
    ],
)
def test_the_authors_own_name_marks_a_signature(signed):
    folded = fold(f"The printer works again.\n\n{signed}", "Ada Lovelace")
    assert folded.body == "The printer works again."
    assert folded.signature_lines == len([line for line in signed.splitlines() if line])


@pytest.mark.parametrize(
    "text",
    [
        "Please call back:\n\nGrace Hopper",
        "This is for\nAda Lovelace",
        "Ada Lovelace\n\nShe asked for a new notebook. Is that all right?",
        "Kind regards\nGrace Hopper\nNavy",
    ],
)
def test_a_name_that_is_not_the_authors_signature_stays(text):
    assert fold(text, "Ada Lovelace").body == text
