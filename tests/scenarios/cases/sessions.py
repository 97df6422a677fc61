"""BMP sessions and the BGP sessions below them: lost, doubled, renamed, and who is who."""
import time

import wire
from daemon import OTHERS, OUR_PREFIX, OURS, VICTIM_PREFIX
from router import Router
from story import brief
from suite import edge, quick, right, scenario

HALF, OTHER_HALF = "203.0.113.128/25", "203.0.113.0/25"
INVALID = "64510 65551"
RED, BLUE = b"\0\0\xfd\xe9\0\0\0\1", b"\0\0\xfd\xe9\0\0\0\2"


@scenario
def redump_tells_nothing(w):
    """The whole table again in the same session, five times: nothing is told."""
    d = w.daemon()
    r = edge(d)
    r.carry(r.prov, VICTIM_PREFIX, INVALID, to=[r.lateral])
    r.carry(r.prov, HALF, INVALID)
    d.until("both are told", lambda: d.open("rov") and d.open("hijack"))
    d.quiet()
    mark = d.mark()
    for _ in range(5):
        r.carry(r.prov, VICTIM_PREFIX, INVALID, to=[r.lateral])
        r.carry(r.prov, HALF, INVALID)
        r.tell_complete()
    d.quiet()
    right("nothing", not d.told(mark), brief(d.told(mark)))


@scenario
def router_is_back_at_once(w):
    """A router is lost and back within the grace with the same table: not a word of its routes; back without a route: closed."""
    d = w.daemon(vrps=OTHERS, incidents={"feed_grace_s": 20})
    r = edge(d)
    r.carry(r.prov, HALF, INVALID)
    d.opens("hijack")
    d.quiet()
    mark = d.mark()
    r.close()
    r.connect()
    d.quiet()
    right("nothing", not d.told(mark), brief(d.told(mark)))
    r.close()
    r.forget(HALF)
    r.connect()
    d.closes()


@quick
def lost_router_makes_unknown(w):
    """A router is lost for longer: its incidents are unknown, not closed; it is back with the same: open again, not opened anew."""
    d = w.daemon(vrps=OTHERS)
    r = edge(d)
    r.carry(r.prov, HALF, INVALID)
    d.opens("hijack")
    d.quiet()
    mark = d.mark()
    r.close()
    d.until("unknown", lambda: [x["transition"] for x in d.open("hijack")] == ["unknown"])
    r.connect()
    d.until("open", lambda: [x["transition"] for x in d.open("hijack")] == ["updated"])
    d.quiet()
    right("neither closed nor opened", {x["transition"] for x in d.told(mark)} == {"unknown", "updated"}, brief(d.told(mark)))


@scenario
def lost_router_is_one_record(w):
    """A router with small incidents is lost: one feed.lost that counts them; only what is major is unknown by itself."""
    d = w.daemon(vrps=OTHERS + [("192.0.2.0/24", 24, 64497)])
    r = edge(d)
    for k in range(6):
        r.route(r.prov, "pre", "192.0.2.%d/32" % k, "64510 %d" % (4200000000 + k))
    r.carry(r.prov, HALF, INVALID)
    r.route(r.prov, "post", "198.51.100.0/24", "64510 64496")
    d.opens("rov", 6, where=lambda x: x["origin"] >= 4200000000)
    d.quiet()
    mark = d.mark()
    r.close()
    d.until("the hijack is unknown", lambda: [x["transition"] for x in d.open("hijack")] == ["unknown"])
    lost = d.tells("feed.lost", mark)[0]
    d.quiet()
    right("few records", len(d.told(mark)) <= 3, "%d records" % len(d.told(mark)))
    right("it counts", "7" in lost["summary"] or "6" in lost["summary"], lost["summary"])
    mark = d.mark()
    r.connect()
    d.until("the feed is back", lambda: not d.open_troubles("feed.lost"))
    d.quiet()
    right("nothing is opened or closed", not [x for x in d.told(mark) if x["transition"] in ("opened", "closed")], brief(d.told(mark)))


