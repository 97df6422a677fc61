#!/usr/bin/env python3
"""Seeds of the fuzz corpora, made from the formats' descriptions. usage: make_corpus.py tests/fuzz/corpus"""
import bz2
import gzip
import os
import re
import struct
import sys

root = sys.argv[1]


def save(target, name, data):
    os.makedirs(os.path.join(root, target), exist_ok=True)
    with open(os.path.join(root, target, name), "wb") as f:
        f.write(data)


# --- BMP -----------------------------------------------------------------------------------------------------------
def bmp(kind, body):
    return struct.pack(">BIB", 3, 6 + len(body), kind) + body


def peer(kind=0, flags=0, addr=b"\0" * 12 + b"\xc0\0\2\1", asn=65002, sec=1700000000):
    return struct.pack(">BB8s16sI4sII", kind, flags, b"\0" * 8, addr, asn, b"\1\1\1\1", sec, 5)


def bgp(kind, body):
    return b"\xff" * 16 + struct.pack(">HB", 19 + len(body), kind) + body


def open_(asn, caps):
    params = bytes([2, len(caps)]) + caps
    return bgp(1, struct.pack(">BHH4sB", 4, asn, 90, b"\1\2\3\4", len(params)) + params)


def attr(flags, code, value):
    return bytes([flags, code, len(value)]) + value


def update(attrs, nlri, withdrawn=b""):
    return bgp(2, struct.pack(">H", len(withdrawn)) + withdrawn + struct.pack(">H", len(attrs)) + attrs + nlri)


caps = b"\1\4\0\1\0\1" + b"\x41\4\0\0\xfd\xea" + b"\x09\1\3"
addpath = caps + b"\x45\4\0\1\1\3"
up = bmp(3, peer() + b"\0" * 12 + b"\xc0\0\2\xfe" + b"\0\xb3\xc3\x50" + open_(65001, caps) + open_(65002, caps))
up_addpath = bmp(3, peer() + b"\0" * 16 + b"\0\xb3\xc3\x50" + open_(65001, addpath) + open_(65002, addpath))
init = bmp(4, b"\0\1\0\2ab" + b"\0\2\0\2r1")
path = attr(0x40, 2, b"\2\2\0\0\xfd\xea\0\0\xfc\x9a")
base = attr(0x40, 1, b"\0") + path + attr(0x40, 3, b"\xc0\0\2\1")
comm = attr(0xC0, 8, b"\xff\xff\xff\1") + attr(0xC0, 32, b"\0" * 11 + b"\1") + attr(0xC0, 35, b"\0\0\xfb\xf4")
rm = bmp(0, peer() + update(base + comm, b"\x18\xcb\0\x71\x19\xcb\0\x71\x80"))
rm_post = bmp(0, peer(flags=0x40) + update(base, b"\x18\xcb\0\x71"))
mp = attr(0x80, 14, b"\0\2\1\x10" + b"\x20\1\x0d\xb8" + b"\0" * 12 + b"\0" + b"\x30\x20\1\x0d\xb8\0\1")
rm6 = bmp(0, peer() + update(attr(0x40, 1, b"\0") + path + mp, b""))
wd = bmp(0, peer() + update(b"", b"", b"\x18\xcb\0\x71"))
eor = bmp(0, peer() + update(b"", b""))
leak = bmp(0, peer() + update(attr(0x40, 1, b"\0") + attr(0x40, 2, b"\2\3\0\0\xfd\xea\0\0\x0d\x1c\0\0\xfc\x9a") + attr(0x40, 3, b"\1\1\1\1"), b"\x18\x14\0\0"))
loc = bmp(0, peer(kind=3) + update(attr(0x40, 1, b"\0") + attr(0x40, 2, b"\2\3\0\0\xfd\xea\0\0\x0d\x1c\0\0\xfc\x9a") + attr(0x40, 3, b"\1\1\1\1"), b"\x18\x14\0\0"))
rm_id = bmp(0, peer() + update(base, b"\0\0\0\1\x18\xcb\0\x71\0\0\0\2\x18\xcb\0\x71"))
as2 = bmp(0, peer(flags=0x20) + update(attr(0x40, 1, b"\0") + attr(0x40, 2, b"\2\2\xfd\xea\x5b\xa0") + attr(0xC0, 17, b"\2\1\0\1\0\0") + attr(0x40, 3, b"\1\1\1\1"), b"\x10\x0a\1"))
stats = bmp(1, peer() + b"\0\0\0\2\0\7\0\x08" + b"\0" * 8 + b"\0\x09\0\x0b\0\1\1" + b"\0" * 8)
down = bmp(2, peer() + b"\3" + bgp(3, b"\6\2\4text"))
mirror = bmp(6, peer() + b"\0\1\0\2\0\0" + struct.pack(">HH", 0, 19) + bgp(4, b""))
term = bmp(5, b"\0\1\0\2\0\1")
save("fuzz_bmp_stream", "session", b"\0" + init + up + rm + rm_post + rm6 + leak + loc + stats + mirror + eor + wd + down + term)
save("fuzz_bmp_stream", "cut-and-back", b"\x13" + init + up + rm + rm_post + leak + loc + eor)
save("fuzz_bmp_stream", "add-path", b"\0" + init + up_addpath + rm_id + rm + wd)
save("fuzz_bmp_stream", "add-path-unexpected", b"\0" + init + up + rm_id)
save("fuzz_bmp_stream", "as2", b"\2" + init + up + as2)
save("fuzz_bmp_stream", "no-peer-up", b"\0" + rm + loc + down + down)
save("fuzz_bmp_stream", "broken-attrs", b"\0" + init + up + rm + bmp(0, peer() + update(attr(0x40, 1, b"\x09") + path, b"\x18\xcb\0\x71")))
save("fuzz_bmp_stream", "length-0", b"\0" + init + b"\3\0\0\0\0\0")


