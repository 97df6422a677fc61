"""Whom to call: by the configuration and by files, at the neighbour, at who did it, at whose prefixes they are."""
import base64
from email import message_from_bytes, policy
from email.utils import getaddresses
import json
import uuid

from daemon import OTHERS
from suite import edge, quick, right, scenario

NET = {"data": [{"asn": 64510, "name": "Transit Inc.", "updated": "2026-10-01T00:00:00Z", "poc_set": [{"role": "NOC", "email": "noc@transit.example"}]},
                {"asn": 64509, "name": "Lateral", "updated": "2019-10-01T00:00:00Z", "poc_set": [{"role": "NOC", "email": "noc@lateral.example"}]}]}
WHOIS = """% a registry's answer

aut-num:   AS64777
as-name:   OTHER-AS
tech-c:    OT1-X

role:      Others
nic-hdl:   OT1-X
e-mail:    noc@other.example

"""
DELEGATED = "2|ripencc|20261127|1|1|2|+00\nripencc|NL|asn|64999|1|20200101|assigned|x\n"


def with_files(w, **more):
    d = w.daemon(start=False, vrps=OTHERS, **more)
    paths = [d.folder + "/" + n for n in ("net.json", "whois.txt", "delegated")]
    for text, path in zip((json.dumps(NET), WHOIS, DELEGATED), paths):
        d.set_text(text, path)
    d.configure(contacts={"files": paths, "name": "Our NOC", "email": "noc@ours.example"},
                neighbors=[{"asn": 64501, "relation": "customer", "name": "Customer", "contact": "+31 20 1"}])
    d.start()
    d.until("the files are read", lambda: d.log_text().count("names and contacts of") == 2 and "ranges of AS numbers" in d.log_text())
    return d


def email_of(octets):
    right("every line ends as mail wants it", octets.count(b"\n") == octets.count(b"\r\n") and max(map(len, octets.split(b"\r\n"))) <= 998, octets)
    return message_from_bytes(octets, policy=policy.default)


def rows(d):
    return {(r["who"], r.get("asn")): r for r in d.show("contacts")}


@quick
def whom_to_call_in_order(w):
    """An incident says whom to call: the neighbour, who did it, whose prefixes they are; of whom nobody knows one, the registry."""
    d = with_files(w)
    r = edge(d)
    r.route(r.prov, "pre", "203.0.113.128/25", "64510 64777")
    one = d.opens("hijack")[0]
    calls = [(c["roles"], c["asn"], c["name"], c["contact"]) for c in one["call"]]
    right("the neighbour, then who did it", calls == [(["neighbor"], 64510, "Transit Inc.", "noc@transit.example"),
                                                      (["origin"], 64777, "OTHER-AS", "noc@other.example")], calls)
    shown = d.command("show", "incident", one["id"]).stdout
    right("shown", "origin AS64777 OTHER-AS: noc@other.example" in shown, shown)
    explained = d.command("explain", one["id"][:8]).stdout
    right("explained", "neighbor AS64510 Transit Inc.: noc@transit.example" in explained, explained)
    r.route(r.cust, "pre", "20.1.0.0/16", "64501 64505 64999")
    leak = [x for x in d.opens("leak") if x["peer_as"] == 64501][0]
    calls = [(c["roles"], c["asn"], c["contact"], c["registry"]) for c in leak["call"]]
    right("who leaks is the neighbour or behind it; whose it is has a registry only",
          calls[0][1:] == (64501, "+31 20 1", "") and calls[-1] == (["victim"], 64999, "", "ripencc"), calls)


