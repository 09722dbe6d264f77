"""A bad line between browser and server: requests come late, twice, out of order; answers get lost."""

import http.client
import random
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

LONGEST_DELAY = 0.3


class BadLine(ThreadingHTTPServer):
    """The server at `url`, as it is met over such a line at `self.url`.

    What is still on its way arrives at the end; last of all each address gets an earlier request once more.
    """

    daemon_threads = True

    def __init__(self, url, seed=11):
        super().__init__(("127.0.0.1", 0), Handler)
        self.origin, self.chance, self.lock = url, random.Random(seed), threading.Lock()
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.carried, self.met = [], Counter()
        self.threads = ThreadPoolExecutor(8)

    def __enter__(self):
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *exception):
        self.threads.shutdown()
        for path in sorted({request[0] for request in self.carried}):
            earlier = [request for request in self.carried if request[0] == path][:-1]
            self.deliver(self.chance.choice(earlier))
        self.shutdown()
        self.server_close()

    def fate(self, request):
        """Return what becomes of a request, and an earlier one that arrives again after it, or nothing."""
        fates = {"late": 10, "unanswered": 10, "slow": 10, "carried": 70}
        with self.lock:
            (fate,) = self.chance.choices(list(fates), fates.values())
            again = self.carried and self.chance.random() < 0.3 and self.chance.choice(self.carried[-200:])
            self.carried.append(request)
            self.met.update([fate, "again"] if again else [fate])
        return fate, again

    def later(self, request):
        self.threads.submit(self.deliver, request, self.chance.uniform(0, LONGEST_DELAY))

    def deliver(self, request, delay=0):
        """Carry a request to the server; return its status and answer."""
        time.sleep(delay)
        path, body, headers = request
        link = http.client.HTTPConnection(urlsplit(self.origin).netloc, timeout=60)
        try:
            link.request("POST", path, body, headers)
            response = link.getresponse()
            return response.status, response.read()
        finally:
            link.close()


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        line, body = self.server, self.rfile.read(int(self.headers["Content-Length"]))
        own = {"Host": urlsplit(line.origin).netloc, "Origin": line.origin}
        request = self.path, body, dict(self.headers) | own
        fate, again = line.fate(request)
        if again:
            line.later(again)
        if fate == "late":
            return line.later(request)
        status, answer = line.deliver(request, LONGEST_DELAY if fate == "slow" else 0)
        if fate == "unanswered":
            return None
        self.send_response(status)
        self.send_header("Content-Length", len(answer))
        self.end_headers()
        self.wfile.write(answer)
        return None

    def log_message(self, *arguments):
        """Say nothing."""
