"""Permit lists: which source addresses may come in from a customer, and that no list is made from half the data silently."""
import itertools
import json
import os
import shutil
import subprocess
import tempfile

from daemon import VRPS
from router import Router
from suite import edge, quick, right, scenario

BEHIND, BY_ASPA, NOT_BEHIND, FAR = 65540, 65541, 65542, 65543
ASPAS = [{"customer_asid": BY_ASPA, "providers": [64501]}, {"customer_asid": NOT_BEHIND, "providers": [64510]}]
BAR = ["20.0.0.0/23", "21.0.0.0/23", "22.0.0.0/24", "23.0.0.0/24", "2001:db8:1::/48"]
EFP_A = ["20.0.0.0/23", "21.0.0.0/23", "2001:db8:1::/48"]


def world(w):
    """Two routers. The customer AS64501 sends some of what is behind it to us, and the rest comes by the provider."""
    d = w.daemon(vrps=VRPS + [("23.0.0.0/24", 24, BY_ASPA)])
    d.set_vrps(VRPS + [("23.0.0.0/24", 24, BY_ASPA)], aspas=ASPAS)
    d.until("ASPAs are there", lambda: d.show("rpki")[0]["aspas"] == len(ASPAS))
    r = edge(d)
    r.route(r.cust, "pre", ["20.0.0.0/24", "20.0.1.0/24", "2001:db8:1::/48"], "64501")
    r.route(r.cust, "pre", "21.0.0.0/24", "64501 64501 %d" % BEHIND)
    r.route(r.prov, "pre", "21.0.1.0/24", "64510 %d" % BEHIND)
    r.route(r.prov, "pre", "22.0.0.0/24", "64510 %d" % BY_ASPA)
    r.route(r.prov, "pre", "24.0.0.0/24", "64510 %d" % FAR)
    r.two = Router(d, "edge2")
    r.two.cust = r.two.peer("192.0.2.2", 64502, "customer")
    r.two.loc_rib()
    r.two.connect()
    r.two.route(r.two.cust, "pre", "26.0.0.0/24", "64502")
    d.until("all has been told", lambda: [x["synced"] for x in d.show("routers")] == [True, True])
    d.heard()
    return d, r


def listed(d, *words):
    p = d.command("sav", "64501", "-o", "json", *words)
    right("it has an answer", p.returncode in (0, 1), p.stderr)
    return json.loads(p.stdout)


def permitted(d, prefix, whom="AS64501"):
    p = d.command("sav", whom, "--explain", prefix)
    return p.returncode == 0, p.stdout


@quick
def permit_lists_of_a_customer(w):
    """By each method what is behind a customer is permitted, wherever it is announced, and nothing else; it is said why."""
    d, _ = world(w)
    bar = listed(d)
    right("nothing is missing", bar["complete"] and bar["gaps"] == [], bar["gaps"])
    right("BAR-SAV", bar["prefixes"] == BAR, bar)
    right("its interface", [x["neighbor"] for x in bar["interfaces"]] == ["192.0.2.1"], bar["interfaces"])
    right("EFP-A", listed(d, "--method", "efp-a")["prefixes"] == EFP_A, listed(d, "--method", "efp-a"))
    both = listed(d, "--method", "efp-b")["prefixes"]
    right("EFP-B: of all customers", both == EFP_A[:2] + ["26.0.0.0/24"] + EFP_A[2:], both)
    for whom in ("192.0.2.1", "64501", "as64501"):
        p = d.command("sav", whom)
        right("a line for each", p.returncode == 0 and p.stdout.split() == BAR, p.stdout + p.stderr)
    for prefix, why in (("21.0.1.7/32", "AS%d: it has no ASPA, and paths show it behind AS64501" % BEHIND),
                        ("22.0.0.0/24", "AS%d: its ASPA names AS64501" % BY_ASPA), ("23.0.0.0/24", "by a VRP of AS%d" % BY_ASPA)):
        ok, text = permitted(d, prefix)
        right("%s is in, and why" % prefix, ok and why in text, text)
    ok, text = permitted(d, "24.0.0.0/24")
    right("who is not behind it", not ok and "AS%d, its origin, is not behind it" % FAR in text and "192.0.2.9" in text, text)


