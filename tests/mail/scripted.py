"""A mail server for tests that does what its script says, on a free port of loopback.

    python scripted.py --script NAME --cert CHAIN.pem --key KEY.pem --ledger FILE [--implicit] [--login USER:PASSWORD]

Prints "listening PORT" once it takes connections, and ends when its standard input is closed. Every mail that it takes
on is one line of JSON in the ledger, on the disk before the answer is given. Needs aiosmtpd.

Scripts: good, greeting-421, greeting-554, ehlo-502, login-refused, mail-550, rcpt-451, rcpt-550, data-451, data-550, end-421,
end-451, end-550, end-354, hang-at-rcpt, hang-after-end, close-at-rcpt, close-after-end, garbled-after-end, no-starttls,
starttls-454, starttls-502, starttls-injected, starttls-silent, not-tls, not-smtp.
"""

import argparse
import asyncio
import email
import email.policy
import hashlib
import json
import logging
import os
import ssl
import sys
import warnings

from aiosmtpd.smtp import SMTP, AuthResult

ANSWERS = {
    "mail-550": ("MAIL", "550 5.7.1 sender not allowed"),
    "rcpt-451": ("RCPT", "451 4.2.0 try again, office@oakwood.example"),
    "rcpt-550": ("RCPT", "550 5.1.1 no such user office@oakwood.example"),
    "end-421": ("END", "421 4.3.2 shutting down"),
    "end-451": ("END", "451 4.3.0 try again"),
    "end-550": ("END", "550 5.6.0 content refused"),
    "end-354": ("END", "354 go on"),
    "garbled-after-end": ("END", "well\x00 then"),
}