@scenario
def contacts_missing_and_old(w):
    """Neighbours of whom nobody knows whom to call are told, and so are contacts that are old; over when somebody has seen to it."""
    d = with_files(w)
    r = edge(d)
    r.carry(r.cust, "20.77.0.0/16", "64501")
    d.until("all are seen", lambda: len(rows(d)) == 5)
    got = rows(d)
    right("we", got[("us", 64500)]["email"] == "noc@ours.example", got)
    right("by number", [got[("neighbor", a)]["state"] for a in (64501, 64509, 64510)] == ["known", "stale", "known"], got)
    right("we are in no file", got[("own", 64500)]["state"] == "missing", got)
    old = d.until("told", lambda: d.open_troubles("contacts.stale"), 60)[0]
    right("which, and of when", "AS64509 of 2019-10-01" in old["summary"], old)
    page = json.loads(d.command("manrs", "-o", "json").stdout)
    light = [a for a in page["actions"] if a["action"] == 3][0]
    right("the light", (light["light"], light["without_contact"], light["stale"], light["own_published"]) == ("yellow", 0, 1, "missing"), light)
    right("nobody is missing", not d.open_troubles("contacts.missing"))
    NET["data"][1]["updated"] = "2026-11-01T00:00:00Z"
    d.set_text(json.dumps({"data": [NET["data"][1], {"asn": 64500, "name": "Ours", "contact": "noc@ours.example"}]}), d.folder + "/net.json")
    d.until("over", lambda: not d.open_troubles("contacts.stale"), 60)
    missing = d.until("told", lambda: d.open_troubles("contacts.missing"), 90)[0]
    right("who", "1 neighbour: AS64510" in missing["summary"], missing)
    d.set_text(json.dumps({"data": NET["data"] + [{"asn": 64500, "name": "Ours", "contact": "noc@ours.example"}]}), d.folder + "/net.json")
    d.until("over", lambda: not d.open_troubles("contacts.missing"), 60)
    light = [a for a in json.loads(d.command("manrs", "-o", "json").stdout)["actions"] if a["action"] == 3][0]
    right("green", (light["light"], light["own_published"]) == ("green", "known"), light)
    for form in ("text", "html"):
        text = d.command("manrs", "-o", form).stdout
        right("on the page as " + form, "noc@transit.example" in text and "AS64509" in text, text[-3000:])


@scenario
def contacts_missing_over_a_restart(w):
    """That nobody knows whom to call is no less so after a restart, before its router is back and after; over when somebody says it."""
    d = w.daemon(vrps=OTHERS, neighbors=[{"asn": 64999, "contact": "noc@others.example"}])
    r = edge(d)
    d.until("told", lambda: d.open_troubles("contacts.missing"), 40)
    mark = d.mark()
    d.restart()
    d.calm(8)
    r.connect()
    d.heard()
    d.calm(12)
    d.calm(12)
    right("nothing new", not d.troubles(mark, "contacts"), d.troubles(mark, "contacts"))
    d.restart()
    d.reload(neighbors=[{"asn": a, "contact": "noc@others.example"} for a in (64501, 64509, 64510, 64999)])
    d.until("somebody knows", lambda: not d.open_troubles("contacts.missing"))


@quick
def nobody_asked_for_contacts(w):
    """Who has said nowhere whom to call is not told that nobody knows it."""
    d = w.daemon(vrps=OTHERS)
    r = edge(d)
    r.carry(r.cust, "20.77.0.0/16", "64501")
    d.until("seen", lambda: len(d.show("contacts")) == 4)
    right("all are missing", all(x["state"] == "missing" for x in d.show("contacts")), d.show("contacts"))
    right("none is told", not d.troubles(kind="contacts"))


