"""Our own prefixes in other hands, and our own routes that only look so."""
from daemon import OTHERS, OUR_PREFIX, OURS, VICTIM, VICTIM_PREFIX, VRPS
from router import Router, blocks
from story import brief
from suite import edge, quick, right, scenario
from wire import BLACKHOLE, LOCAL_PEER, RD_PEER

HALF, OTHER_HALF = "203.0.113.128/25", "203.0.113.0/25"
STRANGER = "64510 65551"
RED = b"\0\0\xfd\xe9\0\0\0\1"  # a route distinguisher


@quick
def own_half_is_told_and_over(w):
    """A stranger's half of our prefix is told once, as critical, and closed when it is withdrawn everywhere."""
    d = w.daemon(vrps=OTHERS)
    r = edge(d)
    r.carry(r.prov, HALF, STRANGER)
    i = d.opens("hijack.more-specific")[0]
    right("it is critical", i["severity"] == "critical", i["severity"])
    right("it names the stranger", i["origin"] == 65551 and "65551" in i["summary"], i["summary"])
    right("and our prefix", OUR_PREFIX in i["summary"], i["summary"])
    d.quiet()
    r.drop(r.prov, HALF)
    d.closes()
    told = [x["transition"] for x in d.told()]
    right("one opening, one closing", told.count("opened") == told.count("closed") == 1, brief(d.told()))


@quick
def hijack_that_is_invalid_is_one_incident(w):
    """A hijack that a VRP calls invalid, too, is one incident with both rules, not two alarms."""
    d = w.daemon()
    r = edge(d)
    r.carry(r.prov, OUR_PREFIX, STRANGER)
    d.opens("hijack.exact")
    d.quiet()
    right("one incident", len(d.open()) == 1, brief(d.open()))
    i = d.open()[0]
    right("its kind is the hijack, the other rule is a facet", i["kind"] == "hijack.exact" and any("rov" in f for f in i.get("facets", [])), i.get("facets"))


@scenario
def update_says_something_new(w):
    """One incident that grows into more views is not told again as long as it is as severe as it was."""
    d = w.daemon(vrps=OTHERS)
    r = edge(d)
    r.carry(r.prov, HALF, STRANGER)
    d.opens("hijack")
    d.quiet()
    right("told for its severity: nothing is more than critical",
          not [x for x in d.told() if x["transition"] == "updated" and x["reason"] == "severity"], brief(d.told()))


@scenario
def filtered_own_hijack_is_critical(w):
    """Our filter drops a stranger's route to our prefix: the world has it all the same, critical."""
    d = w.daemon(vrps=OTHERS)
    r = edge(d)
    r.carry(r.lateral, OUR_PREFIX, "64509 65551", upto="pre")
    i = d.opens("hijack.exact")[0]
    right("critical", i["severity"] == "critical", i["severity"])
    right("told at once", i["views"] == ["adj-rib-in-pre"], i["views"])


@quick
def own_routes_are_silent(w):
    """Our prefix by ourselves, in every shape of path that ends with us, says nothing."""
    d = w.daemon()
    r = edge(d)
    ibgp = r.peer("192.0.2.99", OURS, None)
    r.route(r.loc, "loc", OUR_PREFIX, "")
    r.route(ibgp, "pre", OUR_PREFIX, "")
    r.route(r.prov, "out-post", OUR_PREFIX, "64500 64500 64500")
    r.route(r.prov, "pre", OUR_PREFIX, "64510 64509 64500")
    r.route(r.cust, "out-post", "0.0.0.0/0", "64500 64510")
    r.route(r.prov, "pre", ["0.0.0.0/0", "::/0"], "64510")
    r.route(r.lateral, "pre", VICTIM_PREFIX, "64509" + " 64496" * 300)
    d.quiet()
    right("nothing is told", not d.told(), brief(d.told()))


