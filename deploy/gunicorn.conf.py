"""How gunicorn serves Hanse, under script/server and in production alike."""

import os

worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "8"))
# Loaded once, then forked: a quick start, and memory shared between the workers.
preload_app = True
graceful_timeout = 8
timeout = 120
# Now and then a fresh worker, not all at the same moment.
max_requests = 20_000
max_requests_jitter = 2_000
# Its default is one socket in the home folder, which two installations would share.
control_socket_disable = True
loglevel = "warning"