@scenario
def leaks_make_no_list_longer(w):
    """What a customer leaks of our provider's, and what an ASPA says is not its, is not behind it."""
    d, r = world(w)
    r.route(r.cust, "pre", "25.0.0.0/24", "64501 64510 %d" % FAR)
    r.route(r.cust, "pre", "25.0.1.0/24", "64501 %d" % NOT_BEHIND)
    d.opens("leak.upstream")
    d.until("both are known", lambda: "counts for nothing, a leak" in permitted(d, "25.0.1.0/24")[1])
    for method in ("bar", "efp-a"):
        prefixes = listed(d, "--method", method)["prefixes"]
        right("as before by %s" % method, prefixes == (BAR if method == "bar" else EFP_A), prefixes)
    ok, text = permitted(d, "25.0.0.0/24")
    right("it is said", not ok and "counts for nothing, a leak" in text, text)


@scenario
def no_list_from_half_the_data(w):
    """A router, a session, RPKI data is away: it is said, and no configuration is written but by who insists."""
    d, r = world(w)
    d.steady = False
    r.two.close()
    d.until("it is away", lambda: [x["state"] for x in d.show("routers") if x["router"] == "edge2"] == ["down"])
    p = d.command("sav", "64501", "-o", "nftables")
    right("nothing is written", p.returncode == 1 and p.stdout == "" and "router edge2 is away" in p.stderr, p.stderr)
    p = d.command("sav", "64501", "--incomplete")
    right("it is in the list", p.returncode == 1 and p.stdout.startswith("# INCOMPLETE: router edge2 is away"), p.stdout)
    got = listed(d)
    right("and said to programs", not got["complete"] and got["prefixes"] == BAR, got)
    r.two.connect()
    d.until("whole again", lambda: listed(d)["complete"])
    r.down(r.prov)
    d.until("a session is down", lambda: "AS64510 at edge1 is down" in " ".join(listed(d)["gaps"]))
    r.up(r.prov)
    p = d.command("sav", "64999")
    right("nobody", p.returncode == 1 and "no router has a session with it" in p.stderr, p.stderr)
    p = d.command("sav", "64510")
    right("no customer", p.returncode == 1 and "is no customer of ours" in p.stderr, p.stderr)
    p = d.command("sav", "edge1")
    right("neither", p.returncode == 4 and "AS64501, or the address" in p.stderr, p.stderr)


SAMPLES = {
    "junos": ["set policy-options prefix-list sav-AS64501-v4 20.0.0.0/23",
              "set firewall family inet6 filter sav-AS64501-v6 term permitted from source-prefix-list sav-AS64501-v6",
              "set firewall family inet filter sav-AS64501-v4 term others then discard"],
    "iosxr": ["object-group network ipv4 sav-AS64501-v4", " 20.0.0.0/23", " 10 permit ipv4 net-group sav-AS64501-v4 any",
              " 20 deny ipv6 any any"],
    "eos": ["ip access-list sav-AS64501-v4", "   permit ip 20.0.0.0/23 any", "   permit ipv6 2001:db8:1::/48 any", "   deny ip any any"],
    "sros": ['/configure filter match-list ip-prefix-list "sav-AS64501-v4" prefix 20.0.0.0/23 { }',
             '/configure filter match-list ipv6-prefix-list "sav-AS64501-v6" prefix 2001:db8:1::/48 { }'],
}


def program(*names):
    return next((x for x in names if (os.sep in x and os.access(x, os.X_OK)) or shutil.which(x)), None)


@scenario
def routers_take_the_list(w):
    """nft and FRR take what is written for them, again and again; the others are as their manuals have it."""
    d, _ = world(w)
    text = {}
    for form in ("nftables", "frr", *SAMPLES):
        p = d.command("sav", "64501", "-o", form)
        right(form, p.returncode == 0 and p.stderr == "", p.stderr)
        text[form] = p.stdout
    for form, lines in SAMPLES.items():
        right(form, all(x in text[form].splitlines() for x in lines), text[form])
    for form, words in (("nftables", ["nft", "-c", "-f"]), ("frr", ["vtysh", "-C", "-f"]), ("frr", ["bgpd", "-C", "-f"])):
        path = program(words[0], "/usr/sbin/" + words[0], "/usr/lib/frr/" + words[0])
        if path is None:
            print("SKIPPED: %s is not installed" % words[0])
            continue
        with tempfile.NamedTemporaryFile("w", suffix=".conf", dir=d.folder) as f:
            f.write(text[form] * 2)
            f.flush()
            os.chmod(d.folder, 0o755)
            os.chmod(f.name, 0o644)
            p = subprocess.run([path, *words[1:], f.name], capture_output=True, text=True, timeout=30)
        said = p.stdout + p.stderr  # bgpd ends with 0 whatever it thinks of a line
        right("%s takes it" % words[0], p.returncode == 0 and "command" not in said, said)
    right("an option's name is no configuration", d.command("sav", "64501", "--name", 'x" y').returncode == 2)


