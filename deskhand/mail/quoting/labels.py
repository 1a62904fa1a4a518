"""The names of header fields as mail programs translate them into the body of a mail."""

import re
import unicodedata
from typing import Literal

Kind = Literal["from", "to", "cc", "date", "subject", "reply_to", "other"]

# One line a language: en de fr es pt it nl da sv no fi is pl cs sk hu ro hr/sl/sr bg ru uk el tr
# et lv lt ca eu vi id he ar ja zh ko th, then be mk sq ms fil ga cy fa hi ka hy az.
LABELS: dict[Kind, str] = {
    "from": """from|sender|von|absender|de|expéditeur|emisor|remitente|enviado por|remetente|da|mittente|van|
        afzender|fra|afsender|avsender|från|avsändare|lähettäjä|frá|sendandi|od|nadawca|odesílatel|odosielateľ|
        feladó|de la|expeditor|šalje|pošiljatelj|pošiljalec|шаље|од|от|подател|от кого|від кого|отправитель|від|
        відправник|από|αποστολέας|gönderen|kimden|saatja|no|sūtītājs|nuo|siuntėjas|nork|từ|người gửi|
        dari|pengirim|מאת|من|المرسل|差出人|送信者|送信元|发件人|發件人|寄件者|寄件人|보낸 사람|보낸사람|발신|จาก|
        von wem|message de|ад|nga|daripada|mula kay|ó|oddi wrth|از|فرستنده|प्रेषक|გამგზავნი|ումից|kimdən|
        expedidor|remitent|bidaltzailea|寄件人|发送人|发信人|發信人|
        寄信人|보내는 사람|ผู้ส่ง""",
    "to": """to|an|empfänger|à|a|pour|destinataire|para|destinatario|destinatário|per|aan|ontvanger|til|modtager|
        mottaker|till|mottagare|vastaanottaja|viðtakandi|do|adresat|komu|příjemce|pre|príjemca|címzett|către|
        catre|la|destinatar|prima|primatelj|za|prejemnik|коме|прима|до|към|кому|получатель|одержувач|προς|
        παραλήπτης|kime|alıcı|kellele|saaja|kam|adresāts|kam:|kam|gavėjas|nori|đến|tới|người nhận|kepada|untuk|
        penerima|אל|אל:|إلى|الى|المستلم|宛先|宛て|送信先|受信者|收件人|收件者|받는 사람|받는사람|수신|ถึง|
        за|каму|për|ke|chuig|at|kay|به|گیرنده|प्रति|მიმღები|ում|kimə|adressaat|per a|til:|naar|destinatari|hartzailea|
        a:|primaoci|收信人|받는 이|ผู้รับ""",
    "cc": """cc|kopie|copie|copie à|copia|c/c|copia a|con copia|com cópia|cópia|kopi|kopia|kopio|afrit|dw|
        do wiadomości|
        kópia|másolat|másolatot kap|copie la|kopija|копие|копия|копія|κοιν.|κοινοποίηση|bilgi|koopia|kopija|
        tembusan|עותק|העתק|نسخة|نسخة إلى|抄送|副本|참조|写し|สำเนา|cc:|bcc|kk|kp|kopija:|копија|копіа|a/c|sk|رونوشت|
        प्रतिलिपि|ასლი|պատճեն|surət|抄送人|másolat:|ks|en copie|in kopie|in copia|kopie an|kóp""",
    "date": """date|sent|datum|gesendet|gesendet am|gesendet um|verschickt|envoyé|envoyé le|date d'envoi|message du|
        fecha|enviado|enviado el|enviada el|enviado em|enviada em|enviada|data|inviato|data invio|inviato il|
        verzonden|verzonden op|verstuurd|dato|sendt|sendt den|skickat|skickad|skickat den|datum/tid|lähetetty|
        päivämäärä|päiväys|sent:|dags|dagsetning|data wysłania|wysłano|wysłane|odesláno|dátum|odoslané|odoslaná|
        küldve|elküldve|küldés dátuma|trimis|dată|poslano|poslato|послато|датум|дата|изпратено|изпратено на|
        дата отправки|отправлено|надіслано|відправлено|ημερομηνία|στάλθηκε|tarih|gönderildi|gönderilme tarihi|
        gönderme tarihi|kuupäev|saadetud|datums|nosūtīts|išsiųsta|enviat|ngày|đã gửi|gửi|tanggal|dikirim|terkirim|
        תאריך|נשלח|نشلח|التاريخ|تاريخ|أرسلت|تم الإرسال|日時|日付|送信日時|送信日|日期|时间|時間|发送时间|發送時間|
        發送日期|發送|
        寄件日期|傳送時間|보낸 날짜|보낸날짜|날짜|วันที่|ส่ง|ส่งแล้ว|보낸 시간|보낸시간|보낸 일시|날짜/시간|发送日期|已傳送|
        已发送|傳送日期|送信|送信日|受信日時|tarikh|dihantar|petsa|dáta|dyddiad|تاریخ|فرستاده شده|ارسال شده|
        تاريخ الإرسال|تم الارسال|भेजा गया|दिनांक|თარიღი|ամսաթիվ|tarix|
        bidaltze-data|bidalia|enviat el|даслана|время|отослано|пратено|
        发件时间|寄送日期|寄送時間|ngày gửi|วันที่ส่ง|ارسال|
        date d’envoi|date et heure|fecha de envío|data de envio|data:|wysłany|odoslané dňa|odesláno dne|envoyée|
        sendt dato|skickades|gesendet:|lähetysaika|sent on|sent at|sent date|date sent""",
    "subject": """subject|betreff|objet|sujet|asunto|assunto|oggetto|onderwerp|emne|ämne|aihe|efni|temat|předmět|
        vec|predmet|tárgy|subiect|предмет|наслов|относно|тема|θέμα|konu|teema|temats|tema|assumpte|gaia|
        chủ đề|tiêu đề|perihal|subjek|judul|נושא|الموضوع|件名|タイトル|主题|主題|主旨|标题|제목|เรื่อง|
        naslov|zadeva|věc|тэма|tēma|הנדון|subjekti|paksa|ábhar|pwnc|موضوع|विषय|თემა|թեմա|mövzu|asunto:|
        темата|subjecte|subiectul|subjekt|thema|標題|หัวเรื่อง|หัวข้อ""",
    "reply_to": """reply-to|reply to|antwort an|répondre à|responder a|rispondi a|antwoord aan|svar til|svar till|
        vastausosoite|odpowiedź do|odpovědět komu|odpovedať|válaszcím|ответить|返信先|回复|답장""",
    "other": "importance|priority|wichtigkeit|priorität|importance :|prioriteit|attachments|anhänge|organization",
}
MAX_LINE_CHARS, MAX_LABEL_CHARS = 2000, 30
FIRST_IDEOGRAPH = "\u2e80"
# A row of a table: "| From | Ada <ada@x.test> |".
ROW = re.compile(r"^[\s>]*\|[\s*]*(?P<label>[^\W\d_][^:\uff1a|\n]{0,28}?)[\s*]*\|(?P<value>[^|\n]*)\|?\s*$")
LINE = re.compile(
    r"^[\s>|*_\ufeff\u200b-\u200f\u202a-\u202e\u2066-\u2069]*+(?P<label>[^\W\d_][^:：\n]{0,28}?)[*_\s]*[:：][*_]*(?P<value>.*)$"
)


