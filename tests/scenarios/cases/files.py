"""VRP files: empty, shrunken, cut, gone, old, rewritten while they are read."""
import json
import os
import time

from daemon import OTHERS, OUR_PREFIX, OURS, VICTIM, VICTIM_PREFIX, VRPS, vrp_json
from router import blocks
from story import brief
from suite import edge, quick, right, scenario

INVALID = "64510 65551"
MANY = [(p, 48, 64497) for p in blocks("2001:db8::/33", 48, 2000)]


def standing(w, **more):
    """A daemon with one invalid route in use, that stays where it is."""
    d = w.daemon(**more)
    r = edge(d)
    r.carry(r.prov, VICTIM_PREFIX, INVALID)
    d.opens("rov.invalid.asn")
    d.quiet()
    return d, r


def untouched(d, mark, why):
    """The route is where it was: nobody may say that it is over."""
    right("nothing is closed while %s" % why, not [x for x in d.told(mark) if x["transition"] == "closed"], brief(d.told(mark)))
    right("nothing is opened again", not [x for x in d.told(mark) if x["transition"] == "opened"], brief(d.told(mark)))


@quick
def empty_list_is_an_alarm(w):
    """A validator writes an empty list, and later a full one: an incident of its own; what was invalid is not mended by that."""
    d, _ = standing(w)
    mark = d.mark()
    d.set_vrps([])
    d.alarms("rpki.", mark)
    d.quiet()
    d.set_vrps(VRPS)
    d.until("the alarm is over", lambda: not d.open_troubles("rpki."))
    d.quiet()
    untouched(d, mark, "the list is empty")


@scenario
def half_of_the_records_is_an_alarm(w):
    """A run of the validator without one trust anchor: the loss is told, the rest waits for a run."""
    d, _ = standing(w, vrps=VRPS + MANY)
    mark = d.mark()
    d.set_vrps(MANY[:800])
    d.alarms("rpki.", mark)
    d.quiet()
    d.set_vrps(VRPS + MANY)
    d.until("the alarm is over", lambda: not d.open_troubles("rpki."))
    d.quiet()
    untouched(d, mark, "half is missing")


@scenario
def ordinary_change_is_no_alarm(w):
    """A handful of VRPs come and go, as they do all day: no word of trouble."""
    d, _ = standing(w, vrps=VRPS + MANY)
    mark = d.mark()
    d.set_vrps(VRPS + MANY[:1990] + [("192.0.2.0/24", 24, 64499)])
    d.until("it is in force", lambda: d.show("rpki", "192.0.2.0/24", "64499")[0]["state"] == "valid")
    d.quiet()
    right("nothing is told", not [x for x in d.since(mark) if "transition" in x], brief(d.since(mark)))


@scenario
def broken_files_keep_what_was(w):
    """Cut, a page of HTML, no octet at all: the data stays in force, the trouble is told and named, and over with a good file."""
    d, _ = standing(w)
    for broken in (vrp_json(VRPS)[:60], "<html>503 Service Unavailable</html>", ""):
        mark = d.mark()
        d.put_text(broken)
        d.alarms("rpki.", mark, "the file %r is told of" % broken[:20])
        right("the source is named", d.vrp_file in str(d.troubles(mark)) or "vrps.json" in str(d.troubles(mark)), brief(d.troubles(mark)))
        d.quiet()
        d.set_vrps(VRPS)
        d.until("the alarm is over", lambda: not d.open_troubles("rpki."))
        d.quiet()
        untouched(d, mark, "the file is broken")


@scenario
def file_that_is_gone(w):
    """The file is removed: the data stays, the loss is told; it is back: over."""
    d, _ = standing(w)
    mark = d.mark()
    os.rename(d.vrp_file, d.vrp_file + ".away")
    d.alarms("rpki.", mark)
    d.quiet()
    os.rename(d.vrp_file + ".away", d.vrp_file)
    d.until("the alarm is over", lambda: not d.open_troubles("rpki."))
    untouched(d, mark, "the file is away")


@scenario
def file_that_never_was(w):
    """The configured file is not there from the start: told, and no verdict is given meanwhile."""
    d = w.daemon(files=["/nonexistent/vrps.json"], wait_rpki=False, incidents={"settle_s": 2})
    r = edge(d)
    r.carry(r.prov, VICTIM_PREFIX, INVALID)
    d.alarms("rpki.")
    d.quiet()
    right("no verdict", not d.told(), brief(d.told()))


@scenario
def old_file_is_stale(w):
    """buildtime a month ago and every record expired: told as stale."""
    long_ago = int(time.time()) - 30 * 86400
    rows = [v + ({"expires": long_ago + 86400},) for v in VRPS]
    d = w.daemon(vrps=None, files=["FILE"], start=False)
    d.configure(rpki={"files": [d.vrp_file]})
    d.set_vrps(rows, metadata={"buildtime": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(long_ago))})
    d.start(wait_rpki=False)
    r = edge(d)
    r.carry(r.prov, VICTIM_PREFIX, INVALID)
    d.alarms("rpki.")
    d.quiet()
    right("no verdict by data that is past", not [x for x in d.told() if x["transition"] == "opened"], brief(d.told()))


@scenario
def expired_records_alone(w):
    """One record whose time is over does not authorise, nor accuse, any more."""
    d = w.daemon(vrps=VRPS + [("192.0.2.0/24", 24, 64497, {"expires": int(time.time()) - 86400})])
    r = edge(d)
    r.carry(r.prov, "192.0.2.0/24", INVALID)
    d.quiet()
    right("nothing is told", not d.told(), brief(d.told()))


