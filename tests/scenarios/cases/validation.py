"""Own prefixes against ROAs and ASPAs: what others drop, what would be right, what a change would do, and how neighbours do."""
import json
import time

from daemon import OURS, OUR_PREFIX
from suite import edge, quick, right, scenario

# loose; right; too short; of another; none
VRPS = [("20.8.0.0/16", 18, OURS), ("203.0.113.0/24", 24, OURS), ("198.51.100.0/24", 24, OURS), ("192.0.2.0/23", 23, OURS), ("20.5.0.0/16", 16, 64999),
        ("20.77.0.0/16", 16, 64501), ("20.79.0.0/16", 16, 64888), ("20.8.0.0/17", 17, OURS)]
ANNOUNCED = ["203.0.113.0/24", "20.8.0.0/16", "20.8.0.0/17", "198.51.100.0/24", "192.0.2.0/24", "20.5.0.0/16", "20.6.0.0/16"]


def world(w, **more):
    d = w.daemon(vrps=VRPS, **more)
    r = edge(d)
    r.route(r.loc, "loc", ANNOUNCED + ["20.6.1.1/32"], "")
    r.route(r.prov, "out-post", ANNOUNCED + ["20.6.1.1/32"], "64500")
    r.carry(r.cust, ["20.77.0.0/16", "20.78.0.0/16", "20.79.0.0/16"], "64501")
    r.carry(r.prov, "20.80.0.0/16", "64510 64777")
    d.until("all are there", lambda: len(page(d)["coverage"]) == 1 and len(page(d)["announced"]) == len(ANNOUNCED))
    return d, r


def page(d, *words):
    r = d.command("manrs", "-o", "json", *words)
    right("it is answered", r.returncode in (0, 1), r.stderr)
    return json.loads(r.stdout)


def action(p):
    return next(a for a in p["actions"] if a["action"] == 4)


@quick
def what_others_drop(w):
    """Each prefix that we announce is what others' origin validation makes of it; the light is red where they drop something."""
    d, r = world(w)
    p = page(d)
    rov = {a["prefix"]: a["rov"] for a in p["announced"]}
    right("each", rov == {"203.0.113.0/24": "valid", "20.8.0.0/16": "valid", "20.8.0.0/17": "valid", "198.51.100.0/24": "valid", "192.0.2.0/24": "invalid-length",
                          "20.5.0.0/16": "invalid-asn", "20.6.0.0/16": "not-found"}, rov)
    a = action(p)
    right("counted", (a["light"], a["announced_invalid"], a["announced_unknown"], a["announced_left_out"]) == ("red", 2, 1, 1), a)
    c = p["coverage"][0]
    right("and what to do", (a["roas_too_loose"], a["roas_proposed"]) == (1, 3), a)
    right("the customer", (c["asn"], c["prefixes"], c["valid"], c["not_found"], c["invalid"]) == (64501, 3, 1, 1, 1), p["coverage"])
    for form in ("text", "html"):
        text = d.command("manrs", "-o", form).stdout
        for words in ("invalid-length", "20.5.0.0/16", "33.3 %", "AS64500 has no ASPA"):
            right("%s as %s" % (words, form), words in text, text[-4000:])


@quick
def what_would_be_right(w):
    """What is proposed makes all of ours valid: as local exceptions that are taken as they are, the page says that nothing is to be done."""
    d, r = world(w, own={"asns": [OURS], "prefixes": [{"prefix": OUR_PREFIX}, {"prefix": "20.5.0.0/16"}]})
    text = d.command("manrs", "--propose").stdout
    for words in ("customer AS64500, providers AS64510", "no ROA covers it", "ROAs of others cover it", "longer than our ROA allows", "it allows /18"):
        right("says " + words, words in text, text)
    slurm = d.command("manrs", "--propose", "-o", "slurm").stdout
    asserted = [(x["prefix"], x["maxPrefixLength"], x["asn"]) for x in json.loads(slurm)["locallyAddedAssertions"]["prefixAssertions"]]
    right("what is announced, as long as it is, and what a filter would take", sorted(asserted) == [
        ("192.0.2.0/24", 24, OURS), ("20.5.0.0/16", 16, OURS), ("20.6.0.0/16", 16, OURS), ("20.8.0.0/16", 16, OURS), ("20.8.0.0/17", 17, OURS)], asserted)
    path = d.folder + "/right.json"
    d.set_text(slurm, path)
    then = d.command("manrs", "--pending", path, "-o", "json")
    p = json.loads(then.stdout)["pending"]
    right("nothing would be dropped", then.returncode == 0 and p["dropped"] == 0 and not p["aspas"], p)
    right("all would be valid", sorted((c["prefix"], c["then"]) for c in p["changes"]) == [
        ("192.0.2.0/24", "valid"), ("20.5.0.0/16", "valid"), ("20.6.0.0/16", "valid")], p)
    d.reload(rpki={"files": [d.vrp_file], "slurm": [path]})
    d.until("all are valid", lambda: {a["rov"] for a in page(d)["announced"]} == {"valid"})
    a = action(page(d))
    right("green", (a["light"], a["loose"], a["asns_without_aspa"], a["aspas_lacking"]) == ("green", 0, 0, 0), a)
    right("no more to do", "nothing to publish" in d.command("manrs", "--propose").stdout, d.command("manrs", "--propose").stdout)


@quick
def what_is_not_ours(w):
    """What ROAs of others cover and nobody says is ours gets no ROA and no exception: it may be we who are wrong."""
    d, r = world(w)
    text = d.command("manrs", "--propose").stdout
    right("said", "20.5.0.0/16 of AS64500 is not ours by the RPKI" in text and "20.5.0.0/16 maximum" not in text, text)
    asserted = json.loads(d.command("manrs", "--propose", "-o", "slurm").stdout)["locallyAddedAssertions"]["prefixAssertions"]
    right("asserted are the others", len(asserted) == 4 and "20.5.0.0/16" not in [x["prefix"] for x in asserted], asserted)


