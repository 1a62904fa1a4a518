"""Spanish."""

from deskhand.mail.models import TextKind
from deskhand.mail.shipped.shape import Language, Text, Words

LANGUAGE = Language(
    texts={
        TextKind.ACKNOWLEDGEMENT: Text(
            "Hemos recibido su mensaje: {subject} [#{number}]",
            "Hola, {name}:\n\nGracias por escribirnos. Su mensaje ha llegado y ahora es el ticket #{number}. "
            "Le responderemos lo antes posible.\n\nSi desea añadir algo, responda a este correo o abra el ticket:"
            "\n\n{address}",
        ),
        TextKind.REPLY: Text(
            "{subject} [#{number}]",
            "{message}\n\nTicket #{number}. Responda a este correo o en línea: todo llega al mismo sitio.\n{address}",
        ),
        TextKind.CLOSED: Text(
            "Cerrado: {subject} [#{number}]",
            "Hola, {name}:\n\nHemos cerrado el ticket #{number}, «{subject}».\n\n"
            "¿Queda algo pendiente? Responda a este correo y el ticket se abrirá de nuevo.\n\n{address}",
        ),
        TextKind.RATING: Text(
            "Cerrado: {subject} [#{number}]",
            "Hola, {name}:\n\nHemos cerrado el ticket #{number}, «{subject}». ¿Qué le ha parecido nuestro trabajo?"
            "\n\n{good}\n{bad}\n\n¿Queda algo pendiente? Responda a este correo y el ticket se abrirá de nuevo.",
        ),
        TextKind.INVITATION: Text(
            "{inviter} le invita al portal de soporte de {desk}",
            "Hola, {name}:\n\n{inviter} le invita al portal de soporte de {desk}. Allí puede pedir trabajos, ver cómo "
            "avanzan y encontrar todas las respuestas.\n\n{address}\n\nEste enlace funciona una sola vez, durante "
            "{minutes} minutos. Para recibir otro, escriba su dirección aquí: {sign_in}",
        ),
        TextKind.SIGN_IN_LINK: Text(
            "Su enlace para entrar en {desk}",
            "Hola, {name}:\n\nEste es su enlace para entrar en {desk}. Funciona una sola vez, durante {minutes} "
            "minutos.\n\n{address}\n\n¿No lo ha pedido? No tiene que hacer nada: nadie puede entrar sin este correo.",
        ),
        TextKind.APPROVAL: Text(
            "¿Podemos dedicar {time} de trabajo adicional? {subject} [#{number}]",
            "Hola, {name}:\n\n{agent} pregunta si podemos dedicar {time} de trabajo adicional al ticket #{number}, "
            "«{subject}»:\n\n{work}\n\n{allowance}\n\nNo empezaremos hasta que usted o alguien de su empresa lo "
            "apruebe.\n\n{address}",
        ),
        TextKind.ALLOWANCE_ALERT: Text(
            "Se ha usado el {percent} % de su mantenimiento: {plan}",
            "Hola, {name}:\n\n{client} ha usado {used} de {allowance} este mes ({plan}). Quedan {left}.\n\n"
            "El día 1 del mes que viene se empieza de nuevo.\n\n{address}",
        ),
    },
    fixed_acknowledgement=Text(
        "Hemos recibido su mensaje [#{number}]",
        "Hola:\n\nHa llegado a {desk} un mensaje enviado desde esta dirección; ahora es el ticket #{number}.\n\n"
        "¿No nos ha escrito? Entonces no tiene que hacer nada.",
    ),
    words=Words(
        automatic="Este correo se ha enviado automáticamente.",
        copy_address="Si el botón no funciona, copie esta dirección en su navegador:",
        attached="adjunto",
        see_ticket="Ver el ticket",
        sign_in="Entrar",
        good="Bien",
        bad="No tan bien",
        decide="Aprobar o rechazar",
        see_allowance="Ver en qué se ha usado",
        left_now="De su mantenimiento quedan este mes {left}.",
        left_after="Después de este trabajo quedarían {left}.",
        over_after="Este trabajo lo superaría en {over}.",
    ),
)
