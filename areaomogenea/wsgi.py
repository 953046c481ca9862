import os

from django.core.wsgi import get_wsgi_application

from .headers import readable

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "areaomogenea.settings")
application = readable(get_wsgi_application())
