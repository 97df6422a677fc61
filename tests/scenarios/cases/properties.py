"""What may make no difference, tried with tables at random: in which order sources come, how many workers there are,
which collector it is, a dump told again, a restart at any moment.

A seed is a set of tables and an order; SCENARIO_SEED=n is added to that of each scenario."""
import os
import random
import time

from daemon import OTHERS, OUR_PREFIX, OURS, VICTIM, Wrong
from router import Router, blocks
from story import about_routes, brief
from suite import edge, right, scenario

SHIFT = int(os.environ.get("SCENARIO_SEED", "0"))
LEAKED = "192.0.2.128/25"
VIEWS = ("pre", "post", "loc")


# --- what may be in a table: name, prefix, path, attributes, from whom
def choices():
    out = []
    for k, prefix in enumerate(blocks("198.51.100.0/24", 28, 4)):
        out.append(("invalid%d" % k, prefix, "64510 %d" % (65536 + k), {}, "prov"))
    for k, prefix in enumerate(blocks(OUR_PREFIX, 28, 3)):
        out.append(("hijack%d" % k, prefix, "64510 64510 %d" % (65544 + k), {}, "prov"))
    out.append(("exact", OUR_PREFIX, "64509 65550", {}, "lateral"))
    out.append(("both", "2001:db8:ff::/48", "64510 65551", {}, "prov"))  # ours, with a ROA
    for k, prefix in enumerate(blocks(LEAKED, 28, 2)):
        out.append(("otc%d" % k, prefix, "64501 64510 %d" % (64497 + k), {"otc": 64510}, "cust"))
    out.append(("large", "192.0.2.64/26", "64509 64505 64499", {}, "lateral"))
    out.append(("invalid leak", "198.51.100.192/26", "64501 64506 65540", {"otc": 64506}, "cust"))
    out.append(("more", "2001:db8:aaaa::/48", "64510 65541", {}, "prov"))  # longer than its ROA
    for k, prefix in enumerate(blocks("192.0.2.0/26", 28, 3)):
        out.append(("right%d" % k, prefix, "64510 %d" % (64497 + k), {}, "prov"))
    return out


OWN = {"asns": [OURS], "prefixes": [{"prefix": OUR_PREFIX}, {"prefix": "2001:db8:ff::/48"}]}
FILE_ROWS = OTHERS + [("2001:db8:ff::/48", 48, OURS)]
CACHE_ROWS = [("2001:db8:aa00::/40", 40, 65541), ("192.0.2.0/25", 28, 64497), ("192.0.2.0/25", 28, 64498),
              ("192.0.2.0/25", 28, 64499), ("198.51.100.192/26", 26, VICTIM)]


def tables(dice, routers):
    """For each router what it has: (choice, view it comes to), most of it shared."""
    out = [[] for _ in range(routers)]
    for choice in choices():
        for k in dice.sample(range(routers), dice.randint(1, routers)):
            out[k].append((choice, dice.choice(VIEWS)))
    return out


def fill(r, table):
    for (_, prefix, path, attrs, source), upto in table:
        r.carry(getattr(r, source), prefix, path, upto=upto, **attrs)
    return r


def state(d):
    """What is open, without what may differ: which of several examples is shown, and times."""
    out = []
    for x in d.show("incidents"):
        if about_routes(x):
            out.append((x["id"], x["transition"] == "unknown", x["severity"], x["prefixes"]["count"], x["scope"],
                        sorted(x["view_counts"].items()), sorted([x["kind"]] + x["facets"]), sorted(x["victims"]),
                        sorted((h["router"], h["peer"], tuple(h["views"]), h["routes"]) for h in x["holders"])))
    return sorted(out)


def differ(one, other):
    return "; ".join(["only here: %s" % (x,) for x in one if x not in other][:3] +
                     ["only there: %s" % (x,) for x in other if x not in one][:3])


def comes_to(d, wanted, what):
    """Its state becomes the wanted one, and stays."""
    try:
        d.until(what, lambda: state(d) == wanted, 25)
        d.quiet()
    except Wrong as wrong:
        raise Wrong("%s: %s; %s" % (what, differ(state(d), wanted), wrong)) from None
    right(what + ", and stays so", state(d) == wanted, differ(state(d), wanted))