@scenario
def allowed_origins_are_silent(w):
    """A customer's part with its own entry, and a site with a private AS number in the list of origins, are no hijack."""
    d = w.daemon(vrps=[(OUR_PREFIX, 25, OURS), (HALF, 25, 64501)],
                 own={"asns": [OURS], "prefixes": [{"prefix": OUR_PREFIX}, {"prefix": HALF, "origins": [64501]}]})
    r = edge(d)
    r.carry(r.cust, HALF, "64501")
    r.carry(r.prov, HALF, "64510 64501", upto="post")
    d.quiet()
    right("nothing is told", not d.told(), brief(d.told()))
    r.carry(r.prov, OTHER_HALF, "64510 64501", upto="pre")
    d.opens("hijack", what="the other half is not the customer's")


@quick
def confederation_is_ourselves(w):
    """A path of confederation segments only, or an empty one inside a confederation, begins with us."""
    d = w.daemon()
    r = edge(d)
    member = r.peer("192.0.2.30", 65002, None, local_as=65001)
    r.route(member, "pre", OUR_PREFIX, "(65002)")
    r.route(member, "post", OUR_PREFIX, "(65002 65003)")
    r.route(r.loc, "loc", OUR_PREFIX, "(65002) [65003 65004]")
    r.route(member, "pre", VICTIM_PREFIX, "(65002 65003) 64510 64496")
    d.quiet()
    right("nothing is told", not d.told(), brief(d.told()))
    r.route(member, "pre", HALF, "(65002) 64510 65551")
    d.opens("hijack", what="a stranger behind the confederation is one")


@scenario
def empty_path_without_an_as_is_no_stranger(w):
    """A Loc-RIB whose header and OPEN say AS 0: an empty path is our own route, or nobody's; never an accusation."""
    d = w.daemon()
    r = edge(d, connect=False)
    r.loc.asn = r.loc.local_as = 0
    r.route(r.loc, "loc", OUR_PREFIX, "")
    r.connect()
    d.quiet()
    right("nothing is told", not d.told(), brief(d.told()))


@scenario
def as_sets_are_named_and_apart(w):
    """Two aggregates of unrelated networks whose origin is an AS_SET are two incidents, and name the sets' members."""
    d = w.daemon(vrps=[(VICTIM_PREFIX, 24, VICTIM), ("192.0.2.0/24", 24, 64497)])
    r = edge(d)
    r.carry(r.prov, VICTIM_PREFIX, "64510 {65536,65537}")
    d.opens("rov.invalid.asn")
    r.carry(r.lateral, "192.0.2.0/24", "64509 {65540,65541}")
    both = d.opens("rov.invalid.asn", 2)
    text = " ".join(x["summary"] for x in both)
    right("the members are named", all(n in text for n in ("65536", "65537", "65540", "65541")), brief(both))


@scenario
def own_prefix_listed_twice(w):
    """One prefix in two entries, an origin each: both origins are allowed."""
    d = w.daemon(vrps=OTHERS, own={"prefixes": [{"prefix": OUR_PREFIX, "origins": [OURS]}, {"prefix": OUR_PREFIX, "origins": [64501]}]})
    r = edge(d)
    r.carry(r.cust, OUR_PREFIX, "64501")
    r.carry(r.prov, OUR_PREFIX, "64510 64500", upto="post")
    d.quiet()
    right("nothing is told", not d.told(), brief(d.told()))


@scenario
def max_length_of_own_prefix(w):
    """own.prefixes.max_length: what we announce ourselves and is longer is told; a length that cannot be is refused."""
    d = w.daemon(vrps=OTHERS, own={"asns": [OURS], "prefixes": [{"prefix": OUR_PREFIX, "max_length": 24}]})
    r = edge(d)
    r.route(r.loc, "loc", "203.0.113.64/26", "")
    d.quiet()
    right("inside the network it is our business", not [x for x in d.told() if x["severity"] in ("major", "critical")], brief(d.told()))
    r.route(r.prov, "out-post", "203.0.113.64/26", "64500")
    d.until("a /26 of ours to a provider is told", lambda: d.open())
    for wrong in (8, 33, 128):
        d.configure(own={"asns": [OURS], "prefixes": [{"prefix": OUR_PREFIX, "max_length": wrong}]})
        checked = d.check_config()
        right("max_length %d of a /24 is refused" % wrong, checked.returncode == 2 and "max_length" in checked.stderr, checked.stderr)


