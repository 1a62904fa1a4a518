"""French."""

from deskhand.mail.models import TextKind
from deskhand.mail.shipped.shape import Language, Text, Words

LANGUAGE = Language(
    texts={
        TextKind.ACKNOWLEDGEMENT: Text(
            "Nous avons reçu votre message : {subject} [#{number}]",
            "Bonjour {name},\n\nmerci de votre message. Il nous est bien parvenu et porte le numéro de ticket "
            "#{number}. Nous vous répondrons dès que possible.\n\nPour ajouter quelque chose, répondez à cet e-mail "
            "ou ouvrez le ticket :\n\n{address}",
        ),
        TextKind.REPLY: Text(
            "{subject} [#{number}]",
            "{message}\n\nTicket #{number}. Répondez à cet e-mail ou en ligne : tout arrive au même endroit."
            "\n{address}",
        ),
        TextKind.CLOSED: Text(
            "Clôturé : {subject} [#{number}]",
            "Bonjour {name},\n\nnous avons clôturé le ticket #{number}, « {subject} ».\n\n"
            "Reste-t-il un point à régler ? Répondez à cet e-mail et le ticket sera rouvert.\n\n{address}",
        ),
        TextKind.RATING: Text(
            "Clôturé : {subject} [#{number}]",
            "Bonjour {name},\n\nnous avons clôturé le ticket #{number}, « {subject} ». Êtes-vous satisfait de notre "
            "travail ?\n\n{good}\n{bad}\n\n"
            "Reste-t-il un point à régler ? Répondez à cet e-mail et le ticket sera rouvert.",
        ),
        TextKind.INVITATION: Text(
            "{inviter} vous invite sur le portail d'assistance de {desk}",
            "Bonjour {name},\n\n{inviter} vous invite sur le portail d'assistance de {desk}. Vous pouvez y faire vos "
            "demandes, suivre leur avancement et retrouver toutes les réponses.\n\n{address}\n\nCe lien fonctionne "
            "une seule fois, pendant {minutes} minutes. Pour en recevoir un nouveau, indiquez votre adresse ici : "
            "{sign_in}",
        ),
        TextKind.SIGN_IN_LINK: Text(
            "Votre lien de connexion à {desk}",
            "Bonjour {name},\n\nvoici votre lien de connexion à {desk}. Il fonctionne une seule fois, pendant "
            "{minutes} minutes.\n\n{address}\n\nVous ne l'avez pas demandé ? Vous n'avez rien à faire : personne ne "
            "peut se connecter sans cet e-mail.",
        ),
        TextKind.APPROVAL: Text(
            "Acceptez-vous {time} de travail supplémentaire ? {subject} [#{number}]",
            "Bonjour {name},\n\n{agent} vous demande si nous pouvons consacrer {time} de travail supplémentaire au "
            "ticket #{number}, « {subject} » :\n\n{work}\n\n{allowance}\n\nNous ne commencerons pas sans votre accord "
            "ou celui d'un collègue.\n\n{address}",
        ),
        TextKind.ALLOWANCE_ALERT: Text(
            "{percent} % de votre forfait de maintenance sont utilisés : {plan}",
            "Bonjour {name},\n\n{client} a utilisé {used} sur {allowance} ce mois-ci ({plan}). Il reste {left}.\n\n"
            "Le forfait est renouvelé le 1er du mois prochain.\n\n{address}",
        ),
    },
    fixed_acknowledgement=Text(
        "Nous avons reçu votre message [#{number}]",
        "Bonjour,\n\nun message envoyé depuis cette adresse est parvenu à {desk} et porte le numéro de ticket "
        "#{number}.\n\nVous ne nous avez pas écrit ? Vous n'avez rien à faire.",
    ),
    words=Words(
        automatic="Cet e-mail a été envoyé automatiquement.",
        copy_address="Si le bouton ne fonctionne pas, copiez cette adresse dans votre navigateur :",
        attached="en pièce jointe",
        see_ticket="Voir le ticket",
        sign_in="Se connecter",
        good="Satisfait",
        bad="Pas satisfait",
        decide="Accepter ou refuser",
        see_allowance="Voir le détail",
        left_now="Il reste {left} de votre forfait ce mois-ci.",
        left_after="Après ce travail, il resterait {left}.",
        over_after="Ce travail dépasserait le forfait de {over}.",
    ),
)
