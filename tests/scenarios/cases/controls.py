"""What the operator says about the rules: dry-run, for whom, how grave, and when many are told as one."""
from cases.clocks import INVALID
from cases.exceptions import rules
from cases.kafka import mock
from daemon import OUR_PREFIX, VICTIM_PREFIX, VRPS
from router import blocks
from story import brief, breaches, fold
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
        d = w.daemon(vrps=[(p, 28, 64520 + k) for k, p in enumerate(prefixes)], incidents={"group_at": group_at})
        r = edge(d)
        for k, p in enumerate(prefixes):
            r.carry(r.prov, p, "64510 %d" % (STRANGER + k))
        d.opens("rov.invalid.asn", n if n <= group_at else 1, where=lambda x: x["prefixes"]["count"] == (1 if n <= group_at else n))
        d.quiet()
        right("nothing else", len(d.open()) == (n if n <= group_at else 1), brief(d.open()))


def dry_run(*kinds):
    return rules(dry_run=list(kinds))


def would(d, n, what=None):
    """So many are open of rules in dry-run, by their records and by `show incidents`."""
    def probe():
        by_records = {k: v for k, v in fold(d.dry_run()).items()}
        shown = {x["id"]: x for x in d.show("incidents") if x["dry_run"]}
        return by_records.keys() == shown.keys() and len(shown) == n and (list(shown.values()) or True)
    return d.until(what or "%d would be open" % n, probe)


@scenario
def dry_run_tells_nobody(w):
    """What a rule in dry-run would tell is in `show incidents` and for who asks `tail` for it, marked and not loud; nobody else is
    told, nor Kafka. It closes as any other, and a restart tells nothing new."""
    d = w.daemon(rules=dry_run("rov.invalid.asn"), kafka=mock())
    d.restartable = False  # what Kafka got is counted from the start of a process
    r = edge(d)
    r.carry(r.prov, VICTIM_PREFIX, INVALID, to=[r.lateral])
    open_now = would(d, 1)[0]
    right("as grave as it would be", open_now["severity"] == "critical" and open_now["kind"] == "rov.invalid.asn", brief([open_now]))
    d.quiet()
    right("nobody is told", not d.told(), brief(d.told()))
    d.until("Kafka has what is for it", lambda: d.stats()["kafka_lag"] == 0)
    passed_over = d.stats()["kafka_position"] - d.stats()["kafka_delivered"]
    right("and nothing else", passed_over == len(d.dry_run()) == 1, passed_over)
    text = d.command("tail", "-n", "1000").stdout + d.command("show", "incidents", "dry_run = false").stdout
    right("nor in text", "rov.invalid" not in text, text)
    loud = d.command("tail", "-n", "1000", "dry_run = true").stdout + d.command("show", "incidents").stdout
    right("it is marked", loud.count("critical opened") == loud.count(", dry-run") == loud.count("critical dry-run") == 1, loud)
    muted = d.command("mute", open_now["id"], "--for", "1h", "--why", "test")
    right("a mute has nothing to do with it", muted.returncode == 0 and not would(d, 1)[0]["muted"], muted.stdout + muted.stderr)
    d.command("unmute", "all")
    d.restart()
    r.close()
    r.connect()
    d.quiet()
    right("a restart is no news", len(d.dry_run()) == 1 and len(would(d, 1)) == 1, brief(d.dry_run()))
    r.drop(r.prov, VICTIM_PREFIX, to=[r.lateral])
    would(d, 0)
    right("it is over", [x["transition"] for x in d.dry_run()] == ["opened", "closed"], brief(d.dry_run()))
    right("the laws hold", not breaches(d.dry_run()), breaches(d.dry_run()))
    right("nobody is told", not d.told(), brief(d.told()))


@scenario
def dry_run_and_on(w):
    """A reload that turns a rule on tells what is open then, and one that turns it to dry-run ends that, for the configuration."""
    d = w.daemon(rules=dry_run("rov.invalid.asn"))
    r = edge(d)
    r.carry(r.prov, VICTIM_PREFIX, INVALID)
    would(d, 1)
    d.reload(rules=rules())
    got = d.opens("rov.invalid.asn")[0]
    right("it is told as opened, for the configuration", got["transition"] == "opened" and got["reason"] == "config", brief([got]))
    would(d, 0)
    right("what would be ends for it, too", d.dry_run()[-1]["reason"] == "config", brief(d.dry_run()[-1:]))
    d.reload(rules=dry_run("rov.invalid.asn"))
    d.closes("rov")
    right("closed for the configuration", d.told()[-1]["reason"] == "config", brief(d.told()[-1:]))
    would(d, 1)


@scenario
def dry_run_is_no_facet(w):
    """Of a route that breaks two rules, one of them in dry-run, the other alone is told: its kind, its severity, its facets."""
    d = w.daemon(vrps=VRPS, rules=dry_run("hijack.exact", "hijack.more-specific"))
    r = edge(d)
    r.carry(r.prov, OUR_PREFIX, "64510 64666", upto="post")
    got = d.opens("rov.invalid.asn")[0]
    right("what is true of it by the rule that is on", got["severity"] == "warning" and got["facets"] == [], [got["severity"], got["facets"]])
    got = would(d, 1)[0]
    right("what would be told", got["kind"] == "hijack.exact" and got["severity"] == "critical" and got["facets"] == ["rov.invalid.asn"],
          [brief([got]), got["facets"]])
    d.reload(rules=dry_run("rov.invalid.asn"))
    got = d.opens("hijack.exact")[0]
    right("a facet in dry-run is none", got["facets"] == [] and "rov_invalid" not in got["facts"], got["facts"])
    d.closes("rov")
    would(d, 0, "as a facet it would not be told by itself")


@scenario
def dry_run_over_a_restart(w):
    """A rule that was in dry-run before a restart and is on after it tells what is there as opened; the other way that is over. Both
    end for the configuration."""
    d = w.daemon(rules=dry_run("rov.invalid.asn"))
    r = edge(d)
    r.carry(r.prov, VICTIM_PREFIX, INVALID)
    would(d, 1)
    for options, told in ((rules(), 1), (dry_run("rov.invalid.asn"), 0)):
        d.configure(rules=options)
        d.restart()
        r.close()
        r.connect()
        would(d, 1 - told)
        d.until("what is on is told", lambda: len(d.open("rov")) == told)
        ends = [x for x in (d.dry_run() if told else d.told()) if x["transition"] == "closed"]
        right("for the configuration", ends[-1]["reason"] == "config", brief(ends))