@scenario
def own_blackhole_is_no_alarm(w):
    """Our own /32 with the blackhole community to our provider, and a customer's inside its prefix, are a note at most."""
    d = w.daemon(vrps=VRPS + [("192.0.2.0/24", 24, 64501)])
    r = edge(d)
    r.route(r.loc, "loc", "203.0.113.7/32", "", communities=[BLACKHOLE])
    r.route(r.prov, "out-post", "203.0.113.7/32", "64500", communities=[BLACKHOLE])
    r.carry(r.cust, ["192.0.2.7/32", "192.0.2.8/32"], "64501", communities=[BLACKHOLE])
    d.quiet()
    loud = [x for x in d.told() if x["severity"] not in ("info", "notice")]
    right("nothing above a notice", not loud, brief(loud))


@scenario
def foreign_blackhole_is_critical(w):
    """A stranger's /32 of ours with the blackhole community is an attack like any other."""
    d = w.daemon()
    r = edge(d)
    r.carry(r.lateral, "203.0.113.1/32", "64509 65550 65551", communities=[BLACKHOLE])
    i = d.opens("hijack.more-specific")[0]
    right("critical", i["severity"] == "critical", i["severity"])
    d.quiet()
    right("one incident for one route", len(d.open()) == 1, brief(d.open()))


@scenario
def one_origin_takes_many_own_prefixes(w):
    """One stranger takes half of each of 120 own prefixes within a second: a page, not 120, with the full count."""
    own = blocks("2001:db8::/36", 48, 120)
    d = w.daemon(vrps=OTHERS, own={"asns": [OURS], "prefixes": [{"prefix": p} for p in own]})
    r = edge(d)
    r.carry(r.prov, [p.replace("/48", "/49") for p in own], STRANGER)
    d.until("it is told", lambda: d.open("hijack"))
    d.quiet()
    loud = [x for x in d.told() if x["severity"] == "critical"]
    right("at most 4 critical records", len(loud) <= 4, "%d records, %d open" % (len(loud), len(d.open())))
    right("all 120 are counted", sum(x["prefixes"]["count"] for x in d.open("hijack")) == 120)
    r.drop(r.prov, [p.replace("/48", "/49") for p in own])
    d.closes()


@scenario
def customer_tables_are_not_the_internet(w):
    """Our prefix with another origin in a VRF, and in the Loc-RIB of one, is the customer's business."""
    d = w.daemon()
    r = edge(d)
    vrf = r.peer("10.0.0.1", 65010, None, kind=RD_PEER, rd=RED)
    red = r.loc_rib("red", rd=RED)
    r.route(vrf, "pre", OUR_PREFIX, "65010")
    r.route(vrf, "post", HALF, "65010 65011")
    r.route(red, "loc", OUR_PREFIX, "65010")
    d.quiet()
    right("nothing is told", not d.told(), brief(d.told()))
    r.route(r.prov, "pre", HALF, STRANGER)
    d.opens("hijack", what="in the global table it is a hijack")


@scenario
def internal_more_specifics_are_not_invalid(w):
    """Loopbacks, links and statics in Loc-RIB and iBGP, longer than our ROA allows, are nobody's alarm."""
    d = w.daemon()
    r = edge(d)
    ibgp = r.peer("192.0.2.99", OURS, None)
    inside = blocks(OUR_PREFIX, 32, 60)
    r.route(r.loc, "loc", inside, "")
    r.route(ibgp, "pre", inside, "")
    r.route(ibgp, "post", inside, "")
    r.route(ibgp, "out-post", inside, "")
    d.quiet()
    loud = [x for x in d.told() if x["severity"] not in ("info", "notice")]
    right("nothing above a notice", not loud, brief(loud))