def changed(d, mark=0):
    return [x["summary"] for x in d.since(mark) if x.get("event") == "sav.changed"]


@scenario
def changes_of_a_list_are_told(w):
    """What comes and goes in the list of a customer that is watched is an event; much at once is an alarm, until it is back."""
    d = w.daemon(sav={"watch": [64501], "every_s": 1, "shrink_percent": 20})
    r = edge(d)
    d.steady = False
    hosts = itertools.count()
    r.route(r.cust, "pre", ["20.0.0.0/24", "20.0.1.0/24", "20.0.2.0/24", "20.0.3.0/24"], "64501")
    d.heard()
    d.until("a list is known, and the next is another", lambda: r.route(r.cust, "pre", "30.0.0.%d/32" % next(hosts), "64501") or changed(d))
    d.quiet()
    r.route(r.cust, "pre", "21.0.0.0/24", "64501")
    d.until("more", lambda: [x for x in changed(d) if "1 added" in x and "+21.0.0.0/24" in x])
    mark = d.mark()
    r.withdraw(r.cust, "pre", ["20.0.2.0/24", "20.0.3.0/24"])
    d.until("less", lambda: [x for x in changed(d, mark) if "1 removed" in x and "-20.0.0.0/22" in x])
    d.until("much at once", lambda: "20.0.0.0/22 among them" in " ".join(x["summary"] for x in d.open_troubles("sav.shrunken")))
    r.route(r.cust, "pre", ["20.0.2.0/24", "20.0.3.0/24"], "64501")
    d.until("it is back", lambda: not d.open_troubles("sav.shrunken"))
    mark = d.mark()
    r.down(r.cust)
    d.quiet()
    right("a session that is down makes no list", not changed(d, mark) and not d.open_troubles("sav."), changed(d, mark))


@scenario
def what_a_roa_names_is_missed(w):
    """By EFP a prefix that the customer announces to nobody is in no list: an alarm while a ROA names the customer for it."""
    d = w.daemon(vrps=VRPS + [("23.0.0.0/24", 24, 64501)], sav={"watch": [64501], "every_s": 1, "method": "efp-a"})
    r = edge(d)
    r.route(r.cust, "pre", "20.0.0.0/24", "64501")
    d.until("it is missed", lambda: "23.0.0.0/24" in " ".join(x["summary"] for x in d.open_troubles("sav.missing")))
    d.reload(sav={"watch": [64501], "every_s": 1})
    d.until("BAR-SAV has it", lambda: not d.open_troubles("sav.missing"))


@scenario
def shrunk_over_a_restart(w):
    """What a list loses while the collector is away is told as if it had been there; a list that is whole is no news."""
    four = ["20.0.0.0/24", "20.0.1.0/24", "20.0.2.0/24", "20.0.3.0/24"]
    d = w.daemon(sav={"watch": [64501], "every_s": 1, "shrink_percent": 20})
    d.steady = False
    r = edge(d)
    r.route(r.cust, "pre", four + ["21.0.0.0/24"], "64501")

    def kept():
        lists = json.loads(d.command("manrs", "-o", "json").stdout)["permit_lists"]
        return [(x["asn"], x["state"], x["prefixes"]) for x in lists if "made_s" in x]

    d.until("the list is whole", lambda: kept() == [(64501, "whole", 2)])
    d.stop()
    d.start()
    r.connect()
    d.until("it is made again", lambda: kept() == [(64501, "whole", 2)])
    right("and the same", not changed(d) and not d.open_troubles("sav."), changed(d))
    d.stop(kill=True)
    d.start()
    r.withdraw(r.cust, "pre", ["20.0.2.0/24", "20.0.3.0/24"])
    r.connect()
    d.until("what is gone is told", lambda: [x for x in changed(d) if "-20.0.0.0/22" in x])
    d.until("and that it is much", lambda: "20.0.0.0/22 among them" in " ".join(x["summary"] for x in d.open_troubles("sav.shrunken")))
    d.until("on the page, too", lambda: [x[1] for x in kept()] == ["shrunken"])
    d.stop()
    d.start()
    r.connect()
    d.until("still shrunken", lambda: [x[1] for x in kept()] == ["shrunken"] and d.open_troubles("sav.shrunken"))
    r.route(r.cust, "pre", four[2:], "64501")
    d.until("until it is as it was", lambda: not d.open_troubles("sav.shrunken") and [x[1] for x in kept()] == ["whole"])
    d.reload(sav={"watch": [64502], "every_s": 1})
    d.reload(sav={"watch": [64501], "every_s": 1})
    mark = d.mark()
    d.until("who is watched anew begins anew", lambda: [x[1] for x in kept()] == ["whole"])
    right("compared with nothing", not changed(d, mark), changed(d, mark))