# --- BMP version 4 ---------------------------------------------------------------------------------------------------
def v4(kind, body):
    return b"\4" + bmp(kind, body)[1:]


def indexed(kind, index, value, pen=None):
    length = len(value)
    if pen is not None:
        kind, length, value = kind | 0x8000, length + 4, struct.pack(">I", pen) + value
    return struct.pack(">HHH", kind, length, index) + value


# group, table name, stateless parsing, message, path status by revision of the draft
CODES = {17: (2, 3, 4, 1, 5), 19: (2, 3, 1, 4, 5), 20: (4, 5, 6, 7, 5), 21: (1, 2, 3, 4, 5)}
two = base + comm
two_ids = b"\0\0\0\1\x18\xcb\0\x71\0\0\0\2\x18\xcb\0\x71"
every = b""
for draft, (group, table, stateless, message, status) in sorted(CODES.items()):
    tlvs = indexed(group, 0x8001, b"\0\1\0\2") + indexed(table, 0, b"global") + indexed(stateless, 0, b"\x45\4\0\1\1\3")
    tlvs += indexed(status, 1, b"\0\0\0\x8a") + indexed(status, 0x8001, b"\0\0\0\4\0\6") + indexed(77, 2, b"!", 32473)
    if draft == 20:
        tlvs += indexed(1, 0, b"\0" * 8) + indexed(2, 0, b"\x40\0") + indexed(3, 0, b"\1\x65\x53\xf1\0\0\0\0\1")
    if draft == 21:
        tlvs += indexed(5, 0, b"\0" * 8) + indexed(6, 0, b"\x40\0") + indexed(7, 0, b"\1\x65\x53\xf1\0")
    rm4 = v4(0, peer(flags=1 if draft >= 20 else 0) + tlvs + indexed(message, 0, update(two, two_ids)))
    save("fuzz_bmp_stream", "v4-draft-%d" % draft, b"\0" + init + up + rm4 + rm4)
    every += rm4