@scenario
def five_routers_see_one_hijack(w):
    """Five routers with the same hijack are one incident that names those that have it now; the last one closes it."""
    d = w.daemon(vrps=OTHERS, workers=2)
    routers = [edge(d, "edge%d" % k) for k in range(5)]
    for r in routers:
        r.carry(r.prov, HALF, STRANGER)
    d.opens("hijack")
    d.until("five routers have it", lambda: any(x["routers"] == 5 for x in d.show("incidents", "kind ~ hijack")))
    right("one incident", len(d.open()) == 1, brief(d.open()))
    for r in routers[:4]:
        r.drop(r.prov, HALF)
    d.quiet()
    now = d.show("incidents", "kind ~ hijack")
    right("still open, at edge4 only", len(now) == 1 and now[0]["router"] == "edge4" and now[0]["routers"] == 1,
          [(x["router"], x["routers"]) for x in now])
    routers[4].drop(routers[4].prov, HALF)
    d.closes()
    right("few records", len(d.told()) <= 6, brief(d.told()))


@scenario
def path_of_now_is_told(w):
    """The hijacker prepends: the incident has the path that is there now, not that of the beginning."""
    d = w.daemon(vrps=OTHERS)
    r = edge(d)
    r.carry(r.prov, HALF, STRANGER)
    d.opens("hijack")
    d.quiet()
    r.carry(r.prov, HALF, "64510 65550 65551 65551")
    d.until("the present path", lambda: all(x["as_path"].endswith("64510 65550 65551 65551") for x in d.show("incidents", "kind ~ hijack")))
    right("still one", len(d.open()) == 1 and len([x for x in d.told() if x["transition"] == "opened"]) == 1, brief(d.told()))


@quick
def second_attack_is_told_again(w):
    """The same hijack after it was over: the same id, opened again, and a revision that was never used."""
    d = w.daemon(vrps=OTHERS)
    r = edge(d)
    for _ in range(2):
        r.carry(r.prov, HALF, STRANGER)
        d.opens("hijack")
        r.drop(r.prov, HALF)
        d.closes()
    opened = [x for x in d.told() if x["transition"] == "opened"]
    right("told twice, with one id", len(opened) == 2 and len({x["id"] for x in opened}) == 1, brief(d.told()))
    pairs = [(x["id"], x["revision"]) for x in d.told()]
    right("no (id, revision) twice", len(pairs) == len(set(pairs)), [p[1] for p in pairs])


@scenario
def other_half_later_is_news(w):
    """The same stranger takes a second part of our prefix: that is told at once, by name, and not lost."""
    d = w.daemon(vrps=OTHERS, incidents={"update_s": 300})
    r = edge(d)
    r.carry(r.prov, HALF, STRANGER)
    d.opens("hijack")
    d.quiet()
    r.carry(r.prov, OTHER_HALF, STRANGER)
    d.until("the second half is named", lambda: any(OTHER_HALF in str(x["prefixes"]["examples"]) for x in d.told()), 6)


@scenario
def two_octet_paths(w):
    """A 2-octet session with AS_TRANS and AS4_PATH: the origin is that of AS4_PATH."""
    import wire
    d = w.daemon(vrps=[(VICTIM_PREFIX, 24, 4200000001)])
    d.steady = False  # the route is in no table
    r = edge(d)
    attrs = wire.attributes("64510 23456", width=2, extra=wire.attribute(17, wire.as_path("4200000001"), 0xC0))
    head = bytearray(r.header(r.prov, "pre"))
    head[1] |= 0x20
    r.send(wire.monitoring(bytes(head), wire.update(attrs, wire.nlri(VICTIM_PREFIX))))
    d.quiet()
    right("it is valid", d.show("routes", VICTIM_PREFIX)[0]["rov"] == "valid" and not d.told(), brief(d.told()))


@scenario
def poisoned_by_us_blames_nobody(w):
    """Our own prefix with our poisoning in the path, from a provider: nobody hijacked it, and the provider leaks nothing."""
    d = w.daemon()
    r = edge(d)
    r.carry(r.prov, OUR_PREFIX, "64510 64505 64500 64506 64500", upto="pre")
    d.quiet()
    loud = [x for x in d.told() if x["severity"] not in ("info", "notice")]
    right("nothing above a notice", not loud, brief(loud))


