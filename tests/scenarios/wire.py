"""Octets of BMP (RFC 7854, 8671, 9069) and of the BGP messages inside it."""
import ipaddress
import struct
import time

# What a speaker says it is to the other one (RFC 9234 4.1).
ROLE = {"provider": 0, "rs": 1, "rs-client": 2, "customer": 3, "peer": 4}

GLOBAL, RD_PEER, LOCAL_PEER, LOC_RIB = 0, 1, 2, 3

# View: flags of the per-peer header. L means post-policy, O means Adj-RIB-Out.
FLAGS = {"pre": 0x00, "post": 0x40, "out-pre": 0x10, "out-post": 0x50, "loc": 0x00}
VIEW_NAME = {"pre": "adj-rib-in-pre", "post": "adj-rib-in-post", "loc": "loc-rib",
             "out-pre": "adj-rib-out-pre", "out-post": "adj-rib-out-post"}

IPV4, IPV6, VPNV4 = (1, 1), (2, 1), (1, 128)
BLACKHOLE = "65535:666"


# --- BMP -----------------------------------------------------------------------------------------------------------
def bmp(kind, body):
    return struct.pack(">BIB", 3, len(body) + 6, kind) + body


def tlv(kind, value):
    return struct.pack(">HH", kind, len(value)) + value


def initiation(name, descr="scenario"):
    def octets(t):
        return t if isinstance(t, bytes) else t.encode()
    return bmp(4, tlv(1, octets(descr)) + tlv(2, octets(name)))


def termination(reason, text=""):
    return bmp(5, (tlv(0, text.encode()) if text else b"") + tlv(1, struct.pack(">H", reason)))


def peer_header(kind, flags, rd, address, asn, bgp_id, when):
    if isinstance(address, bytes):
        sixteen = address
    else:
        ip = ipaddress.ip_address(address)
        sixteen = ip.packed.rjust(16, b"\0")
        flags |= 0x80 if ip.version == 6 and kind != LOC_RIB else 0
    seconds = int(when)
    return (struct.pack(">BB", kind, flags) + rd + sixteen + struct.pack(">I", asn)
            + ipaddress.IPv4Address(bgp_id).packed + struct.pack(">II", seconds, int((when - seconds) * 1e6)))


def peer_up(header, local, sent, received, table=None, ports=(179, 40000)):
    body = header + ipaddress.ip_address(local).packed.rjust(16, b"\0") + struct.pack(">HH", *ports) + sent + received
    return bmp(3, body + (tlv(3, table.encode()) if table else b""))


def peer_down(header, reason, data=b""):
    return bmp(2, header + bytes([reason]) + data)


def statistics(header, gauges):
    """gauges: {type: number}, {(type, family): number}."""
    out = b""
    for key, value in gauges.items():
        if isinstance(key, tuple):
            out += struct.pack(">HHHBQ", key[0], 11, key[1][0], key[1][1], value)
        else:
            out += struct.pack(">HHQ", key, 8, value)
    return bmp(1, header + struct.pack(">I", len(gauges)) + out)


def monitoring(header, message):
    return bmp(0, header + message)


# --- BGP -----------------------------------------------------------------------------------------------------------
def bgp(kind, body):
    return b"\xff" * 16 + struct.pack(">HB", len(body) + 19, kind) + body


def capability(code, value):
    return bytes([code, len(value)]) + value


def open_message(asn, bgp_id, role=None, families=(IPV4, IPV6), add_path=(), restart=None):
    """add_path: families whose routes have path ids, in both directions."""
    caps = b"".join(capability(1, struct.pack(">HBB", afi, 0, safi)) for afi, safi in families)
    caps += capability(65, struct.pack(">I", asn))
    if role is not None:
        caps += capability(9, bytes([ROLE[role]]))
    if add_path:
        caps += capability(69, b"".join(struct.pack(">HBB", afi, safi, 3) for afi, safi in add_path))
    if restart is not None:
        caps += capability(64, struct.pack(">H", (0x8000 if restart else 0) | 120))
    parameter = bytes([2, len(caps)]) + caps
    short = asn if asn < 65536 else 23456
    return bgp(1, struct.pack(">BHH4sB", 4, short, 90, ipaddress.IPv4Address(bgp_id).packed, len(parameter)) + parameter)


def nlri(prefix, path_id=None):
    net = ipaddress.ip_network(prefix)
    head = b"" if path_id is None else struct.pack(">I", path_id)
    return head + bytes([net.prefixlen]) + net.network_address.packed[:(net.prefixlen + 7) // 8]


def attribute(code, value, flags=0x40):
    if len(value) > 255:
        return struct.pack(">BBH", flags | 0x10, code, len(value)) + value
    return struct.pack(">BBB", flags, code, len(value)) + value


def segments(path):
    """A path as text, "64510 {64496,64497} (65001 65002)", as (type, numbers) of RFC 4271 and 5065."""
    out = []
    text = path
    for bracket in "{}()[]":
        text = text.replace(bracket, " %s " % bracket)
    group = None
    for word in text.replace(",", " ").split():
        if word in "{([":
            group = ({"{": 1, "(": 3, "[": 4}[word], [])
        elif word in "})]":
            out.append(group)
            group = None
        elif group is not None:
            group[1].append(int(word))
        elif out and out[-1][0] == 2:
            out[-1][1].append(int(word))
        else:
            out.append((2, [int(word)]))
    return out


def as_path(path, width=4):
    out = b""
    for kind, numbers in segments(path):
        for at in range(0, len(numbers), 255):
            part = numbers[at:at + 255]
            out += bytes([kind, len(part)])
            out += b"".join((n if width == 4 or n < 65536 else 23456).to_bytes(width, "big") for n in part)
    return out


def attributes(path, otc=None, communities=(), med=None, next_hop="192.0.2.1", with_next_hop=True, width=4, extra=b""):
    out = attribute(1, b"\0") + attribute(2, as_path(path, width))
    if with_next_hop:
        out += attribute(3, ipaddress.IPv4Address(next_hop).packed)
    if med is not None:
        out += attribute(4, struct.pack(">I", med), 0x80)
    if communities:
        out += attribute(8, b"".join(struct.pack(">HH", *map(int, c.split(":"))) for c in communities), 0xC0)
    if otc is not None:
        out += attribute(35, struct.pack(">I", otc), 0xC0)
    return out + extra


def update(attrs=b"", announced=b"", withdrawn=b""):
    return bgp(2, struct.pack(">H", len(withdrawn)) + withdrawn + struct.pack(">H", len(attrs)) + attrs + announced)


def end_of_rib(family):
    return update() if family == IPV4 else update(attribute(15, struct.pack(">HB", *family), 0x80))


def reach(family, octets, rd=b""):
    """MP_REACH_NLRI; the octets are the NLRI."""
    hop = ipaddress.IPv4Address("192.0.2.1").packed if family[0] == 1 else ipaddress.IPv6Address("2001:db8::1").packed
    hop = b"\0" * len(rd) + hop
    return attribute(14, struct.pack(">HBB", family[0], family[1], len(hop)) + hop + b"\0" + octets, 0x80)


def unreach(family, octets):
    return attribute(15, struct.pack(">HB", *family) + octets, 0x80)


def now():
    return time.time()
