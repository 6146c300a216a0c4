"""The WSGI application that the server runs."""

import os

from django.core.wsgi import get_wsgi_application

from lagesbild.operate.orphans import end_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lagesbild.settings")
end_with_parent()
application = get_wsgi_application()
