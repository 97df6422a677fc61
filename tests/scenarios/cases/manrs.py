"""A month of the norms of routing security, as `bellman manrs` says it: what was sent, held and passed on here is known."""
import contextlib
import json
import re
import sqlite3
import time

from daemon import OTHERS, OURS
from router import Peer
from suite import edge, quick, right, scenario
from web import Web

LEAK = "64501 64505 64999"  # a customer with a provider-free network behind it


def page(d, *words):
    r = d.command("manrs", "-o", "json", *words)
    right("it is answered", r.returncode == 0, r.stderr)
    return json.loads(r.stdout)


def points(p):
    return {s["metric"]: s["halves"] for s in p["scores"] if s["halves"]}


def neighbor(p, asn):
    found = [n for n in p["neighbors"] if n["asn"] == asn]
    return found[0] if found else None


def wrong(p, asn, rule):
    n = neighbor(p, asn)
    return next((w for w in n["wrong"] if w["rule"] == rule), None) if n else None


@quick
def held_is_no_point(w):
    """A leak that the filter holds scores nothing and is shown as held; one that is passed on is a point of M1C."""
    d = w.daemon()
    r = edge(d)
    r.route(r.cust, "pre", "20.1.0.0/16", LEAK)
    d.opens("leak")
    d.until("the filter is seen to hold it", lambda: (wrong(page(d), 64501, "leak.peerlock") or {"route_s": {"held": 0}})["route_s"]["held"] > 0)
    p = page(d)
    right("no points", not points(p), points(p))
    i = [x for x in p["incidents"] if x["rule"] == "leak.peerlock"]
    right("its incident is there, held", len(i) == 1 and i[0]["seconds"]["filtered"] > 0 and i[0]["seconds"]["passed-on"] == 0, i)
    r.carry(r.cust, "20.1.0.0/16", LEAK, to=[r.prov])
    d.until("a short incident is half a point", lambda: points(page(d)) == {"M1C": 1})
    p = page(d)
    right("by this neighbour", neighbor(p, 64501)["halves"] == 1, neighbor(p, 64501))
    right("the light is not green", p["actions"][0]["light"] == "yellow", p["actions"][0])
    shown = d.command(*[x.strip("'") for x in re.findall(r"'[^']*'|\S+", i[0]["evidence"])][1:])
    right("the evidence is there", i[0]["id"] in shown.stdout or "leak" in shown.stdout, shown.stdout + shown.stderr)
    for form in ("text", "html"):
        text = d.command("manrs", "-o", form).stdout
        right("as " + form + ", too", "M1C" in text and "AS64501" in text and ("<script" not in text), text[:400])


@scenario
def wrong_routes_as_metrics(w):
    """What was sent, held and passed on is route-seconds: nothing is passed on, however long the month is, until a route is; two count twice."""
    web = Web()
    d = w.daemon(http=web.section())
    r = edge(d)

    def of(name):
        return page(d)["actions"][0]["wrong_%s_s" % name]

    r.route(r.cust, "pre", ["20.1.0.0/16", "20.2.0.0/16"], LEAK)
    d.until("they are held", lambda: of("held") > 0)
    right("none is passed on", of("spread") == 0, of("spread"))
    began = time.monotonic()
    r.carry(r.cust, ["20.1.0.0/16", "20.2.0.0/16"], LEAK, to=[r.prov])
    d.until("both are", lambda: of("spread") >= 4)
    metrics = web.get("/metrics")[2].decode()
    took = time.monotonic() - began
    for name, fate in (("sent", "sent"), ("held", "held"), ("passed_on", "spread")):
        n = float(re.search(r"^bellman_manrs_wrong_%s_route_seconds (\S+)$" % name, metrics, re.M)[1])
        right(name, 0 < n <= of(fate), (n, of(fate)))
        right("in route-seconds", name != "passed_on" or 4 <= n <= 2 * (took + 2), (n, took))


