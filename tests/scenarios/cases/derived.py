"""What is ours without being listed: by VRPs that name an AS of ours; and what else is said of our ROAs."""
from daemon import OTHERS, OUR_PREFIX, OURS, VRPS
from story import brief
from suite import edge, right, scenario

HALF = "203.0.113.128/25"
STRANGER = "64510 65551"


@scenario
def own_asns_alone_protect(w):
    """own.asns and no prefix: a stranger in the space of a VRP of ours is a hijack, with one worker and with four, and over a restart."""
    for workers in (1, 4):
        d = w.daemon(own={"asns": [OURS]}, workers=workers)
        r = edge(d)
        r.carry(r.prov, HALF, STRANGER)
        i = d.opens("hijack.more-specific")[0]
        right("critical, and our prefix is named", i["severity"] == "critical" and OUR_PREFIX in i["summary"], i["summary"])
        d.quiet()
        mark = d.mark()
        r.close()
        d.stop()
        d.start()
        r.connect()
        d.quiet(4)
        right("the same incident", len(d.open()) == 1 and not [x for x in d.told(mark) if x["transition"] in ("opened", "closed")], brief(d.told(mark)))
        r.drop(r.prov, HALF)
        d.closes()


@scenario
def who_may_be_in_derived_space(w):
    """Inside the space of a VRP of ours: who has a ROA of his own, a customer, and a site with a private AS number are no hijack."""
    d = w.daemon(own={"asns": [OURS]}, vrps=VRPS + [(HALF, 25, 65540)])
    r = edge(d)
    r.carry(r.prov, HALF, "64510 65540")
    r.carry(r.cust, "203.0.113.0/25", "64501")
    r.carry(r.peer("192.0.2.50", 4200000010), "203.0.113.64/26", "4200000010")
    d.quiet()
    right("no hijack", not d.told(kind="hijack"), brief(d.told()))


@scenario
def derived_follows_vrps_and_configuration(w):
    """own.derive: off; on again by a reload; a prefix that is listed wins over the VRP; one whose VRP is gone is ours until somebody else has
    a VRP for it, which is told."""
    d = w.daemon(own={"asns": [OURS], "derive": "off"}, vrps=VRPS)
    r = edge(d)
    r.carry(r.prov, HALF, STRANGER)
    d.opens("rov.invalid.asn")
    right("no hijack", not d.told(kind="hijack"), brief(d.told()))
    d.reload(own={"asns": [OURS]})
    d.opens("hijack.more-specific")
    d.reload(own={"asns": [OURS], "prefixes": [{"prefix": OUR_PREFIX, "origins": [65551]}]})
    d.closes("hijack")
    d.reload(own={"asns": [OURS]})
    d.opens("hijack.more-specific")
    d.quiet()
    d.set_vrps(OTHERS)
    i = d.alarms("roa.gone")[0]
    right("which ROA it was", OUR_PREFIX in i["summary"] and "AS64500" in i["summary"], i["summary"])
    mark = d.mark()
    d.quiet()
    right("it is ours all the same", len(d.open("hijack")) == 1 and not d.told(mark, "hijack"), brief(d.told(mark)))
    r.close()
    d.restart()
    r.connect()
    d.quiet(4)
    right("also after a restart", len(d.open("hijack")) == 1 and len(d.troubles(kind="roa")) == 1, brief(d.troubles(kind="roa")))
    d.set_vrps(OTHERS + [(OUR_PREFIX, 25, 65551)])
    d.closes("hijack")
    d.until("and what is no longer ours has no ROA of ours to lose", lambda: not d.open_troubles("roa"))


@scenario
def customer_inside_our_prefix(w):
    """A customer with a ROA announces a part of our listed prefix, and one who scrubs our traffic all of it: milder, and said why."""
    d = w.daemon(vrps=OTHERS + [(OUR_PREFIX, 25, OURS), (HALF, 25, 64501)],
                 own={"asns": [OURS], "prefixes": [{"prefix": OUR_PREFIX, "scrubbers": [65540]}]})
    r = edge(d)
    r.carry(r.cust, HALF, "64501")
    i = d.opens("hijack.more-specific")[0]
    right("a note", i["severity"] == "info" and "customer" in i["summary"], brief([i]))
    r.carry(r.prov, "203.0.113.0/25", "64510 65540 64500")
    d.quiet()
    right("behind us a scrubber is no news", len(d.open()) == 1, brief(d.open()))
    r.carry(r.lateral, OUR_PREFIX, "64509 65540")
    i = d.opens("hijack.exact")[0]
    right("a warning", i["severity"] == "warning" and "scrubs" in i["summary"], brief([i]))


def loose(d):
    return [x for x in d.records if "roa.loose-maxlength" in (x.get("type"), x.get("event"))]


