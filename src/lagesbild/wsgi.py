"""The WSGI application that the server runs."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from lagesbild.operate.orphans import end_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lagesbild.settings")
end_with_parent()
application = get_wsgi_application()
_ = get_resolver().url_patterns  # every page's code is loaded before the first person asks

# What is loaded now stays for good: the search for garbage need not walk it again, nor begin for every small page.
gc.collect()
gc.freeze()
gc.set_threshold(50_000, 20, 50)