@scenario
def other_router_is_evidence(w):
    """A hijack of two routers, one is lost: open by the other; the other withdraws: unknown for the lost one, not closed."""
    d = w.daemon(vrps=OTHERS)
    one, two = edge(d, "edge1"), edge(d, "edge2")
    one.carry(one.prov, HALF, INVALID)
    d.opens("hijack")
    two.carry(two.prov, HALF, INVALID)
    d.until("two", lambda: d.show("incidents", "kind ~ hijack")[0]["routers"] == 2)
    one.close()
    d.quiet(3)
    right("open", [x["transition"] for x in d.open("hijack")] != ["unknown"], brief(d.told()))
    mark = d.mark()
    two.drop(two.prov, HALF)
    d.until("unknown", lambda: [x["transition"] for x in d.open("hijack")] == ["unknown"])
    right("not closed", not [x for x in d.told(mark) if x["transition"] == "closed"], brief(d.told(mark)))
    one.forget(HALF)
    one.connect()
    d.closes()


@scenario
def peer_up_without_peer_down(w):
    """A second Peer Up of a peer, with other OPENs: what its End-of-RIB finds missing is gone, as after a reconnect."""
    d = w.daemon(vrps=OTHERS)
    d.steady = False  # the table is told in parts here
    r = edge(d)
    r.route(r.prov, "pre", [HALF, "192.0.2.0/24"], INVALID)
    d.opens("hijack")
    d.quiet()
    r.prov.restart, r.prov.port = True, 50123
    r.table.pop((r.prov, "pre", None, HALF))
    r.send(r.peer_up(r.prov))
    r.route(r.prov, "pre", "192.0.2.0/24", "64510 64499")
    d.quiet()
    right("not closed before the table is whole", len(d.open("hijack")) == 1, brief(d.told()))
    r.tell_complete([r.prov])
    d.closes("hijack")


@scenario
def peer_up_of_another_as(w):
    """A second Peer Up from the same address with another AS: the routes of the former session end."""
    d = w.daemon(vrps=OTHERS)
    r = Router(d)
    p = r.peer("192.0.2.9", 64510, "provider", views=("pre",))
    r.connect()
    r.route(p, "pre", HALF, INVALID)
    d.opens("hijack")
    p.asn, p.bgp_id = 64511, "192.0.2.77"
    r.table.clear()
    r.send(r.peer_up(p))
    r.route(p, "pre", "192.0.2.0/24", "64511")
    r.tell_complete()
    d.closes("hijack")


@quick
def half_open_connection(w):
    """A router lost power and is back while its old connection looks open: what the new session says counts, under its own name."""
    d = w.daemon(vrps=OTHERS, limits={"stale_s": 3})
    r = edge(d)
    r.carry(r.prov, HALF, INVALID)
    d.opens("hijack")
    r.abandon()
    r.connect()
    d.quiet()
    r.drop(r.prov, HALF)
    d.closes("hijack")
    d.until("one router, of that name", lambda: [x["router"] for x in d.show("routers") if x["state"] == "up"] == ["edge1"])


@scenario
def same_name_is_an_alarm(w):
    """Two routers of one sysName, from two addresses: both are heard, nothing of one ends what the other told, and it is told of."""
    d = w.daemon(vrps=OTHERS)
    one, two = edge(d, "router", source="127.0.0.2"), edge(d, "router", source="127.0.0.3", connect=False)
    one.carry(one.prov, HALF, INVALID)
    d.opens("hijack")
    two.connect()
    d.alarms("router.same-name")
    one.close()
    two.close()
    mark = d.mark()
    two.connect()
    d.quiet()
    right("nothing is closed", not [x for x in d.told(mark) if x["transition"] == "closed"], brief(d.told(mark)))
    one.connect()
    d.quiet()
    right("nothing is closed or opened", not [x for x in d.told(mark) if x["transition"] in ("closed", "opened")], brief(d.told(mark)))


@scenario
def impostor_closes_nothing(w):
    """While a router is away another address takes its name and tells an empty table: nothing is closed by that."""
    d = w.daemon(vrps=OTHERS)
    r = edge(d)
    r.carry(r.prov, HALF, INVALID)
    d.opens("hijack")
    d.quiet()
    mark = d.mark()
    r.close()
    impostor = edge(d, "edge1", source="127.0.0.9")
    d.quiet()
    right("not closed", not [x for x in d.told(mark) if x["transition"] == "closed"], brief(d.told(mark)))
    r.connect()
    d.quiet()
    right("neither closed nor opened", not [x for x in d.told(mark) if x["transition"] in ("closed", "opened")], brief(d.told(mark)))
    impostor.close()


