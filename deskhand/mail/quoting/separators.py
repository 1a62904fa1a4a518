"""Lines that part a reply from what it quotes or forwards, and the signatures of phones."""

import re

ORIGINAL = (
    "original message|original mail|original appointment|originalnachricht|ursprüngliche nachricht|"
    "ursprüngliche mail|message d'origine|message d’origine|message original|message initial|mensaje original|"
    "mensagem original|messaggio originale|messaggio originario|oorspronkelijk bericht|originele bericht|"
    "oprindelig meddelelse|oprindelig besked|original besked|original meddelelse|opprinnelig melding|"
    "ursprungligt meddelande|originalmeddelande|ursprungsmeddelande|alkuperäinen viesti|upprunaleg skilaboð|"
    "oryginalna wiadomość|wiadomość oryginalna|původní zpráva|původní e-mail|pôvodná správa|eredeti üzenet|"
    "mesaj original|mesajul original|izvorna poruka|originalna poruka|izvirno sporočilo|оригинална порука|"
    "оригинално съобщение|исходное сообщение|первоначальное сообщение|пересылаемое исходное сообщение|"
    "вихідне повідомлення|початкове повідомлення|αρχικό μήνυμα|orijinal mesaj|özgün ileti|orijinal ileti|"
    "algne kiri|sākotnējais ziņojums|pradinis laiškas|missatge original|thư gốc|pesan asli|הודעה מקורית|"
    "original-nachricht|ursprüngliche e-mail|mail original|courriel original|message d'origine :|correo original|"
    "e-mail original|e-mail originale|mail originale|origineel bericht|ursprungligt mejl|alkuperäinen sähköposti|"
    "wiadomość pierwotna|původní mail|pôvodný e-mail|eredeti levél|eredeti e-mail|mesajul inițial|originalni e-mail|"
    "izvorna e-poruka|оригинално писмо|оригинална пошта|оригинальное сообщение|исходное письмо|оригинальное письмо|"
    "оригінальне повідомлення|оригінал повідомлення|αρχικό e-mail|özgün mesaj|orijinal e-posta|algne sõnum|"
    "sākotnējā ziņa|pradinis pranešimas|mensaxe orixinal|jatorrizko mezua|tin nhắn gốc|thư ban đầu|mesej asal|"
    "orihinal na mensahe|зыходнае паведамленне|изворна порака|mesazhi origjinal|پیام اصلی|मूल संदेश|ข้อความต้นฉบับ|"
    "ข้อความเดิม|النص الأصلي|元のメール|邮件原件|邮件原文|原件|原來的郵件|原始信件|원본 이메일|원본메일|원본 편지|"
    "الرسالة الأصلية|元のメッセージ|オリジナルメッセージ|原始邮件|原始郵件|原邮件|원본 메시지|원본 메일|reply message|"
    "ursprüngliche mitteilung|original|replied message|回复的原邮件"
)
FORWARDED = (
    "forwarded message|forwarded mail|forwarded by|forwarded email|begin forwarded message|fwd message|"
    "weitergeleitete nachricht|weitergeleitete mail|anfang der weitergeleiteten nachricht|"
    "message transféré|mail transféré|courriel transféré|message transmis|début du message transféré|"
    "début du message réexpédié|mensaje reenviado|"
    "inicio del mensaje reenviado|mensagem encaminhada|mensagem reencaminhada|início da mensagem encaminhada|"
    "início da mensagem reencaminhada|messaggio inoltrato|inizio messaggio inoltrato|inizio del messaggio inoltrato|"
    "doorgestuurd bericht|begin doorgestuurd bericht|doorgestuurde bericht|videresendt meddelelse|"
    "videresendt besked|start på videresendt besked|videresendt melding|starten på en videresendt melding|"
    "begynnelse på videresendt melding|videresendt e-post|vidarebefordrat meddelande|vidarebefordrat brev|"
    "början på vidarebefordrat brev|vidarebefordrat mejl|början på vidarebefordrat meddelande|"
    "välitetty viesti|edelleenlähetetty viesti|edelleen lähetetty viesti|alkaa välitetty viesti|"
    "przekazana wiadomość|wiadomość przekazana|treść przekazanej wiadomości|przekazany list|"
    "początek przekazywanej wiadomości|początek przekazanej wiadomości|wiadomość przesłana dalej|"
    "přeposlaná zpráva|přeposlaný e-mail|začátek přeposílané zprávy|začátek přeposlané zprávy|přeposlaná pošta|"
    "preposlaná správa|začiatok preposlanej správy|továbbított üzenet|továbbított levél|"
    "továbbított levél kezdete|továbbított üzenet kezdete|mesaj redirecționat|mesaj redirecţionat|"
    "mesajul redirecționat|mesaj transmis|începutul mesajului redirecționat|începe mesajul redirecționat|"
    "începutul mesajului retransmis|"
    "proslijeđena poruka|započni proslijeđenu poruku|početak proslijeđene poruke|posredovano sporočilo|"
    "прослеђена порука|препратено съобщение|пересылаемое сообщение|пересланное сообщение|"
    "начало переадресованного сообщения|переадресованное сообщение|начало пересылаемого сообщения|"
    "перенаправленное сообщение|перенаправлене повідомлення|переслане повідомлення|"
    "початок листа, що пересилається|початок переадресованого повідомлення|"
    "προωθημένο μήνυμα|iletilen ileti|iletilmiş mesaj|iletilmiş ileti|iletilen mesaj|yönlendirilen mesaj|"
    "ileti başlangıcı|"
    "iletilen iletinin başlangıcı|edastatud kiri|pārsūtīts ziņojums|persiųstas laiškas|missatge reenviat|"
    "thư được chuyển tiếp|pesan diteruskan|הודעה שהועברה|הודעה מועברת|תחילת ההודעה שהועברה|الرسالة المحوّلة|"
    "رسالة معاد توجيهها|بداية الرسالة المحولة|転送メッセージ|転送されたメッセージ|メッセージを転送|"
    "anfang der weitergeleiteten e-mail|weitergeleitete e-mail|début du courriel transféré|correo reenviado|"
    "e-mail encaminhado|e-mail inoltrata|doorgestuurde e-mail|doorgestuurde mail|videresendt mail|"
    "vidarebefordrad e-post|välitetty viesti alkaa|välitetty sähköposti|áframsendur póstur|áframsent skeyti|"
    "áframsend skilaboð|wiadomość przekazana dalej|przesłana wiadomość|přeposlaný mail|preposlaný e-mail|"
    "továbbított e-mail|mesaj transmis mai departe|prosleđena poruka|proslijeđeni e-mail|preusmerjeno sporočilo|"
    "posredovano e-sporočilo|препратено писмо|препратена порака|пересылаемое письмо|пересланное письмо|"
    "переслане повідомлення|пераадрасаванае паведамленне|αρχή προωθημένου μηνύματος|προωθημένο e-mail|"
    "yönlendirilmiş ileti|yönlendirilen ileti|iletilen e-posta|edastatud sõnum|edasisaadetud kiri|pārsūtīta ziņa|"
    "pārsūtīta vēstule|persiųstas pranešimas|inici del missatge reenviat|mensaxe reenviada|birbidalitako mezua|"
    "thư đã chuyển tiếp|chuyển tiếp thư|tin nhắn đã chuyển tiếp|bắt đầu thư được chuyển tiếp|pesan terusan|"
    "mulai pesan yang diteruskan|mesej yang dipanjangkan|naipasang mensahe|رسالة مُعاد توجيهها|رسالة محولة|"
    "رسالة محوّلة|بدء الرسالة التي أُعيد إرسالها|پیام هدایت شده|پیام ارسال‌شده|अग्रेषित संदेश|ข้อความที่ส่งต่อ|"
    "เริ่มต้นข้อความที่ส่งต่อ|転送メール|転送されたメール|转发的消息|轉寄的訊息|已轉寄郵件|开始转发邮件|開始轉寄郵件|"
    "以下是转发的邮件|以下是轉寄的郵件|전달된 메시지 시작|전달한 메일|"
    "转发的邮件|轉寄郵件|转发邮件|轉寄的郵件|轉寄訊息|已转发的邮件|전달된 메시지|전달된 메일"
)
# The line above which other helpdesks ask to be answered: "##- Please type your reply above this line -##". Unless it
# is drawn like that one it begins as an order in English: people write "I typed my reply above this line" as well.
ABOVE_LINE = re.compile(
    r"""\b(?:reply|replies|response|respond|answer|write|type|text|comment)\b.{0,40}\babove\W{1,3}this\b.{0,10}\bline\b
    | \b(?:oberhalb|über|ueber)\s+dieser\s+(?:zeile|linie) | au[- ]dessus\s+de\s+cette\s+ligne
    | \bencima\s+de\s+esta\s+l[ií]nea | \bsopra\s+(?:a\s+)?questa\s+(?:riga|linea) | \bacima\s+d(?:e|a|est)\w*\s+linha
    | \bboven\s+deze\s+(?:lijn|regel) | \bovanför\s+den\w*\s+\w*(?:rad|linje) | \bover\s+denne\s+linj\w*
    | \bpowyżej\s+tej\s+lini | \bвыше\s+этой\s+(?:строки|линии|черты) | この(?:行|線)より上 | 在此行(?:以上|上方)""",
    re.IGNORECASE | re.VERBOSE,
)
DRAWN_ABOVE_LINE = re.compile(r"[\s>]*[-#=_*~\u2010\u2011–—]{2}")
ORDER = re.compile(
    r"""\W*(?:(?:please|kindly|to)\W+)?(?:reply|replies|respond|responses?|answers?|write|type|comments?|add|enter|put|post)
    \b(?:\W+(?:your|you|an?|the|reply|response|answer|comments?|message|text|here|only|to|this|e-?mail|us|or)){0,5}
    \W+above\b""",
    re.IGNORECASE | re.VERBOSE,
)
ANNOUNCEMENT = re.compile(r"[\s>]*[-_=*\u2010\u2011–—]{2,}[^\d_=*:@\n]{3,80}?[-_=*\u2010\u2011–—]{2,}")
LINK = re.compile(r"\s*[<(]?https?://[^\s<>()]{1,200}[>)]?")
SIGNATURE_LINE = re.compile(r"^-- ?$")
EDGE = " \t\u00a0>*_\ufeff=~\u2010\u2011–—-"
DRAWN = frozenset("-\u2010\u2011–—_=~*#")
ORIGINALS = frozenset(ORIGINAL.casefold().split("|"))
FORWARDS = tuple(FORWARDED.casefold().split("|"))
_MARK = re.compile(r"[\d@:\uff1a>&/|#`]")
_ASCII_MARK = re.compile(r"[0-9@:>&/|#`]")
DRAWN_START = re.compile(r"[\s\ufeff]*[-\u2010\u2011–—_=~*]")
MAX_CHARS = 200
MIN_RULE_CHARS = 3
MIN_PHONE_CHARS, MAX_PHONE_CHARS = 5, 300
# Asked before PHONE_LINE, which is slow: each of its alternatives begins with one of these words or holds one of these.
PHONE_START = (
    "sent|gesendet|geschickt|von|diese|envoyé|enviado|enviada|inviato|verzonden|verstuurd|sendt|skickat|skickades|"
    "lähetetty|wysłane|wysłano|wysłany|odesláno|odoslané|poslano|poslato|elküldve|küldve|trimis|отправлено|послано|"
    "надіслано|відправлено|изпратено|נשלח|gửi|dikirim"
)
PHONE_STARTS = frozenset(PHONE_START.split("|"))
PHONE_HOLDS = ("készülékemről", "gönderildi", "から送信", "发自我的", "從我的", "发送自", "에서")
# A short line with the name of a device or program that begins or ends with a word of sending says the same in
# languages PHONE_LINE does not know.
DEVICE = re.compile(
    r"i ?phon|i ?pad|galaxy|smartphone|android|blackberry|huawei|xiaomi|pixel|proton ?mail|windows|mail\.ru|mymail|"
    r"yahoo|gmail|яндекс|outlook|gmx|web\.de|\btuta|mailspring|\bspark\b|\bk-9\b|samsung|"
    r"网易|邮箱|郵箱|foxmail|\bmail master",
    re.IGNORECASE,
)
SENDING_STARTS = (
    "sent from ", "sent via ", "sent with ", "sent using ", "gesendet ", "envoyé ", "provenance :", "enviado ",
    "enviada ", "inviato ", "verzonden ", "verstuurd ", "sendt ", "skickat ", "lähetetty ", "sent úr ", "wysłan",
    "odesláno ", "odoslané ", "küldve ", "elküldve ", "trimis ", "poslano ", "poslato ", "послато ", "изпратено ",
    "отправлено ", "надіслано ", "відправлено ", "στάλθηκε ", "saadetud ", "nosūtīts ", "išsiųsta ", "enviat ",
    "đã gửi từ ", "gửi từ ", "dikirim ", "dihantar ", "נשלח ", "أُرسلت من ", "أرسلت من ", "مُرسل من ", "مرسل من ",
    "تم الإرسال من ", "ارسال شده از ", "发自", "發自", "寄自", "从我的", "從我的", "发送自", "ส่งจาก",
)  # fmt: skip
SENDING_ENDS = ("gesendet", "küldve", "gönderildi", "送信", "发送", "發送", "傳送", "보냄", "보냈습니다", "भेजा गया")
ASCII_END = "gesendet"
SENDING_WORDS = PHONE_STARTS | {start.split(None, 1)[0] for start in SENDING_STARTS}
MAX_SHORT_CHARS = 80
# "Sent from my Nokia", "Gesendet mit der mobilen Mail App": a few words that name no device known here.
MINE = re.compile(
    r"\b(?:my|mein\w*|mon|ma|mi|meu|minha|mio|mia|mijn|min|mojego|mojej|mého|mé|môjho|mojí|mog|mojega|моего|моей|"
    r"мого|моєї|моя|meu|meva|mano|mana|minu|mobil\w*|handy|tablet|phone|app|application|telefon\w*|téléphone|"
    r"teléfono|телефон\w*)\b|készülékemről|[uüıi]mdan|[ei]mden|我的|携帯|שלי"
)
MIN_NAMED_WORDS, MAX_NAMED_WORDS = 2, 3
MAX_DEVICE_WORDS, MAX_MINE_WORDS, MAX_OUTLOOK_WORDS = 12, 7, 6
NAMED_VALUE = ": "
PHONE_LINE = re.compile(
    r"""^\s*[-–—]{0,2}\s*(?:
    sent\s+(?:from|via|using|on)\s+(?!behalf)[^.,;!?]{2,70}
    | (?:get|obtenir|télécharger|obtener|obtenha|ottieni|download|hämta|hent|hanki|laden\s+sie
        |holen\s+sie\s+sich)\s+outlook\b.{0,60}
    | [^:]{0,40}\boutlook\b[^:]{0,12}\b(?:ios|android)\b.{0,80}
    | (?:gesendet|geschickt)\s+(?:von|mit|über|via)\s+[^.,;!?]{2,70}
    | (?:von\s+mein\w+\s+.{2,40}\s+gesendet | diese\s+nachricht\s+wurde\s+von\s+mein\w+\s+.{2,60}\s+gesendet)\.?
    | envoyé\s+(?:de|depuis|à\s+partir|avec|par|via)\b[^.,;!?]{2,70}
    | enviad[oa]\s+(?:desde|de|do|da|a\s+partir|con|com|via|pelo)\s+[^.,;!?]{2,70}
    | inviato\s+(?:da|dal|con|tramite)\b[^.,;!?]{2,70}
    | (?:verzonden|verstuurd)\s+(?:vanaf|van|via|met|vanuit)\s+[^.,;!?]{2,70}
    | (?:sendt|skickat|skickades)\s+(?:fra|från|via|med|min)\b[^.,;!?]{2,70}
    | lähetetty\s+[^.,;!?:]{2,60}
    | wysłan[eoy]\s+(?:z|przy|za)\s+[^.,;!?]{2,70}
    | (?:odesláno|odoslané|poslano|poslato)\s+(?:z|ze|zo|s|sa)\s+[^.,;!?]{2,70}
    | (?:elküldve|küldve)\s+[^.,;!?:]{2,60} | .{2,40}\s+készülékemről\s+küldve
    | trimis\s+(?:de\s+pe|din)\s+[^.,;!?]{2,70}
    | (?:отправлено|послано|надіслано|відправлено|изпратено)\s+(?:с|со|из|з|от|від)\s+[^.,;!?]{2,70}
    | .{2,40}(?:['’]?(?:dan|den|tan|ten|mdan|mden|umdan|imden))\s+gönderildi
    | .{0,40}(?:から送信) | 发自我的.{1,40} | 從我的.{1,30}傳送 | 发送自.{1,40} | .{1,30}에서\s*보냄 | נשלח\s+מ.{2,40}
    | gửi\s+từ\s+.{2,40} | dikirim\s+dari\s+[^.,;!?]{2,50}
    )\s*$""",
    re.IGNORECASE | re.VERBOSE,
)


