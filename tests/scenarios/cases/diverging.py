"""Two sources of RPKI data that should say the same, and do not: in either order nothing follows from what one alone says."""
from daemon import OUR_PREFIX, OURS, VICTIM_PREFIX, VRPS
from router import blocks
from story import brief
from suite import edge, right, scenario

COMMON = VRPS + [(p, 48, 64497) for p in blocks("2001:db8::/33", 48, 400)]
ROUTED = blocks("2001:db8:8000::/34", 48, 120)
NEW = [(p, 48, 64499) for p in ROUTED]  # would turn all of them invalid


def two_files(w, one=COMMON, two=COMMON, **more):
    d = w.daemon(vrps=None, files=["x"], start=False)
    files = [d.folder + "/one.json", d.folder + "/two.json"]
    d.set_vrps(one, files[0])
    d.set_vrps(two, files[1])
    d.configure(rpki=dict({"files": files}, **more))
    d.start()
    r = edge(d)
    for k, p in enumerate(ROUTED):
        r.carry(r.prov, p, "64510 %d" % (4200000000 + k % 3))
    d.quiet()
    return d, r, files


def disagree(d, mark):
    d.alarms("rpki.diverging", mark)
    d.quiet()
    right("nothing is told of routes", not d.told(mark), brief(d.told(mark)))
    i = d.open_troubles("rpki.diverging")[0]
    right("how many, and what they would do", "120 new ones that one source alone says would turn 120 routes invalid" in i["summary"], i["summary"])


@scenario
def one_source_alone_has_many_new(w):
    """The first, or the second, of two files has 120 new VRPs: held back until the other one has them."""
    for first, second in ((0, 1), (1, 0)):
        d, _, files = two_files(w)
        mark = d.mark()
        d.set_vrps(COMMON + NEW, files[first])
        disagree(d, mark)
        d.set_vrps(COMMON + NEW, files[second])
        d.until("the routes are told", lambda: sum(x["prefixes"]["count"] for x in d.open("rov")) == 120)
        d.until("they agree", lambda: not d.open_troubles("rpki"))


@scenario
def one_source_alone_takes_it_back(w):
    """The same, and the source takes them back: no trouble is left, and nothing was told of routes."""
    for first in (0, 1):
        d, _, files = two_files(w)
        mark = d.mark()
        d.set_vrps(COMMON + NEW, files[first])
        disagree(d, mark)
        d.set_vrps(COMMON, files[first])
        d.until("they agree", lambda: not d.open_troubles("rpki"))
        d.quiet()
        right("nothing was told of routes", not d.told(), brief(d.told()))


@scenario
def other_source_is_gone_meanwhile(w):
    """Whoever contradicts is lost: that is no agreement. It is back, and agrees: then what follows is told."""
    d, _, files = two_files(w)
    mark = d.mark()
    d.set_vrps(COMMON + NEW, files[1])
    disagree(d, mark)
    import os
    os.rename(files[0], files[0] + ".away")
    d.until("its loss is told", lambda: d.open_troubles("rpki.lost"))
    d.quiet()
    right("nothing is told of routes", not d.told(mark), brief(d.told(mark)))
    right("they still disagree", d.open_troubles("rpki.diverging"))
    os.rename(files[0] + ".away", files[0])
    d.set_vrps(COMMON + NEW, files[0])
    d.until("the routes are told", lambda: sum(x["prefixes"]["count"] for x in d.open("rov")) == 120)
    d.until("no trouble is left", lambda: not d.open_troubles("rpki"))


@scenario
def dispute_is_over_after_its_time(w):
    """Nobody gives in: after rpki.hold_s what one says is in force, and that they disagree is told on."""
    d, _, files = two_files(w, hold_s=6)
    d.set_vrps(COMMON + NEW, files[1])
    d.alarms("rpki.diverging")
    right("nothing yet", not d.told(), brief(d.told()))
    d.until("the routes are told", lambda: sum(x["prefixes"]["count"] for x in d.open("rov")) == 120, 20)
    right("they still disagree", d.open_troubles("rpki.diverging"))


@scenario
def cache_and_file_disagree(w):
    """A cache beside a file, either of which is ahead of the other: the order makes no difference to what is told in the end."""
    ends = []
    for cache_first in (True, False):
        c = w.cache(COMMON)
        d = w.daemon(vrps=COMMON, caches=[c])
        r = edge(d)
        for k, p in enumerate(ROUTED):
            r.carry(r.prov, p, "64510 %d" % (4200000000 + k % 3))
        r.carry(r.prov, VICTIM_PREFIX, "64510 65551")
        d.opens("rov")
        d.quiet()
        mark = d.mark()
        for step in (cache_first, not cache_first):
            if step:
                c.change(announce=NEW)
            else:
                d.set_vrps(COMMON + NEW)
            if step == cache_first:
                disagree(d, mark)
        d.until("the routes are told", lambda: sum(x["prefixes"]["count"] for x in d.open("rov")) == 121)
        d.until("they agree", lambda: not d.open_troubles("rpki"))
        d.quiet()
        ends.append(sorted((x["id"], x["prefixes"]["count"], x["severity"]) for x in d.show("incidents", "kind ~ rov")))
    right("the same end", ends[0] == ends[1], ends)


@scenario
def reload_adds_a_source_that_disagrees(w):
    """A second file joins by a reload and has many that the first has not: those wait. The order of the two in the list is all one."""
    for other_first in (True, False):
        d, _, files = two_files(w, two=COMMON)
        d.reload(rpki={"files": files[:1]})
        d.quiet()
        mark = d.mark()
        d.set_vrps(COMMON + NEW, files[1])
        d.reload(rpki={"files": files[::-1] if other_first else files})
        disagree(d, mark)
        d.reload(rpki={"files": files[:1]})
        d.until("no trouble is left", lambda: not d.open_troubles("rpki"))
        d.quiet()
        right("nothing was told of routes", not d.told(), brief(d.told()))


@scenario
def dispute_hits_us(w):
    """One source alone says that our prefix is another's, among much else: critical, and ours is named at once."""
    d, r, files = two_files(w, [(p, n, a) for p, n, a in COMMON if p != OUR_PREFIX], [(p, n, a) for p, n, a in COMMON if p != OUR_PREFIX])
    r.route(r.loc, "loc", OUR_PREFIX, "")
    r.route(r.prov, "out-post", OUR_PREFIX, "%d" % OURS)
    d.quiet()
    d.set_vrps([(OUR_PREFIX, 24, 64499)] + COMMON[1:] + NEW, files[1])
    d.until("critical", lambda: [x for x in d.open_troubles("rpki.diverging") if x["severity"] == "critical" and OUR_PREFIX in x["summary"]])
    d.quiet()
    right("nothing of routes", not d.told(), brief(d.told()))
