#!/usr/bin/env python3
"""Seeds of fuzz_bgp: messages of every kind, and an UPDATE for each attribute with the examples of the unit test.
usage: make_bgp_corpus.py tests/unit/support/attribute_examples.h tests/fuzz/corpus/fuzz_bgp"""
import os
import re
import struct
import sys

examples, root = sys.argv[1:]
os.makedirs(root, exist_ok=True)
FLAGS = {"WELL": 0x40, "OPT": 0x80, "OPT_TR": 0xC0}


def octets(text):
    return bytes.fromhex(text.replace(" ", ""))


def message(kind, body):
    return b"\xff" * 16 + struct.pack(">HB", 19 + len(body), kind) + body


def update(attrs, nlri=b"", withdrawn=b""):
    return message(2, struct.pack(">H", len(withdrawn)) + withdrawn + struct.pack(">H", len(attrs)) + attrs + nlri)


def attr(flags, code, value):
    return struct.pack(">BBH", flags | 0x10, code, len(value)) + value


def save(name, how, *messages):
    with open(os.path.join(root, name), "wb") as f:
        f.write(bytes([how]) + b"".join(messages))


# --- the examples: one file for each code and width ------------------------------------------------------------------
text = open(examples, encoding="ascii").read()
text = text[text.index("examples[] = {"):]
row = re.compile(r'\{\s*"[^"]*",\s*(\d+),\s*(\w+),\s*(true|false),\s*((?:"[0-9a-f ]*"\s*)+),')
by = {}
for code, flags, as2, value in row.findall(text):
    value = octets("".join(re.findall(r'"([^"]*)"', value)))
    flags = FLAGS.get(flags) or int(flags, 16)
    by.setdefault((int(code), as2 == "true"), []).append(update(attr(flags, int(code), value), b"\x18\xcb\x00\x71"))
for (code, as2), updates in by.items():
    save("attr-%03d%s" % (code, "-as2" if as2 else ""), 1 if as2 else 0, *updates)

# --- OPEN, NOTIFICATION, ROUTE-REFRESH, KEEPALIVE -------------------------------------------------------------------
fixed = octets("04 fbf5 005a c0000201")
caps = octets("0104 00010001 0104 00190046 0200 030b 00010001 02 4003 8001 00 0a 0506 000100010002 0600 0703 080001 "
              "0804 00010403 0901 03 4006 c078 00010180 4104 fa56ea00 4504 00010103 4600 4707 00010180000e10 "
              "4907 027231 036c6162 4b07 06464f4f2f3130 4c05 000101000a 4d00 8000 f002cafe")
save("open", 0, message(1, fixed + bytes([len(caps) + 2, 2, len(caps)]) + caps))
save("open-extended", 0, message(1, fixed + b"\xff\xff" + struct.pack(">HBH", len(caps) + 3, 2, len(caps)) + caps))
save("open-unknown", 0, message(1, fixed + octets("0c 0102abcd 02020200 02024104")), message(1, b""))
save("notification", 0, *(message(3, octets(h)) for h in (
    "0101", "0602 0a 6d61696e74656e616e63", "0601 00010100 0003e8", "0609 0604026f6b", "0609 0609 0604", "0204", "06",
    "2a01ff", "0604 40 30")))
save("refresh", 0, *(message(5, octets(h)) for h in (
    "00010001", "00020101", "00010001 02 40000180", "00010001 01 400015 00 00000005 18 20 10 c000 60 00000006 00 00 18 "
    "cb0071", "00020001 01 80000c 00 00000001 00 00 20 20010db8 030002cafe")))
save("keepalive", 0, message(4, b""), message(4, b"\7"), message(99, b"abc"))

# --- whole UPDATEs ----------------------------------------------------------------------------------------------------
base = octets("400101 00 400206 02010000fbf5 400304 c0000201")
save("update-all-fields", 0, update(base, octets("18cb0071"), octets("100a01")))
save("update-path-ids", 8, update(base, octets("00000007 18cb0071"), octets("00000007 100a01")))
save("update-end-of-rib", 2, update(b""), update(octets("800f03 000201")), update(octets("900f0003 001946")))
save("update-repeated", 4, update(base + base + octets("c06300"), octets("18cb0071")), update(base + b"\xc0\x07\x08\x01"))
save("mrt-short-reach", 64, update(base + octets("800e11 10 20010db8000000000000000000000001")))
save("body-update", 128, b"\2" + update(base + octets("c00804 fbf40064"), octets("18cb0071"))[19:])
save("body-open", 128, b"\1" + fixed + bytes([len(caps) + 2, 2, len(caps)]) + caps)
save("body-notification", 128, b"\3" + octets("0609 0604026f6b"))
save("body-refresh", 128, b"\5" + octets("00010001 01 400015 00 00000005 18 20 10 c000 60 00000006 00 00 18 cb0071"))
save("not-bgp", 0, b"\xff" * 15 + b"\0\0\x13\4")
