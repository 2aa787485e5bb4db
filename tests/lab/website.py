"""A website on every address: each answer, and each line of its log, says at which one it was reached.

python website.py PORT [CERTIFICATE]
"""

import http.server
import ssl
import sys


class Site(http.server.BaseHTTPRequestHandler):
    """Says the address at which it was reached."""

    def do_GET(self) -> None:
        """Answer; http.server calls it by this name."""
        address = str(self.connection.getsockname()[0])
        print(address, self.headers.get("Via"), self.headers.get("X-Forwarded-For"), flush=True)
        body = f"reached {address}".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keep standard error quiet."""


def serve(port: int, certificate: str | None) -> None:
    """Serve until the process is ended."""
    server = http.server.ThreadingHTTPServer(("0.0.0.0", port), Site)
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    server.serve_forever()


if __name__ == "__main__":
    serve(int(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else None)