@scenario
def light_of_permit_lists(w):
    """Action 2 is judged where there are lists: each customer with a whole one is green, one without is yellow, one that lacks what is its own red."""
    d = w.daemon(vrps=VRPS + [("23.0.0.0/24", 24, 64501)])
    r = edge(d)
    r.second = r.peer("192.0.2.2", 64502, "customer")
    r.up(r.second)
    r.route(r.cust, "pre", "20.0.0.0/24", "64501")
    r.route(r.second, "pre", "26.0.0.0/24", "64502")

    def light():
        return next(a for a in json.loads(d.command("manrs", "-o", "json").stdout)["actions"] if a["action"] == 2)

    d.until("both are customers", lambda: light()["customers"] == 2)
    right("nobody keeps a list", light()["light"] == "grey" and light()["without_list"] == 2, light())
    d.reload(sav={"watch": [64501], "every_s": 1})
    d.until("of one", lambda: light()["light"] == "yellow" and light()["whole"] == 1 and light()["without_list"] == 1)
    d.reload(sav={"watch": [64501, 64502], "every_s": 1})
    d.until("of both", lambda: light()["light"] == "green" and light()["whole"] == 2)
    right("it is said", "permit lists of 2 customers: 2 whole" in d.command("manrs").stdout, d.command("manrs").stdout)
    d.reload(sav={"watch": [64501, 64502], "every_s": 1, "method": "efp-a"})
    d.until("what a ROA names it for is not in it", lambda: light()["light"] == "red" and light()["missing"] == 1)
    d.steady = False
    r.down(r.second)
    d.until("half the data", lambda: light()["incomplete"] == 2)
    text = d.command("manrs").stdout
    right("what is missing is said", "AS64502 at edge1 is down" in text, text)


@scenario
def invalid_routes_and_lateral_peers(w):
    """What ROAs make invalid is left out on demand, and it is said; a lateral peer has a list by EFP-A, and by no other way."""
    d = w.daemon(vrps=VRPS + [("27.0.0.0/16", 16, 64999)], sav={"watch": [64501], "every_s": 1, "exclude_invalid": "on"})
    r = edge(d)
    r.route(r.cust, "pre", ["20.0.0.0/24", "27.0.0.0/24"], "64501")
    r.route(r.lateral, "pre", "28.0.0.0/24", "64509")
    r.route(r.prov, "pre", "28.0.1.0/24", "64510 64509")
    d.until("all has been told", lambda: listed(d)["complete"])
    right("in it", listed(d)["prefixes"] == ["20.0.0.0/24", "27.0.0.0/24"], listed(d))
    for method in ("bar", "efp-a"):
        without = listed(d, "--exclude-invalid", "--method", method)
        right("left out by " + method, without["prefixes"] == ["20.0.0.0/24"] and without["complete"], without)
    p = d.command("sav", "64501", "--exclude-invalid", "--explain", "27.0.0.0/24")
    right("it is said", p.returncode == 1 and "invalid by ROAs (--exclude-invalid)" in p.stdout, p.stdout)
    p = d.command("sav", "64509", "--method", "efp-a")
    right("a peer's by EFP-A", p.returncode == 0 and p.stdout.split() == ["28.0.0.0/23"], p.stdout + p.stderr)
    p = d.command("sav", "64509")
    right("no other way", p.returncode == 1 and "is a lateral peer" in p.stderr, p.stderr)
    kept = lambda: [x["prefixes"] for x in json.loads(d.command("manrs", "-o", "json").stdout)["permit_lists"] if "made_s" in x]
    d.until("so is the one that is watched", lambda: kept() == [1])
