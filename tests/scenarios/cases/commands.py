"""What scripts and hands get of the command: columns by their name, short names, ids cut short."""
import csv
import fcntl
import io
import os
import pathlib
import pty
import re
import struct
import subprocess
import termios

from daemon import BUILD, VICTIM_PREFIX
from suite import edge, right, scenario

ROOT = pathlib.Path(__file__).resolve().parents[3]
STRANGER = "64510 65551"


def table(d, *words):
    """(header, rows) of what the command prints as csv."""
    lines = list(csv.reader(io.StringIO(d.command("show", *words, "-o", "csv").stdout)))
    return lines[0], [dict(zip(lines[0], line)) for line in lines[1:]]


@scenario
def csv_has_what_its_header_says(w):
    """Each column once, by its key, with the value that JSON has of it; a sort is by that value."""
    d = w.daemon()
    r = edge(d, "ams1")
    r.carry(r.prov, VICTIM_PREFIX, STRANGER)
    rov = d.opens("rov")[0]
    r.carry(r.lateral, "203.0.113.0/25", "64509 65552", upto="pre")
    hijack = d.opens("hijack")[0]
    d.quiet()
    subjects = (("incidents", ("id", "severity", "first_seen", "kind", "peer_as", "router", "summary")),
                ("routers", ("router", "state", "since", "peers_up", "peers", "routes")),
                ("peers", ("router", "peer", "peer_as", "state", "relation", "table")),
                ("routes", ("prefix", "router", "peer", "peer_as", "view", "rov", "since", "as_path")),
                ("rpki", ("source", "name", "status")))
    for subject, keys in subjects:
        words = (subject, "--view", "in") if subject == "routes" else (subject,)
        header, rows = table(d, *words)
        right("%s: each once" % subject, len(set(header)) == len(header), header)
        told = [[str(x.get(k, "")) for k in keys] for x in d.show(*words)]
        right("%s: as in JSON" % subject, sorted([x[k] for k in keys] for x in rows) == sorted(told), (rows, told))
    rows = {x["id"]: x for x in table(d, "incidents")[1]}
    i = {x["id"]: x for x in d.show("incidents")}[rov["id"]]
    right("the number of prefixes, the views, the end", [rows[i["id"]][k] for k in ("prefixes.count", "views", "last_seen")] ==
          ["1", ",".join(i["views"]), i["last_seen"]], rows)
    right("what the table says of it, too", (rows[i["id"]]["reach"], rows[i["id"]]["prefixes.examples"]) == ("in use", VICTIM_PREFIX), rows)
    for by, order in (("first_seen", [rov["id"], hijack["id"]]), ("-first_seen", [hijack["id"], rov["id"]])):
        right("by " + by, [x["id"] for x in table(d, "incidents", "--sort", by)[1]] == order, order)


@scenario
def documents_name_columns_that_are_there(w):
    """Where a document names a column of a table, it is in that table, as it is without or with -o wide."""
    d = w.daemon()
    edge(d, "ams1")
    for path in sorted((ROOT / "docs").glob("*.md")):
        for subject, wide, line in re.findall("`bellman show (peers|routers)( -o wide)?`(.*)", path.read_text()):
            heads = d.command("show", subject, *wide.split()).stdout.splitlines()[0].split()
            for column in re.findall("`([A-Z]{2}[A-Z -]*)`|column ([A-Z]+)", line):
                right("%s: %s" % (path.name, column), "".join(column) in heads, heads)


@scenario
def csv_is_no_formula(w):
    """What a spreadsheet would take for a formula, by whoever names a router, has a ' in front; numbers have none."""
    d = w.daemon()
    for name in ("=HYPERLINK(1)", "+1+1", "@SUM(1)", "-2+3", "edge=1"):
        edge(d, name)
    d.until("all are there", lambda: len(d.show("routers")) == 5)
    rows = table(d, "routers")[1]
    names = {x["router"] for x in rows}
    right("names", names == {"'=HYPERLINK(1)", "'+1+1", "'@SUM(1)", "'-2+3", "edge=1"}, names)
    right("nothing else", not any(v.startswith("'") for x in rows for k, v in x.items() if k not in ("router", "sys_name")), rows)
    right("in text as it is", "\n=HYPERLINK(1)" in d.command("show", "routers").stdout, d.command("show", "routers").stdout)