class Ledger:
    def __init__(self, path):
        self.path = path

    def add(self, session, envelope):
        content = envelope.original_content
        mail = email.message_from_bytes(content, policy=email.policy.default)
        files = [part for part in mail.walk() if part.get_filename()]
        line = {
            "message_id": str(mail["Message-ID"]),
            "size": len(content),
            "encrypted": session.ssl is not None,
            "login": session.auth_data.decode() if isinstance(session.auth_data, bytes) else None,
            "mail_from": envelope.mail_from,
            "rcpt_tos": envelope.rcpt_tos,
            "subject": str(mail["Subject"]),
            "date": str(mail["Date"]),
            "text": mail.get_body(("plain",)).get_content(),
            "files": [
                {
                    "name": part.get_filename(),
                    "type": part.get_content_type(),
                    "sha256": hashlib.sha256(part.get_payload(decode=True)).hexdigest(),
                }
                for part in files
            ],
        }
        with open(self.path, "a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
            file.flush()
            os.fsync(file.fileno())


class Handler:
    def __init__(self, script, ledger):
        self.script, self.ledger = script, ledger

    async def handle_MAIL(self, server, session, envelope, address, options):
        envelope.mail_from = address
        return self.answer("MAIL", "250 2.1.0 OK")

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.script == "hang-at-rcpt":
            await asyncio.Event().wait()
        if self.script == "close-at-rcpt":
            server.transport.abort()
        envelope.rcpt_tos.append(address)
        return self.answer("RCPT", "250 2.1.5 OK")

    async def handle_DATA(self, server, session, envelope):
        if self.script == "hang-after-end":
            self.ledger.add(session, envelope)
            await asyncio.Event().wait()
        if self.script == "close-after-end":
            self.ledger.add(session, envelope)
            server.transport.abort()
            return "250 2.0.0 nobody hears this"
        answer = self.answer("END", None)
        if answer is None:
            self.ledger.add(session, envelope)
            answer = "250 2.0.0 OK queued"
        return answer

    def answer(self, at, otherwise):
        step, text = ANSWERS.get(self.script, (None, None))
        return text if step == at else otherwise


class Scripted(SMTP):
    """Answers to the DATA command itself are not asked of a handler."""

    async def smtp_DATA(self, arg):
        script = self.event_handler.script
        if script in ("data-451", "data-550"):
            await self.push("451 4.3.0 not now" if script == "data-451" else "550 5.7.1 no")
            return
        await super().smtp_DATA(arg)


async def raw(script, reader, writer):
    """What a well-behaved server does not do, so that aiosmtpd cannot be asked to."""

    async def say(text):
        writer.write(text.encode() + b"\r\n")
        await writer.drain()

    if script in ("greeting-421", "greeting-554"):
        await say("421 4.3.2 closing" if script == "greeting-421" else "554 5.7.1 not you")
    elif script == "not-smtp":
        await say("HTTP/1.1 400 Bad Request")
    else:
        await say("220 localhost ESMTP scripted")
        while line := await reader.readline():
            word = line.split()[0].upper() if line.split() else b""
            if word == b"EHLO" and script == "ehlo-502":
                await say("502 5.5.1 no")
            elif word == b"EHLO":
                await say("250-localhost\r\n250-8BITMIME" + ("" if script == "no-starttls" else "\r\n250-STARTTLS") + "\r\n250 HELP")
            elif word == b"STARTTLS" and script == "starttls-454":
                await say("454 4.7.0 TLS not available")
            elif word == b"STARTTLS" and script == "starttls-502":
                await say("502 5.5.1 not implemented")
            elif word == b"STARTTLS" and script == "starttls-injected":
                # One packet: the answer, and one more that is to be taken for an answer given under encryption.
                writer.write(b"220 go ahead\r\n250-localhost\r\n250 AUTH PLAIN\r\n")
                await writer.drain()
            elif word == b"STARTTLS" and script == "starttls-silent":
                await say("220 go ahead")
                await asyncio.Event().wait()
            elif word == b"STARTTLS" and script == "not-tls":
                await say("220 go ahead")
                await reader.read(1)
                await say("500 what is this")
            elif word == b"QUIT":
                await say("221 bye")
                break
            else:
                # A client that goes on in clear is welcome here: that is what the test is about.
                await say("354 go on" if word == b"DATA" else "250 OK")
    # Until the other side has gone, so that what was said is not lost in a reset.
    while await reader.read(4096):
        pass
    writer.close()


RAW = {"greeting-421", "greeting-554", "ehlo-502", "not-smtp", "no-starttls", "starttls-454", "starttls-502", "starttls-injected", "starttls-silent", "not-tls"}


async def main():
    # Clients that break off are what the tests are about.
    logging.disable()
    warnings.simplefilter("ignore")
    parser = argparse.ArgumentParser()
    for name in ("--script", "--cert", "--key", "--ledger"):
        parser.add_argument(name, required=True)
    parser.add_argument("--implicit", action="store_true")
    parser.add_argument("--login")
    args = parser.parse_args()
    known = RAW | set(ANSWERS) | {"good", "data-451", "data-550", "hang-at-rcpt", "hang-after-end", "close-at-rcpt", "close-after-end", "login-refused"}
    if args.script not in known:
        parser.error(f"no script {args.script}")

    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(args.cert, args.key)
    loop = asyncio.get_running_loop()

    def login(server, session, envelope, mechanism, data):
        given = f"{data.login.decode()}:{data.password.decode()}"
        is_good = args.script != "login-refused" and given == args.login
        return AuthResult(success=is_good, handled=is_good, auth_data=data.login if is_good else None)

    def session():
        return Scripted(
            Handler(args.script, Ledger(args.ledger)),
            hostname="localhost",
            tls_context=None if args.implicit else context,
            require_starttls=not args.implicit,
            auth_required=bool(args.login),
            # Under implicit TLS aiosmtpd does not see the encryption.
            auth_require_tls=not args.implicit,
            authenticator=login if args.login else None,
            loop=loop,
        )

    outer = context if args.implicit else None
    if args.script in RAW:
        server = await asyncio.start_server(lambda r, w: raw(args.script, r, w), "127.0.0.1", 0, ssl=outer)
    else:
        server = await loop.create_server(session, "127.0.0.1", 0, ssl=outer, backlog=200)
    print("listening", server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    # Connections that hang would keep the program alive.
    os._exit(0)


asyncio.run(main())