def holds_mark(line: str) -> bool:
    """Whether a line holds what each holds that could begin a quote, an attribution, a header block, a rule or code.

    Most lines do not, and need no closer look.
    """
    mark = _ASCII_MARK if line.isascii() else _MARK  # the ten digits are found much faster than all there are
    return "above" in line or "ABOVE" in line or mark.search(line) is not None


def is_original(line: str) -> bool:
    """Whether the line announces the mail answered: "-----Original Message-----", "reply above this line"."""
    if len(line) > MAX_CHARS:
        return False
    core = line.strip(EDGE).rstrip(" :").replace("İ", "i").casefold()
    if core in ORIGINALS and _is_drawn(line):
        # "--original--" in a list of colors is no announcement, and "------ Original ------" is one.
        return not core.isalpha() or not core.isascii() or len(line.strip()) - len(core) > 2 * MIN_RULE_CHARS
    return len(line) <= MAX_SHORT_CHARS and _asks_for_answers_above(line)


def _asks_for_answers_above(line: str) -> bool:
    if not ABOVE_LINE.search(line):
        return False
    return bool(DRAWN_ABOVE_LINE.match(line) or ORDER.match(line))


def is_forwarded(line: str) -> bool:
    """Whether the line announces a forwarded mail."""
    if len(line) > MAX_CHARS:
        return False
    core = line.strip(EDGE).replace("İ", "i").casefold()
    if not core.startswith(FORWARDS):
        return False
    return _is_drawn(line) or (core.endswith((":", "：")) and core.rstrip(" :：") in FORWARDS)