@scenario
def what_a_change_would_do(w):
    """VRPs of a file, or exceptions, that would have others drop what is ours, are said before they are published."""
    d, r = world(w)
    path = d.folder + "/candidate.json"
    d.set_text(json.dumps({"roas": [{"prefix": "203.0.113.0/24", "maxLength": 24, "asn": OURS}, {"prefix": "20.8.0.0/16", "maxLength": 16, "asn": OURS}], "aspas": [{"customer_asid": OURS, "providers": [64511]}]}), path)
    got = d.command("manrs", "--pending", path, "-o", "json")
    p = json.loads(got.stdout)["pending"]
    right("what flips", {(c["prefix"], c["now"], c["then"]) for c in p["changes"]} == {
        ("20.8.0.0/17", "valid", "invalid-length"), ("198.51.100.0/24", "valid", "not-found"), ("192.0.2.0/24", "invalid-length", "not-found"),
        ("20.5.0.0/16", "invalid-asn", "not-found")}, p)
    right("and is told", got.returncode == 1 and p["dropped"] == 1 and p["aspas"] == [{"customer": OURS, "missing": 64510}], p)
    text = d.command("manrs", "--pending", path).stdout
    right("on the page", "would drop 1 more" in text and "would not list AS64510" in text, text[-3000:])
    d.set_text("{", path)
    right("a file that is none", d.command("manrs", "--pending", path).returncode == 2)
    right("none at all", d.command("manrs", "--pending", path + "x").returncode == 2)
    right("of a neighbour there is none", d.command("manrs", "--propose", "--neighbor", "64501").returncode == 2)
    right("no such form", d.command("manrs", "--propose", "-o", "html").returncode == 2 and d.command("manrs", "-o", "slurm").returncode == 2)


@scenario
def roas_that_expire(w):
    """A ROA of ours that its source says expires within hours is told, and is on the page; over when it is renewed."""
    soon, late = int(time.time()) + 3600, int(time.time()) + 86400
    d = w.daemon(vrps=[("203.0.113.0/24", 24, OURS, {"expires": soon})])
    r = edge(d)
    r.route(r.loc, "loc", "203.0.113.0/24", "")
    told = d.until("told", lambda: d.open_troubles("roa.expiring"), 40)[0]
    right("which and when", "203.0.113.0/24" in told["summary"] and time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(soon)) in told["summary"], told)
    a, own = action(page(d)), page(d)["own_prefixes"][0]
    right("on the page", (a["light"], a["expiring"]) == ("yellow", 1) and own["state"] == "covered" and own["expires"], (a, own))
    d.set_vrps([("203.0.113.0/24", 24, OURS, {"expires": soon}), ("203.0.112.0/23", 24, OURS, {"expires": late})])
    d.until("another is there for longer", lambda: not d.open_troubles("roa.expiring"), 40)
    ways = {"source": [{"type": "roa", "chainValidity": {"notAfter": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(late))},
                        "stale": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(soon))}]}
    d.set_vrps([("203.0.113.0/24", 24, OURS, ways)])
    d.until("as Routinator says it", lambda: d.open_troubles("roa.expiring"), 40)
    d.set_vrps([("203.0.113.0/24", 24, OURS, {"expires": late})])
    d.until("renewed", lambda: not d.open_troubles("roa.expiring"), 40)
    right("green", action(page(d))["expiring"] == 0, action(page(d)))


@scenario
def nothing_announced_is_not_green(w):
    """A prefix that is ours by its ROA, and that a stranger originates: we announce nothing, so that Action 4 is grey, and says why."""
    d = w.daemon(own={"asns": [OURS]})
    r = edge(d)
    r.carry(r.prov, "203.0.113.0/24", "64510 65551")
    d.opens("hijack")
    a = action(page(d))
    right("grey", (a["light"], a["announced"]) == ("grey", 0), a)
    text = d.command("manrs").stdout
    right("with words", text.count("o router shows that we announce anything") == 2 and "Each of 0" not in text, text)
    text = d.command("manrs", "--propose").stdout
    right("by what it is ours", "ours by a ROA (own.derive)" in text and "configured as ours" not in text, text)


@scenario
def roas_that_have_expired(w):
    """A ROA that is not renewed has expired, and that is said; that nobody says a time any more renews nothing."""
    def how():
        return [t["summary"] for t in d.troubles(kind="roa.expiring") if t["transition"] == "closed"]
    soon, late = int(time.time()) + 22, int(time.time()) + 86400
    d = w.daemon(vrps=[("203.0.113.0/24", 24, OURS, {"expires": soon})])
    r = edge(d)
    r.route(r.loc, "loc", "203.0.113.0/24", "")
    d.until("told", lambda: d.open_troubles("roa.expiring"), 20)
    d.until("over", how, 40)
    right("how it ended", how() == ["the ROAs of 1 own prefix have expired"], how())
    d.set_vrps([("203.0.113.0/24", 24, OURS, {"expires": soon + 3600})])
    d.until("told", lambda: d.open_troubles("roa.expiring"), 40)
    d.set_vrps([("203.0.113.0/24", 24, OURS)])
    d.calm(14)
    right("no time is no renewal", d.open_troubles("roa.expiring"), how())
    d.set_vrps([("203.0.113.0/24", 24, OURS, {"expires": late})])
    d.until("over", lambda: len(how()) == 2, 40)
    right("how it ended", how()[1] == "renewed for more than 12 hours", how())
