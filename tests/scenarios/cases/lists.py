"""What a neighbour may announce, by its AS-SET or prefix list: routes outside are told and counted, and no list is taken for an empty one."""
import json
import os
import re
import time

from suite import edge, quick, right, scenario


def bgpq4(*entries):
    """As `bgpq4 -j` writes it: prefix, or (prefix, most) for up to."""
    rows = ['{ "prefix": "%s", "exact": true }' % e.replace("/", r"\/") if isinstance(e, str) else
            '{ "prefix": "%s", "exact": false, "less-equal": %d }' % (e[0].replace("/", r"\/"), e[1]) for e in entries]
    return '{ "NN": [\n    %s\n] }\n' % ",\n    ".join(rows)


TWELVE = ["20.%d.0.0/16" % k for k in range(1, 13)]


def started(w, text, **options):
    d = w.daemon(start=False, **options)
    path = d.folder + "/as64501.json"
    if text is not None:
        d.set_text(text, path)
    d.configure(neighbors=[{"asn": 64501, "relation": "customer", "max_prefix": 5, "lists": [path]}])
    d.start()
    if text is not None:
        d.until("the list is read", lambda: "as=64501" in d.log_text())
    return d, path, edge(d)


def page(d):
    return json.loads(d.command("manrs", "--neighbor", "64501", "-o", "json").stdout)


def counts(d):
    n = [x for x in page(d)["neighbors"] if x["asn"] == 64501]
    w = [x for x in n[0]["wrong"] if x["rule"] == "route.unlisted"] if n else []
    return [w[0]["most"][k] for k in ("sent", "accepted", "used", "spread")] if w else None


@quick
def routes_outside_of_the_list(w):
    """What the list does not have is one incident of the neighbour, counted by how far it got; it ends when the list has it."""
    d, path, r = started(w, bgpq4("20.1.0.0/16", ("20.2.0.0/16", 24)))
    r.carry(r.cust, ["20.1.0.0/16", "20.2.3.0/24"], "64501", to=[r.prov])
    r.route(r.cust, "pre", ["20.1.1.0/24", "20.2.3.128/25", "30.1.0.0/24"], "64501")
    d.heard()
    i = d.opens("route.unlisted", where=lambda i: i["prefixes"]["count"] == 3)[0]
    right("who, and what it is", "AS64501" in i["summary"] and "which its list (neighbors.lists) does not have" in i["summary"], i["summary"])
    right("the filter holds it", i["severity"] == "info", i["severity"])
    r.carry(r.cust, "30.1.0.0/24", "64501", to=[r.prov])
    d.until("one gets out", lambda: d.opens("route.unlisted")[0]["severity"] == "warning")
    d.until("counted by how far they got", lambda: counts(d) == [3, 1, 1, 1])
    f = page(d)["filters"]
    right("the list", f[0]["list"] == "whole" and f[0]["list_prefixes"] == 2, f)
    d.until("near the limit", lambda: re.search(r"AS64501 +2 prefixes, 0 AS numbers, of .* 3 +1 +1 +1 +near: 5 of 5", d.command("manrs").stdout))
    why = d.command("explain", "20.2.3.0/24").stdout
    right("a person asks", "the list of AS64501 (neighbors.lists) has the route" in why, why)
    d.set_text(bgpq4(("20.1.0.0/16", 24), ("20.2.0.0/16", 32), "30.1.0.0/24"), path)
    d.closes("route.unlisted")