def without_announcement(line: str) -> str:
    """The line without such words between dashes at its beginning: "--- Original Message --- From: …"."""
    found = ANNOUNCEMENT.match(line)
    return line[found.end() :] if found and (is_original(found[0].strip()) or is_forwarded(found[0].strip())) else line


def is_rule(line: str) -> bool:
    """Whether the line only draws a rule."""
    core = line.strip(" \t>*") or line.strip()
    if core == "* * *":
        return True
    return MIN_RULE_CHARS <= len(core) < MAX_CHARS and DRAWN.issuperset(core) and core != "***"


def _is_drawn(line: str) -> bool:
    """Whether dashes or stars stand around the words."""
    core = line.strip(" \t>\ufeff")
    if core.startswith("*"):
        return core.rstrip(" :").endswith("*")  # else an item of a list
    return core[:2].strip("-_=~\u2010\u2011–—") == ""


def is_signature_mark(line: str) -> bool:
    """Whether the line is the "-- " before a signature (RFC 3676 §4.3)."""
    return bool(SIGNATURE_LINE.match(line))


def is_phone_signature(line: str) -> bool:
    """Whether the line only says with which device or program the mail was sent."""
    if not MIN_PHONE_CHARS < len(line) < MAX_PHONE_CHARS or _is_surely_text(line):
        return False
    bare = LINK.sub("", line) if "http" in line else line
    low = bare.replace("İ", "i").lower()
    if _may_be_phone(low) and PHONE_LINE.match(bare):
        return is_surely_phone_signature(bare) or not _goes_on(bare)
    return _names_device(low.strip(" \t-–—.!"))


