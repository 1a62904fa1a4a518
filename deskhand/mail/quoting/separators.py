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
    "الرسالة الأصلية|元のメッセージ|オリジナルメッセージ|原始邮件|原始郵件|原邮件|원본 메시지|원본 메일|reply message|"
    "reply above this line"
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
    "转发的邮件|轉寄郵件|转发邮件|轉寄的郵件|轉寄訊息|已转发的邮件|전달된 메시지|전달된 메일"
)
LINK = re.compile(r"\s*[<(]?https?://[^\s<>()]{1,200}[>)]?")
SIGNATURE_LINE = re.compile(r"^-- ?$")
EDGE = " \t\u00a0>*_\ufeff=~–—-"
DRAWN = frozenset("-–—_=~*#")
ORIGINALS = frozenset(ORIGINAL.split("|"))
FORWARDS = tuple(FORWARDED.split("|"))
# What every line holds that could begin a quote, an attribution, a header block or a separator: most lines hold none
# of it and need no closer look.
MARK = re.compile(r"[\d@:：>&]")
DRAWN_START = re.compile(r"[\s\ufeff]*[-–—_=~*]")
MAX_CHARS = 200
MIN_RULE_CHARS = 3
MIN_PHONE_CHARS, MAX_PHONE_CHARS = 8, 300
# Asked before PHONE_LINE, which is slow: each of its alternatives begins with one of these words or holds one of these.
PHONE_START = (
    "sent|gesendet|geschickt|von|diese|envoyé|enviado|enviada|inviato|verzonden|verstuurd|sendt|skickat|skickades|"
    "lähetetty|wysłane|wysłano|wysłany|odesláno|odoslané|poslano|poslato|elküldve|küldve|trimis|отправлено|послано|"
    "надіслано|відправлено|изпратено|נשלח|gửi|dikirim"
)
PHONE_STARTS = frozenset(PHONE_START.split("|"))
PHONE_HOLDS = ("készülékemről", "gönderildi", "から送信", "发自我的", "從我的", "发送自", "에서")
PHONE_LINE = re.compile(
    r"""^\s*[-–—]{0,2}\s*(?:
    sent\s+(?:from|via|using|on)\s+(?!behalf)[^.,;!?]{2,70}
    | (?:get|obtenir|télécharger|obtener|obtenha|ottieni|download|hämta|hent|hanki|laden\s+sie
        |holen\s+sie\s+sich)\s+outlook\b.{0,60}
    | .{0,40}\boutlook\b.{0,12}\b(?:ios|android)\b.{0,80}
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


def is_original(line: str) -> bool:
    """Whether the line announces the mail answered: "-----Original Message-----"."""
    if len(line) > MAX_CHARS:
        return False
    core = line.strip(EDGE).rstrip(" :").replace("İ", "i").casefold()
    return core in ORIGINALS and _is_drawn(line)


def is_forwarded(line: str) -> bool:
    """Whether the line announces a forwarded mail."""
    if len(line) > MAX_CHARS:
        return False
    core = line.strip(EDGE).replace("İ", "i").casefold()
    if not core.startswith(FORWARDS):
        return False
    return _is_drawn(line) or (core.endswith((":", "：")) and core.rstrip(" :：") in FORWARDS)


def is_rule(line: str) -> bool:
    """Whether the line only draws a rule."""
    core = line.strip(" \t>*") or line.strip()
    return MIN_RULE_CHARS <= len(core) < MAX_CHARS and DRAWN.issuperset(core) and core != "***"


def _is_drawn(line: str) -> bool:
    """Whether dashes or stars stand around the words."""
    core = line.strip(" \t>\ufeff")
    return core[:2].strip("-_=~–—") == "" or core.startswith("*")


def is_signature_mark(line: str) -> bool:
    """Whether the line is the "-- " before a signature (RFC 3676 §4.3)."""
    return bool(SIGNATURE_LINE.match(line))


def is_phone_signature(line: str) -> bool:
    """Whether the line only says with which device or program the mail was sent."""
    if not MIN_PHONE_CHARS < len(line) < MAX_PHONE_CHARS:
        return False
    bare = LINK.sub("", line) if "http" in line else line
    return _may_be_phone(bare.replace("İ", "i").lower()) and bool(PHONE_LINE.match(bare))


def _may_be_phone(line: str) -> bool:
    first = line.lstrip().lstrip("-–—").split(None, 1)[:1]
    if not PHONE_STARTS.isdisjoint(first) or "outlook" in line:
        return True
    return not line.isascii() and any(word in line for word in PHONE_HOLDS)
