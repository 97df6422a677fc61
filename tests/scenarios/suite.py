"""The table of scenarios, and what a scenario works with."""

from cache import Cache
from daemon import OURS, VRPS, Daemon, Wrong
from router import Router

SCENARIOS = {}
QUICK = set()


def scenario(f):
    """A scenario is a function; its name is that of the function, its docstring says what is right."""
    assert f.__doc__, "%s says in words what is right" % f.__name__
    assert f.__name__ not in SCENARIOS, "two scenarios are called %s" % f.__name__
    SCENARIOS[f.__name__] = f
    return f


def quick(f):
    """A scenario that `make check` has, too."""
    QUICK.add(f.__name__)
    return scenario(f)


class World:
    """Makes daemons and caches, and takes them away again."""

    def __init__(self):
        self.daemons, self.caches = [], []

    def daemon(self, start=True, wait_rpki=True, **options):
        d = Daemon(**options)
        self.daemons.append(d)
        return d.start(wait_rpki) if start else d

    def cache(self, vrps=VRPS, **more):
        c = Cache(vrps, **more)
        self.caches.append(c)
        return c

    def done(self):
        """The laws of every story."""
        out = []
        for d in self.daemons:
            out += d.finish()
        if out:
            raise Wrong("; ".join(out))

    def remove(self):
        for d in self.daemons:
            d.remove()
        for c in self.caches:
            c.stop()


def right(what, ok, got=None):
    if not ok:
        raise Wrong(what if got is None else "%s; it is: %s" % (what, got))


def edge(d, name="edge1", connect=True, **more):
    """The router that most scenarios have: a provider, a peer, a customer, a Loc-RIB, and every view is monitored."""
    r = Router(d, name, OURS, **more)
    r.prov = r.peer("192.0.2.9", 64510, "provider")
    r.lateral = r.peer("192.0.2.17", 64509, "peer")
    r.cust = r.peer("192.0.2.1", 64501, "customer")
    r.loc_rib()
    if connect:
        r.connect()
    return r