def _goes_on(line: str) -> bool:
    """Whether words stand behind "sent from" that are no program's name: "Sent with DHL on Monday"."""
    words = line.strip(" \t-–—").split()
    if not " ".join(words).lower().startswith(SENDING_STARTS):
        return False
    return len(words) > MAX_NAMED_WORDS and any(word[0].islower() for word in words[MIN_NAMED_WORDS:])


def is_surely_phone_signature(line: str) -> bool:
    """Whether a phone's signature is no sentence about parcels: it names a device, or few words say "my" or "mobile".

    "Sent with DHL on Monday" looks like one as well, and so does "Outlook for iOS crashes when it starts".
    """
    low = LINK.sub("", line).lower().strip()
    count = len(low.split())
    if "outlook" in low and not low.startswith(SENDING_STARTS):
        return count <= MAX_OUTLOOK_WORDS and not low.endswith(".")
    if DEVICE.search(low):
        return count <= MAX_DEVICE_WORDS and NAMED_VALUE not in low.removeprefix("provenance : ")
    return count <= MAX_MINE_WORDS and bool(MINE.search(low))


def _is_surely_text(line: str) -> bool:
    """Whether a line in ASCII, as most are, begins with no word of sending and holds none of the others."""
    low = line.lower()
    if not line.isascii() or "http" in low or "outlook" in low or ASCII_END in low:
        return False
    return SENDING_WORDS.isdisjoint(low.lstrip(" \t-.!").split(None, 1)[:1])


def _names_device(line: str) -> bool:
    if len(line) > MAX_SHORT_CHARS or "?" in line or len(line.split()) > MAX_DEVICE_WORDS:
        return False
    if "outlook" in line and ("ios" in line or "android" in line):
        return NAMED_VALUE not in line  # "App: Outlook for iOS" is part of a report
    return (line.startswith(SENDING_STARTS) or line.endswith(SENDING_ENDS)) and bool(DEVICE.search(line))


def _may_be_phone(line: str) -> bool:
    first = line.lstrip().lstrip("-–—").split(None, 1)[:1]
    if not PHONE_STARTS.isdisjoint(first) or "outlook" in line:
        return True
    return not line.isascii() and any(word in line for word in PHONE_HOLDS)
