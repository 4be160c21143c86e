"""What mail programs write around a reply, in the languages that they write it in.

Collected from the programs' own texts: header names of Outlook, attribution lines of Gmail, Apple Mail and Thunderbird,
footers of phones. All are lower case; matching is on lower-cased lines.
"""

# ruff: noqa: RUF001 - letters of other alphabets are the matter of this module

# Header names of a quoted mail's block, by what they say.
FROM = [
    "from",
    "von",
    "de",
    "da",
    "van",
    "od",
    "från",
    "fra",
    "lähettäjä",
    "от",
    "від",
    "από",
    "מאת",
    "من",
    "差出人",
    "发件人",
    "寄件者",
    "寄件人",
    "보낸사람",
    "보낸",
    "kimden",
    "feladó",
    "expéditeur",
    "remitente",
    "mittente",
    "afsender",
    "avsender",
]
SENT = [
    "sent",
    "gesendet",
    "envoyé",
    "enviado",
    "enviada",
    "inviato",
    "verzonden",
    "wysłano",
    "skickat",
    "sendt",
    "lähetetty",
    "отправлено",
    "надіслано",
    "στάλθηκε",
    "נשלח",
    "送信日時",
    "发送时间",
    "已傳送",
    "보낸날짜",
    "gönderildi",
    "gönderilme",
    "trimis",
    "odesláno",
    "odoslané",
    "elküldve",
    "date",
    "datum",
    "data",
    "fecha",
    "dato",
    "дата",
    "ημερομηνία",
    "תאריך",
    "日付",
    "日期",
    "날짜",
    "tarih",
    "dátum",
    "päivämäärä",
]
TO = [
    "to",
    "an",
    "à",
    "para",
    "a",
    "aan",
    "do",
    "till",
    "til",
    "vastaanottaja",
    "кому",
    "προς",
    "אל",
    "宛先",
    "收件人",
    "收件者",
    "받는사람",
    "받는",
    "kime",
    "către",
    "komu",
    "címzett",
    "destinataire",
    "destinatario",
]
SUBJECT = [
    "subject",
    "betreff",
    "objet",
    "asunto",
    "assunto",
    "oggetto",
    "onderwerp",
    "temat",
    "ämne",
    "emne",
    "aihe",
    "тема",
    "θέμα",
    "נושא",
    "件名",
    "主题",
    "主旨",
    "제목",
    "konu",
    "subiect",
    "předmět",
    "predmet",
    "tárgy",
]
COPY = [
    "cc",
    "bcc",
    "kopie",
    "kopia",
    "copie",
    "copia",
    "копия",
    "cc:",
    "importance",
    "wichtigkeit",
    "attachments",
    "reply-to",
    "kopi",
    "kópia",
    "másolat",
]

# "On <date> <somebody> wrote:": how the line starts ("" where it may start with the date or the name), and what it says.
ATTRIBUTIONS = (
    ("on ", "wrote", "writes"),
    ("am ", "schrieb"),
    ("le ", "a écrit", "écrit"),
    ("el ", "escribió", "escribio"),
    ("em ", "escreveu"),
    ("a ", "escreveu"),
    ("no dia ", "escreveu"),
    ("op ", "schreef", "het volgende geschreven"),
    ("il ", "ha scritto"),
    ("dnia ", "napisał", "pisze"),
    ("w dniu ", "napisał", "pisze"),
    ("", "napisał"),
    ("den ", "skrev"),
    ("", "skrev"),
    ("", "kirjoitti"),
    ("", "napsal"),
    ("", "napísal"),
    ("", "ezt írta", "írta"),
    ("în ", "a scris"),
    ("", "yazdı"),
    ("", "пишет", "написал", "писал", "пише", "написав"),
    ("", "έγραψε"),
    ("", "כתב", "כתבה"),
    ("", "كتب"),
    ("", "のメール", "書きました", "wrote"),
    ("", "写道", "寫道", "님이 작성", "작성"),
    ("", "đã viết"),
    ("", "schrieb", "writes"),
)

ORIGINAL = (
    "original message|original appointment|forwarded message|weitergeleitete nachricht|ursprüngliche nachricht|originalnachricht|"
    "message d'origine|message d’origine|message original|message transféré|mensaje original|mensaje reenviado|mensagem original|"
    "mensagem encaminhada|messaggio originale|messaggio inoltrato|oorspronkelijk bericht|doorgestuurd bericht|"
    "oprindelig meddelelse|oprindelig besked|opprinnelig melding|ursprungligt meddelande|alkuperäinen viesti|"
    "wiadomość oryginalna|oryginalna wiadomość|исходное сообщение|пересылаемое сообщение|původní zpráva|eredeti üzenet|"
    "orijinal mesaj|mesaj original|αρχικό μήνυμα|הודעה מקורית|元のメッセージ|原始邮件|原始郵件|원본 메시지"
)

