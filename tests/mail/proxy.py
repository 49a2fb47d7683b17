"""Stands between a mail client and a mail server on loopback and breaks some connections, the same ones for the same seed.

    python proxy.py --to PORT --seed N --faults SHARE

Prints "listening PORT" and ends when its standard input is closed. A connection that is to be broken is, after a random
number of bytes: cut both ways, reset, stalled, or cut in the direction of the answers alone (the client then does not hear
what became of its mail). Standard library only.
"""

import argparse
import asyncio
import os
import random
import socket
import struct
import sys


class Fault:
    """What happens to one connection, and after how many bytes in both directions together."""

    def __init__(self, kind, left):
        self.kind, self.left = kind, left

    def is_due(self, size):
        self.left -= size
        return self.kind is not None and self.left <= 0


async def pump(reader, writer, fault, is_answer, other):
    while data := await reader.read(512):
        if fault.is_due(len(data)):
            if fault.kind == "stall":
                await asyncio.Event().wait()
            if fault.kind == "reset":
                for each in (writer, other):
                    sock = each.get_extra_info("socket")
                    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            if fault.kind != "drop-answers":
                writer.transport.abort()
                other.transport.abort()
                return
            if is_answer:
                # What the server says from here on is lost; what the client says still arrives.
                continue
        writer.write(data)
        await writer.drain()
    if writer.can_write_eof():
        writer.write_eof()


async def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--to", type=int, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--faults", type=float, required=True)
    args = parser.parse_args()
    chance = random.Random(args.seed)

    async def connected(reader, writer):
        is_broken = chance.random() < args.faults
        kind = chance.choice(["cut", "reset", "stall", "drop-answers"])
        fault = Fault(kind if is_broken else None, chance.randrange(1, 6000))
        try:
            there_reader, there_writer = await asyncio.open_connection("127.0.0.1", args.to)
            await asyncio.gather(
                pump(reader, there_writer, fault, False, writer), pump(there_reader, writer, fault, True, there_writer)
            )
        except OSError:
            pass
        finally:
            for each in (writer, there_writer):
                each.close()

    server = await asyncio.start_server(connected, "127.0.0.1", 0, backlog=200)
    print("listening", server.sockets[0].getsockname()[1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    os._exit(0)


asyncio.run(main())
