"""The WSGI entry point that granian serves."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

application = get_wsgi_application()

# What is loaded now stays for good: the collector need not look at it again and again (a tenth of a page's time).
gc.collect()
gc.freeze()
gc.set_threshold(10_000, 20, 50)
