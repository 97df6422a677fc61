"""Trust anchors that are lost or stall in a source, and caches that say different things: told, and no verdict follows."""
import time

from daemon import VICTIM_PREFIX, VRPS
from router import blocks
from story import brief
from suite import edge, right, scenario

INVALID = "64510 65551"
MANY = [(p, 48, 64497) for p in blocks("2001:db8::/33", 48, 2000)]
SMALL = VRPS + [(p, 48, 64498) for p in blocks("2001:db8:8000::/34", 48, 10)]
OTHER = [(p, 48, 64498) for p in blocks("2001:db8:8000::/34", 48, 400)]


def of_anchor(rows, ta, expires=None):
    return [(p, n, a, dict({"ta": ta}, **({"expires": expires} if expires else {}))) for p, n, a in rows]


def untouched(d, mark):
    d.quiet()
    bad = [x for x in d.told(mark) if x["transition"] != "updated"]
    right("nothing is told of routes", not bad and len(d.open("rov")) == 1, brief(bad))


def anchors(d, small, expires=None):
    """A file with a small trust anchor, which has the VRP that makes the route invalid, and a large one."""
    d.set_vrps(of_anchor(MANY, "large", int(time.time()) + 86400) + (of_anchor(SMALL, "small", expires) if small else []))


def two_anchors(w):
    d = w.daemon(vrps=None, start=False, files=["x"])
    d.configure(rpki={"files": [d.vrp_file]})
    anchors(d, True, int(time.time()) + 86400)
    d.start()
    r = edge(d)
    r.carry(r.prov, VICTIM_PREFIX, INVALID)
    d.opens("rov")
    d.quiet()
    return d, d.mark()


def is_told(d, mark):
    told = d.alarms("rpki.shrunken", mark)[0]
    right("the trust anchor is named", "trust anchor small none is left" in told["summary"], told["summary"])
    untouched(d, mark)


@scenario
def trust_anchor_is_lost(w):
    """A run of the validator has nothing of a small trust anchor: that one is named, what it said stays, and it is over when it is back."""
    d, mark = two_anchors(w)
    anchors(d, False)
    is_told(d, mark)
    anchors(d, True)
    d.until("over", lambda: not d.open_troubles("rpki."))
    untouched(d, mark)


@scenario
def trust_anchor_stalls(w):
    """The validator goes on, but what it has of a small trust anchor is past its time: as if it were lost."""
    d, mark = two_anchors(w)
    anchors(d, True, int(time.time()) - 60)
    is_told(d, mark)
    anchors(d, True, int(time.time()) + 86400)
    d.until("over", lambda: not d.open_troubles("rpki."))
    untouched(d, mark)


@scenario
def two_caches_disagree(w):
    """Of two caches one falls behind, more and more: told when it is much, with both named; what is in force is what either says."""
    one, two = w.cache(VRPS + MANY), w.cache(VRPS + MANY[:1990])
    d = w.daemon(vrps=None, caches=[one, two], incidents={"settle_s": 3})
    r = edge(d)
    r.carry(r.prov, VICTIM_PREFIX, INVALID)
    d.opens("rov")
    d.quiet()
    mark = d.mark()
    two.change(withdraw=MANY[1850:1990])
    untouched(d, mark)
    right("150 of 2000 are not much", not d.open_troubles("rpki."), brief(d.open_troubles("rpki.")))
    one.change(announce=OTHER)
    told = d.alarms("rpki.diverging", mark)[0]
    right("both are named, and by how much", "cache2" in told["summary"] and "cache1" in told["summary"] and "differ in 550" in told["summary"], told["summary"])
    untouched(d, mark)
    two.change(announce=MANY[1850:] + OTHER)
    d.until("over", lambda: not d.open_troubles("rpki."))
    untouched(d, mark)


@scenario
def standby_disagrees(w):
    """A cache that is not in use says much else than the one that is: told, and nothing is held back for it."""
    one, two = w.cache(VRPS + MANY), w.cache(VRPS + MANY[:1500])
    d = w.daemon(vrps=None, start=False, incidents={"settle_s": 3})
    d.configure(rpki={"caches": [{"name": "one", "host": "127.0.0.1", "port": one.port},
                                 {"name": "two", "host": "127.0.0.1", "port": two.port, "preference": 1}]})
    d.start()
    r = edge(d)
    r.carry(r.prov, VICTIM_PREFIX, INVALID)
    d.opens("rov")
    d.alarms("rpki.diverging")
    d.quiet()
    mark = d.mark()
    one.change(announce=[(VICTIM_PREFIX, 24, 65551)])
    d.closes("rov")
    right("nothing is held back", not any(x["vrps_held_back"] for x in d.show("rpki")), d.show("rpki"))
    two.change(announce=MANY[1500:])
    d.until("over", lambda: not d.open_troubles("rpki."))
    right("for RPKI", [x["reason"] for x in d.told(mark) if x["transition"] == "closed"] == ["rpki"], brief(d.told(mark)))