stats4 = v4(1, peer() + b"\0\1\0\x1c\0\0\0\2\0\7\0\x08" + b"\0" * 8 + b"\x80\7\0\x08\0\0\x7e\xd9\0\0\0\1" + b"\0\5\0\1?")
down4 = v4(2, peer() + b"\3" + bgp(3, b"\6\2\4text") + b"\0\3\0\3red" + b"\x80\7\0\5\0\0\x7e\xd9!")
plain4 = v4(0, peer() + update(two, b"\x18\xcb\0\x71") + indexed(9, 0, b"?"))
rel = v4(100, b"\1" + peer() + indexed(5, 0, b"\0\0\0\1"))
save("fuzz_bmp_stream", "v4-session", b"\2" + v4(4, init[6:]) + v4(3, up[6:]) + every + stats4 + plain4 + rel + down4 + v4(5, term[6:]))
everything = init + up + rm + stats + mirror + down + term + stats4 + plain4 + rel + down4 + every
save("fuzz_bmp_dissect", "every-message", everything)
save("fuzz_bmp_dissect", "no-bgp-message", v4(0, peer() + indexed(2, 0, b"red")))
save("fuzz_bmp_dissect", "peer-up-bare-open", bmp(3, peer() + b"\0" * 20 + bgp(1, b"") + bgp(1, b"") + b"\0\0\0\2hi"))
save("fuzz_bmp_dissect", "loc-rib-down", bmp(2, peer(kind=3, flags=0x80) + b"\6\0\3\0\3red"))


# --- RTR ----------------------------------------------------------------------------------------------------------
def pdu(version, kind, session, body):
    return struct.pack(">BBHI", version, kind, session, 8 + len(body)) + body


def v4(flags, addr, plen, mlen, asn, version=1):
    return pdu(version, 4, 0, struct.pack(">BBBB4sI", flags, plen, mlen, 0, addr, asn))


resp, eod = pdu(1, 3, 7, b""), pdu(1, 7, 7, struct.pack(">IIII", 1, 3600, 600, 7200))
full = resp + v4(1, b"\xc0\0\2\0", 24, 24, 64496) + v4(1, b"\x0a\0\0\0", 8, 24, 64497) + eod
delta = resp + v4(0, b"\x0a\0\0\0", 8, 24, 64497) + v4(1, b"\x0b\0\0\0", 8, 8, 1) + pdu(1, 7, 7, struct.pack(">IIII", 2, 3600, 600, 7200))


def ops(*pieces):
    out = b""
    for p in pieces:
        while p:
            out += bytes([min(len(p), 0x3E)]) + p[:0x3E]
            p = p[0x3E:]
    return out


save("fuzz_rtr", "full-and-delta", ops(full, pdu(1, 0, 7, struct.pack(">I", 2)), delta))
save("fuzz_rtr", "downgrade", ops(pdu(0, 10, 4, struct.pack(">II", 0, 0))) + b"\x80" + ops(pdu(0, 3, 9, b""), v4(1, b"\xc0\0\2\0", 24, 24, 1, 0), pdu(0, 7, 9, struct.pack(">I", 3))))
save("fuzz_rtr", "no-data", ops(pdu(1, 10, 2, struct.pack(">II", 0, 4) + b"wait")) + b"\x40")
save("fuzz_rtr", "reset-expire", ops(full, pdu(1, 8, 0, b"")) + b"\x40" * 14 + ops(full))
save("fuzz_rtr", "duplicate", ops(resp + v4(1, b"\xc0\0\2\0", 24, 24, 1) * 2 + eod))
save("fuzz_rtr", "unknown-withdrawal", ops(full, pdu(1, 0, 7, struct.pack(">I", 2)), resp + v4(0, b"\xc0\0\3\0", 24, 24, 1)))

# --- NLRI: the examples of the unit tests, each alone and twice under path ids ---------------------------------------
here = os.path.dirname(os.path.abspath(__file__))
with open(os.path.join(here, "../unit/support/nlri_examples.h")) as f:
    examples = f.read()
with open(os.path.join(here, "../fuzz/fuzz_nlri.c")) as f:
    rows = re.search(r"families\[\] = \{(.*?)\};", f.read(), re.S).group(1)
with open(os.path.join(here, "../../parsers/bgp/family.h")) as f:
    numbers = dict(re.findall(r"\bX\((S?AFI_\w+), (\d+),", f.read()))
