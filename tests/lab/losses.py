"""What may not matter: routers, the cache and the collector go away and come back."""
import signal
import time

from lab import until
from watch import ROV, VRPS, expect, step


def outage(watch, net, rtr):
    """A BMP session or a cache that goes and comes back tells nothing new of incidents."""
    before = watch.calm()
    net.frr.bmp(False)
    watch.wait_routers(2)
    net.frr.bmp(True)
    watch.wait_routers(3)
    rtr.stop()
    time.sleep(1)
    rtr.start(VRPS)
    watch.nothing_new(before, "after a re-dump, and after another session of the cache", 6)
    step("FRR's BMP session and the RTR cache gone and back: nothing new")


def empty_cache(watch, net, rtr):
    """A cache that starts anew with nothing, and has everything later: verdicts stay what they were."""
    before = watch.calm()
    rtr.stop()
    rtr.start([])
    trouble = watch.wait("the collector tells that the cache has lost everything", "rpki.shrunken", seconds=30)
    net.customer.announce("203.0.113.0/24", 64520, more="med 5")
    net.customer.announce("198.18.64.0/24", 64540)
    watch.nothing_new(before, "with an empty cache: what it said before stays")
    net.provider.announce("198.18.65.0/24", 64539)
    invalid = watch.wait("what it said before is still judged by", ROV, 64539)
    before = watch.calm()
    rtr.stop()
    rtr.start(VRPS)
    watch.wait_told("the trouble is over", trouble, 30, transition="closed")
    watch.nothing_new(before, "after the cache has all again")
    expect(watch.known(invalid), "open as before: %s" % watch.history(invalid)[-1])
    net.provider.withdraw("198.18.65.0/24")
    watch.wait_closed(invalid, "withdrawn")
    step("StayRTR started anew with nothing, then with all: %s, and no route was judged otherwise" % trouble["kind"])


def second_router(watch, net, rov, *others):
    """One of several routers is lost: what the others say counts. What ends with them is not over before it is back."""
    before = watch.calm()
    net.two.bmp(False)
    watch.wait_routers(2)
    watch.nothing_new(before, "with one router of three lost", 5)
    expect(watch.known(rov, *others), "open by what the others say")
    lost = {h["router"]: h["lost"] for h in watch.now(rov)["holders"]}
    expect(lost["lab-two"] and not lost["lab-frr"], "one of its holders is lost: %s" % lost)
    step("lab-two lost: the others have the same routes, nothing new")

    net.customer.withdraw("2001:db8:1::/48")
    until("the others have lost the route", lambda: not watch.rows("2001:db8:1::/48"))
    watch.calm(3)
    left = watch.now(rov)
    expect(left is not None and left["transition"] == "unknown", "unknown, since lab-two has not said so: %s" % left)
    net.two.bmp(True)
    watch.wait_closed(rov, "withdrawn", seconds=30)
    watch.wait_routers(3)
    step("withdrawn while lab-two was away: unknown, and closed when it was back without it")


def all_back(watch, net, n, seconds=45):
    """GoBGP notices a dead station only by writing to it."""
    def back():
        net.customer.announce("203.0.113.0/24", 64520, more="med %d" % (time.monotonic() * 10 % 1000))
        return watch.routers_up() == n
    until("%d routers are back" % n, back, seconds, 1)


def crash(watch, net, leaks):
    """kill -9: incidents go on where they were; what ended meanwhile is closed."""
    before = watch.calm()
    watch.bellman.stop(signal.SIGKILL)
    net.paths.withdraw("198.18.0.0/16", path_id=3)
    watch.bellman.start()
    all_back(watch, net, 3)
    watch.wait_closed(leaks[1], "withdrawn", seconds=45)
    new = [r for r in watch.calm()[len(before):] if r["id"] != leaks[1]["id"]]
    expect(not new, "nothing new after a crash, but: %s" % new)
    expect(watch.known(leaks[0], leaks[2]), "the other two are open")
    step("kill -9: nothing told twice; the leak that ended meanwhile is closed")


def crash_while_away(watch, net, rtr, rov, leak, hijack):
    """kill -9, and a start, while the cache and a router are away: what they know is waited for, and nothing is
    concluded without them; with them it goes on."""
    before = watch.calm()
    rtr.stop()
    net.two.bmp(False)
    watch.wait_routers(2)
    watch.bellman.stop(signal.SIGKILL)
    net.customer.withdraw("198.19.0.0/16")
    watch.bellman.start()
    all_back(watch, net, 2)
    net.provider.announce("198.18.65.0/24", 64532)
    watch.wait_synced("lab-frr", "GoBGP")
    watch.wait("the collector tells that RPKI data is missing", "rpki.missing", seconds=45)
    watch.nothing_new(before, "without RPKI data and a router", 4, but=("unknown", "updated"))
    for r in (rov, leak):
        expect(watch.now(r), "%s is not closed" % r["kind"])
    expect(watch.known(hijack), "the hijack is open by what two routers say")
    step("kill -9, cache and lab-two away: nothing opened, nothing closed")

    net.two.bmp(True)
    watch.wait_closed(leak, "withdrawn", seconds=30)
    step("lab-two is back: the leak that ended meanwhile is closed")
    rtr.start(VRPS)
    fresh = watch.wait("the invalid of meanwhile", ROV, 64532, 45)
    until("the invalid of before goes on", lambda: watch.known(rov), 30)
    new = [r for r in watch.calm()[len(before):] if r["transition"] in ("opened", "closed") and
           r["id"] not in (leak["id"], fresh["id"])]
    expect(not new, "nothing else opened or closed: %s" % new)
    expect([r["transition"] for r in watch.history(fresh)] == ["opened"], "told once")
    net.provider.withdraw("198.18.65.0/24")
    watch.wait_closed(fresh, "withdrawn")
    step("the cache is back: the invalid of meanwhile is told, the others go on")


def silence(watch, net, incidents):
    """No feed, no claim: open incidents are unknown until a router tells again."""
    net.gobgp.stop(signal.SIGKILL)  # ended in order it may, or may not, tell of its peers' end
    net.frr.bmp(False)
    net.two.bmp(False)
    for r in incidents:
        watch.wait_told("no feed: %s is unknown" % r["kind"], r, transition="unknown")
    step("all feeds lost: %d incidents unknown" % len(incidents))
    net.frr.bmp(True)
    for r in incidents:
        watch.wait_told("the feed is back: %s goes on" % r["kind"], r, 30, transition="updated",
                        reason="feed-restored")
    step("FRR is back: they go on")
    net.two.bmp(True)
    net.gobgp.start()

    def fresh():
        """All routers tell of both routes again, and nothing of before is waited for."""
        for prefix in ("192.0.2.0/24", "198.51.100.128/25"):
            routes = watch.bellman.ask("show", "routes", prefix)
            if any(r["stale"] for r in routes) or len({r["router"] for r in routes}) < 3:
                return False
        return True
    until("GoBGP has started anew and told everything", fresh, 60, 0.5)
    step("GoBGP, started anew, has told everything")
