"""The web process."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from vru.demo.guard import refuse_demo_accounts
from vru.lib.memory import settle

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vru.settings")
application = get_wsgi_application()
refuse_demo_accounts()
# Loads every view now, not at the first visitor's expense, so that all of it is settled.
get_resolver().check()
settle()
