#!/usr/bin/env python3
"""Checks an export of Onroll's disclosure log, as FORMAT.md describes it.

    python3 verify.py [FOLDER]

Needs Python 3.8 or newer and the openssl command (1.1.1 or newer), nothing else. Prints the first fault and ends with 1,
or one line that all is well and ends with 0.
"""

import hashlib
import json
import os
import subprocess
import sys
import tempfile


class Fault(Exception):
    """What is wrong."""


# SubjectPublicKeyInfo of an ed25519 key: what stands before its 32 bytes (RFC 8410).
PREFIX = bytes.fromhex("302a300506032b6570032100")


def key_id(pem):
    """The first 16 hex digits of the SHA-256 of the key."""
    result = subprocess.run(["openssl", "pkey", "-pubin", "-in", pem, "-outform", "DER"], capture_output=True)
    if result.returncode != 0 or len(result.stdout) != 44 or not result.stdout.startswith(PREFIX):
        raise Fault("public-key.pem is no ed25519 public key")
    return hashlib.sha256(result.stdout[len(PREFIX):]).hexdigest()[:16]


def is_signed(pem, head, scratch):
    """Whether the head bears a signature of the key."""
    text = "onroll disclosure log\n%d\n%s\n%s\n" % (head["entries"], head["hash"], head["at"])
    signature = os.path.join(scratch, "signature")
    signed = os.path.join(scratch, "text")
    with open(signature, "wb") as f:
        f.write(bytes.fromhex(head["signature"]))
    with open(signed, "wb") as f:
        f.write(text.encode("utf-8"))
    command = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", pem, "-rawin", "-in", signed, "-sigfile", signature]
    return subprocess.run(command, capture_output=True).returncode == 0


def read_heads(folder):
    """All heads, each checked against the key and the one before it."""
    pem = os.path.join(folder, "public-key.pem")
    own = key_id(pem)
    heads = []
    with open(os.path.join(folder, "heads.jsonl"), encoding="utf-8") as f, tempfile.TemporaryDirectory() as scratch:
        for number, line in enumerate(f, 1):
            try:
                head = json.loads(line)
                whole = sorted(head) == ["at", "entries", "hash", "key", "signature"] and isinstance(head["entries"], int)
                good = whole and head["key"] == own and is_signed(pem, head, scratch)
            except (ValueError, TypeError, RecursionError):
                raise Fault("line %d of heads.jsonl is no signed head" % number) from None
            if not good:
                raise Fault("head %d is forged: it was not signed by this key" % number)
            if heads and (head["entries"] < heads[-1]["entries"] or head["at"] < heads[-1]["at"]):
                raise Fault("head %d is out of order" % number)
            heads.append(head)
    return heads


def parts(line):
    """The text that was hashed, and the entry; None where the line is no entry, or says more than what was hashed."""
    text = line.rpartition(',"hash":"')[0]
    try:
        entry = json.loads(line)
        entry["number"] + 0, entry["previous"] + ""
        whole = line == '%s,"hash":"%s"}\n' % (text, entry["hash"])
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    return (text + "}", entry) if whole else None


def check_entry(text, entry, expected, previous):
    """The hash of the entry, if it is the one that belongs here and was not altered."""
    number = entry["number"]
    if number < expected:
        raise Fault("entry %d is out of order: entry %d belongs in its place" % (number, expected))
    own = hashlib.sha256((entry["previous"] + "\n" + text).encode("utf-8")).hexdigest()
    if own != entry["hash"] or not text.startswith('{"number":%d,"previous":"%s",' % (number, entry["previous"])):
        raise Fault("entry %d was altered: it does not have the hash that it was written with" % number)
    if entry["previous"] != previous:
        if number == 1:
            raise Fault("entry 1 was forged: it follows from an entry that is not there")
        raise Fault("entry %d or entry %d was forged: the second does not follow from the first" % (number - 1, number))
    return own


def check_gap(found, rest, expected):
    """An entry that is not there in its place: does it come later, or not at all?"""
    for line in rest:
        later = parts(line)
        if later is not None and later[1]["number"] == expected:
            raise Fault("entry %d is out of order: entry %d belongs in its place" % (found, expected))
    raise Fault("entry %d is missing: entry %d follows in its place" % (expected, found))


def check(folder):
    """Checks all; gives the number of entries, of heads, and of entries that the last head counts."""
    heads = read_heads(folder)
    entries, hash_, met, signed = 0, "0" * 64, 0, 0
    with open(os.path.join(folder, "entries.jsonl"), encoding="utf-8", newline="\n") as f:
        while True:
            while met < len(heads) and heads[met]["entries"] == entries:
                if heads[met]["hash"] != hash_:
                    raise Fault(
                        "entries %d to %d are not those that were signed at %s: the log was rebuilt, or an older copy was put back"
                        % (min(signed + 1, entries), entries, heads[met]["at"])
                    )
                signed = entries
                met += 1
            line = f.readline()
            if not line:
                break
            found = parts(line)
            if found is None:
                raise Fault("entry %d was altered: its line is no entry" % (entries + 1))
            text, entry = found
            if entry["number"] > entries + 1:
                check_gap(entry["number"], f, entries + 1)
            hash_ = check_entry(text, entry, entries + 1, hash_)
            entries += 1
    if met < len(heads):
        last = heads[-1]
        raise Fault(
            "entries %d to %d are missing at the end: the head signed at %s counts %d"
            % (entries + 1, last["entries"], last["at"], last["entries"])
        )
    if entries and not heads:
        raise Fault("there is no signed head: nothing proves that these %d entries are the ones that were written" % entries)
    return entries, len(heads), signed


def main():
    folder = sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(os.path.abspath(__file__))
    try:
        entries, heads, signed = check(folder)
    except (Fault, OSError, UnicodeDecodeError) as fault:
        print("FAULT: %s" % fault)
        return 1
    after = "" if signed == entries else "; %d entries after the last head are not signed yet" % (entries - signed)
    print("ok: %d entries, %d signed heads%s" % (entries, heads, after))
    return 0


if __name__ == "__main__":
    sys.exit(main())