@scenario
def kept_over_a_restart(w):
    """What was counted before a restart is there after it; the time between is not watched."""
    d = w.daemon()
    r = edge(d)
    r.carry(r.cust, "10.9.0.0/16", "64501", to=[r.prov])
    d.until("it is counted", lambda: points(page(d)).get("M3C") == 1)
    before = page(d)["month"]["watched_s"]
    d.stop()
    time.sleep(3)
    d.start()
    r.connect()
    d.until("it goes on", lambda: page(d)["month"]["watched_s"] >= before + 2)
    p = page(d)
    right("one incident still", points(p).get("M3C") == 1, p["scores"])
    right("the time away is a gap", p["month"]["passed_s"] - p["month"]["watched_s"] >= 3, p["month"])
    right("killed, it has what was written", d.stop(kill=True) is None or True)
    d.start()
    r.connect()
    right("the point is there", points(page(d)).get("M3C") == 1, points(page(d)))


@scenario
def lost_feed_is_a_gap(w):
    """Of a router that is away nothing is known of its neighbours: neither up nor down."""
    d = w.daemon()
    r = edge(d)
    r.carry(r.cust, "20.77.0.0/16", "64501")

    def session():
        n = neighbor(page(d), 64501)
        return n["sessions"][0] if n else {"known_s": 0, "down_s": 0}

    d.until("it is known", lambda: session()["known_s"] >= 2)
    right("one route is sent and accepted", session()["sent_most"] == 1 and session()["accepted_most"] == 1, session())
    r.close()
    time.sleep(1.5)
    known = session()["known_s"] + session()["down_s"]
    time.sleep(2.5)
    right("a gap, and no zero", session()["known_s"] + session()["down_s"] == known, session())
    right("the collector watched", page(d)["month"]["watched_s"] > known, page(d)["month"])
    r.connect()
    d.until("it is known again", lambda: session()["known_s"] > known)


@scenario
def wrong_is_of_what_is_sent(w):
    """Of a neighbour that is not complete yet neither all routes nor the wrong ones are counted; later never more are wrong than were sent."""
    d = w.daemon(incidents={"settle_s": 3600})
    r = edge(d)
    late = Peer("192.0.2.77", 64577, "customer")
    r.peers.append(late)
    r.send(r.peer_up(late))
    r.route(late, "pre", ["10.9.%d.0/24" % k for k in range(4)], "64577")
    d.opens("bogon.prefix")
    time.sleep(4)

    def shown():
        row = re.search(r"^AS64577 +customer +no contact +\S+ +(\S+) +(\S+) ", d.command("manrs").stdout, re.M)
        return row.groups() if row else None

    right("a gap is a gap in both", shown() == ("gap", "gap"), shown())
    r.tell_complete([late])
    d.until("it is known", lambda: shown()[0] != "gap")
    time.sleep(2)
    sent, bad = map(float, shown())
    right("no more are wrong than were sent", 0 < bad <= sent == 4, (sent, bad))


@scenario
def contacts_and_roas(w):
    """Action 3 by who has a contact, Action 4 by the ROAs of own prefixes."""
    d = w.daemon(neighbors=[{"asn": 64501, "relation": "customer", "contact": "noc@example.net"}])
    r = edge(d)
    r.carry(r.cust, "20.77.0.0/16", "64501")
    r.carry(r.prov, "20.78.0.0/16", "64510 3215")
    d.until("both are known", lambda: len(page(d)["neighbors"]) >= 2)
    p = page(d)
    lights = {a["action"]: a for a in p["actions"]}
    right("one has no contact", lights[3]["light"] == "yellow" and lights[3]["without_contact"] >= 1, lights[3])
    right("nothing invented of action 2", lights[2]["light"] == "grey", lights[2])
    right("own prefixes are judged", lights[4]["prefixes"] == 1 and len(p["own_prefixes"]) == 1, lights[4])
    right("this neighbour only", [n["asn"] for n in page(d, "--neighbor", "AS64501")["neighbors"]] == [64501])
    unwatched = d.command("manrs", "--month", "2020-02").stdout
    right("a month that nobody watched has no zero points", re.search(r"^M1 .*gap", unwatched, re.M) and
          "nothing of the month was watched" in unwatched, unwatched)
    right("days that nobody watched are one line", "\n1-29 Feb: not watched\n" in unwatched and "2020-02-1" not in unwatched, unwatched)
    html = d.command("manrs", "--month", "2020-02", "-o", "html").stdout
    right("the page is dark where that is asked for, and not when printed; tables scroll", "screen and (prefers-color-scheme:dark)" in html and
          html.count('<div class="wide"><table>') == html.count("</table></div>") == html.count("<table") > 0, html[:3000])
    right("what is of now is said to be, in a month that is over", all(re.search("^%s, now  " % x, unwatched, re.M) for x in
          ("2 Anti-spoofing", "3 Coordination", "4 Global validation")) and ", now " not in d.command("manrs").stdout, unwatched)
    for bad in (["--month", "2026-13"], ["--month", "2199-01"], ["--neighbor", "x"], ["-o", "pdf"], ["--programme", "x"]):
        r = d.command("manrs", *bad)
        right("refused", r.returncode in (2, 4) and r.stderr, (bad, r.returncode, r.stderr))