@scenario
def initiation_never_comes(w):
    """A session that tells routes without an Initiation is heard, under its address; with the next Initiation it has its name."""
    d = w.daemon(vrps=OTHERS)
    r = edge(d, connect=False)
    r.dial()
    r.send(r.peer_up(r.prov))
    r.route(r.prov, "pre", HALF, INVALID)
    d.opens("hijack")


@scenario
def termination_says_why(w):
    """The reason and the words of a Termination are in what is told of the lost session."""
    d = w.daemon()
    r = edge(d)
    r.send(wire.termination(3, "going for maintenance"))
    r.close()
    event = d.until("the session's end is told", lambda: [x for x in d.records if x.get("event") == "session.down"])[0]
    right("the words", "going for maintenance" in str(event), event["summary"])
    right("the reason: redundant connection", "redundant" in str(event).lower(), event["summary"])


@scenario
def clocks_of_routers(w):
    """A router's clock is 3 h behind, 2 days ahead, or 0: times are the collector's, the incidents the same."""
    ids = []
    for clock in (lambda: time.time() - 10800, lambda: time.time() + 172800, lambda: 0):
        d = w.daemon()
        r = edge(d, connect=False)
        r.clock = clock
        r.connect()
        r.carry(r.cust, VICTIM_PREFIX, "64501", to=[r.lateral])
        d.opens("rov")
        d.quiet()
        shown = d.show("incidents", "kind ~ rov")
        seen = [time.mktime(time.strptime(x["first_seen"][:19], "%Y-%m-%dT%H:%M:%S")) - time.timezone for x in shown]
        right("times of arrival", all(abs(s - time.time()) < 60 for s in seen), shown[0]["first_seen"])
        ids.append([(x["id"], x["severity"]) for x in shown])
    right("the same", ids[0] == ids[1] == ids[2], ids)


@scenario
def clock_skew_is_shown(w):
    """Where the router's clock differs, the record says the router's time or the skew."""
    d = w.daemon()
    r = edge(d, connect=False)
    r.clock = lambda: time.time() - 10800
    r.connect()
    r.carry(r.cust, VICTIM_PREFIX, "64501")
    i = d.opens("rov")[0]
    right("skew or router_time", "skew" in str(i) or "router_time" in str(i), sorted(i))


@scenario
def peers_are_sixteen_octets(w):
    """Peers whose 16 octets differ are two, though the last four are the same and the V flag is missing."""
    import ipaddress
    d = w.daemon(vrps=OTHERS)
    r = Router(d)
    one = r.peer(ipaddress.ip_address("2001:db8:1::9").packed, 64510, "provider", views=("pre",))
    two = r.peer(ipaddress.ip_address("2001:db8:2::9").packed, 64511, "provider", views=("pre",))
    r.connect()
    r.route(one, "pre", HALF, INVALID)
    d.opens("hijack")
    r.route(two, "pre", HALF, "64511 64500")
    d.quiet()
    right("the one's route is not replaced by the other's", len(d.open("hijack")) == 1, brief(d.told()))
    right("two peers", len({x["peer"] for x in d.show("peers")}) == 2, [x["peer"] for x in d.show("peers")])


@scenario
def vrfs_are_told_apart(w):
    """Two VRFs with the same neighbour address and AS: events and rows name the table or the distinguisher."""
    d = w.daemon()
    r = Router(d)
    peers = [r.peer("10.0.0.1", 65010, None, kind=wire.RD_PEER, rd=rd, views=("pre",)) for rd in (RED, BLUE)]
    r.loc_rib()
    ribs = [r.loc_rib(name, rd=rd) for name, rd in (("red", RED), ("blue", BLUE))]
    r.connect()
    for p, rib, prefix in zip(peers, ribs, ("192.0.2.0/24", "192.0.2.0/24")):
        r.route(p, "pre", prefix, "65010")
        r.route(rib, "loc", prefix, "65010")
    d.heard()
    ups = [x for x in d.until("five peers are up", lambda: [y for y in [[x for x in d.records if x.get("event") == "peer.up"]] if len(y) == 5])[0]]
    said = [(x["summary"], str(x.get("table")), str(x.get("distinguisher")), str(x.get("details"))) for x in ups]
    right("no two events are equal", len(set(said)) == 5, said)
    text = d.command("show", "routes", "192.0.2.0/24").stdout.splitlines()
    right("no two rows of text are equal", len(set(text)) == len(text), text)
    r.down(peers[0])
    d.until("only one VRF lost it", lambda: len([x for x in d.show("routes", "192.0.2.0/24") if x["view"] == "adj-rib-in-pre"]) == 1)


