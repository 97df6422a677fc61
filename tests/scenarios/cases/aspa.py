"""ASPA: paths that a customer's own list of providers contradicts."""
import itertools

from cache import aspa
from daemon import OURS, VRPS
from story import brief
from suite import edge, quick, right, scenario

LEAKED = "192.0.2.0/24"
ORIGIN, OTHER = 64998, 64997  # the one whose ASPA it is, and its provider
ASPAS = [{"customer_asid": ORIGIN, "providers": [OTHER]}]
ROUTINATOR = [{"customer": "AS%d" % ORIGIN, "providers": ["AS%d" % OTHER], "ta": "test"}]
FROM_CUSTOMER = "64501 %d" % ORIGIN
STEPS = {"pre": FROM_CUSTOMER, "post": FROM_CUSTOMER, "loc": FROM_CUSTOMER, "out-post": "64500 " + FROM_CUSTOMER}


def world(w, aspas=ASPAS):
    d = w.daemon()
    d.set_vrps(VRPS, aspas=aspas)
    d.until("ASPAs are there", lambda: d.show("rpki")[0]["aspas"] == len(aspas))
    return d, edge(d)


def where(r, view):
    return {"loc": r.loc, "out-post": r.lateral}.get(view, r.cust)


@quick
def customer_passes_on_what_is_not_its_own(w):
    """What its list of providers does not allow comes from a customer: one incident over all views, the customer is named."""
    d, r = world(w)
    for view in ("pre", "post", "loc"):
        r.route(where(r, view), view, LEAKED, STEPS[view])
    i = d.opens("aspa.invalid")[0]
    right("who is no provider of whom", "AS64501 is no provider of AS%d by its ASPA" % ORIGIN in i["summary"], i["summary"])
    right("the ASPA is there", i["facts"]["aspa"] == {"customer": ORIGIN, "no_provider": 64501, "providers": [OTHER]}, i["facts"])
    right("who did it", i["facts"]["offender_as"] == 64501, i["facts"])
    d.until("in use: major", lambda: [x["severity"] for x in d.open("aspa")] == ["major"])
    r.route(r.lateral, "out-post", LEAKED, STEPS["out-post"])
    d.until("passed on: critical", lambda: [x["severity"] for x in d.open("aspa")] == ["critical"])
    d.quiet()
    right("one", len([x for x in d.told() if x["transition"] == "opened"]) == 1, brief(d.told()))
    for view in ("pre", "post", "loc", "out-post"):
        r.withdraw(where(r, view), view, LEAKED)
    d.closes()


@scenario
def it_ends_with_the_aspa(w):
    """The customer's provider is put on the list: over, by the RPKI; taken off again: another occurrence."""
    d, r = world(w, ROUTINATOR)
    r.carry(r.cust, LEAKED, FROM_CUSTOMER)
    d.opens("aspa.invalid")
    d.set_vrps(VRPS, aspas=[{"customer_asid": ORIGIN, "providers": [OTHER, 64501]}])
    d.closes()
    last = [x for x in d.told() if x["transition"] == "closed"][-1]
    right("by the RPKI", last["reason"] == "rpki", brief([last]))
    d.set_vrps(VRPS, aspas=ASPAS)
    d.opens("aspa.invalid")
    d.set_vrps(VRPS, aspas=[])
    d.closes()


@scenario
def a_broken_file_leaves_aspas(w):
    """The file that the ASPAs are in is cut: what is known stays, and nothing is closed."""
    d, r = world(w)
    r.carry(r.cust, LEAKED, FROM_CUSTOMER)
    d.opens("aspa.invalid")
    d.put_text("{\"roas\": [")
    d.alarms("rpki.", 0)
    d.quiet()
    right("nothing is closed", not [x for x in d.told() if x["transition"] == "closed"], brief(d.told()))
    d.set_vrps(VRPS, aspas=ASPAS)
    d.until("the alarm is over", lambda: not d.open_troubles("rpki."))


