"""What made a route invalid: what BGP did, or which VRP; and it stays so, whatever comes later."""
from daemon import OUR_PREFIX, OURS, VICTIM, VICTIM_PREFIX, VRPS
from story import brief
from suite import edge, right, scenario

WIDER = "198.51.0.0/16"


def causes(d, mark=0):
    """Of all records: the reason, and the VRPs in words."""
    return {(x["facts"].get("cause"), tuple("%(change)s %(prefix)s-%(max_length)d AS%(asn)d" % v for v in x["facts"].get("cause_vrps", ())))
            for x in d.told(mark)}


def events_go_on(d, r, to=None):
    """The incident gets records for other reasons: another view, another prefix, a restart, another VRP."""
    r.route(to or r.lateral, "out-post", VICTIM_PREFIX, "64500 64510 64496")
    d.quiet()
    r.close()
    d.restart()
    r.connect()
    d.quiet()
    r.withdraw(to or r.lateral, "out-post", VICTIM_PREFIX)
    d.quiet()


@scenario
def cause_is_the_vrp_that_came(w):
    """A route without a VRP is there, and a VRP of another AS comes: that VRP is the cause, in every record to the closing."""
    d = w.daemon(vrps=VRPS[:1])
    r = edge(d)
    r.carry(r.prov, VICTIM_PREFIX, "64510 64496")
    d.quiet()
    d.set_vrps(VRPS[:1] + [(WIDER, 24, 64499), ("192.0.2.0/24", 24, 64499)])
    i = d.opens("rov")[0]
    right("for the VRP", i["reason"] == "rpki", i["reason"])
    want = {("rpki", ("new 198.51.0.0/16-24 AS64499",))}
    right("the VRP is the cause", causes(d) == want, causes(d))
    right("and evidence says so", i["evidence"].get("cause_vrps") == "new: 198.51.0.0/16 max 24 AS64499", i["evidence"])
    events_go_on(d, r)
    d.set_vrps(VRPS[:1] + [(WIDER, 24, 64499), (VICTIM_PREFIX, 24, 64498)])
    d.quiet()
    d.set_vrps(VRPS)
    d.closes()
    right("the cause is the same in all records", causes(d) == want, causes(d))


@scenario
def cause_is_the_vrp_that_went(w):
    """A route is valid by a VRP below another one of another AS; that VRP goes: its end is the cause."""
    d = w.daemon(vrps=VRPS + [(WIDER, 16, 64499)])
    r = edge(d)
    r.carry(r.prov, VICTIM_PREFIX, "64510 64496")
    d.quiet()
    d.set_vrps(VRPS[:1] + [(WIDER, 16, 64499), ("192.0.2.0/24", 24, 64499)])
    d.opens("rov")
    want = {("rpki", ("gone 198.51.100.0/24-24 AS64496",))}
    right("the end of the VRP is the cause", causes(d) == want, causes(d))
    events_go_on(d, r)
    d.set_vrps(VRPS)
    d.closes()
    right("the cause is the same in all records", causes(d) == want, causes(d))


@scenario
def cause_is_the_announcement(w):
    """The VRPs are there, and the route comes: BGP is the cause, also when VRPs that make no difference come and go afterwards."""
    d = w.daemon()
    r = edge(d)
    r.carry(r.prov, VICTIM_PREFIX, "64510 65551")
    i = d.opens("rov")[0]
    right("announced", i["reason"] == "announced", i["reason"])
    d.set_vrps(VRPS + [(WIDER, 24, 64499)])
    d.quiet()
    events_go_on(d, r)
    d.set_vrps(VRPS)
    d.quiet()
    r.carry(r.prov, VICTIM_PREFIX, "64510 64496")
    d.closes()
    right("announced in all records", causes(d) == {("announced", ())}, causes(d))


@scenario
def cause_of_many_is_their_vrp(w):
    """One VRP makes routes of 40 networks invalid, which are told as one: the VRP is the cause of that, and after a restart."""
    d = w.daemon()
    r = edge(d)
    for k in range(40):
        r.carry(r.prov, "2001:db8:%x::/48" % k, "64510 %d" % (4200000000 + k))
    d.quiet()
    d.set_vrps(VRPS + [("2001:db8::/32", 32, 64499)])
    d.until("told together", lambda: sum(x["prefixes"]["count"] for x in d.open("rov")) == 40)
    d.quiet()
    want = {("rpki", ("new 2001:db8::/32-32 AS64499",))}
    right("the VRP is the cause", causes(d) == want, causes(d))
    r.close()
    d.restart(kill=True)
    r.connect()
    d.quiet()
    d.set_vrps(VRPS)
    d.closes()
    right("the cause is the same in all records", causes(d) == want, causes(d))


@scenario
def opening_has_its_own_cause(w):
    """Closed, and open again for another reason: the cause is that of the opening."""
    d = w.daemon()
    r = edge(d)
    r.carry(r.prov, VICTIM_PREFIX, "64510 64496")
    d.quiet()
    d.set_vrps([(OUR_PREFIX, 24, OURS), (VICTIM_PREFIX, 24, 64499)])
    d.opens("rov")
    d.set_vrps(VRPS)
    d.closes()
    d.quiet(3)
    mark = d.mark()
    d.set_vrps([(OUR_PREFIX, 24, OURS), (VICTIM_PREFIX, 24, 64498)])
    d.opens("rov")
    want = {("rpki", ("gone 198.51.100.0/24-24 AS64496",))}
    right("valid by a VRP that went", causes(d) == want, causes(d))
    d.set_vrps(VRPS)
    d.closes()
    right("and so it was each time", causes(d, mark) == want and len(d.told()) >= 4, brief(d.told()))
    r.withdraw(r.prov, "pre", VICTIM_PREFIX)
    r.withdraw(r.prov, "post", VICTIM_PREFIX)
    r.withdraw(r.loc, "loc", VICTIM_PREFIX)
    d.quiet(3)
    d.set_vrps([(OUR_PREFIX, 24, OURS), (VICTIM_PREFIX, 24, 64498)])
    d.until("in force", lambda: d.show("rpki", VICTIM_PREFIX, "64498")[0]["state"] == "valid")
    mark = d.mark()
    r.carry(r.prov, VICTIM_PREFIX, "64510 64496")
    d.opens("rov")
    right("by BGP this time", causes(d, mark) == {("announced", ())}, causes(d, mark))
