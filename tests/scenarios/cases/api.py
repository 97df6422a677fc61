"""/api/v1: what `bellman show` shows, as its OpenAPI document says; and what happens, as it happens."""
import json
import time

from daemon import OUR_PREFIX, PATIENCE, VICTIM_PREFIX, Skipped
from suite import edge, right, scenario
from web import Events, Web

STRANGER = "64510 65551"
HOSTILE = "<img src=x onerror=alert(1)>\"'&"


def open_world(w, **options):
    """An edge whose provider sends an invalid and a hijack, and an HTTP server."""
    web = Web()
    d = w.daemon(http=web.section(), neighbors=[{"asn": 64510, "relation": "provider", "name": HOSTILE, "contact": "noc@example.net"}], **options)
    r = edge(d)
    r.carry(r.prov, VICTIM_PREFIX, STRANGER)
    r.carry(r.lateral, "203.0.113.0/25", "64509 65552", upto="pre")
    d.opens("rov")
    d.opens("hijack")
    return web, d, r


def paths_of(web, d):
    """Every path of the document with arguments for which there is an answer."""
    incident = d.show("incidents")[0]
    arguments = {"/routers/{router}": "/routers/" + d.show("routers")[0]["router"], "/incidents/{id}": "/incidents/" + incident["id"][:8],
                 "/routes": "/routes?prefix=" + VICTIM_PREFIX, "/explain": "/explain?prefix=" + VICTIM_PREFIX,
                 "/near": "/near?prefix=203.0.113.0/24", "/rpki/validity": "/rpki/validity?prefix=%s&asn=65551" % VICTIM_PREFIX,
                 "/sav": "/sav?target=64509", "/cases": "/cases?rule=" + incident["kind"], "/records": "/records?n=1000"}
    return {p: arguments.get(p, p) for p in web.json("/api/v1/openapi.json")["paths"]}


@scenario
def api_is_as_its_document_says(w):
    """Every path of the OpenAPI document has an answer, and the answer is as the document says; the document itself is one (OpenAPI 3.1)."""
    try:
        import jsonschema
    except ImportError:
        raise Skipped("python3-jsonschema is not here") from None
    web, d, _ = open_world(w)
    d.command("ack", d.show("incidents")[0]["id"], "--why", "looked at")
    document = web.json("/api/v1/openapi.json")
    right("a document", document["openapi"].startswith("3.1.") and document["info"]["title"], document.get("openapi"))
    for path, with_arguments in paths_of(web, d).items():
        operation = document["paths"][path]["get"]
        content = operation["responses"]["200"]["content"]
        if "text/event-stream" in content:
            continue
        schema = dict(content["application/json"]["schema"], components=document["components"])
        jsonschema.Draft202012Validator.check_schema(schema)
        answer = web.json("/api/v1" + with_arguments)
        errors = list(jsonschema.Draft202012Validator(schema).iter_errors(answer))
        right("%s: %s" % (path, errors[0].message[:300] if errors else ""), not errors, errors and list(errors[0].absolute_path))
        if "data" in answer and path != "/near":
            right("%s: there are rows, and what is not described" % path, answer["data"] or path == "/sav", answer)
        problem = json.loads(web.get("/api/v1" + with_arguments + ("&" if "?" in with_arguments else "?") + "zzz=1")[2])
        jsonschema.validate(problem, dict(document["components"]["schemas"]["Problem"], components=document["components"]))
        right("an unknown parameter is refused", problem["status"] == 400 and "zzz" in problem["detail"], problem)