@quick
def report_ready_to_send(w):
    """The message says what, since when, by which routes, what is asked and who writes; as mail it is read back as it was written."""
    NET["data"][0]["name"] = "Tr\u00e4nsit \"Inc\"\r\nBcc: everybody@example.org"
    d = with_files(w)
    r = edge(d)
    r.route(r.prov, "pre", "203.0.113.128/25", "64510 64777")
    one = d.opens("hijack")[0]
    text = d.command("report", one["id"][:10]).stdout
    for words in ("To: noc@transit.example", "AS64777 as their origin", "203.0.113.128/25", "path 64510 64777", "received on edge1, from 192.0.2.9",
                  " UTC", "please filter them", "Our NOC", "noc@ours.example", one["id"]):
        right("says " + words, words in text, text)
    right("nothing of a header", "\nBcc" not in text, text)
    mail = email_of(d.command("report", one["id"], "--to", "neighbour", "-o", "eml", text=False).stdout)
    right("one receiver", [a for _, a in getaddresses(mail.get_all("to"))] == ["noc@transit.example"] and mail["bcc"] is None, mail.items())
    name = getaddresses(mail.get_all("to"))[0][0]
    right("his name is all a name", name.split() == ["Tr\u00e4nsit", '"Inc"', "Bcc:", "everybody@example.org"], name)
    right("from us", getaddresses(mail.get_all("from")) == [("Our NOC", "noc@ours.example")], mail["from"])
    right("sound", not mail.defects and mail["date"].datetime.utcoffset().total_seconds() == 0 and mail["message-id"].endswith("@ours.example>"), mail.items())
    right("the same text", mail.get_content().replace("\r\n", "\n").split("Hello")[1].split("Still so")[0] == text.split("Hello")[1].split("Still so")[0], mail.get_content())
    raw = mail.get_payload(decode=True)
    right("in base64, too, a line of text ends as mail wants it", mail["content-transfer-encoding"] == "base64" and raw.count(b"\n") == raw.count(b"\r\n") > 20, raw)
    report = email_of(d.command("report", one["id"], "--to", "origin", "-o", "x-arf", text=False).stdout)
    right("a report", report.get_content_type() == "multipart/report" and report.get_param("report-type") == "xarf" and not report.defects, report.items())
    people, machines = report.iter_parts()
    right("asks who did it to stop", "stop announcing" in people.get_content(), people.get_content())
    x = json.loads(machines.get_content() if isinstance(machines.get_content(), str) else machines.get_content().decode())
    right("of XARF 4", (x["xarf_version"], x["category"], x["type"], x["service"]) == ("4.0.0", "vulnerability", "misconfiguration", "BGP"), x)
    right("about whom, by whom", x["source_identifier"] == "AS64777" and x["reporter"] == {"org": "Our NOC", "contact": "noc@ours.example", "domain": "ours.example"}, x)
    right("with evidence", "path 64510 64777" in base64.b64decode(x["evidence"][0]["payload"], validate=True).decode(), x)
    right("an id of its own", uuid.UUID(x["report_id"]).version == 4 and x["timestamp"] == one["first_seen"], x)
    r.withdraw(r.prov, "pre", "203.0.113.128/25")
    d.closes("hijack")
    over = d.command("report", one["id"], "--to", "origin").stdout
    right("when it is over that is said", "(over)" in over and "has ended" in over and "path 64510 64777" not in over, over)
    for words, code, says in ((["--to", "victim"], 1, "it has no victim"), (["--to", "x"], 2, "--to is"), (["-o", "pdf"], 2, "-o is")):
        got = d.command("report", one["id"], *words)
        right("refused", got.returncode == code and says in got.stderr, (words, got.returncode, got.stderr))
    right("no such", d.command("report", "ffffffffff").returncode == 1)
    r.route(r.cust, "pre", "20.1.0.0/16", "64501 64505 64999")
    leak = [x for x in d.opens("leak") if x["peer_as"] == 64501][0]
    phone = d.command("report", leak["id"], "-o", "eml")
    right("a phone is no address", phone.returncode == 1 and "+31 20 1" in phone.stderr and not phone.stdout, phone.stderr)


@scenario
def report_has_its_own_routes(w):
    """A report has the routes of its own incident, as they came to us: of no other incident of that prefix, and not whom we pass them on to."""
    d = w.daemon(vrps=[("20.1.0.0/16", 16, 64999)])
    r = edge(d)
    r.carry(r.prov, "20.1.0.0/16", "64510 65551", to=[r.cust])
    r.carry(r.lateral, "20.1.0.0/16", "64509 65552", upto="pre")
    r.carry(r.cust, "20.1.0.0/16", "64501 64505 64999", upto="post")
    ones = [x for x in d.opens("rov", 2) if x["origin"] in (65551, 65552)]
    right("an incident each", len(ones) == 2, ones)
    d.opens("leak")
    for one in ones:
        for to, path in (("origin", str(one["origin"])), ("neighbor", str(one["origin"]))):
            text = d.command("report", one["id"], "--to", to).stdout
            lines = [x for x in text.split("\n") if x.startswith(("  Route", "  Held"))]
            right("its own routes", lines and all(x.endswith(path) for x in lines), text)
            right("nobody else is in it", "64501" not in text and "192.0.2.1 " not in text and "passed on" not in text, text)


@scenario
def front_of_an_id_that_is_over(w):
    """Of what is over the front of its id is enough, however much was told since; several that begin so are listed, and no part from within counts."""
    d = w.daemon(vrps=[("20.1.0.0/16", 16, 64999)])
    r = edge(d)
    fronts = {}
    for asn in range(65551, 65568):
        r.route(r.prov, "pre", "20.1.0.0/16", "64510 %d" % asn)
        one = d.opens("rov")[0]["id"]
        r.withdraw(r.prov, "pre", "20.1.0.0/16")
        d.closes("rov")
        fronts.setdefault(one[0], []).append(one)
        if len(fronts) > 1 and len(fronts[one[0]]) > 1:
            break
    several, alone = fronts[one[0]], next(v[0] for v in fronts.values() if len(v) == 1)
    for words in (["report", "--to", "origin"], ["show", "incident"], ["explain"]):
        got = d.command(*words, alone[0])
        right("the only one", got.returncode == 0 and alone[:8] in got.stdout, (words, got.stdout, got.stderr))
        got = d.command(*words, one[0])
        right("which of them", got.returncode == 2 and not got.stdout and all(x in got.stderr for x in several), (words, got.stdout, got.stderr))
        got = d.command(*words, one[3:12])
        right("no front", got.returncode == 1 and not got.stdout and "none" in got.stderr, (words, got.stdout, got.stderr))