@scenario
def vrf_is_judged_when_configured(w):
    """rules.vrfs names a VRF that carries the Internet: then it is judged, and the incident says the table."""
    d = w.daemon(rules={"provider_free": [64505], "vrfs": ["internet"]})
    r = Router(d)
    p = r.peer("192.0.2.9", 64510, "provider", kind=wire.RD_PEER, rd=RED, views=("pre",))
    rib = r.loc_rib("internet", rd=RED)
    r.connect()
    r.route(p, "pre", HALF, INVALID)
    r.route(rib, "loc", HALF, INVALID)
    i = d.opens("hijack")[0]
    right("the table is said", "internet" in str((i.get("table"), i["summary"])) or "64999:1" in str(i.get("distinguisher")), (i.get("table"), i.get("distinguisher")))
    right("critical", i["severity"] == "critical", i["severity"])


@scenario
def label_that_repeats_itself(w):
    """A withdrawal that repeats the label stack, or has label 0x800000, takes back what was announced."""
    d = w.daemon()
    r = Router(d)
    p = r.peer("192.0.2.9", 64510, "provider", families=((1, 1), (2, 4)), views=("pre",))
    r.connect()
    net = bytes([0x20, 0x01, 0x0D, 0xB8, 0, 1])
    one, stack = b"\x00\x06\x41", b"\x00\x06\x40" + b"\x00\x0c\x81"  # 100; 100 and 200 (bottom of stack)
    for out, back in ((one, b"\x80\x00\x00"), (one, b"\x00\x00\x00"), (one, one), (stack, b"\x80\x00\x00"), (stack, stack)):
        attrs = wire.attributes("64510", with_next_hop=False) + wire.reach((2, 4), bytes([48 + 8 * len(out)]) + out + net)
        r.send(wire.monitoring(r.header(p, "pre"), wire.update(attrs)))
        d.until("there", lambda: d.stats()["routes"] == 1)
        r.send(wire.monitoring(r.header(p, "pre"), wire.update(wire.unreach((2, 4), bytes([48 + 8 * len(back)]) + back + net))))
        d.until("gone after %s" % back.hex(), lambda: d.stats()["routes"] == 0)


@scenario
def end_of_rib_is_per_view_and_family(w):
    """After a reconnect, only what its own view's and family's End-of-RIB finds missing is closed; the rest waits."""
    d = w.daemon(vrps=OTHERS, incidents={"settle_s": 30, "feed_grace_s": 30})
    d.steady = False  # the table is told in parts here
    r = edge(d)
    r.route(r.prov, "pre", HALF, INVALID)
    r.route(r.lateral, "pre", OTHER_HALF, "64509 65550")
    d.opens("hijack", 2)
    d.quiet()
    r.close()
    r.forget([HALF, OTHER_HALF])
    r.connect(complete=False)
    r.tell_complete([r.prov], ["pre"])
    d.until("the provider's is closed", lambda: len(d.open("hijack")) == 1)
    d.quiet()
    right("the peer's is not", [x["origin"] for x in d.open("hijack")] == [65550], brief(d.told()))
    r.tell_complete()
    d.closes()


@scenario
def one_bad_message_costs_itself(w):
    """A message whose inside is broken costs its routes, not the session; what is told stays true."""
    d = w.daemon(vrps=OTHERS)
    r = edge(d)
    r.carry(r.prov, HALF, INVALID)
    d.opens("hijack")
    broken = wire.bgp(2, b"\0\0\0\xff" + wire.attribute(1, b"\0"))
    r.send(wire.monitoring(r.header(r.prov, "pre"), broken), wire.bmp(200, b"what"), wire.bmp(1, r.header(r.prov, "pre") + b"\0\0\0\x09"))
    r.route(r.lateral, "pre", OTHER_HALF, "64509 65550")
    d.opens("hijack", 2)
    right("one session", d.stats()["sessions"] == 1)