@scenario
def used_and_passed_on(w):
    """Of all routes of a neighbour, right or wrong, it is known how many each router uses and passes on; a router that is away says nothing."""
    d = w.daemon()
    r = edge(d)
    r.carry(r.cust, ["20.77.%d.0/24" % k for k in range(6)], "64501", to=[r.prov, r.lateral])
    r.carry(r.cust, ["20.78.%d.0/24" % k for k in range(3)], "64501 64501", to=[r.lateral])
    r.carry(r.cust, "20.79.0.0/24", "64501")
    r.route(r.cust, "pre", "20.80.0.0/24", "64501")
    r.carry(r.cust, "2a00:1::/32", "64501", to=[r.prov])
    r.carry(r.prov, ["20.90.0.0/24", "20.90.1.0/24"], "64510 3215", to=[r.cust])

    def routers(asn=64501):
        n = neighbor(page(d), asn)
        return {(x["router"], x["family"]): (x.get("used_most"), x.get("spread_most")) for x in n["routers"]} if n else {}

    d.until("of the customer", lambda: routers() == {("edge1", "ipv4"): (10, 9), ("edge1", "ipv6"): (1, 1)})
    right("of the provider", routers(64510) == {("edge1", "ipv4"): (2, 2)}, routers(64510))
    text = d.command("manrs", "--neighbor", "64501").stdout
    right("it is shown", re.search(r"edge1 +ipv4 +\S+ +10 +\S+ +9 ", text), text)

    def known():
        return sum(x["known_s"] for x in neighbor(page(d), 64501)["routers"])

    d.until("for some time", lambda: known() > 2)
    r.close()
    time.sleep(1.5)
    before = known()
    time.sleep(2.5)
    right("a gap, and no zero", known() == before and routers()[("edge1", "ipv4")] == (10, 9), (before, known(), routers()))
    r.connect()
    d.until("known again", lambda: known() > before)
    r.withdraw(r.loc, "loc", ["20.77.%d.0/24" % k for k in range(6)])

    def mean():
        return [x["used_x100"] for x in neighbor(page(d), 64501)["routers"] if x["family"] == "ipv4"][0]

    d.until("fewer are", lambda: mean() < 1000)


@scenario
def evidence_is_kept_and_gone(w):
    """Of an incident that has points a record is kept as evidence, the one that closes it; when it is gone, that is said."""
    d = w.daemon()
    d.restartable, d.trimmed = False, True
    r = edge(d)
    r.carry(r.cust, "20.1.0.0/16", LEAK, to=[r.prov])
    r.route(r.cust, "pre", "10.9.0.0/16", "64501")
    d.until("it has a point", lambda: points(page(d)) == {"M1C": 1})
    d.opens("bogon.prefix")
    r.drop(r.cust, "20.1.0.0/16", to=[r.prov])
    r.withdraw(r.cust, "pre", "10.9.0.0/16")
    d.closes("leak")
    d.closes("bogon.prefix")
    d.stop()

    def database(sql):
        with contextlib.closing(sqlite3.connect(d.folder + "/state/journal.sqlite")) as db, db:
            return db.execute(sql).fetchall()

    kept = database("SELECT r.type, r.transition FROM evidence e JOIN record r ON r.seq = e.seq")
    right("of the one that has points, and its end", kept == [("leak.peerlock", "closed")], kept)
    d.start()
    right("not gone", not any(x.get("evidence_gone") for x in page(d)["incidents"]), page(d)["incidents"])
    d.stop()
    database("DELETE FROM record WHERE seq IN (SELECT seq FROM evidence)")
    d.start()
    gone = [x["rule"] for x in page(d)["incidents"] if x.get("evidence_gone")]
    right("gone, and that is said", gone == ["leak.peerlock"] and "gone: bellman tail" in d.command("manrs").stdout, page(d)["incidents"])
