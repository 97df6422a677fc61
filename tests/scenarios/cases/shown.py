"""What an operator is shown of an incident."""
from daemon import OURS, VICTIM_PREFIX
from suite import edge, right, scenario
from web import Web

STRANGER = "64510 65551"


@scenario
def one_incident_by_its_id(w):
    """`bellman show incident ID`, or the front of it: the record, and in text its holders and evidence; what is no id is refused."""
    d = w.daemon()
    r = edge(d)
    r.carry(r.prov, VICTIM_PREFIX, STRANGER)
    r.carry(r.lateral, "203.0.113.0/25", "64509 65552", upto="pre")
    i = d.opens("rov")[0]
    d.opens("hijack")
    d.quiet()
    for word in (i["id"], i["id"][:5]):
        rows = d.show("incident", word)
        right("that one", [x["id"] for x in rows] == [i["id"]], rows)
    text = d.command("show", "incident", i["id"]).stdout
    right("its id, path, holders and VRPs", all(word in text for word in (i["id"], STRANGER, "192.0.2.9 AS64510", "AS64496")), text)
    right("one that is not open", {d.command("show", "incident", word).returncode for word in ("0" * 32, "12" * 8)} == {1})
    for word in ("nothing", "0" * 33):
        p = d.command("show", "incident", word)
        right("%s is refused" % word, p.returncode not in (0, 1) and "id" in p.stderr, p.stderr)
    p = d.command("show", "incident")
    right("no id is refused", p.returncode == 2 and "id" in p.stderr, p.stderr)


@scenario
def sender_is_where_it_came_in(w):
    """An invalid comes in at one router and is heard at another by iBGP, later: the neighbour who sent it to us is named; the end of that
    session names who has it still."""
    d = w.daemon()
    one, two = edge(d, "ams1"), edge(d, "fra1", connect=False)
    ibgp = two.peer("192.0.2.201", OURS, None)
    two.connect()
    one.carry(one.prov, VICTIM_PREFIX, STRANGER)
    d.opens("rov")
    for p, view in ((ibgp, "pre"), (ibgp, "post"), (two.loc, "loc")):
        two.route(p, view, VICTIM_PREFIX, STRANGER)
    two.route(two.lateral, "out-post", VICTIM_PREFIX, "64500 " + STRANGER)
    d.opens("rov", where=lambda x: x["severity"] == "critical")
    d.quiet()
    i = d.show("incidents")[0]
    right("the provider at ams1", (i["router"], i["peer_as"], i["facts"]["relation"]) == ("ams1", 64510, "provider"), (i["router"], i["peer_as"]))
    one.drop(one.prov, VICTIM_PREFIX)
    d.until("fra1 by iBGP", lambda: [(x["router"], x["peer"]) for x in d.show("incidents")] == [("fra1", "192.0.2.201")])


@scenario
def as_many_are_open_everywhere(w):
    """How many incidents there are is said alike by health, top, `show stats`, /healthz and `show incidents`; those that are unknown since
    their router is lost are counted, too."""
    web = Web()
    d = w.daemon(http=web.section(), incidents={"feed_grace_s": 1, "hold_ms": 200})
    d.steady = d.restartable = False
    r = edge(d)
    r.carry(r.prov, VICTIM_PREFIX, STRANGER)
    r.carry(r.lateral, "203.0.113.0/25", "64509 65552")
    d.opens("rov")
    d.opens("hijack")
    d.quiet()
    everywhere(d, web, 0)
    r.close()
    d.until("both are unknown", lambda: d.stats()["incidents_unknown"] == 2)
    d.quiet()
    everywhere(d, web, 2)


def everywhere(d, web, unknown):
    rows = d.show("incidents")
    critical = sum(i["severity"] == "critical" for i in rows)
    right("some are critical, and some unknown", critical and sum(i["transition"] == "unknown" for i in rows) == unknown, rows)
    said = "%d (%s%d critical)" % (len(rows), "%d unknown, " % unknown if unknown else "", critical)
    health = next(c["detail"] for c in web.json("/healthz")["checks"] if c["name"] == "incidents")
    right("/healthz says " + said, health == "incidents open: " + said, health)
    for command in ("health", "top"):
        text = d.command(command).stdout
        right("%s says %s" % (command, said), "incidents open: %s" % said in text, text)
    text = d.command("show", "stats").stdout
    right("show stats says " + said, any(line.split(None, 1) == ["incidents", said] for line in text.splitlines()), text)


@scenario
def a_loc_rib_is_no_session(w):
    """A Loc-RIB is monitored, or no longer; a BGP session is up, or down, and says the relation."""
    d = w.daemon()
    r = edge(d)
    d.tells("peer.up")
    d.quiet()
    said = [e["summary"] for e in d.since(0) if e.get("event") == "peer.up"]
    right("the Loc-RIB", "Loc-RIB of AS64500 is monitored: local AS 64500" in said, said)
    right("the others are sessions, of a relation", all(s.startswith("Loc-RIB") or s.startswith("BGP session of 192.0.2.")
                                                        and ", relation " in s for s in said), said)
    right("a neighbour with no relation is no unknown one", not any("neighbour is" in s for s in said), said)
    right("there was a session", len(said) > 1 and r is not None, said)