# --- sources in any order
class Sources:
    """A collector whose sources come one by one: three routers, a VRP file, a cache, the rest of its configuration."""

    def __init__(self, w, seed):
        dice = random.Random(seed)
        self.cache = w.cache(CACHE_ROWS)
        self.cache.stop()
        self.d = w.daemon(vrps=[], caches=[self.cache], own={"asns": [OURS], "derive": "off"}, wait_rpki=False, workers=2, start=False)
        os.remove(self.d.vrp_file)
        self.d.start(wait_rpki=False)
        self.d.steady = False  # what is not there yet is no restart's business
        self.routers = [fill(edge(self.d, "edge%d" % k, connect=False), table)
                        for k, table in enumerate(tables(dice, 3), 1)]
        self.steps = {r.name: r.connect for r in self.routers}
        self.steps.update({"file": lambda: self.d.set_vrps(FILE_ROWS), "cache": self.cache.start,
                           "configuration": lambda: self.d.reload(own=OWN)})

    def play(self, order, dice):
        for name in order:
            self.steps[name]()
            pause = dice.choice((0, 0, 0.3, 1.5))  # some come at once, some after the others have settled
            self.d.heard()
            time.sleep(pause)


def any_order(w, seed):
    dice = random.Random(seed)
    first = Sources(w, seed)
    names = sorted(first.steps)
    first.play(["file", "cache", "configuration"] + [r.name for r in first.routers], random.Random(0))
    first.d.until("all of it is open", lambda: len(state(first.d)) >= 12 and first.d.stats()["vrps_ipv4"] >= 5)
    first.d.quiet(2.5)
    wanted = state(first.d)
    right("nothing is unknown", not [x for x in wanted if x[1]], wanted)
    for _ in range(2):
        dice.shuffle(names)
        other = Sources(w, seed)
        other.play(names, dice)
        comes_to(other.d, wanted, "seed %d, in the order %s" % (seed, ", ".join(names)))
        closed = [x for x in other.d.told() if x["transition"] == "closed" and x["reason"] != "config"]
        right("only the configuration has closed anything", not closed, brief(closed))


@scenario
def order_of_sources_does_not_matter(w):
    """Routers, VRP file, cache and configuration in any order: in the end the same is open, and nothing was closed on the
    way, but by the configuration, which says whose prefix it is."""
    any_order(w, 1 + SHIFT)


@scenario
def another_order_of_sources(w):
    """The same with other tables and orders."""
    any_order(w, 2 + SHIFT)


# --- workers, collectors
@scenario
def one_worker_or_four(w):
    """Six routers with tables at random, which change and end in part: with four workers the same as with one."""
    seed = 11 + SHIFT
    ends = []
    for n in (1, 4):
        dice = random.Random(seed)
        d = w.daemon(vrps=FILE_ROWS, own=OWN, workers=n)
        routers = [fill(edge(d, "edge%d" % k), table) for k, table in enumerate(tables(dice, 6), 1)]
        d.quiet()
        seen = [state(d)]
        for _ in range(2):
            for r in routers:
                for (_, prefix, path, attrs, source), upto in dice.sample(tables(dice, 1)[0], 4):
                    if dice.random() < 0.6:
                        r.drop(getattr(r, source), prefix, upto)
                    else:
                        r.carry(getattr(r, source), prefix, path, upto=upto, **attrs)
            d.quiet()
            seen.append(state(d))
        ends.append((seen, sorted((x["id"], x["occurrence"]) for x in d.told() if x["transition"] == "opened")))
    right("something is open", all(len(x) > 5 for x in ends[0][0]), [len(x) for x in ends[0][0]])
    for k, (one, four) in enumerate(zip(ends[0][0], ends[1][0])):
        right("seed %d: the same at rest %d" % (seed, k), one == four, differ(one, four))
    right("the same was opened, and as often", ends[0][1] == ends[1][1], ends)


