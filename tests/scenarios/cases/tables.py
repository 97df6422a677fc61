"""What the command prints for people: tables as wide as the terminal, whole names where there is room, the story of an incident."""
import csv
import fcntl
import io
import json
import os
import pty
import select
import struct
import subprocess
import termios
import time
import unicodedata

import wire
from daemon import BUILD, VICTIM_PREFIX
from suite import edge, right, scenario

STRANGER = "64510 65551"
LONG = ("edge1.ams1.core.example.net", "edge1.fra1.core.example.net")


def on_terminal(d, columns, *words):
    """The lines that the command prints on a terminal so wide."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 60, columns, 0, 0))
    p = subprocess.Popen([BUILD + "/bellman", *words, "-s", d.control, "--color", "never"], stdin=subprocess.DEVNULL, stdout=slave,
                         stderr=subprocess.DEVNULL, env=dict(os.environ, LC_ALL="C.UTF-8"))
    os.close(slave)
    out = b""
    while True:
        try:
            piece = os.read(master, 65536)
        except OSError:
            break
        if not piece:
            break
        out += piece
    os.close(master)
    p.wait(10)
    return out.decode().replace("\r\n", "\n").rstrip("\n").split("\n")


def width(line):
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 0 if unicodedata.combining(c) else 1 for c in line)


@scenario
def tables_fit_the_terminal(w):
    """At 80, 120 and 200 columns no line is longer than the terminal, what matters is there, and two routers of a fleet are told apart;
    what is no terminal gets every name in full; csv and wide have every column."""
    d = w.daemon()
    for name in LONG:
        r = edge(d, name)
        r.carry(r.prov, VICTIM_PREFIX, STRANGER)
    u = edge(d, "münchen-kantenrouter-ü1")
    u.route(u.prov, "pre", "192.0.2.0/24", "64510 64511")
    d.opens("rov")
    d.quiet()
    for columns in (80, 120, 200):
        for words in (("routers",), ("peers",), ("incidents",), ("routes", VICTIM_PREFIX), ("stats",), ("rpki",)):
            lines = on_terminal(d, columns, "show", *words)
            right("%s at %d" % (words, columns), max(width(line.rstrip()) for line in lines) <= columns, lines)
    narrow = on_terminal(d, 80, "show", "routes", VICTIM_PREFIX)
    right("all routes, one a line", len(narrow) == 7 and all("65551" in line for line in narrow[1:]), narrow)
    right("told apart", len({line.split()[1] for line in narrow[1:]}) == 2, narrow)
    right("a column of umlauts is as wide as it looks", len({width(line[:line.index("192.0.2.1 ")]) for line in
                                                            on_terminal(d, 200, "show", "peers") if "192.0.2.1 " in line}) == 1)
    piped = d.command("show", "peers").stdout
    right("names in full", all(name in piped for name in LONG + ("münchen-kantenrouter-ü1",)), piped)
    rows = list(csv.DictReader(io.StringIO(d.command("show", "peers", "-o", "csv").stdout)))
    right("csv", len(rows) == 12 and {x["router"] for x in rows} >= set(LONG) and rows[0]["quirks"] is not None, rows)
    right("wide", "WITHDRAWN" in d.command("show", "peers", "-o", "wide").stdout)


@scenario
def rows_are_chosen_and_sorted(w):
    """Routers and peers by name, address, AS, state; sorted; nothing like that is said, and is exit 1."""
    d = w.daemon()
    one, two = edge(d, "ams1"), edge(d, "fra1")
    two.down(two.lateral)
    d.until("it is down", lambda: [x for x in d.show("peers") if x["state"] == "down"])
    peers = lambda *words: [(x["router"], x["peer"]) for x in d.show("peers", *words)]
    order = ("192.0.2.1", "192.0.2.9", "192.0.2.17", "loc-rib")
    right("in order", peers() == [(router, peer) for router in ("ams1", "fra1") for peer in order], peers())
    right("of a router", {x[0] for x in peers("--router", "fra")} == {"fra1"} and {x[0] for x in peers("fra1")} == {"fra1"}, peers("fra1"))
    right("of an AS", peers("AS64501", "--router", "ams1") == [("ams1", "192.0.2.1")] == peers("--as", "64501", "--router", "ams1"))
    right("down", peers("--state", "down") == [("fra1", "192.0.2.17")], peers("--state", "down"))
    right("sorted", [x["peer_as"] for x in d.show("peers", "--sort", "-peer_as", "--router", "ams1")] == [64510, 64509, 64501, 64500])
    right("routers", [x["router"] for x in d.show("routers", "am")] == ["ams1"])
    p = d.command("show", "peers", "nobody")
    right("none is said", p.returncode == 1 and p.stdout == "" and "none is like that" in p.stderr, p.stderr)
    p = d.command("show", "peers", "--sort", "beauty")
    right("no such column", p.returncode == 2 and "relation" in p.stderr, p.stderr)
    p = d.command("show", "incidents")
    right("nothing is open", p.returncode == 1 and "no incident is open" in p.stderr, p.stderr)


@scenario
def routers_that_never_came(w):
    """A configured router that never came has a row, until it comes."""
    d = w.daemon(routers=[{"name": "never1", "address": "192.0.2.77"}, {"name": "edge9", "address": "127.0.0.1"}])
    rows = d.show("routers")
    right("both are waited for", [(x["router"], x["state"]) for x in rows] == [("edge9", "never-seen"), ("never1", "never-seen")], rows)
    edge(d, "edge9")
    rows = d.until("one has come", lambda: [r for r in [d.show("routers")] if [x["state"] for x in r] == ["up", "never-seen"]])[0]
    right("each once", [x["router"] for x in rows] == ["edge9", "never1"], rows)
    right("chosen", [x["router"] for x in d.show("routers", "--state", "never-seen")] == ["never1"])


@scenario
def incidents_in_order(w):
    """Gravest first, with 8 characters of the id, which are enough for every command that takes one; the story of one has everything."""
    d = w.daemon(neighbors=[{"asn": 64510, "name": "Example Transit", "contact": "noc@example.net"}])
    r = edge(d, "ams1")
    r.carry(r.prov, VICTIM_PREFIX, STRANGER)
    rov = d.opens("rov")[0]
    r.carry(r.lateral, "203.0.113.0/25", "64509 65552", upto="pre")
    hijack = d.opens("hijack")[0]
    d.quiet()
    rows = d.command("show", "incidents").stdout.splitlines()
    right("the gravest first", [x.split()[0] for x in rows[1:]] == [hijack["id"][:8], rov["id"][:8]], rows)
    right("whom and what", "AS64510 Example Transit" in rows[2] and VICTIM_PREFIX in rows[2] and "in use" in rows[2], rows)
    r.carry(r.prov, VICTIM_PREFIX, "64510 64511 65551")
    d.until("the path has grown", lambda: [x["as_path"] for x in d.show("incidents", "kind ~ rov")] == ["64510 64511 65551"])
    short = rov["id"][:8]
    text = d.command("show", "incident", short).stdout
    for what in (rov["id"], "Example Transit: noc@example.net", "path now     64510 64511 65551", "first path   64510 65551",
                 "%s AS64496 up to /24" % VICTIM_PREFIX, "192.0.2.9 AS64510", "opened", "MANRS", "clears when", "open for"):
        right("the story has %s" % what, what in text, text)
    story = d.show("incident", short)[0]
    right("as JSON, too", story["timeline"][0]["transition"] == "opened" and story["all_prefixes"] == [VICTIM_PREFIX] and story["why"], story)
    p = d.command("mute", short, "--for", "1h", "--why", "test")
    right("8 characters mute it", p.returncode == 0 and d.show("incidents", "kind ~ rov")[0]["muted"], p.stderr)
    right("and find it", [x["id"] for x in d.show("incidents", "id = " + short)] == [rov["id"]])
    r.drop(r.prov, VICTIM_PREFIX)
    d.closes("rov")
    p = d.command("show", "incident", short)
    right("also when it is over", p.returncode == 0 and "closed" in p.stdout and "lasted" in p.stdout, p.stdout + p.stderr)


@scenario
def vrps_of_a_prefix(w):
    """`show rpki PREFIX` lists the VRPs that cover it; none is said, and is exit 1."""
    d = w.daemon(vrps=[("192.0.2.0/24", 28, 64501), ("192.0.0.0/16", 16, 64502), ("198.51.100.0/24", 24, 64503)])
    rows = list(csv.DictReader(io.StringIO(d.command("show", "rpki", "192.0.2.0/25", "-o", "csv").stdout)))
    right("both", sorted((x["prefix"], x["max_length"], x["asn"]) for x in rows) ==
          [("192.0.0.0/16", "16", "64502"), ("192.0.2.0/24", "28", "64501")], rows)
    p = d.command("show", "rpki", "203.0.113.0/24")
    right("none", p.returncode == 1 and "no VRP covers" in p.stderr, p.stderr)
    p = d.command("show", "rpki", "192.0.2.0/24", "AS64501")
    right("valid", p.stdout.startswith("192.0.2.0/24 AS64501 valid\n"), p.stdout)

@scenario
def routes_are_found(w):
    """An address finds its longest prefix, --longer what lies in one, --covering what covers it; routes are chosen by origin, neighbour, router,
    view, ROV, rule and distinguisher, and counted; where there are none, what is near is said."""
    d = w.daemon()
    one, two = edge(d, "ams1"), edge(d, "fra1")
    for r in (one, two):
        r.carry(r.prov, VICTIM_PREFIX, STRANGER)
        r.carry(r.prov, "198.51.0.0/16", "64510 64511")
    one.carry(one.cust, "192.0.2.0/24", "64501")
    d.opens("rov")
    d.quiet()
    found = lambda *words: sorted({x["prefix"] for x in d.show("routes", *words)})
    right("an address", found("198.51.100.7") == [VICTIM_PREFIX], found("198.51.100.7"))
    right("one beside it", found("198.51.1.1") == ["198.51.0.0/16"], found("198.51.1.1"))
    right("longer", found("198.51.0.0/16", "--longer") == ["198.51.0.0/16", VICTIM_PREFIX])
    right("covering", found(VICTIM_PREFIX, "--covering") == ["198.51.0.0/16", VICTIM_PREFIX])
    right("by origin", found("--origin", "AS65551") == [VICTIM_PREFIX])
    right("by ROV", found("--rov", "invalid") == [VICTIM_PREFIX])
    right("by rule", found("--rule", "rov") == [VICTIM_PREFIX] == found("--rule", "rov.invalid.asn"))
    right("by neighbour", found("--peer", "192.0.2.1") == ["192.0.2.0/24"])
    rows = d.show("routes", "--router", "fra", "--view", "in")
    right("by router and view", len(rows) == 4 and {x["router"] for x in rows} == {"fra1"} and {x["view"] for x in rows} ==
          {"adj-rib-in-pre", "adj-rib-in-post"}, rows)
    right("also of one prefix", len(d.show("routes", VICTIM_PREFIX, "--view", "loc-rib", "--router", "ams1")) == 1)
    counts = d.show("routes", "--counts", "--view", "loc-rib")
    right("counts", [(x["router"], x["routes"], x["invalid"]) for x in counts] == [("ams1", 3, 1), ("fra1", 2, 1)], counts)
    wide = d.command("show", "routes", VICTIM_PREFIX, "-o", "wide").stdout
    right("wide has attributes", "LOCAL-PREF" in wide and "igp" in wide, wide)
    for words, said in ((("198.51.100.0/25",), "covered by: " + VICTIM_PREFIX), (("198.0.0.0/8",), "within it there are:"),
                        (("10.0.0.0/8",), "none covers it"), (("--origin", "AS1"), "no route is like that"), (("10.1.2.3",), "a route for 10.1.2.3\n"),
                        ((VICTIM_PREFIX, "--peer", "192.0.2.1"), "none is like that")):
        p = d.command("show", "routes", *words)
        right("%s: %s" % (words, said), p.returncode == 1 and said in p.stderr and p.stdout == "", p.stderr)
    for words in ((), ("foo",), ("--view", "up"), ("--rov", "bad"), ("--rule", "beauty"), ("--origin", "x"), ("--limit", "-1")):
        p = d.command("show", "routes", *words)
        right("%s is refused" % (words,), p.returncode in (2, 4) and "right would be" in p.stderr or p.returncode == 2, p.stderr)
    p = d.command("show", "routes", "--view", "in", "--limit", "3")
    right("what is left out is said", len(p.stdout.splitlines()) == 4 and "more than these 3" in p.stderr, p.stderr)


@scenario
def live_rib_as_mrt(w):
    """`bellman dump` writes what the tables of a view have now, as an MRT dump: every route once, with path and next hop; IPv6, too, also where a
    NEXT_HOP that means nothing is beside that of MP_REACH_NLRI (RFC 4760 3)."""
    d = w.daemon()
    one, two = edge(d, "ams1"), edge(d, "fra1")
    for r in (one, two):
        r.carry(r.prov, VICTIM_PREFIX, STRANGER)
    one.carry(one.prov, "2001:db8:7::/48", "64510 64511")
    one.carry(one.prov, "2001:db8:8::/48", "64510 64512", extra=wire.attribute(3, bytes([192, 0, 2, 9])))
    one.carry(one.cust, "192.0.2.0/24", "64501")
    d.opens("rov")
    d.quiet()
    path = d.folder + "/rib.mrt"
    for view in ("in-pre", "loc-rib"):
        p = d.command("dump", "--view", view, path)
        rows = d.show("routes", "--view", view)
        right("it says how many", p.returncode == 0 and "%d routes of" % len(rows) in p.stderr, p.stderr)
        told = subprocess.run([BUILD + "/bellman", "decode", "--records", "-o", "json", path], capture_output=True, text=True, timeout=30).stdout
        records = [json.loads(line) for line in told.splitlines()]
        text = json.dumps(records)
        for prefix in ("2001:db8:7::/48", "2001:db8:8::/48"):
            right("next hop of %s" % prefix, any(prefix in x and "2001:db8::1" in x for x in map(json.dumps, records)), text)
        right("no record is at fault", len(records) == 1 + len({x["prefix"] for x in rows}) and "faults\": [{" not in text, text)
        for x in rows:
            right("%s of %s" % (x["prefix"], view), x["prefix"] in text and x["as_path"] in text and x["next_hop"].split()[0] in text, text)
    p = d.command("dump", "--view", "out-post", path + ".none")
    right("no routes is said", p.returncode == 1 and "no routes" in p.stderr and not os.path.exists(path + ".none"), p.stderr)
    right("not without a file", d.command("dump").returncode == 2)


@scenario
def top_is_a_live_screen(w):
    """`bellman top`: incidents gravest first, routers with rates; keys sort and end it; without a terminal it prints as often as asked for;
    it outlives a restart of the daemon."""
    d = w.daemon()
    r = edge(d, "ams1")
    r.carry(r.prov, VICTIM_PREFIX, STRANGER)
    i = d.opens("rov")[0]
    p = d.command("top", "--batch", "-n", "2", "--delay", "0.3")
    right("twice, without a screen", p.returncode == 0 and p.stdout.count("bellman top") == 2 and "\x1b" not in p.stdout, p.stdout)
    right("what is open, and who is there", i["id"][:8] in p.stdout and "ams1" in p.stdout and "MESSAGES/S" in p.stdout, p.stdout)
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    screen = subprocess.Popen([BUILD + "/bellman", "top", "--delay", "0.3", "-s", d.control], stdin=slave, stdout=slave, stderr=slave,
                              env=dict(os.environ, TERM="xterm"))
    os.close(slave)
    seen = b""

    def shows(*texts):
        nonlocal seen
        end = time.monotonic() + 10
        while time.monotonic() < end and not all(x in seen for x in texts):
            if select.select([master], [], [], 0.2)[0]:
                seen += os.read(master, 65536)
        right("the screen shows %s" % (texts,), all(x in seen for x in texts), seen[-2000:])
        seen = b""

    shows(i["id"][:8].encode(), b"ams1", b"sort: messages/s")
    os.write(master, b"s")
    shows(b"route")  # what differs is drawn
    d.restart()
    edge(d, "fra1")
    shows(b"fra1")
    os.write(master, b"q")
    right("q ends it", screen.wait(5) == 0, screen.returncode)
    os.close(master)
