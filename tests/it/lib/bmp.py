"""BMP and BGP messages, captures around them: what the scripts make their input of."""
import struct

T = 1700000000


def bmp(kind, body):
    return struct.pack(">BIB", 3, 6 + len(body), kind) + body


def bgp(kind, body):
    return b"\xff" * 16 + struct.pack(">HB", 19 + len(body), kind) + body


def peer(i=1, sec=T, asn=None, flags=0):
    return struct.pack(">BB8s16sI4sII", 0, flags, b"\0" * 8, b"\0" * 12 + bytes([192, 0, 2, i]),
        asn or 64500 + i, bytes([i] * 4), sec, 0)


def capability(code, value):
    return bytes([code, len(value)]) + value


def open_message(asn, capabilities=b""):
    capabilities = capability(65, struct.pack(">I", asn)) + capabilities
    return bgp(1, struct.pack(">BHH4sB", 4, min(asn, 23456), 90, b"\1\2\3\4", 2 + len(capabilities))
        + bytes([2, len(capabilities)]) + capabilities)


def attribute(code, value, flags=0x80):
    return struct.pack(">BBH", flags | 0x10, code, len(value)) + value


def base(asn=64501, width=4):
    path = b"\2\2" + asn.to_bytes(width, "big") + (64999).to_bytes(width, "big")
    return attribute(1, b"\0", 0x40) + attribute(2, path, 0x40)


NEXT_HOP = attribute(3, b"\xc0\0\2\1", 0x40)


def reach(afi, safi, nlri, next_hop=b"\xc0\0\2\1"):
    return attribute(14, struct.pack(">HBB", afi, safi, len(next_hop)) + next_hop + b"\0" + nlri)


def unreach(afi, safi, nlri):
    return attribute(15, struct.pack(">HB", afi, safi) + nlri)


def update(attributes=b"", nlri=b"", withdrawn=b""):
    return bgp(2, struct.pack(">H", len(withdrawn)) + withdrawn
        + struct.pack(">H", len(attributes)) + attributes + nlri)


def prefix(n):
    return bytes([24, 10, n >> 8 & 255, n & 255])


def initiation(name=b"r1"):
    return bmp(4, struct.pack(">HH", 1, 1) + b"x" + struct.pack(">HH", 2, len(name)) + name)


def peer_up(i=1, capabilities=b""):
    return bmp(3, peer(i) + b"\0" * 16 + b"\0\xb3\xc3\x50" + open_message(64500, capabilities)
        + open_message(64500 + i, capabilities))


def monitoring(message, i=1, sec=T):
    return bmp(0, peer(i, sec) + message)


def segment(src, dst, src_port, dst_port, seq, data, flags=0x10):
    """An IPv4 packet; addresses are the last octets of 192.0.2.0/24."""
    tcp = struct.pack(">HHIIBBHHH", src_port, dst_port, seq, 0, 0x50, flags, 1024, 0, 0) + data
    return struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(tcp), 0, 0, 64, 6, 0,
        bytes([192, 0, 2, src]), bytes([192, 0, 2, dst])) + tcp


def pcap(packets, at=T):
    out = struct.pack("=IHHIIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 101)
    for k, p in enumerate(packets):
        out += struct.pack("=IIII", at + k, 250000, len(p), len(p)) + p
    return out