@scenario
def ordinary_paths_are_silent(w):
    """A provider may have it from its peer, a customer of a customer is on the list, a route server shows itself or not."""
    d, r = world(w, [{"customer_asid": ORIGIN, "providers": [OTHER]}, {"customer_asid": OTHER, "providers": [64501]},
                     {"customer_asid": 64501, "providers": [OURS]}])
    r.carry(r.prov, LEAKED, "64510 %d" % ORIGIN, to=[r.cust])
    r.carry(r.prov, "192.0.3.0/24", "64510 64511 %d %d" % (OTHER, ORIGIN), to=[r.cust])
    r.carry(r.cust, "192.0.4.0/24", "64501 %d %d %d %d" % (OTHER, OTHER, ORIGIN, ORIGIN), to=[r.prov, r.lateral])
    r.carry(r.cust, "192.0.5.0/24", "64501", to=[r.prov, r.lateral])
    r.carry(r.lateral, "192.0.6.0/24", "64509", to=[r.cust])
    d.quiet()
    right("nothing is told", not d.told(), brief(d.told()))


@scenario
def our_provider_will_drop_it(w):
    """A customer's list lacks us: nobody sees it but our provider, and it is told as ours."""
    d, r = world(w, [{"customer_asid": 64501, "providers": [64510]}])
    r.carry(r.cust, LEAKED, "64501", to=[r.prov])
    i = d.opens("aspa.invalid")[0]
    right("who lacks whom", "AS%d is no provider of AS64501" % OURS in i["summary"], i["summary"])
    right("only where it goes out", i["views"] == ["adj-rib-out-post"], i["views"])
    r.drop(r.cust, LEAKED, to=[r.prov])
    d.closes()


@scenario
def it_ends_in_every_order_of_views(w):
    """Announced and withdrawn in any order of the four views: nothing is left."""
    orders = list(itertools.permutations(STEPS))
    d, r = world(w)
    for come, go in zip(orders, orders[7:] + orders[:7]):
        for view in come:
            r.route(where(r, view), view, LEAKED, STEPS[view])
        d.heard()
        for view in go:
            r.withdraw(where(r, view), view, LEAKED)
        d.heard()
    d.closes()
    d.quiet()
    right("nothing is left", not d.show("incidents") and d.stats()["incident_members"] == 0, d.show("incidents"))


@scenario
def aspas_of_a_cache(w):
    """RTR version 2: the ASPA comes, is replaced and is withdrawn by deltas; an old cache in its place tells of none."""
    c = w.cache(VRPS, version=2, aspas={ORIGIN: [OTHER]})
    d = w.daemon(vrps=None, caches=[c])
    r = edge(d)
    row = d.show("rpki")[0]
    right("version 2, and one ASPA", row["version"] == 2 and row["aspas"] == 1, row)
    r.carry(r.cust, LEAKED, FROM_CUSTOMER)
    d.opens("aspa.invalid")
    d.quiet()
    c.aspas = {ORIGIN: [OTHER, 64501]}
    c.change(octets=aspa(ORIGIN, [64501, OTHER]))
    d.closes()
    c.aspas = {ORIGIN: [OTHER]}
    c.change(octets=aspa(ORIGIN, [OTHER]))
    d.opens("aspa.invalid")
    c.aspas = {}
    c.change(octets=aspa(ORIGIN))
    d.closes()


@scenario
def a_cache_of_version_1_is_spoken_to(w):
    """The highest version is asked for first; the cache says that it cannot, and is understood."""
    c = w.cache(VRPS)
    d = w.daemon(vrps=None, caches=[c])
    right("asked in 2, then in 1", [q[0] for q in c.queries][:2] == [2, 1], c.queries)
    right("version 1", d.show("rpki")[0]["version"] == 1, d.show("rpki")[0])
    right("no trouble", not d.open_troubles(), brief(d.troubles()))


@scenario
def our_own_aspa_lacks_a_provider(w):
    """A provider that our ASPA does not list, and a peer that it does: two notices, over when the ASPA is right."""
    d, r = world(w, [{"customer_asid": OURS, "providers": [64509]}])
    d.until("both are told", lambda: len(d.open_troubles("peer.aspa")) == 2)
    told = sorted(d.open_troubles("peer.aspa"), key=lambda x: x["peer_as"])
    right("who", [x["peer_as"] for x in told] == [64509, 64510], brief(told))
    right("a note", {x["severity"] for x in told} == {"notice"}, brief(told))
    d.quiet()
    d.set_vrps(VRPS, aspas=[{"customer_asid": OURS, "providers": [64510]}])
    d.until("over", lambda: not d.open_troubles("peer.aspa"))