families = [tuple(int(numbers.get(x, x)) for x in row) for row in re.findall(r"\{ (\w+), (\w+) \}", rows)]
macros = dict(re.findall(r'#define (\w+)\s+"([0-9a-f ]*)"', examples))
row = r'\{ "([^"]+)", (\d+), (\d+), (true|false),\s*((?:(?:"[^"]*"|' + "|".join(macros) + r")\s*)+),"
for name, afi, safi, withdraw, octets in re.findall(row, examples):
    for macro, value in macros.items():
        octets = re.sub(r"\b" + macro + r"\b", '"' + value + '"', octets)
    octets = bytes.fromhex("".join(re.findall(r'"([^"]*)"', octets)))
    family, flags = families.index((int(afi), int(safi))), 2 if withdraw == "true" else 0
    slug = re.sub(r"[^a-z0-9]+", "-", name)
    save("fuzz_nlri", slug, bytes([family, flags]) + octets)
    if safi in ("4", "128"):  # one label, a stack
        save("fuzz_nlri", slug + "-one", bytes([family, flags | 1 << 2]) + octets)
        save("fuzz_nlri", slug + "-stack", bytes([family, flags | 3 << 2]) + octets)
    save("fuzz_nlri", slug + "-paths", bytes([family, flags | 1]) + b"\0\0\0\1" + octets + b"\x80\0\0\x09" + octets)
flow = bytes([families.index((1, 133)), 0])
ops = b"\4" + b"\1\x50" * 2046 + b"\x81\x51"
save("fuzz_nlri", "flowspec-longest", flow + struct.pack(">H", 0xF000 | len(ops)) + ops)
save("fuzz_nlri", "flowspec-wrong-order", flow + b"\6\4\x81\x19\3\x81\6" + b"\3\3\x81\6")
save("fuzz_nlri", "evpn-unknown-type", bytes([families.index((25, 70)), 0]) + b"\x0c\3abc" + b"\2\1a")
save("fuzz_nlri", "unknown-family", bytes([families.index((99, 99)), 1]) + b"\0\0\0\1\x18\xcb\0\x71")

# --- whole streams and files ------------------------------------------------------------------------------------------
streams = {}
for target in ("fuzz_bmp_stream", "fuzz_bmp_dissect"):
    for name in sorted(os.listdir(os.path.join(root, target))):
        with open(os.path.join(root, target, name), "rb") as f:
            data = f.read()
        streams[name] = data[1:] if target == "fuzz_bmp_stream" else data  # its first octet says how to cut
for name, data in streams.items():
    save("fuzz_decode", name, data)


def segment(seq, flags, data):
    tcp = struct.pack(">HHIIBBHHH", 33333, 11019, seq, 0, 5 << 4, flags, 65535, 0, 0) + data
    ip = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(tcp), 1, 0, 64, 6, 0, b"\x0a\0\0\1", b"\x0a\0\0\2") + tcp
    return b"\2\0\0\0\0\2\2\0\0\0\0\1\x08\0" + ip


def frames(data):
    out, seq = [segment(999, 2, b"")], 1000
    for at in range(0, len(data), 200):
        out.append(segment(seq + at, 0x10, data[at : at + 200]))
    return out + [segment(seq + len(data), 0x11, b"")]


def pcap(packets):
    out = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1)
    return out + b"".join(struct.pack("<IIII", 1700000000, 5, len(p), len(p)) + p for p in packets)


def block(kind, body):
    body += b"\0" * (-len(body) % 4)
    return struct.pack("<II", kind, 12 + len(body)) + body + struct.pack("<I", 12 + len(body))


def pcapng(packets):
    out = block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1)) + block(1, struct.pack("<HHI", 1, 0, 65535))
    return out + b"".join(block(6, struct.pack("<IIIII", 0, 0, 5, len(p), len(p)) + p) for p in packets)


session = streams["session"]
save("fuzz_file", "bmp", session)
save("fuzz_file", "bmp-gzip", gzip.compress(session, mtime=0))
save("fuzz_file", "bmp-gzip-two-members", gzip.compress(session[:100], mtime=0) + gzip.compress(session[100:], mtime=0))
save("fuzz_file", "bmp-bzip2", bz2.compress(session))
save("fuzz_file", "pcap", pcap(frames(session)))
save("fuzz_file", "pcap-gap", pcap(frames(session)[:2] + frames(session)[3:]))
save("fuzz_file", "pcapng", pcapng(frames(session)))
for name in ("all-together", "rib-ipv4-add-path", "openbmp-1-7", "openbmp-text"):
    with open(os.path.join(here, "../fuzz/corpus/fuzz_mrt", name), "rb") as f:
        save("fuzz_file", name, f.read())
