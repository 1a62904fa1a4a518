"""What mail servers say when they could not deliver: the tables behind `bounces`."""

import re

from deskhand.mail.quoting.prefixes import FORWARD

DAEMON = re.compile(
    r"mailer[-_.]?daemon|mail[-_. ]?delivery|mdaemon|mail[-_. ]?daemon|delivery[-_. ]?subsystem|"
    r"auto[-_.]?bounce|^mmdf\b|mmdf@|microsoft ?exchange\w*@",
    re.IGNORECASE,
)
# Names of daemons, and of the people who run them.
POSTMASTER = re.compile(r"postmaster", re.IGNORECASE)
ADMINISTRATOR = re.compile(r"postmaster|(?:system|mail|e-mail)[-_. ]?administrator|\broot@", re.IGNORECASE)
ANSWER = re.compile(r"^\s*(?:re|aw|sv|antw|antwort|odp|vs|fwd?|wg|tr)\s*:", re.IGNORECASE)
# Italian programs answer with "RIF:"; servers themselves begin with "RE:".
PASSED_ON = re.compile(rf"^\s*(?:{FORWARD}|rif|vm|ynt)\s*[:\uff1a]", re.IGNORECASE)
# Lists of mail held back, which servers send to those whom it was for.
DIGEST = re.compile(
    r"quarant(?:ine|äne|aine|ena)|карантин|検疫|隔离|spam[-\s]?(?:report|digest|summary|notification|bericht)",
    re.IGNORECASE,
)
# What forms on websites send: the fields that somebody filled in.
FORM = re.compile(
    r"""\W{0,3}(?:(?:your|full|first|last|ihr|votre|su|uw|il\s+tuo)\s+)?
    (?:name|vorname|nachname|nom|prénom|nombre|nome|naam|navn|namn|imię|nazwisko|jméno|имя|お名前|氏名|姓名|이름
    |e-?mail(?:[-\s]?(?:address|adresse|adres))?|mail|courriel|correo(?:\s+electrónico)?|メールアドレス|邮箱|이메일
    |phone|telephone|telefon\w*|téléphone|teléfono|電話番号|电话|message|nachricht|mensaje|messaggio|bericht|comments?
    |お問い合わせ内容)\W{0,3}[:\uff1a]""",
    re.IGNORECASE | re.VERBOSE,
)
GREETING = re.compile(
    r"""\s*+(?:hi|hello|hey|dear|good\s+(?:morning|day|afternoon|evening)|hallo|guten\s+\w+|liebe[rs]?|sehr\s+geehrte\w*
    |moin|servus|grüezi|bonjour|bonsoir|salut|chers?|chère|hola|buen[oa]s?\s+\w+|estimad\w+|ol[aá]|bo[am]\s+\w+|prezad\w+
    |ciao|buongiorno|buonasera|salve|gentil\w+|goede\w*\s*\w+|beste|geachte|hej|hei|hallå|moi|terve|dzień\s+dobry|cześć
    |witam|szanown\w+|dobrý\s+\w+|ahoj|vážen\w+|szia|jó\s+\w+|tisztelt|bună|stimat\w+|zdravo|pozdrav\w*|dobar\s+dan
    |добр\w+\s+\w+|здравствуйте|здравейте|привет|привіт|уважаем\w+|шановн\w+|γεια|καλημέρα|merhaba|sayın
    |שלום|مرحبا|السلام|こんにちは|お世話|您好|你好|안녕\w*)\b(?!.{0,40}\bthis\s+is\s+the\b)""",
    re.IGNORECASE | re.VERBOSE,
)
# A line that only a person writes: a question, or a closing alone.
PERSONAL = re.compile(
    r"""\?\s*$ | ^\W{0,3}(?:(?:many\s+)?thanks(?:\s+(?:a\s+lot|in\s+advance))? | thank\s+you(?:\s+in\s+advance)?
    | (?:(?:with\s+)?(?:kind|best|warm)\s+)?regards | sincerely(?:\s+yours)? | yours\s+(?:sincerely|faithfully) | cheers
    | danke(?:\s+schön|\s+im\s+voraus)? | (?:vielen|besten|herzlichen)\s+dank(?:\s+im\s+voraus)?
    | (?:mit\s+)?(?:freundlich|lieb|best|viel|herzlich|schön)\w{0,3}\s+gr[uü](?:ß|ss)e?n? | gr[uü](?:ß|ss)e?
    | mfg | lg | vg
    | merci(?:\s+(?:d['\u2019]avance|beaucoup))? | (?:bien\s+)?cordialement | (?:un\s+)?(?:cordial\s+)?saludos?
    | (?:muchas\s+)?gracias | (?:cordiali|distinti)?\s*saluti | grazie(?:\s+mille)? | cumprimentos | obrigad[oa]
    | (?:met\s+)?(?:vriendelijke\s+)?groet(?:en|jes)? | bedankt | (?:med\s+)?v[aä]nlig(?:a)?\s+h[iä]ls(?:en|ning(?:ar)?)
    | mvh | hilsen | tack | tak | takk | terveisin | kiitos | pozdrawiam | dziękuję | z\s+poważaniem
    | s\s+pozdravem | děkuji | üdvözlettel | köszönöm | mulțumesc | с\s+уважением | спасибо | з\s+повагою | дякую
    | teşekkürler | saygılarımla | よろしくお願い(?:いた)?します | 谢谢 | 謝謝 | 감사합니다)\W{0,3}$""",
    re.IGNORECASE | re.VERBOSE,
)
SUBJECT = re.compile(
    r"""undeliver(?:ed|able)|un-?deliverable | non[-\s]?delivery
    | deliver(?:y|ed)\s+(?:has\s+)?(?:fail|status|problem|error|report|warning|delay)
    | fail(?:ed|ure)\s+(?:notice|delivery|notification|mail|to\s+deliver)
    | (?:mail|message)\s+(?:delivery\s+)?fail(?:ed|ure)
    | return(?:ed|ing)\s+(?:mail|message|to\s+sender) | could\s+not\s+be\s+(?:delivered|sent) | not\s+delivered
    | delivery\s+status\s+notification | delivery\s+notification | permanent\s+delivery | mail\s+delivery
    | mail\s+error | error\s+in\s+(?:mail|sending) | rejected\s+mail | user\s+unknown | unknown\s+user | ndn\b
    | \bndr\b
    | nondeliverable | can(?:no|')t\s+deliver | message\s+(?:status|undeliv|rejected) | processing\s+error
    | message\s+delay | has\s+not\s+yet\s+been\s+delivered | problems?\s+delivering | unable\s+to\s+deliver
    | unzustellbar | nicht\s+zugestellt | zustellung.{0,20}(?:fehl|status|verzög) | fehlgeschlagen | rückläufer
    | non\s+remis | [ée]chec\s+de\s+(?:la\s+)?(?:remise|livraison|distribution) | non\s+distribu
    | retour\s+de\s+courrier
    | no\s+se\s+(?:ha\s+)?(?:pudo|podido)\s+entregar | no\s+entregad | devuelto | error\s+de\s+entrega
    | não\s+(?:foi\s+)?entregue | não\s+(?:é|foi)\s+possível\s+entregar
    | falha\s+na\s+entrega | devolvid | mancato\s+recapito | impossibile\s+recapitare
    | mancata\s+consegna | onbestelbaar | niet\s+(?:worden\s+)?(?:af|be)geleverd | nie\s+dostarczon | nedoručiteln
    | kézbesíthetetlen | nu\s+(?:a\s+)?(?:fost\s+)?livrat | kan\s+inte\s+levereras | olevererat
    | ikke\s+(?:leveret|levert)
    | toimit\w+\s+epäonnistui | teslim\s+edilemedi | не\s+доставлен | не\s+может\s+быть\s+доставлен | недоставлен
    | 配信(?:不能|できません|エラー) | 送信(?:できません|エラー|失敗) | メール(?:が)?配信 | 退信 | 退回
    | 投递失败 | 傳遞失敗 | 无法(?:送达|投递)
    | 반송 | 배달\s*(?:실패|불가|되지) | 전송\s*실패 | 未传递 | 未傳遞 | 未能送达 | 無法傳遞 | 无法传递
    | remise\s+retardée | entrega\s+(?:retrasada|atrasada|demorada) | consegna\s+ritardata | bezorging\s+vertraagd
    | lever\w*\s+(?:er\s+|är\s+)?(?:forsinket|försena[dt]) | opóźnion\w+\s+dostarcz
        | доставка\s+(?:сообщения\s+)?(?:задерж|отлож)
    | 配信(?:の)?遅延 | 传递延迟 | 延遲傳遞
    | non\s+recapitabile | não\s+entregável | no\s+se\s+puede\s+entregar | kan\s+ikke\s+leveres | niedostarczaln
    | niet\s+afleverbaar | ei\s+voida\s+toimittaa | nedoručiteľn | nelivrabil | teslim\s+edilem(?:iyor|eyen)
    | не\s+уда[её]тся\s+доставить | не\s+вдалося\s+доставити | недоставл | αδύνατη\s+η\s+παράδοση | nepristatyt
    | לא\s+ניתן\s+למסור | تعذ[ّ]?ر\s+(?:ال)?تسليم | غير\s+قابل\s+للتسليم | không\s+thể\s+gửi""",
    re.IGNORECASE | re.VERBOSE,
)
FAILURE = re.compile(
    r"""could\s+not\s+be\s+(?:delivered|sent|reached|found)
    | (?:was|were|is|been|be)\s+(?:not\s+delivered|undeliverable|rejected|refused|returned|bounced)
    | not\s+(?:yet\s+)?(?:been\s+)?delivered | (?:wasn't|isn't|not|un)\s*able\s+to\s+deliver
    | did\s+not\s+(?:reach|receive)
    | (?:could|can)\s*(?:not|n't)\s+(?:be\s+)?deliver(?:ed)? | can'?not\s+deliver
    | failed\s+(?:permanently|recipient|address|to\s+deliver)
    | deliver(?:y|ed)?\s+(?:to\b.{0,80}?\s+)?(?:has\s+|have\s+)?(?:failed|failure|problem|error|aborted|delayed|attempt)
    | permanent(?:ly)?\s+(?:fatal\s+)?(?:error|fail) | following\s+(?:address|recipient)(?:\(?e?s\)?)?
    | unknown\s+(?:user|recipient|host|address|or\s+illegal)
    | (?:user|mailbox|recipient|address|addressee|account|host|domain)\s+(?:is\s+)?(?:unknown|not\s+(?:known
        |found|available))
    | no\s+such\s+(?:user|recipient|mailbox|address|person|domain|host)
    | does(?:\s+not|n't)\s+(?:exist|have\s+(?:an?\s+)?.{0,40}account)
    | (?:mailbox|quota|folder|account|inbox)\s+(?:is\s+|has\s+)?(?:full|exceed|over|disabled|unavailable|inactive)
    | (?:over|exceed\w*|exceeding|disk|their)\s+(?:\w+\s+){0,2}quota | quota\s+(?:exceeded|violation)
    | invalid\s+(?:final\s+delivery|recipient|mailbox|address)
    | (?:recipient|sender|message|mail|relay\w*)\s+(?:address\s+)?(?:rejected|refused|denied)
    | does\s+not\s+like\s+recipient
    | undeliverable\s+(?:to|address|mail|message) | non-?delivery | message\s+looping | too\s+many\s+hops
    | mail\s+loop
    | \b5\d\d[\s-]+(?:\d\.\d\.\d|\#\d|.{0,40}(?:user|mailbox|recip|reject|relay)) | \bsmtp\s+error
    | \(\#?[45]\.\d\.\d\)
    | returned\s+(?:because|mail|to\s+(?:the\s+)?sender) | no\s+longer\s+(?:valid|in\s+use|active|works)
    | (?:final\s+)?delivery\s+point
    | has\s+(?:not\s+been|been\s+(?:delayed|postponed)) | encountered\s+(?:an\s+error|delivery\s+problems)
    | error\s+was\s+detected
    | mail(?:box)?\s+(?:delivery\s+)?failed | no\s+valid\s+recipients | not\s+accepting\s+mail
    | automatically\s+rejected
    | did\s+not\s+exactly\s+match | giving\s+up\s+on | not\s+listed\s+in | name\s+is\s+not\s+recognized
    | konnte\s+nicht\s+(?:zugestellt|übermittelt|gesendet) | nicht\s+zugestellt | unzustellbar
    | n'a\s+pas\s+p[uû]\s+[eê]tre | n'a\s+pu\s+être
    | [ée]chec\s+de | no\s+(?:se\s+)?(?:ha\s+)?(?:pudo|podido)\s+(?:ser\s+)?entreg
    | não\s+(?:pôde|foi|pode)\s+(?:ser\s+)?(?:entreg|enviad)
    | impossibile\s+(?:recapitare|consegnare) | non\s+è\s+stato\s+(?:possibile|recapitato|consegnato)
    | kon\s+niet\s+worden\s+(?:af|be)geleverd | nie\s+(?:został[ao]?|mogła?)\s+(?:być\s+)?(?:dostarcz|doręcz)
    | не\s+(?:может\s+быть\s+|удалось\s+|был[оа]?\s+)?достав | невозможно\s+доставить | 配信(?:され|でき|不能)
    | (?:zustellung|remise|entrega|consegna|bezorging|levering|leverans|leveransen)\b.{0,60}\b(?:verzögert
        |retardée|retrasad\w*|
        atrasad\w*|ritardat\w*|vertraagd|forsinket|försena[dt])
    | 送信でき
    | 届けられ | 無法|无法|投递失败
    | 전달(?:되지|할 수)|배달(?:되지|할 수)|존재하지""",
    re.IGNORECASE | re.VERBOSE,
)
DELAYED = re.compile(
    r"""not\s+yet\s+been\s+delivered | has\s+been\s+(?:delayed|postponed) | message\s+delayed
    | warning\s+(?:message\s+)?only
    | just\s+a\s+warning | will\s+be\s+retried | (?:we\s+)?will\s+continue\s+(?:to\s+(?:try|attempt))
    | still\s+being\s+retried
    | delivery\s+status\s+notification\s+\(delay | delivery\s+(?:is\s+)?delayed | do\s+not\s+need\s+to\s+resend
    | attempts\s+will\s+continue | delayed\s+\d+\s+(?:hours?|days?) | will\s+keep\s+trying
    | temporarily\s+deferred | is\s+delayed\s+for | only\s+a\s+temporary\s+failure | not\s+been\s+delivered\s+yet
    | zustellung\b.{0,60}\bverzögert | weitere\s+zustellversuche | remise\b.{0,60}\bretardée
    | entrega\b.{0,60}\b(?:retrasad|atrasad|demorad) | consegna\b.{0,60}\britardat | bezorging\b.{0,60}\bvertraagd
    | lever\w*\b.{0,60}\b(?:forsinket|försena[dt]) | opóźnion\w+\s+dostarcz | доставка\b.{0,60}\b(?:задерж|отлож)
    | 配信(?:の)?遅延 | 配信が遅れ | 传递延迟 | 延遲傳遞""",
    re.IGNORECASE | re.VERBOSE,
)
DRAWN_EDGE = " \t>|*<[]-_=~"
# A transcript "follows" as well, and is the server's own.
COPY_DRAWN = re.compile(
    r"^(?!transcript\b).*?(?:copy|original|returned|unsent|message\s+(?:header|text|body)|headers?\s+of|header\s+and|forwarded|attach|follows|"
    r"begin|копия|原信)",
    re.IGNORECASE,
)
COPY_PLAIN = re.compile(
    r"""(?:the\s+)?(?:original|old|returned)\s+(?:message|mail)(?:\s+(?:headers?|details|text))?
        (?:\s+(?:follows?|attached|as\s+received)|\s*[:.]|\s+is)
    | (?:your\s+message|message\s+headers?)\s+(?:reads|follows?) | (?:here|included|below|attached)\s+is\s+a\s+copy
    | a\s+copy\s+of\s+(?:the|your)\s | the\s+first\s+\d{1,5}\s+lines | (?:a\s+)?summary\s+of\s+the\s+undelivered
    | (?:return-path|received|x-received|dkim-signature)\s*: | message[-_]id\s*:\s*<""",
    re.IGNORECASE | re.VERBOSE,
)
INLINE_COPY = re.compile(r"-{3}\s?(?:below|enclosed|original|attached)\b", re.IGNORECASE)
NOT_FAILED = re.compile(
    r"^\s{0,80}(?:\*\s{0,9})?(?:to|cc|bcc|from|sender|subject|sent|reply-to|date|mail from|"
    r"received from|message-id|system contact)\s*:|"
    r"contact|further assistance|please (?:send|forward|e-?mail|write)|mail from|(?<!expanded )(?<!generated )from:|"
    r"sender ok|accepting mail from|reporting-mta|"
    r"an email .* addressed",
    re.IGNORECASE,
)
HARD = re.compile(
    r"""(?:user|recipient|mailbox|address|addressee|account|alias)\s+(?:\w+\s+){0,2}?(?:unknown|not\s+found|does\s*n.t\s+exist|does\s+not\s+exist|no\s+longer|not\s+known|invalid|is\s+not\s+recognized)
    | unknown\s+(?:user|recipient|address|account|mailbox|host|domain|or\s+illegal)
    | invalid\s+(?:recipient|mailbox|user|final\s+delivery)
    | no\s+(?:such\s+)?(?:user|mailbox|recipient|account|person|address)\b | (?:no\s+)?such\s+(?:user|domain|host)
    | (?:host|domain)\s+(?:\w+\s+){0,2}?(?:not\s+found|unknown|does\s+not\s+exist) | nxdomain | unrouteable
    | unrouted\s+address
    | does(?:\s+not|n't)\s+have\s+an?\s+.{0,40}account | not\s+listed\s+in | has\s+moved | moved\s+to
    | no\s+longer\s+(?:valid|works|with|employed)
    | does\s+not\s+like\s+recipient | not\s+a\s+valid\s+(?:user|mailbox|recipient) | bad\s+destination
    | no\s+valid\s+recipients | non-?existent\s+(?:host|domain|user|mailbox)
    | (?:empfänger|benutzer|adresse|postfach|mailbox|konto|domain)\s+(?:ist\s+)?(?:unbekannt|existiert\s+nicht
        |nicht\s+gefunden)
    | unbekannte[rs]?\s+(?:empfänger|benutzer|adresse) | empfänger\s+nicht\s+gefunden
    | (?:adresse|utilisateur|destinataire|compte|domaine)\s+(?:est\s+)?(?:inconnue?|introuvable|inexistante?
        |n['\u2019]existe\s+pas)
    | (?:usuario|destinatario|utente|utilizador|usuário|destinatário)\s+(?:es\s+|è\s+|é\s+)?(?:desconocido
        |sconosciuto|desconhecido|inexist)
    | (?:usuario|buzón|dirección|cuenta|destinatario|dominio)\s+no\s+(?:existe|encontrad)
    | (?:utente|casella|indirizzo|destinatario|dominio)\s+(?:\w+\s+)?(?:non\s+esiste|inesistente|non\s+trovat)
    | (?:usuário|utilizador|caixa|endereço|conta|destinatário)\s+(?:\w+\s+)?não\s+(?:existe|encontrad)
    | (?:adres|gebruiker|mailbox|postvak|ontvanger)\s+(?:bestaat\s+niet|is\s+onbekend|onbekend|niet\s+gevonden)
    | (?:adressen|brugeren|modtageren|mottagaren|användaren|mottakeren|brukeren)\s+(?:findes\s+ikke
        |finns\s+inte|finnes\s+ikke|er\s+ukendt|är\s+okänd|er\s+ukjent)
    | (?:adres|użytkownik|skrzynka|odbiorca|konto)\s+nie\s+(?:istnieje|został\w*\s+znalezion)
    | (?:адрес\w*|пользовател\w+|ящик\w*|получател\w+|аккаунт\w*)\s+(?:\w+\s+)?(?:не\s+(?:существует|найден)|неизвест)
    | (?:アドレス|ユーザ[ー]?|宛先|メールボックス)[がはも]?\s?(?:見つかりません|存在しません|不明|ありません)
    | (?:用户|收件人|邮箱|帐号|账号|地址|用戶|信箱|帳號|域名)[^\n]{0,40}?不存在
        | 존재하지\s*않는\s*(?:계정|사용자|주소|메일)
    | (?:계정|사용자|주소|수신자)[가이은는]?\s*(?:존재하지|없)""",
    re.IGNORECASE | re.VERBOSE,
)
SOFT = re.compile(
    r"quota|full\b|over.?size|too\s+(?:large|big)|size\s+limit|spam|block(?:ed|list)|black.?list|policy|reputation|"
    r"dmarc|spf\b|dkim|virus|malware|content|rate|throttl|too\s+many|greylist|grey-list|try\s+again|tempor|timed?\s*out|"
    r"loop|relay|authenticat|not\s+allowed|permission|suspend|disabled|inactive",
    re.IGNORECASE,
)
SENDER = re.compile(
    r"\bsender(?:'s)?\s+(?:address|domain|e-?mail|verif\w*)|\b(?:bad|invalid|unknown)\s+sender|"
    r"\bmail\s+from\s+(?:address|domain)",
    re.IGNORECASE,
)
# RFC 3463 §3.2: bad syntax of the sender's mailbox, bad system of the sender.
SENDER_STATUS = frozenset({"5.1.7", "5.1.8"})
HARD_STATUS = frozenset({"5.1.0", "5.1.1", "5.1.2", "5.1.3", "5.1.4", "5.1.6", "5.1.10", "5.2.1", "5.4.4", "5.4.310"})