@scenario
def local_instance_peer_is_judged_apart(w):
    """A peer of a local instance (peer type 2) with the address of a global one is another peer: its end closes nothing of the other."""
    d = w.daemon(vrps=OTHERS)
    r = Router(d)
    one = r.peer("192.0.2.9", 64510, "provider")
    two = r.peer("192.0.2.9", 64510, "provider", kind=LOCAL_PEER, rd=b"\0\0\0\0\0\0\0\7")
    r.connect()
    r.route(one, "pre", HALF, STRANGER)
    r.route(two, "pre", HALF, STRANGER)
    d.opens("hijack")
    r.down(two)
    d.quiet()
    right("still open by the other", len(d.open("hijack")) == 1, brief(d.told()))


@scenario
def siblings_and_members_are_ours(w):
    """own.siblings may originate our prefixes, own.confederation lists our members: neither is a stranger, nor a neighbour."""
    d = w.daemon(vrps=OTHERS, own={"asns": [OURS], "siblings": [64499], "confederation": [65001, 65002], "prefixes": [{"prefix": OUR_PREFIX}]})
    r = edge(d)
    member = r.peer("192.0.2.30", 65002, None, local_as=65001)
    r.route(member, "pre", OUR_PREFIX, "")
    r.route(member, "post", OUR_PREFIX, "")
    r.carry(r.prov, HALF, "64510 64499")
    d.quiet()
    right("nothing is told", not d.told(), brief(d.told()))
    r.route(r.lateral, "pre", OTHER_HALF, "64509 65551")
    d.opens("hijack")


@scenario
def blackhole_community_of_ours(w):
    """own.blackhole_communities: our own community marks a host route to be dropped as 65535:666 does."""
    d = w.daemon(own={"asns": [OURS], "prefixes": [{"prefix": OUR_PREFIX}], "blackhole_communities": ["64500:666"]})
    r = edge(d)
    r.route(r.loc, "loc", "203.0.113.7/32", "", communities=["64500:666"])
    r.route(r.prov, "out-post", "203.0.113.7/32", "64500", communities=["64500:666"])
    d.quiet()
    loud = [x for x in d.told() if x["severity"] not in ("info", "notice")]
    right("nothing above a notice", not loud, brief(loud))


@scenario
def aggregate_above_ours(w):
    """An aggregate above our prefix, with us in its AS_SET, is no hijack but a note; a covered one whose origin is a set is invalid."""
    d = w.daemon()
    r = edge(d)
    r.carry(r.prov, "203.0.112.0/22", "64510 64511 {64500,65538}")
    d.quiet()
    right("a note of the set is all", [(x["kind"], x["severity"]) for x in d.told()] == [("path.as-set", "info")], brief(d.told()))
    r.carry(r.prov, VICTIM_PREFIX, "64510 64511 {64496}")
    d.opens("rov.invalid.asn")


@scenario
def private_site_is_ours(w):
    """A site of ours with a private AS number, allowed as an origin and stripped on the way out, is no alarm."""
    d = w.daemon(own={"asns": [OURS], "prefixes": [{"prefix": OUR_PREFIX, "origins": [OURS, 65010]}]})
    r = edge(d)
    site = r.peer("192.0.2.50", 65010, "customer")
    r.carry(site, OUR_PREFIX, "65010")
    r.route(r.prov, "out-post", OUR_PREFIX, "64500")
    d.quiet()
    loud = [x for x in d.told() if x["severity"] in ("major", "critical")]
    right("no alarm", not loud, brief(loud))


@scenario
def covering_prefix_and_ours_is_gone(w):
    """A stranger announces the prefix above ours, then ours is withdrawn everywhere: what draws our traffic is told."""
    d = w.daemon()
    r = edge(d)
    r.carry(r.prov, OUR_PREFIX, "64510 64500", upto="post")
    r.carry(r.prov, "203.0.112.0/23", STRANGER)
    d.quiet()
    r.drop(r.prov, OUR_PREFIX, upto="post")
    d.until("it is told", lambda: d.open())


