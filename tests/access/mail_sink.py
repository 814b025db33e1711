"""A mail server for the tests: speaks enough SMTP (RFC 5321) to take what is sent, on a port of its own."""

import email
import email.policy
import socketserver
import threading

from access import mails


class _Talk(socketserver.StreamRequestHandler):
    def handle(self):
        self._say("220 sink")
        while line := self.rfile.readline().decode().strip():
            verb = line.partition(" ")[0].upper()
            if verb == "DATA":
                self._say("354 go on")
                self.server.taken.append(self._text())
            self._say("221 bye" if verb == "QUIT" else "250 ok")
            if verb == "QUIT":
                return

    def _text(self):
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        return email.message_from_bytes(b"".join(lines), policy=email.policy.default)

    def _say(self, words):
        self.wfile.write(f"{words}\r\n".encode())


class Sink(socketserver.ThreadingTCPServer):
    """Takes mails; `settings` is what Django needs to send them here."""

    daemon_threads = allow_reuse_address = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Talk)
        self.taken = []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def settings(self):
        smtp = "django.core.mail.backends.smtp.EmailBackend"
        return {"EMAIL_BACKEND": smtp, "EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": self.server_address[1]}

    def mails_to(self, address):
        """Return the subjects and texts that this address got."""
        assert mails.settled(20)
        return [(one["subject"], one.get_content()) for one in self.taken if one["to"] == address]