@scenario
def no_list_is_no_empty_list(w):
    """A file that is missing, empty or cut is an alarm; what was read before stays; before any was read nobody is judged."""
    d, path, r = started(w, None)
    r.route(r.cust, "pre", ["20.1.0.0/16", "30.1.0.0/24"], "64501")
    missing = d.until("it is missed", lambda: d.open_troubles("collector.list"))[0]
    right("which one", "cannot be used" in missing["summary"] and "as64501.json" in missing["summary"], missing["summary"])
    d.quiet()
    right("nobody is judged", not d.open("route.unlisted"), d.open("route.unlisted"))
    right("on the page", page(d)["filters"][0]["list"] == "missing", page(d)["filters"])
    d.set_text(bgpq4(*TWELVE), path)
    d.opens("route.unlisted", where=lambda i: i["prefixes"]["count"] == 1)
    d.until("it is in use", lambda: not d.open_troubles("collector.list"))
    for text in (bgpq4(), bgpq4(*TWELVE)[:80]):
        d.set_text(text, path)
        d.until("it is no list", lambda: d.open_troubles("collector.list"))
        right("one is wrong as before", d.open("route.unlisted")[0]["prefixes"]["count"] == 1, text)
        d.set_text(bgpq4(*TWELVE), path)
        d.until("it is in use", lambda: not d.open_troubles("collector.list"))
    d.set_text(bgpq4("20.9.0.0/16"), path)
    held = d.until("it lost too much", lambda: d.open_troubles("collector.list-held"))[0]
    right("how much", "it has 1 entries, and had 12" in held["summary"], held["summary"])
    right("not used", d.open("route.unlisted")[0]["prefixes"]["count"] == 1)
    d.reload(neighbor_lists={"max_age_days": 9})
    d.quiet()
    right("no reload for something else lets it in", d.open("route.unlisted")[0]["prefixes"]["count"] == 1)
    d.restart()
    r.connect()
    d.heard()
    d.until("nor a restart", lambda: d.open_troubles("collector.list-held"))
    d.quiet()
    right("no more is wrong", [i["prefixes"]["count"] for i in d.open("route.unlisted")] == [1], d.open("route.unlisted"))
    d.set_text(bgpq4("20.9.0.0/16"), path + ".new")
    d.reload(neighbors=[{"asn": 64501, "relation": "customer", "max_prefix": 5, "lists": [path + ".new"]}])
    d.until("another name lets it in", lambda: d.opens("route.unlisted")[0]["prefixes"]["count"] == 2 and not d.open_troubles("collector.list"))
    d.restart()
    r.connect()
    d.heard()
    d.until("the same over a restart", lambda: [i["prefixes"]["count"] for i in d.open("route.unlisted")] == [2])
    right("one incident, never over", len(d.told(kind="route.unlisted")) and not [t for t in d.told(kind="route.unlisted") if t["transition"] == "closed"])


@scenario
def old_lists_say_nothing_new(w):
    """A list that nobody has made for long is told; what was wrong stays, nothing new is."""
    d, path, r = started(w, bgpq4("20.1.0.0/16", "20.2.0.0/16"))
    r.route(r.cust, "pre", "30.1.0.0/24", "64501")
    d.opens("route.unlisted")
    long_ago = time.time() - 30 * 86400
    os.utime(path, (long_ago, long_ago))
    d.until("it is old", lambda: d.open_troubles("collector.list-old"))
    r.route(r.cust, "pre", "30.2.0.0/24", "64501")
    d.heard()
    d.quiet()
    right("as it was", [i["prefixes"]["count"] for i in d.open("route.unlisted")] == [1], d.open("route.unlisted"))
    d.reload(neighbor_lists={"max_age_days": 0})
    d.until("any age", lambda: d.open("route.unlisted")[0]["prefixes"]["count"] == 2)
    d.reload(neighbors=[{"asn": 64501, "relation": "customer"}])
    d.closes("route.unlisted")
    d.until("nothing is left of it", lambda: not d.open_troubles("collector.list"))


@scenario
def a_wrong_path_takes_no_list_away(w):
    """Files that a reload names and nobody can read leave the neighbour's list in force, also over a second reload; without any he has none."""
    d, path, r = started(w, bgpq4(*TWELVE))
    d.restartable = False  # what a list said that is gone a new process cannot know
    r.route(r.cust, "pre", ["20.1.0.0/16", "30.1.0.0/24"], "64501")
    d.opens("route.unlisted")
    wrong = d.folder + "/other.json"
    for lists in ([path, wrong], [wrong], [d.folder + "/another.json", wrong]):
        d.reload(neighbors=[{"asn": 64501, "relation": "customer", "lists": lists}])
        d.until("it is missed", lambda: d.open_troubles("collector.list"))
        r.route(r.cust, "pre", ["20.2.0.0/16", "30.%d.0.0/24" % (2 + len(lists))], "64501")
        d.heard()
        d.quiet()
        right("wrong as before", [t["transition"] for t in d.told(kind="route.unlisted") if t["transition"] == "closed"] == [], lists)
    d.until("what is new is judged by it, too", lambda: [i["prefixes"]["count"] for i in d.open("route.unlisted")] == [3])
    d.set_text(bgpq4(*TWELVE, "30.1.0.0/24"), wrong)
    d.reload(neighbors=[{"asn": 64501, "relation": "customer", "lists": [wrong]}])
    d.until("the new one is in force, alone", lambda: [i["prefixes"]["count"] for i in d.open("route.unlisted")] == [2])
    d.until("nothing is missed", lambda: not d.open_troubles("collector.list"))
    d.reload(neighbors=[{"asn": 64501, "relation": "customer", "lists": []}])
    d.closes("route.unlisted")