DIRECTION_MARKS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def plain_label(text: str) -> str:
    """A label as it is looked up: composed, lower-case, single blanks (none between ideographs), no stars."""
    folded = unicodedata.normalize("NFC", text).replace("İ", "i")
    folded = folded if folded.isascii() else DIRECTION_MARKS.sub("", folded)
    words = folded.replace("*", " ").replace("_", " ").lower().split()
    return ("" if words and words[0] > FIRST_IDEOGRAPH else " ").join(words)


KINDS: dict[str, Kind] = {
    plain_label(label): kind
    for kind, labels in reversed(LABELS.items())
    for label in labels.replace("\n", "").split("|")
}


def read_label(line: str) -> tuple[Kind, str] | None:
    """The kind of header field a body line holds, and its value; None when it holds none."""
    if len(line) > MAX_LINE_CHARS:
        return None
    for pattern in (LINE, ROW) if "|" in line else (LINE,):
        found = pattern.match(line)
        kind = KINDS.get(plain_label(found["label"])) if found else None
        if found and kind:
            return kind, found["value"].strip(" \t*|\xa0")
    return None


def bare_label(line: str) -> Kind | None:
    """The kind of header field a line names that holds nothing but its label, without a colon."""
    core = line.strip(" \t>")
    return KINDS.get(plain_label(core)) if len(core) <= MAX_LABEL_CHARS else None
