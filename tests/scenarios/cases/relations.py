"""What neighbours are to us where nobody says it: by the sizes of their tables, and what rules make of that."""
from daemon import LARGE
from router import Router, blocks
from story import brief
from suite import edge, right, scenario

FULL = blocks("20.0.0.0/8", 24, 300)
LEAKED = blocks("20.200.0.0/16", 24, 6)
QUICK = {"infer_after_s": 2, "infer_table": 100}
NOBODY = [("192.0.2.0/24", 24, 64499)]


def network(d):
    """Two of whom we have a full table, and one who gets it; no OPEN has a role."""
    r = Router(d)
    r.loc_rib()
    r.one = r.peer("192.0.2.10", 64510)
    r.two = r.peer("192.0.2.11", 64511)
    r.cust = r.peer("192.0.2.1", 64501)
    for p in (r.one, r.two):
        r.route(p, "pre", FULL, "%d 64999" % p.asn)
        r.route(p, "out-post", "203.0.113.0/24", "64500")
    r.route(r.cust, "pre", blocks("21.0.0.0/16", 24, 4), "64501")
    r.route(r.cust, "out-post", FULL, "64500 64510 64999")
    r.route(r.loc, "loc", FULL, "64510 64999")
    r.connect()
    return r


def relations(d):
    return {p["peer_as"]: p.get("relation_inferred", {}).get("relation") for p in d.show("peers")}


def inferred(d):
    want = {64510: "provider", 64511: "provider", 64501: "customer"}
    d.until("what they are", lambda: {k: v for k, v in relations(d).items() if k in want} == want, 60)


@scenario
def inferred_relations_find_leaks(w):
    """A customer by his tables sends what is our provider's, and it is passed on: told, milder, and why; over when over."""
    d = w.daemon(vrps=NOBODY, relations=QUICK)
    d.steady = False  # what is inferred takes its time
    r = network(d)
    inferred(d)
    d.quiet()
    right("what neighbours look like is told to nobody", not d.told(), brief(d.told()))
    r.route(r.cust, "pre", LEAKED, "64501 64511 64999")
    r.route(r.loc, "loc", LEAKED, "64501 64511 64999")
    i = d.opens("leak.upstream")[0]
    right("in use, and milder", i["severity"] == "notice", i["severity"])
    right("it is said", "relation inferred from table sizes" in i["summary"], i["summary"])
    facts = i["evidence"]
    right("with the sizes", facts["neighbor"] == "customer (relation inferred from table sizes: 4 prefixes in, full table out)", facts)
    said = " ".join(d.command("explain", LEAKED[0]).stdout.split())
    right("explained", "AS64501 is our customer by the sizes of its tables (4 in, 300 out, the largest table 300)" in said, said)
    r.route(r.one, "out-post", LEAKED, "64500 64501 64511 64999")
    d.until("passed on", lambda: [x["severity"] for x in d.open("leak")] == ["warning"])
    d.restart()
    r.connect()
    d.until("known again", lambda: relations(d).get(64501) == "customer")
    d.quiet()
    right("a restart neither closes nor opens", [t["transition"] for t in d.told() if t["transition"] in ("opened", "closed")] == ["opened"],
          brief(d.told()))
    for p, view in ((r.cust, "pre"), (r.loc, "loc"), (r.one, "out-post")):
        r.withdraw(p, view, LEAKED)
    d.closes()


@scenario
def our_own_leak_by_inferred_relations(w):
    """What one gave us who looks like a provider goes out to the other: our leak, a warning rather than critical."""
    d = w.daemon(vrps=NOBODY, relations=QUICK)
    d.steady = False
    r = network(d)
    inferred(d)
    r.route(r.two, "out-post", LEAKED, "64500 64510 64999")
    i = d.opens("leak.own")[0]
    right("we leak", "we leak" in i["summary"], i["summary"])
    right("a warning", i["severity"] == "warning", i["severity"])
    r.route(r.two, "out-post", FULL, "64500 64510 64999")  # now its table looks like that of nobody
    d.quiet()
    right("it stays", [x["kind"] for x in d.open()] == ["leak.own"] and relations(d)[64511] == "provider", brief(d.told()))
    r.withdraw(r.two, "out-post", LEAKED + FULL)
    d.closes()