@scenario
def ids_are_cut_short(w):
    """`ack`, `mute` and `unmute` take the front of an id that one open incident has; several are listed, none is said."""
    d = w.daemon(vrps=[("20.0.0.0/8", 8, 64999)])
    r = edge(d, "ams1")
    ids, fronts = [], []
    while {1, 2} - {fronts.count(x) for x in fronts}:  # until two begin alike, and one as no other
        r.route(r.prov, "pre", "20.%d.0.0/16" % len(ids), "64510 %d" % (65551 + len(ids)))
        ids.append(d.opens("rov", where=lambda x: x["id"] not in ids)[0]["id"])
        fronts = [x[0] for x in ids]
    rov = next(x for x in ids if fronts.count(x[0]) == 1)
    several = next(x for x in fronts if fronts.count(x) > 1)
    d.quiet()
    short = rov[:4]
    muted = lambda: [x["id"] for x in d.show("incidents") if x["muted"]]
    for verb, words in (("ack", ()), ("mute", ("--for", "1h"))):
        p = d.command(verb, short, *words, "--why", "test")
        right("%s %s" % (verb, short), p.returncode == 0 and muted() == [rov], p.stderr)
        p = d.command("unmute", rov[:12])
        right("no more", p.returncode == 0 and muted() == [], p.stderr)
        p = d.command(verb, several, *words, "--why", "test")
        right("which of them", p.returncode == 2 and muted() == [] and all(x in p.stderr for x in ids if x[0] == several), p.stderr)
        none = next(x for x in ("%04x" % i for i in range(65536)) if not any(i.startswith(x) for i in ids))
        p = d.command(verb, none, *words, "--why", "test")
        right("none is like that", p.returncode == 1 and "begins with " + none in p.stderr, p.stderr)


def on_screen(*words):
    """What the command writes on a terminal of 80 columns, escapes and all."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    p = subprocess.Popen([BUILD + "/bellman", *words], stdin=slave, stdout=slave, stderr=slave,
                         env=dict(os.environ, TERM="xterm"))
    os.close(slave)
    out = b""
    try:
        while piece := os.read(master, 65536):
            out += piece
    except OSError:  # nobody has the other end any more
        pass
    os.close(master)
    return p.wait(10), out.decode(errors="replace")


@scenario
def top_cuts_with_an_ellipsis(w):
    """On a screen that is narrow, what is cut says so, the reach is there, and a long name of a router leaves the columns where they are."""
    d = w.daemon()
    name = "edge-router-with-a-very-long-name.ams1.core.example.net"
    r = edge(d, name)
    r.carry(r.lateral, "203.0.113.128/25", "64509 65552")
    d.opens("hijack")
    d.quiet()
    text = on_screen("top", "-n", "1", "-s", d.control)[1]
    right("no other prefix", "203.0.113.1" not in re.sub("203.0.113.(128/25|[128/]*…)", "", text), text)
    right("an ellipsis, the end of the name, the reach", "…" in text and "example.net" in text and name not in text and "in use" in text, text)
    text = d.command("top", "--batch").stdout.splitlines()
    head, row = [next(x for x in text if x.startswith(y)) for y in ("ROUTER", name)]
    right("in full, in columns, where there is room", row.index(" loading ") + 1 == head.index("STATE"), text)


@scenario
def binary_is_not_for_terminals(w):
    """`bellman dump -` and `bellman convert` to standard output write into a pipe, and are refused on a terminal."""
    d = w.daemon()
    r = edge(d, "ams1")
    r.carry(r.prov, VICTIM_PREFIX, STRANGER)
    d.opens("rov")
    d.quiet()
    rib = d.folder + "/rib.mrt"
    right("a file", d.command("dump", rib).returncode == 0)
    for words in (("dump", "-", "-s", d.control), ("convert", "--to", "mrt", rib, "-")):
        code, text = on_screen(*words)
        right("%s is refused" % words[0], code == 2 and "terminal" in text and "\0" not in text, text)
        p = subprocess.run([BUILD + "/bellman", *words], capture_output=True, timeout=30)
        right("not in a pipe", p.returncode == 0 and len(p.stdout) > 40, p.stderr)
