# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A small web site in the test's own process."""
import contextlib
import http.server
import threading


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_GET(self):
        site = self.server.site
        with site.changed:
            site.asked.append((self.path, dict(self.headers.items())))
            site.changed.wait_for(lambda: self.path not in site.held or site.closed, 60)
        kind, body = site.pages.get(self.path, (None, b"Nothing here"))
        with contextlib.suppress(OSError):  # the client may have gone
            self.send_response(200 if kind else 404)
            self.send_header("Content-Type", kind or "text/plain")
            self.send_header("Set-Cookie", "visitor=1; Path=/")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)


class Site:
    """`pages`: {path: (media type, bytes)}; those in `held` are sent when they are let go."""

    def __init__(self):
        self.pages, self.asked, self.held, self.closed = {}, [], set(), False
        self.changed = threading.Condition()
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.server.site = self
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def url(self, path):
        return f"http://127.0.0.1:{self.server.server_address[1]}{path}"

    def let_go(self):
        with self.changed:
            self.held.clear()
            self.changed.notify_all()

    def close(self):
        with self.changed:
            self.closed = True
            self.changed.notify_all()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()