@scenario
def two_collectors_one_id(w):
    """Two collectors see the same events by other routers, peers, views, counts and order: one id for one event."""
    seed = 21 + SHIFT
    ids = []
    for name, last in (("c1", 0), ("c2", 100)):
        dice = random.Random("%s %d" % (name, seed))
        d = w.daemon(vrps=FILE_ROWS, own=OWN, collector=name)
        r = Router(d, "edge-" + name, source="127.0.0.%d" % (last + 1))
        r.prov = r.peer("192.0.2.%d" % (9 + last), 64510, "provider")
        r.lateral = r.peer("192.0.2.%d" % (17 + last), 64509, "peer")
        r.cust = r.peer("192.0.2.%d" % (1 + last), 64501, "customer")
        r.loc_rib()
        r.connect()
        mine = choices()
        dice.shuffle(mine)
        for choice in mine:
            fill(r, [(choice, dice.choice(VIEWS))])
            if dice.random() < 0.3:
                d.heard()
        d.quiet()
        ids.append(sorted((x["id"], x["scope"]) for x in d.show("incidents")))
    right("many are open", len(ids[0]) > 8, ids[0])
    right("the same ids", ids[0] == ids[1], differ(*ids))


# --- told again
@scenario
def dump_again_says_nothing(w):
    """Routers tell all again, once or often, in part or whole, in any order, or in a new session: not a word."""
    seed = 31 + SHIFT
    dice = random.Random(seed)
    d = w.daemon(vrps=FILE_ROWS, own=OWN, workers=2)
    routers = [fill(edge(d, "edge%d" % k), table) for k, table in enumerate(tables(dice, 3), 1)]
    d.quiet()
    before, mark = state(d), d.mark()
    right("many are open", len(before) > 8, before)
    for _ in range(8):
        r = dice.choice(routers)
        how = dice.choice(("all", "in another order", "some", "new session"))
        if how == "new session":
            r.close()
            r.connect()
        else:
            rows = list(r.table.items())
            dice.shuffle(rows)
            for (p, view, path_id, prefix), (path, attrs) in rows[:len(rows) // 2 if how == "some" else None]:
                r.send_routes(p, view, [prefix], path, path_id, attrs)
            if how == "all":
                r.tell_all()
        if dice.random() < 0.5:
            d.calm()
            right("nothing is told (%s of %s, seed %d)" % (how, r.name, seed), not d.told(mark), brief(d.told(mark)))
    d.quiet()
    right("nothing is told, seed %d" % seed, not d.told(mark), brief(d.told(mark)))
    right("the same is open", state(d) == before, differ(state(d), before))


# --- a restart at any moment
def play_twice(w, seed, kill):
    """The same day for two collectors; one is restarted in the middle of each burst."""
    collectors = [w.daemon(vrps=FILE_ROWS, own=OWN, workers=2) for _ in range(2)]
    routers = [[], []]
    dice = random.Random(seed)
    for k, table in enumerate(tables(dice, 2), 1):
        for d, mine in zip(collectors, routers):
            mine.append(fill(edge(d, "edge%d" % k), table))
    for burst in range(3):
        moment = dice.randrange(8)
        for step in range(8):
            k = dice.randrange(2)
            (_, prefix, path, attrs, source), upto = dice.choice(tables(dice, 1)[0])
            drop = dice.random() < 0.4
            for mine in routers:
                r = mine[k]
                if drop:
                    r.drop(getattr(r, source), prefix)
                else:
                    r.carry(getattr(r, source), prefix, path, upto=upto, **attrs)
            if step == moment:
                restart(collectors[1], routers[1], dice, kill)
        collectors[0].quiet()
        wanted = state(collectors[0])
        comes_to(collectors[1], wanted, "seed %d, burst %d, a restart after step %d: the same" % (seed, burst, moment))


def restart(d, routers, dice, kill):
    """Routers notice, or are told goodbye; they come back in any order, at once or later."""
    if dice.random() < 0.5:
        d.heard()
    if dice.random() < 0.5:
        for r in routers:
            r.close()
    d.stop(kill)
    for r in routers:
        r.close()
    d.start(wait_rpki=False)
    for r in dice.sample(routers, len(routers)):
        r.connect()
        time.sleep(dice.choice((0, 0, 0.5)))


@scenario
def restart_at_any_moment(w):
    """One collector is stopped and started in the midst of changes, another is not: in the end both say the same."""
    play_twice(w, 41 + SHIFT, False)


@scenario
def kill_at_any_moment(w):
    """The same with kill -9."""
    play_twice(w, 42 + SHIFT, True)
