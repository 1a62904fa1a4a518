"""Italian."""

from deskhand.mail.models import TextKind
from deskhand.mail.shipped.shape import Language, Text, Words

LANGUAGE = Language(
    texts={
        TextKind.ACKNOWLEDGEMENT: Text(
            "Abbiamo ricevuto il suo messaggio: {subject} [#{number}]",
            "Buongiorno {name},\n\ngrazie per averci scritto. Il suo messaggio è arrivato e ora è il ticket "
            "#{number}. Risponderemo il prima possibile.\n\nPer aggiungere qualcosa, risponda a questa e-mail oppure "
            "apra il ticket:\n\n{address}",
        ),
        TextKind.REPLY: Text(
            "{subject} [#{number}]",
            "{message}\n\nTicket #{number}. Risponda a questa e-mail oppure online: tutto arriva nello stesso posto."
            "\n{address}",
        ),
        TextKind.CLOSED: Text(
            "Chiuso: {subject} [#{number}]",
            "Buongiorno {name},\n\nabbiamo chiuso il ticket #{number}, «{subject}».\n\n"
            "C'è ancora qualcosa in sospeso? Risponda a questa e-mail e il ticket verrà riaperto.\n\n{address}",
        ),
        TextKind.RATING: Text(
            "Chiuso: {subject} [#{number}]",
            "Buongiorno {name},\n\nabbiamo chiuso il ticket #{number}, «{subject}». Come abbiamo lavorato?\n\n"
            "{good}\n{bad}\n\n"
            "C'è ancora qualcosa in sospeso? Risponda a questa e-mail e il ticket verrà riaperto.",
        ),
        TextKind.INVITATION: Text(
            "{inviter} la invita nel portale di assistenza di {desk}",
            "Buongiorno {name},\n\n{inviter} la invita nel portale di assistenza di {desk}. Lì può inviare le sue "
            "richieste, vedere a che punto sono e ritrovare ogni risposta.\n\n{address}\n\nQuesto link funziona una "
            "sola volta, per {minutes} minuti. Per riceverne un altro, inserisca qui il suo indirizzo: {sign_in}",
        ),
        TextKind.SIGN_IN_LINK: Text(
            "Il suo link per accedere a {desk}",
            "Buongiorno {name},\n\necco il suo link per accedere a {desk}. Funziona una sola volta, per {minutes} "
            "minuti.\n\n{address}\n\nNon l'ha richiesto? Non deve fare nulla: senza questa e-mail nessuno può "
            "accedere.",
        ),
        TextKind.APPROVAL: Text(
            "Possiamo dedicare {time} di lavoro in più? {subject} [#{number}]",
            "Buongiorno {name},\n\n{agent} chiede se possiamo dedicare {time} di lavoro in più al ticket #{number}, "
            "«{subject}»:\n\n{work}\n\n{allowance}\n\nNon inizieremo prima che lei o un suo collega abbia dato il "
            "consenso.\n\n{address}",
        ),
        TextKind.ALLOWANCE_ALERT: Text(
            "È stato usato il {percent} % della sua manutenzione: {plan}",
            "Buongiorno {name},\n\n{client} ha usato {used} su {allowance} questo mese ({plan}). Restano {left}.\n\n"
            "Il 1º del mese prossimo si ricomincia da capo.\n\n{address}",
        ),
    },
    fixed_acknowledgement=Text(
        "Abbiamo ricevuto il suo messaggio [#{number}]",
        "Buongiorno,\n\na {desk} è arrivato un messaggio da questo indirizzo; ora è il ticket #{number}.\n\n"
        "Non ci ha scritto? Allora non deve fare nulla.",
    ),
    words=Words(
        automatic="Questa e-mail è stata inviata automaticamente.",
        copy_address="Se il pulsante non funziona, copi questo indirizzo nel browser:",
        attached="in allegato",
        see_ticket="Vedi il ticket",
        sign_in="Accedi",
        good="Bene",
        bad="Non bene",
        decide="Approva o rifiuta",
        see_allowance="Vedi come è stato usato",
        left_now="Della sua manutenzione restano questo mese {left}.",
        left_after="Dopo questo lavoro resterebbero {left}.",
        over_after="Questo lavoro la supererebbe di {over}.",
    ),
)