@scenario
def roas_of_our_own(w):
    """No ROA for one of ours is a note after a minute; a ROA of AS 0 over it a warning; both end with what they are about."""
    d = w.daemon(vrps=OTHERS + [(OUR_PREFIX, 32, OURS), ("203.0.112.0/20", 20, 0)],
                 own={"asns": [OURS], "prefixes": [{"prefix": OUR_PREFIX}]})
    i = d.alarms("roa.doubtful")[0]
    right("it is named", "203.0.112.0/20" in i["summary"] and i["severity"] == "warning", i["summary"])
    d.until("a loose maxLength is told", lambda: loose(d))
    right("as info", loose(d)[0]["severity"] == "info", loose(d))
    d.set_vrps(OTHERS + [(OUR_PREFIX, 32, OURS)])
    d.until("that is over", lambda: not d.open_troubles("roa"))
    d.set_vrps(OTHERS)
    i = d.alarms("roa.gone")[0]
    right("it says which", OUR_PREFIX in i["summary"] and "AS64500" in i["summary"], i["summary"])
    d.stop()
    d.start()
    d.set_vrps(VRPS)
    d.until("it is back", lambda: not d.open_troubles("roa"))
    right("told once", len(loose(d)) == 1, loose(d))


@scenario
def roas_of_what_is_ours_no_more(w):
    """An alarm about the ROAs of a prefix ends when the prefix leaves the configuration, by a reload or while the collector is down."""
    for how in ("reload", "restart"):
        d = w.daemon(vrps=OTHERS + [(OUR_PREFIX, 24, OURS), ("203.0.112.0/20", 20, 0)],
                     own={"asns": [OURS], "derive": "off", "prefixes": [{"prefix": OUR_PREFIX}]})
        d.alarms("roa.doubtful")
        d.set_vrps(OTHERS + [("198.51.0.0/16", 16, 0)])
        d.alarms("roa.gone")
        if how == "reload":
            d.reload(own={"asns": [OURS], "derive": "off"})
        else:
            d.stop()
            d.configure(own={"asns": [OURS], "derive": "off"})
            d.start()
        d.until("that is over by a " + how, lambda: not d.open_troubles("roa"))
    d = w.daemon(vrps=OTHERS + [(OUR_PREFIX, 24, OURS), ("203.0.112.0/20", 20, 0)],
                 own={"asns": [OURS], "derive": "off", "prefixes": [{"prefix": OUR_PREFIX}]})
    d.alarms("roa.doubtful")
    d.reload(own={"asns": [OURS], "derive": "off"})
    d.until("the doubtful one, too", lambda: not d.open_troubles("roa"))


@scenario
def neighbors_of_all_routers(w):
    """Who is a neighbour at one router is one at all, also a route server's member and who is in own.upstreams, with four workers and over a
    restart; a stranger next to us stays told."""
    d = w.daemon(vrps=OTHERS + [(OUR_PREFIX, 26, OURS)], workers=4,
                 own={"asns": [OURS], "prefixes": [{"prefix": OUR_PREFIX}], "upstreams": [65546]})
    one, two = edge(d, "edge1", connect=False), edge(d, "edge2", connect=False)
    two.peer("192.0.2.77", 65542, "peer")
    ix = two.peer("192.0.2.78", 65543, "rs")
    two.carry(ix, "198.18.0.0/24", "65544 65545", upto="post")
    for r in (one, two):
        r.connect()
    for beside in (64509, 65542, 65544, 65546):
        one.carry(one.prov, OUR_PREFIX, "64510 %d 64500" % beside)
        d.quiet(3)
        right("AS%d is a neighbour" % beside, not d.told(kind="hijack"), brief(d.told()))
    one.carry(one.lateral, "203.0.113.64/26", "64509 65551 64500")
    i = d.opens("hijack.first-hop")[0]
    right("critical", i["severity"] == "critical" and "65551" in i["summary"], brief([i]))
    d.quiet()
    mark = d.mark()
    for r in (one, two):
        r.close()
    d.stop()
    d.start()
    for r in (one, two):
        r.connect()
    d.quiet(4)
    right("the same incident, and nothing told", len(d.open("hijack")) == 1 and not d.told(mark, "hijack"), brief(d.told(mark)))
    one.drop(one.lateral, "203.0.113.64/26")
    d.closes("hijack")


@scenario
def without_its_roa_it_is_not_ours(w):
    """what-if says which prefix is ours by the ROA alone that is to go; not of one that is listed, or that has another ROA of ours."""
    d = w.daemon(own={"asns": [OURS]}, vrps=OTHERS + [(OUR_PREFIX, 25, OURS)])
    edge(d)

    def asked(*more):
        a = d.command("what-if", "--no-roa", "%s-25 AS%d" % (OUR_PREFIX, OURS), *more)
        return a.returncode, OUR_PREFIX + " is ours by this ROA alone" in a.stderr

    d.until("it is said", lambda: asked() == (1, True))
    right("not where another takes its place", asked("--roa", "%s-24 AS%d" % (OUR_PREFIX, OURS)) == (0, False))
    d.reload(own={"asns": [OURS], "prefixes": [{"prefix": OUR_PREFIX}]})
    right("nor where it is listed", asked() == (0, False), asked())