REPLY_ABOVE = (
    "reply above this line",
    "type your reply above",
    "antworten sie oberhalb dieser zeile",
    "répondez au-dessus de cette ligne",
)

SIGN_OFFS = (
    "best|best regards|best wishes|kind regards|kindest regards|warm regards|warmest regards|with kind regards|regards|"
    "many thanks|thanks|thank you|thanks and regards|thanks & regards|thanks again|thanks in advance|cheers|sincerely|"
    "yours sincerely|yours faithfully|yours truly|respectfully|br|kr|rgds|mit freundlichen grüßen|mit freundlichen grüssen|"
    "mit freundlichem gruß|mit besten grüßen|freundliche grüße|freundliche grüsse|viele grüße|viele grüsse|liebe grüße|"
    "beste grüße|besten dank|schöne grüße|danke|vielen dank|mfg|lg|vg|cordialement|bien cordialement|bien à vous|salutations|"
    "sincères salutations|merci|saludos|saludos cordiales|un saludo|atentamente|gracias|atenciosamente|obrigado|obrigada|"
    "cumprimentos|cordiali saluti|distinti saluti|saluti|grazie|met vriendelijke groet|met vriendelijke groeten|groeten|"
    "bedankt|pozdrawiam|z poważaniem|vänliga hälsningar|med vänliga hälsningar|mvh|hälsningar|med venlig hilsen|"
    "venlig hilsen|med vennlig hilsen|vennlig hilsen|ystävällisin terveisin|terveisin|с уважением|з повагою|s pozdravem|"
    "üdvözlettel|saygılarımla|με εκτίμηση|בברכה|よろしくお願いします"
)

# What a phone or an app adds by itself. Each is the start of a line, after which only a name of a product or a link stands.
MOBILE = (
    "sent from my|sent from outlook|sent from mail for|sent from yahoo|sent from samsung|sent from proton|"
    "sent from mobile|sent (?:via|with|using) (?:sparrow|airmail|superhuman|blackberry|proton|spark|nine|mailspring|my)|"
    "get outlook for|via mobile$|von mein\\w* .{1,40}gesendet|gesendet von|gesendet mit der|"
    "envoyé de mon|envoyé depuis|envoyé à partir|télécharger outlook|obtenez outlook|enviado desde|enviado do meu|"
    "enviado de mi|obtener outlook|inviato da|inviato dal mio|scarica outlook|verstuurd vanaf|verzonden vanaf|verzonden met|"
    "outlook voor (?:ios|android)|wysłane z|pobierz aplikację outlook|skickat från|sendt fra|hent outlook|lähetetty (?:iphone|android|minun)|odesláno z|отправлено с|"
    "отправлено из|надіслано з|iphone'umdan gönderildi|iphoneから送信|发自我的|从我的|נשלח מה|holen sie sich outlook"
)

# Phrases of lawyers; two of them make a disclaimer, and so does a paragraph that opens as a notice.
DISCLAIMER = (
    "is intended only for",
    "intended solely for",
    "intended recipient",
    "for the sole use of",
    "is confidential and",
    "may contain confidential",
    "contains confidential",
    "privileged and confidential",
    "legally privileged",
    "please notify the sender",
    "enthält vertrauliche",
    "nicht der richtige adressat",
    "ausschließlich für den",
    "ce message et toutes les pièces",
    "est confidentiel",
    "sont confidentiel",
    "strictement confidentiel",
    "este mensaje y sus",
    "este mensaje puede contener",
    "información confidencial",
    "esta mensagem pode conter",
    "mensagem confidencial",
    "questo messaggio è",
    "informazioni riservate",
    "dit bericht is uitsluitend",
    "bestemd voor de geadresseerde",
    "treść tej wiadomości",
    "wiadomość zawiera informacje poufne",
    "meddelande är avsett",
)

NOTICE = (
    "confidentiality notice|confidentiality:|email disclaimer|e-mail disclaimer|disclaimer:|legal notice:|virus-free\\.|"
    "please consider the environment before|please think before you print|vertraulichkeitshinweis|haftungsausschluss:|"
    "avis de confidentialité|aviso legal:|aviso de confidencialidad|aviso de confidencialidade|avviso di riservatezza"
)
