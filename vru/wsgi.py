"""The web process."""

import os

from django.core.wsgi import get_wsgi_application

from vru.demo.guard import refuse_demo_accounts

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vru.settings")
application = get_wsgi_application()
refuse_demo_accounts()