@scenario
def api_says_what_show_says(w):
    """The rows of the API are those of `bellman show -o json`: the same objects, paged, chosen by members, or all as lines."""
    web, d, r = open_world(w)
    d.quiet()
    for path, words in (("routers", ["routers"]), ("peers", ["peers"]), ("incidents", ["incidents"]), ("rpki/sources", ["rpki"]), ("mutes", ["mutes"])):
        def same():
            moving = ("age_seconds", "last_seen")
            shown = [{k: v for k, v in row.items() if k not in moving} for row in d.show(*words)]
            got = [{k: v for k, v in row.items() if k not in moving} for row in web.lines("/api/v1/" + path)]
            return sorted(map(json.dumps, shown)) == sorted(map(json.dumps, got))
        d.until("%s are as shown" % path, same)
    text = [line.split() for line in d.command("show", "stats").stdout.splitlines()]
    right("figures by kind, for people", ["incidents.hijack.more-specific.critical.open", "1"] in text and len(text) < 110, text)
    everybody = web.json("/api/v1/peers")
    right("all on one page", everybody["next"] is None and len(everybody["data"]) > 2, everybody["next"])
    pages, address = [], "/api/v1/peers?limit=2"
    while address:
        page = web.json(address)
        right("at most two", 1 <= len(page["data"]) <= 2, len(page["data"]))
        pages += page["data"]
        address = page["next"]
    right("the pages are the whole", [p["peer"] for p in pages] == [p["peer"] for p in everybody["data"]], pages)
    one = web.json("/api/v1/peers?peer_as=64510&state=up")["data"]
    right("that neighbour alone", one and all(p["peer_as"] == 64510 for p in one) and len(one) < len(pages), one)
    right("nobody", web.json("/api/v1/peers?router=nobody") == {"data": [], "next": None})
    kinds = {i["kind"] for i in web.json("/api/v1/incidents?filter=kind%20~%20hijack")["data"]}
    right("by the filter of tail", len(kinds) == 1 and "hijack" in kinds.pop(), kinds)
    status, kind, body = web.get("/api/v1/incidents?filter=zzz")
    right("a wrong filter is told where", status == 400 and b"column 1" in body and kind == "application/problem+json", body)
    i = d.show("incidents")[0]
    case = web.json("/api/v1/incidents/" + i["id"])
    right("its story", case["incident"]["id"] == i["id"] and case["more"]["prefixes"] and case["more"]["why"]["because"], case)
    right("one that is not", web.get("/api/v1/incidents/" + "0" * 32)[0] == 404)
    for host, status in (("site.example", 421), ("site.example:%d" % web.port, 421), ("127.0.0.1.site.example", 421), ("localhost", 200),
                         ("localhost:8080", 200), ("[::1]:1", 200), ("127.0.0.1", 200), ("", 421)):
        right("asked as %s" % host, web.get("/api/v1/stats", Host=host)[0] == status)
    for path in ("nothing", "incidents/x/y", "../metrics", "routers/%2e%2e"):
        right("%s is not there" % path, web.get("/api/v1/" + path)[0] in (400, 404))
    right("limits", [web.get("/api/v1/peers?limit=" + n)[0] for n in ("0", "-1", "x", "10001", "1")] == [400] * 4 + [200])


@scenario
def events_go_on_where_they_were(w):
    """A reader of events sees each within a second, marked with its number; one that comes back with Last-Event-ID gets what it missed, once,
    over a restart of the daemon, too; filters are those of `tail`; one that is idle gets signs of life."""
    web, d, r = open_world(w)
    d.quiet()
    follow = Events(web)
    only = Events(web, "/api/v1/events?filter=severity%20>%3D%20warning")
    began = time.monotonic()
    r.carry(r.prov, "198.51.100.128/25", "64510 65553")
    number, kind, data = follow.next()
    took = time.monotonic() - began
    right("within a second", took < 1 + PATIENCE / 15, took)
    right("marked", number == data["seq"] and kind in ("incident", "event"), (number, kind))
    seen = [number]
    follow.close()
    d.opens("rov", n=2)
    d.quiet()
    r.close()
    d.restart()
    told = [x["seq"] for x in map(json.loads, d.command("tail", "--since", "1h", "-o", "json").stdout.splitlines()) if x["seq"] > number]
    again = Events(web, Last_Event_ID=str(number))
    while told and seen[-1] < told[-1]:
        seen.append(again.next()[0])
    right("each that was missed, once", [n for n in seen[1:] if n <= told[-1]] == told, (seen, told))
    first = only.next()
    right("by its filter", first[2]["severity"] in ("warning", "major", "critical"), first)
    right("a number that is none", Events(web, Last_Event_ID="x").response.status == 400)
    d.restartable = d.steady = False


@scenario
def readers_of_events_are_limited(w):
    """More readers than http.streams are refused in words; who does not read is cut off; others have their answers all the while."""
    web = Web()
    d = w.daemon(http=web.section(streams=3, idle_s=3))
    readers = [Events(web) for _ in range(3)]
    right("three follow", [x.response.status for x in readers] == [200] * 3)
    fourth = Events(web)
    right("the fourth is refused", fourth.response.status == 503 and b"http.streams" in fourth.response.read())
    d.until("signs of life", lambda: all(x.beats >= 2 for x in readers))
    right("they are counted", b"\nbellman_http_streams 3\n" in web.get("/metrics")[2])
    readers[0].close()
    d.until("its place is free", lambda: b"\nbellman_http_streams 2\n" in web.get("/metrics")[2])
    right("for another one", Events(web).response.status == 200)
