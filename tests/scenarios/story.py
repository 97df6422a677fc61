"""What a daemon told, record by record: what is open by it, and the laws that hold for every story."""
import re

# kinds of incidents about routes; others are the collector's own troubles
ROUTES = ("rov.", "leak.", "hijack.", "own.", "origin.", "aspa.", "blackhole.", "bogon.", "route.", "path.", "visibility.")
TRANSITIONS = ("opened", "updated", "closed", "unknown")
SEVERITIES = ("info", "notice", "warning", "major", "critical")
LINE = re.compile(r"^(\d{4}-\d\d-\d\dT)?\d\d:\d\d:\d\dZ +(info|notice|warning|MAJOR|CRITICAL) +(opened|updated|closed|unknown|event) +[a-z]+\.[a-z._-]+ ")
CONTROL = re.compile(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


def is_incident(r):
    return "transition" in r


def about_routes(r):
    return is_incident(r) and r["kind"].startswith(ROUTES)


def fold(records):
    """What is open after these records: id -> last record."""
    now = {}
    for r in filter(is_incident, records):
        if r["transition"] == "closed":
            now.pop(r["id"], None)
        else:
            now[r["id"]] = r
    return now


def brief(records):
    """For people who read a failure."""
    return ["%s %s %s: %s (%s)" % (r["transition"], r["severity"], r["kind"], r["summary"], r.get("reason", "")) if is_incident(r)
            else "%s: %s" % (r["event"], r["summary"]) for r in records]


def last_words(records):
    """The end of a story without sessions that come up."""
    return "; ".join(brief([r for r in records if r.get("event") not in ("session.up", "peer.up")][-5:])) or "nothing"


def content(r):
    """A record without what is different in every record."""
    return {k: v for k, v in r.items() if k not in ("seq", "revision", "at", "last_seen", "transition", "reason")}


def breaches(records, clock_steps=False):
    """The laws of a story that begins with an empty journal; a sentence for each breach."""
    out = []
    last_seq = 0
    last, alive = {}, {}
    for r in records:
        what = "seq %s, %s" % (r["seq"], brief([r])[0])
        if r["seq"] <= last_seq:
            out.append("%s: numbers do not rise, it was %d" % (what, last_seq))
        last_seq = r["seq"]
        if not r.get("summary") or CONTROL.search(r["summary"]):
            out.append("%s: the summary is empty or has control characters: %r" % (what, r.get("summary")))
        if r["severity"] not in SEVERITIES:
            out.append("%s: no severity" % what)
        if is_incident(r):
            out += ["%s: %s" % (what, b) for b in incident_breaches(r, last.get(r["id"]), alive.get(r["id"], False), clock_steps)]
            last[r["id"]] = r
            alive[r["id"]] = r["transition"] != "closed"
    return out


def incident_breaches(r, before, alive, clock_steps):
    """r after `before`, the last record of this incident, which is alive or closed."""
    out = []
    opens = r["transition"] == "opened"
    if r["transition"] not in TRANSITIONS:
        out.append("no transition")
    if not re.fullmatch(r"[0-9a-f]{32}", r["id"]):
        out.append("the id is no id: %s" % r["id"])
    if opens and alive:
        out.append("opened while it is open")
    if not opens and not alive:
        out.append("%s, and it is not open" % r["transition"])
    if not clock_steps and not r["first_seen"] <= r["last_seen"]:
        out.append("first_seen %s is after last_seen %s" % (r["first_seen"], r["last_seen"]))
    if r["transition"] == "closed" and r.get("reason") in ("", None, "feed-lost"):
        out.append("closed without evidence: reason %r" % r.get("reason"))
    count = r.get("prefixes", {})
    if count and not (count["count"] <= count["peak"] and len(count["examples"]) <= max(10, count["peak"])):
        out.append("prefixes do not add up: %s" % count)
    if before is None:
        if opens and r["revision"] != 1:
            out.append("the first revision is %d" % r["revision"])
        return out
    if before["kind"] != r["kind"]:
        out.append("its kind was %s" % before["kind"])
    if "occurrence" in r:
        out += numbering(r, before, opens)
    if r.get("occurrence") == before.get("occurrence") and r["first_seen"] != before["first_seen"]:
        out.append("first_seen moves: %s, was %s" % (r["first_seen"], before["first_seen"]))
    if not opens:
        if r["transition"] == "closed" and r["severity"] != before["severity"]:
            out.append("closed as %s, told as %s" % (r["severity"], before["severity"]))
        if r["transition"] == "updated" and before["transition"] != "unknown" and content(r) == content(before):
            out.append("an update with nothing new (%s)" % r.get("reason"))
        if r["transition"] == "unknown" and before["transition"] == "unknown":
            out.append("unknown a second time")
    return out


def numbering(r, before, opens):
    """(id, occurrence, revision): id and occurrence are one story, from its first opening to its last closing; revisions go up
    for ever, by one."""
    out = []
    if r["revision"] != before["revision"] + 1:
        out.append("revision %d after %d" % (r["revision"], before["revision"]))
    if r["occurrence"] not in ((before["occurrence"], before["occurrence"] + 1) if opens else (before["occurrence"],)):
        out.append("occurrence %s, it was %s" % (r["occurrence"], before["occurrence"]))
    return out


def bad_lines(text):
    """Lines of `bellman tail` that do not have the form of one."""
    return [line for line in text.splitlines() if not LINE.match(line) or CONTROL.search(line)]
