"""What the operator says about the rules: for whom, how grave, and when many are told as one."""
from cases.clocks import INVALID
from daemon import OUR_PREFIX, VICTIM_PREFIX, VRPS
from cases.exceptions import rules
from router import blocks
from story import brief
from suite import edge, right, scenario

CUSTOMER, STRANGER = 64501, 65551


def for_whom(whose):
    return rules(**{"for": {kind: whose for kind in ("rov.invalid.asn", "rov.invalid.length", "leak.otc", "leak.peerlock")}})


@scenario
def rules_for_whom(w):
    """A rule for customers looks at what they send or originate, and at what is ours, in every view; one for our own routes at
    those only. A reload closes and opens what it concerns, for the configuration."""
    theirs, customers = "192.0.2.0/24", "192.0.3.0/24"
    d = w.daemon(vrps=VRPS + [(theirs, 24, 64496), (customers, 24, 64496)])
    r = edge(d)
    r.carry(r.prov, theirs, INVALID)
    r.carry(r.cust, customers, "64501", to=[r.prov])
    r.carry(r.prov, OUR_PREFIX, "64510 64666")
    d.opens("", 3)
    d.reload(rules=for_whom("customers"))
    d.opens("rov.invalid.asn", what="a stranger's is not told")
    right("the customer's is", d.open("rov")[0]["origin"] == CUSTOMER, brief(d.open()))
    d.opens("rov.invalid.asn", where=lambda x: len(x["views"]) == 4, what="in every view")
    right("for the configuration", d.told()[-1]["reason"] == "config", brief(d.told()[-1:]))
    d.reload(rules=for_whom("own"))
    d.closes("rov")
    d.quiet()
    right("what is ours is told", [x["kind"] for x in d.open()] == ["hijack.exact"], brief(d.open()))
    d.reload(rules=rules())
    d.opens("rov.invalid.asn", 2)


@scenario
def severity_by_view(w):
    """How far the routes got says how grave it is, as the operator has it, for one rule or all; the most of a kind goes before."""
    d = w.daemon(rules=rules(severity_by_view=[{"view": "passed-on", "severity": "warning"},
                                               {"view": "in-use", "severity": "notice", "rule": "rov.invalid.asn"}]))
    r = edge(d)
    r.carry(r.prov, VICTIM_PREFIX, INVALID)
    d.opens("rov.invalid.asn", where=lambda x: x["severity"] == "notice")
    r.carry(r.prov, VICTIM_PREFIX, INVALID, to=[r.lateral])
    d.opens("rov.invalid.asn", where=lambda x: x["severity"] == "warning")
    r.carry(r.prov, OUR_PREFIX, "64510 64666", to=[r.cust])
    d.opens("hijack.exact", where=lambda x: x["severity"] == "warning")
    d.reload(rules=rules(severity_max={"hijack.exact": "info"}))
    d.opens("hijack.exact", where=lambda x: x["severity"] == "info")
    d.reload(rules=rules())
    d.opens("hijack.exact", where=lambda x: x["severity"] == "critical")


@scenario
def how_many_are_told_as_one(w):
    """Incidents of one neighbour are told one by one up to the number that the operator sets, and above it as one with all of
    their prefixes."""
    for group_at, n in ((3, 3), (3, 4), (20, 12)):
        prefixes = blocks("198.51.100.0/22", 28, n)
        d = w.daemon(vrps=[(p, 28, 64496 + k) for k, p in enumerate(prefixes)], incidents={"group_at": group_at})
        r = edge(d)
        for k, p in enumerate(prefixes):
            r.carry(r.prov, p, "64510 %d" % (STRANGER + k))
        d.opens("rov.invalid.asn", n if n <= group_at else 1, where=lambda x: x["prefixes"]["count"] == (1 if n <= group_at else n))
        d.quiet()
        right("nothing else", len(d.open()) == (n if n <= group_at else 1), brief(d.open()))
