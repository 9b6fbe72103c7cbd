"""The application that gunicorn serves, and two settings of the interpreter for many threads in one process."""

import gc
import os
import sys

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mimamori.web.settings")

# Every statement to DuckDB or to the database gives the interpreter away, and asks for it again at the end. By default
# who has it keeps it for 5 ms: a page of thirty statements would wait 150 ms for one other page being rendered.
sys.setswitchinterval(0.0005)

application = get_wsgi_application()

# What is loaded stays: without it each full collection looks at 200,000 objects, a tenth of a second for every thread.
gc.collect()
gc.freeze()
