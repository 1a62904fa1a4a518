"""Django's plain WSGI application, for servers that speak only that. Pages then poll: there is no /live."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "deskhand.project.settings")
application = get_wsgi_application()
