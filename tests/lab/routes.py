"""What routers tell of routes: origin validation and policy, leaks and hijacks, IPv6, several paths of a prefix."""
from lab import CUSTOMER, CUSTOMER_6, PATHS, TWO_6, otc, until
from watch import FLIPPED, HIJACK, OTC, PEERLOCK, ROV, VRPS, expect, step


def valid_route(watch, net):
    net.customer.announce("203.0.113.0/24", 64520)
    until("the valid route is seen at all routers",
          lambda: len({r["router"] for r in watch.rows("203.0.113.0/24")}) == 3)
    expect(not watch.told(), "a valid route is no incident")
    step("valid route: seen at all, no incident")


def origin_validation(watch, net, rtr):
    """Opens; severity follows the policy of the routers; the cache has the last word."""
    net.customer.announce("192.0.2.0/24", 64531)
    net.provider.announce("192.0.2.0/24", 64513, 64530)
    opened = watch.wait("the invalid route is an incident in Loc-RIB", ROV, 64531, severity="major")
    expect(len([r for r in watch.history(opened) if r["transition"] == "opened"]) == 1, "opened once")
    step("invalid route: opened, %s (%s)" % (opened["severity"], opened["summary"]))

    for router in (net.frr, net.gobgp, net.two):
        router.refuse("192.0.2.0/24")
    watch.wait_told("refused by all routers: severity falls", opened, severity="info",
                    transition="updated", reason="severity", views=["adj-rib-in-pre"])
    step("all routers refuse it: info, before policy only")
    for router in (net.frr, net.gobgp, net.two):
        router.accept("192.0.2.0/24")
    watch.wait_told("accepted again: severity rises", opened, severity="major",
                    transition="updated")
    step("all accept it: major")

    rtr.serve(FLIPPED)
    watch.wait_closed(opened, "rpki", seconds=40)
    other = watch.wait("the other route is invalid now", ROV, 64530, 40)
    step("VRPs say otherwise: closed by rpki, and %s opened" % other["origin"])
    rtr.serve(VRPS)
    watch.wait_closed(other, "rpki", seconds=40)
    again = watch.wait("invalid again", ROV, 64531, 40, severity="major")
    expect(again["id"] == opened["id"], "the same incident has the same id")
    step("VRPs as before: the same incident opened again")
    return again


def leaks(watch, net):
    """By OTC, by a large network in a peer's path, and a part of our own prefix."""
    net.customer.announce("198.19.0.0/16", 64541, more=otc(64512))
    net.paths.announce("198.18.0.0/16", 174, 64540, path_id=3)
    net.provider.announce("198.51.100.128/25", 64666)
    found = [watch.wait("a leak by OTC", OTC, severity="major"),
             watch.wait("a leak with AS174 in a peer's path", PEERLOCK, severity="major"),
             watch.wait("a hijack of a more specific of our own", HIJACK, 64666, severity="critical")]
    for r in found:
        step("%s: %s (%s)" % (r["kind"], r["severity"], r["summary"]))
    return found


def ipv6(watch, net):
    """The same rules for IPv6, by sessions over IPv4 and over IPv6, and BMP over IPv6."""
    net.customer.announce("2001:db8:1::/48", 64537)
    net.provider.announce("2001:db8:ff00::/48", 64667)
    rov = watch.wait("an IPv6 route is invalid at all routers", ROV, 64537, severity="major", routers=3)
    hijack = watch.wait("a hijack of an IPv6 prefix of our own", HIJACK, 64667, severity="critical", routers=3)
    rows = watch.rows("2001:db8:1::/48")
    expect({(r["router"], r["peer"]) for r in rows if r["view"] == "adj-rib-in-pre"} ==
           {("lab-frr", CUSTOMER), ("GoBGP", CUSTOMER), ("lab-two", CUSTOMER_6)}, "who has the IPv6 route: %s" % rows)
    two = [r for r in watch.bellman.ask("show", "routers") if r["router"] == "lab-two"]
    expect(len(two) == 1 and TWO_6[:6] in two[0]["address"], "lab-two's BMP session is over IPv6: %s" % two)
    step("IPv6: an invalid and a hijack at three routers, one with sessions over IPv6")
    return rov, hijack


def add_path(watch, net):
    """Two paths of a prefix are two routes, as GoBGP tells them, and FRR, which leaves out path ids: what one of them
    does ends with that one."""
    kept, gone = "198.18.128.0/24", "198.18.129.0/24"  # the invalid path is the one that stays, that goes
    for prefix, origin in ((kept, 64533), (gone, 64534)):
        net.paths.announce(prefix, 64535, path_id=1)
        net.paths.announce(prefix, origin, path_id=2)

    def paths(prefix):
        return {r["path_id"]: r["rov"] for r in watch.rows(prefix, router="GoBGP", view="adj-rib-in-pre", peer=PATHS)}
    until("GoBGP tells both paths", lambda: all(paths(p) == {1: "valid", 2: "invalid"} for p in (kept, gone)))
    stays, ends = [watch.wait("the second path is invalid", ROV, origin) for origin in (64533, 64534)]
    net.paths.withdraw(kept, path_id=1)
    net.paths.withdraw(gone, path_id=2)
    watch.wait_closed(ends, "withdrawn", "replaced")  # FRR tells the other path instead
    until("the right paths are left", lambda: (list(paths(kept)), list(paths(gone))) == ([2], [1]))
    watch.calm()
    expect(watch.known(stays), "open, since its path is still there: %s" % watch.history(stays)[-1])
    net.paths.withdraw(kept, path_id=2)
    net.paths.withdraw(gone, path_id=1)
    watch.wait_closed(stays, "withdrawn")
    step("ADD-PATH: two paths are two routes; withdrawn one by one, the invalid one closes its incident")
