"""gunicorn for one core: one process that keeps connections, as many as there are users; the address is printed once it listens."""

bind = "127.0.0.1:0"
worker_class = "gthread"
workers = 1
threads = 8
worker_connections = 20000
keepalive = 75
loglevel = "error"


def post_worker_init(worker):
    host, port = worker.sockets[0].getsockname()
    print(f"http://{host}:{port}", flush=True)