@scenario
def rejected_records_are_told(w):
    """Three of four records cannot be read: that is no list of one VRP, it is a trouble of the source."""
    d, _ = standing(w)
    mark = d.mark()
    rows = [{"prefix": p, "maxLength": n, "asn": "AS%d (Example Net)" % a} for p, n, a in VRPS + OTHERS]
    d.set_text(json.dumps({"roas": rows + [{"prefix": "192.0.2.0/24", "maxLength": 24, "asn": 64499}]}))
    d.alarms("rpki.", mark)
    d.quiet()
    untouched(d, mark, "most records are rejected")


@scenario
def octets_behind_the_document(w):
    """An empty document with a full one behind it is an error, not an empty list."""
    d, _ = standing(w)
    mark = d.mark()
    d.set_text('{"roas": []}\n' + vrp_json(VRPS))
    d.alarms("rpki.", mark)
    d.quiet()
    untouched(d, mark, "the file has two documents")


@quick
def rewritten_in_place(w):
    """A file of megabytes is truncated and written again, as > and curl -o do, while it is read: the daemon lives and has the data."""
    rows = VRPS + [("%s" % p, 64, 64497) for p in blocks("2001:db8::/36", 64, 60000)]
    text = vrp_json(rows)
    d, _ = standing(w, vrps=rows)
    mark = d.mark()
    for k in range(12):
        with open(d.vrp_file, "w") as f:
            for at in range(0, len(text), 1 << 18):
                f.write(text[at:at + (1 << 18)])
                f.flush()
        d.until("alive", d.stats)
        if k % 4 == 3:
            d.quiet(0.5)
    d.until("the data is in force", lambda: d.stats()["vrps_ipv6"] == 60000)
    d.until("no alarm is left", lambda: not d.open_troubles("rpki."))
    d.quiet()
    untouched(d, mark, "the file is being written")


@scenario
def broken_file_is_read_once(w):
    """A large file that lacks its end is read again when it changes, not every second: the daemon rests."""
    rows = VRPS + [("%s" % p, 64, 64497) for p in blocks("2001:db8::/36", 64, 120000)]
    d, _ = standing(w, vrps=rows)
    d.put_text(vrp_json(rows)[:-20])
    d.until("it is noticed", lambda: d.open_troubles("rpki.") or d.log_text().count("vrps.json") > 1)

    def used():
        return d.stats()["cpu_microseconds"]
    before, start = used(), time.monotonic()
    d.until("three seconds", lambda: time.monotonic() > start + 3)
    right("less than a tenth of a core", used() - before < 300000, "%d ms in 3 s" % ((used() - before) / 1000))


@scenario
def slurm_is_honoured(w):
    """A SLURM file (RFC 8416) that authorises the route closes its incident, for RPKI."""
    d, _ = standing(w)
    d.set_text(json.dumps({"slurmVersion": 1, "validationOutputFilters": {"prefixFilters": [], "bgpsecFilters": []},
                           "locallyAddedAssertions": {"prefixAssertions": [{"prefix": VICTIM_PREFIX, "asn": 65551}], "bgpsecAssertions": []}}),
               d.folder + "/slurm.json")
    d.reload(rpki={"files": [d.vrp_file], "slurm": [d.folder + "/slurm.json"]})
    d.closes()


@scenario
def packed_file(w):
    """A .gz of the list is read as the list is."""
    import gzip
    d = w.daemon(vrps=None, files=["FILE"], start=False)
    path = d.folder + "/vrps.json.gz"
    d.set_text(gzip.compress(vrp_json(VRPS).encode()), path)
    d.configure(rpki={"files": [path]})
    d.start()
    r = edge(d)
    r.carry(r.prov, VICTIM_PREFIX, INVALID)
    d.opens("rov.invalid.asn")


@scenario
def file_is_a_fifo(w):
    """rpki.files names a FIFO that nobody writes: refused or told, it holds up neither routers nor SIGTERM."""
    d = w.daemon(start=False)
    os.mkfifo(d.folder + "/fifo")
    d.configure(rpki={"files": [d.folder + "/fifo", d.vrp_file]})
    checked = d.check_config()
    if checked.returncode == 2:
        right("the file is named", "fifo" in checked.stderr, checked.stderr)
        return
    d.start(wait_rpki=False)
    r = edge(d)
    r.route(r.prov, "pre", "203.0.113.128/25", "64510 65551")
    d.opens("hijack")
    d.alarms("rpki.")
    d.stop(seconds=8)


@scenario
def two_files_are_a_union(w):
    """A route that the second file authorises is valid; the second file is lost: what only it said stays, and it is told."""
    d = w.daemon(vrps=None, files=["a"], start=False)
    one, two = d.folder + "/one.json", d.folder + "/two.json"
    d.set_vrps([(OUR_PREFIX, 24, OURS), (VICTIM_PREFIX, 24, 64499)], one)
    d.set_vrps([(VICTIM_PREFIX, 24, VICTIM)], two)
    d.configure(rpki={"files": [one, two]})
    d.start()
    r = edge(d)
    r.carry(r.prov, VICTIM_PREFIX, "64510 64496")
    d.quiet()
    right("valid", not d.told(), brief(d.told()))
    os.unlink(two)
    d.alarms("rpki.")
    d.quiet()
    right("still valid", not d.told(), brief(d.told()))
