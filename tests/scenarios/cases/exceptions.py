"""Rules that are off, and routes that are excepted from them."""
import time

from cases.clocks import INVALID, Clock
from daemon import LARGE, VICTIM_PREFIX, VRPS, sanitized
from story import brief
from suite import edge, right, scenario

DAY = 86400


def rules(**more):
    return {"provider_free": LARGE, **more}


def excepted(**what):
    return rules(exceptions=[dict(what, why="it is known")])


@scenario
def rules_are_off_and_on(w):
    """A reload that turns a rule off closes its incidents for the configuration; one that turns it on opens them again."""
    d = w.daemon(vrps=VRPS)
    r = edge(d)
    r.carry(r.prov, VICTIM_PREFIX, INVALID)
    d.opens("rov.invalid.asn")
    d.reload(rules=rules(off=["rov.invalid.asn"]))
    d.closes()
    right("for the configuration", d.told()[-1]["reason"] == "config", brief(d.told()[-1:]))
    d.reload(rules=rules(off=["leak.otc"]))
    d.opens("rov.invalid.asn")


@scenario
def severity_is_capped(w):
    """A kind of incident is told as no graver than the operator wants it, also what is open when it is said."""
    d = w.daemon(vrps=VRPS)
    r = edge(d)
    r.carry(r.prov, VICTIM_PREFIX, INVALID)
    before = d.opens("rov.invalid.asn", where=lambda x: x["severity"] in ("major", "critical"))[0]["severity"]
    d.reload(rules=rules(severity_max={"rov.invalid.asn": "notice"}))
    d.opens("rov.invalid.asn", where=lambda x: x["severity"] == "notice")
    d.reload(rules=rules())
    d.opens("rov.invalid.asn", where=lambda x: x["severity"] == before)


@scenario
def exceptions_are_made(w):
    """An exception closes what it matches, in every view, and nothing else; without it that is open again."""
    d = w.daemon(vrps=VRPS)
    r = edge(d)
    r.carry(r.prov, VICTIM_PREFIX, INVALID)
    d.opens("rov.invalid.asn")
    for x in ({"prefix": "198.51.0.0/16"}, {"origin": 65551, "rule": "rov.invalid.asn"}, {"neighbor": 64510}):
        d.reload(rules=excepted(**x))
        d.closes(what="excepted by %s" % x)
        right("for the configuration", d.told()[-1]["reason"] == "config", brief(d.told()[-1:]))
        d.reload(rules=rules())
        d.opens("rov.invalid.asn", what="no longer excepted by %s" % x)
    d.reload(rules=excepted(origin=65551, rule="hijack.exact"))
    d.reload(rules=excepted(origin=64510))
    d.quiet()
    right("it matches nothing", len(d.open("rov")) == 1, brief(d.open()))


@scenario
def exceptions_end(w):
    """An exception ends behind its last day, by itself; one that is over is said by --check-config and a reload."""
    if sanitized():
        return
    today = time.strftime("%Y-%m-%d", time.gmtime())
    clock = Clock(w, vrps=VRPS, rules=excepted(origin=65551, until=today))
    d = clock.daemon.start()
    r = edge(d)
    r.carry(r.prov, VICTIM_PREFIX, INVALID)
    d.quiet()
    right("it is excepted", not d.told(), brief(d.told()))
    clock.set(DAY, 0)
    d.opens("rov.invalid.asn")
    d.tells("rules.exception-over")
    clock.set(0, 0)
    d.closes(what="the clock was wrong: it is the last day again")
    clock.set(DAY, 0)
    d.opens("rov.invalid.asn", what="over for good")
    d.reload()
    right("the log says so", "ended with " + today in d.log_text(), d.log_text()[-800:])
    d.configure(rules=excepted(origin=65551, until="2024-02-29"))
    said = d.check_config()
    right("--check-config, too", said.returncode == 0 and "ended with 2024-02-29" in said.stderr, said.stderr)