@scenario
def ordinary_covers_are_quiet(w):
    """Ours is withdrawn, and what covers it is a provider's aggregate, one with a ROA of its own, our sibling's, or a default route: nothing."""
    for valid in (False, True):
        d = w.daemon(vrps=VRPS + ([("203.0.112.0/20", 20, 65540)] if valid else []),
                     own={"asns": [OURS], "siblings": [64499], "prefixes": [{"prefix": OUR_PREFIX}]})
        r = edge(d)
        r.route(r.loc, "loc", OUR_PREFIX, "")
        if valid:
            r.carry(r.prov, "203.0.112.0/20", "64510 65540")
        else:
            r.carry(r.prov, "203.0.112.0/21", "64510")
            r.carry(r.prov, "203.0.112.0/22", "64510 64499")
        r.carry(r.prov, ["0.0.0.0/0", "202.0.0.0/7"], "64510 65551")
        d.quiet()
        r.withdraw(r.loc, "loc", OUR_PREFIX)
        d.quiet(4)
        right("nothing is told", not d.told(), brief(d.told()))


@scenario
def ours_is_gone_over_a_restart(w):
    """A stranger's cover draws our traffic; the collector restarts meanwhile, with other workers: still open; ours is back: closed."""
    d = w.daemon(workers=2)
    r = edge(d)
    r.route(r.loc, "loc", OUR_PREFIX, "")
    r.carry(r.prov, "203.0.112.0/23", STRANGER)
    d.quiet()
    r.withdraw(r.loc, "loc", OUR_PREFIX)
    i = d.opens("hijack.less-specific")[0]
    right("it names ours and theirs", OUR_PREFIX in i["summary"] and "203.0.112.0/23" in i["summary"], i["summary"])
    d.quiet()
    mark = d.mark()
    r.close()
    d.stop()
    d.start()
    r.connect()
    d.quiet(4)
    right("it stays open, and nothing is told of it", len(d.open("hijack")) == 1 and not [x for x in d.told(mark) if x["transition"] in ("opened", "closed")], brief(d.told(mark)))
    r.route(r.loc, "loc", OUR_PREFIX, "")
    d.closes()


@scenario
def our_roa_is_gone(w):
    """The ROA of our prefix disappears: our route is not-found from now on; that is told as a warning or more."""
    d = w.daemon(vrps=VRPS + [(p, 48, 64497) for p in blocks("2001:db8::/40", 48, 200)])
    r = edge(d)
    r.route(r.loc, "loc", OUR_PREFIX, "")
    r.route(r.prov, "out-post", OUR_PREFIX, "64500")
    d.quiet()
    mark = d.mark()
    d.set_vrps(OTHERS + [(p, 48, 64497) for p in blocks("2001:db8::/40", 48, 200)])
    d.until("it is told, with our prefix", lambda: [x for x in d.since(mark) if OUR_PREFIX in x["summary"]])


@scenario
def moved_to_the_other_half(w):
    """The stranger gives one half of our prefix up for the other, also while the collector is down: the same incident, and an update that
    names the one that it has now."""
    d = w.daemon(vrps=OTHERS)
    r = edge(d)
    r.carry(r.prov, HALF, STRANGER)
    d.opens("hijack")
    d.quiet()
    r.carry(r.prov, OTHER_HALF, STRANGER)
    r.drop(r.prov, HALF)
    d.until("the other half", lambda: [x["prefixes"]["examples"] for x in d.open("hijack")] == [[OTHER_HALF]])
    d.quiet()
    mark = d.mark()
    r.close()
    d.stop()
    r.forget(OTHER_HALF)
    r.carry(r.prov, HALF, STRANGER)
    d.start()
    r.connect()
    d.until("the first again", lambda: [x["prefixes"]["examples"] for x in d.open("hijack")] == [[HALF]])
    right("an update", [x["transition"] for x in d.told(mark)] == ["updated"], brief(d.told(mark)))