@scenario
def inferred_relations_are_switched(w):
    """suggest-only shows them and no rule uses them; roles or the configuration say more."""
    d = w.daemon(vrps=NOBODY, relations=dict(QUICK, infer="suggest-only"))
    d.steady = False
    r = network(d)
    inferred(d)
    r.route(r.cust, "pre", LEAKED, "64501 64511 64999")
    r.route(r.loc, "loc", LEAKED, "64501 64511 64999")
    d.quiet()
    right("nothing is told", not d.told(), brief(d.told()))
    d.reload(relations=QUICK)
    i = d.opens("leak.upstream")[0]
    right("now it is", i["severity"] == "notice", i["severity"])
    d.reload(relations=QUICK, neighbors=[{"asn": 64501, "relation": "customer"}, {"asn": 64511, "relation": "provider"}])
    d.until("by what is known", lambda: [x["severity"] for x in d.open("leak")] == ["major"])
    d.reload(relations={"infer": "off"}, neighbors=None)
    d.closes()


AS_REL = """# source:topology|BGP|20180101|test|rrc00
64510|64501|-1
64501|64502|0
64555|%d|-1
%d|64556|0
""" % (LARGE[0], LARGE[1])
LEAK = "20.9.9.0/24"


@scenario
def as_rel_says_which_leak_it_is(w):
    """A file of relations is no reason of an incident: it says which leak it is, how sure, and what lists contradict it."""
    d = w.daemon(vrps=NOBODY, start=False)
    path = d.folder + "/as-rel.txt"
    d.set_text(AS_REL, path)
    d.configure(relations={"as_rel": path})
    d.start()
    d.alarms("collector.as-rel-old", what="of 2018")
    doubt = d.alarms("collector.lists")[0]
    right("the list's contradiction is named", "AS%d of rules.provider_free buys from AS64555" % LARGE[0] in doubt["summary"], doubt["summary"])
    r = edge(d)
    r.route(r.prov, "pre", "20.9.8.0/24", "64510 64501 64502")  # a valley by the file, and by nothing else
    d.quiet()
    right("the file alone opens nothing", not d.told(), brief(d.told()))
    r.route(r.cust, "pre", LEAK, "64501 64510 64999", otc=64510)
    r.route(r.loc, "loc", LEAK, "64501 64510 64999", otc=64510)
    i = d.opens("leak.otc")[0]
    right("from a provider to a provider", i["evidence"]["leak_type"].startswith("1:") and i["facts"]["leak_type"] == 1, i["evidence"])
    right("and what as-rel knows", i["facts"]["as_rel"] == {"date": "2018-01-01", "leaked_from": "provider", "leaked_to": "unknown",
                                                            "says": "unknown"}, i["facts"].get("as_rel"))
    right("also when shown", d.show("incidents")[0]["facts"]["leak_type"] == 1, d.show("incidents"))
    d.put_text("no|file\n", path)
    wrong = d.until("the file is wrong", lambda: [t for t in d.open_troubles("collector.as-rel") if t["kind"] == "collector.as-rel"])[0]
    right("the line is named", "line 1" in wrong["summary"], wrong["summary"])
    d.set_text(AS_REL.replace("20180101", "20990101").replace("64555|", "%d|" % LARGE[1]), path)
    d.until("all is well again", lambda: [t["kind"] for t in d.open_troubles("collector.as-rel")] == [])
    d.reload(relations=None)
    d.until("nothing is left", lambda: not d.open_troubles("collector.lists"))
    r.withdraw(r.cust, "pre", LEAK)
    r.withdraw(r.loc, "loc", LEAK)
    d.closes()
