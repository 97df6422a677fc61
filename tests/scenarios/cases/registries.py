"""What registries have not handed out, by their files: bogons that no built-in list has."""
import datetime
import os

from story import brief
from suite import edge, right, scenario

NOBODY = [("192.0.2.0/24", 24, 64499)]
LEFT, GIVEN = "45.66.0.0", "45.67.0.0"


def day(days_ago=0):
    return (datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=days_ago)).strftime("%Y%m%d")


def registry(left=((LEFT, 65536),), days_ago=0, cut=False):
    lines = ["ripencc|NL|ipv4|20.0.0.0|16777216|19930901|allocated|x"] + ["ripencc||ipv4|%s|%d||available|" % r for r in left]
    return "\n".join(["2|ripencc|1|%d|19830705|%s|+0100" % (len(lines) + (50 if cut else 0), day(days_ago))] + lines) + "\n"


def exactly(d, kind):
    return [t for t in d.open_troubles("collector.delegated") if t["kind"] == kind]


def started(w, text):
    d = w.daemon(vrps=NOBODY, start=False)
    path = d.folder + "/delegated-ripencc-extended-latest"
    d.set_text(text, path)
    d.configure(bogons={"delegated": [path]})
    d.start()
    d.until("the file is read", lambda: "in use" in d.log_text())
    return d, path, edge(d)


@scenario
def space_that_nobody_was_given(w):
    """Who originates it is told, with the registry; when it is handed out, or has a ROA, it is over."""
    d, path, r = started(w, registry())
    r.carry(r.prov, ["45.66.1.0/24", "45.67.1.0/24", "45.0.0.0/8"], "64510 64999")
    i = d.opens("bogon.prefix")[0]
    right("the registry is named", "64999 originates 45.66.1.0/24, which ripencc has not handed out" in i["summary"], i["summary"])
    right("only that", i["prefixes"]["count"] == 1, brief(d.told()))
    d.set_vrps(NOBODY + [("45.66.0.0/16", 24, 64999)])
    d.closes("bogon.prefix")
    d.set_vrps(NOBODY)
    d.opens("bogon.prefix")
    d.set_text(registry(left=((GIVEN, 256),)), path)
    d.closes("bogon.prefix")


@scenario
def files_of_registries_that_move(w):
    """A file comes before another, one gets another name: nothing is over by that, and what is new is looked at as ever."""
    d, path, r = started(w, registry())
    r.carry(r.prov, "45.66.1.0/24", "64510 64999")
    d.opens("bogon.prefix")
    mark = d.mark()
    first, renamed = d.folder + "/first", d.folder + "/renamed"
    d.set_text(registry(left=(("47.0.0.0", 256),)).replace("ripencc", "arin"), first)
    d.reload(bogons={"delegated": [first, path]})
    d.until("both are in use", lambda: "file=%s of " % first in d.log_text())
    d.reload(bogons={"delegated": [first, renamed]})
    d.until("it is missed", lambda: [t for t in exactly(d, "collector.delegated") if "renamed" in t["summary"]])
    d.set_text(registry(left=((LEFT, 65536), ("46.0.0.0", 8388608))), renamed)
    d.until("it says too much", lambda: exactly(d, "collector.delegated-held"))
    d.set_text(registry(left=((LEFT, 65536), ("46.0.0.0", 256))), renamed)
    d.until("it is in use", lambda: not d.open_troubles("collector.delegated"))
    r.carry(r.prov, "46.0.0.0/24", "64510 64998")
    d.until("what it says is new", lambda: len(d.open("bogon")) == 2)
    right("nothing was over", not [i for i in d.since(mark) if i.get("transition") == "closed" and i["kind"].startswith("bogon")],
          brief(d.told()))
    d.reload(bogons={"delegated": [first]})
    d.closes("bogon")


@scenario
def restart_without_the_files_of_registries(w):
    """The file is gone, then old, when the collector starts again: what was open is not over, but when it is withdrawn."""
    d, path, r = started(w, registry())
    r.carry(r.prov, "45.66.1.0/24", "64510 64999")
    r.carry(r.prov, "45.66.2.0/24", "64510 64998")
    d.opens("bogon.prefix", 2)
    d.quiet()
    mark = d.mark()

    def again():
        r.close()
        d.restart()
        r.connect()
        d.calm(10)
        right("nothing is over", not [i for i in d.told(mark) if i["transition"] == "closed"], brief(d.told(mark)))

    os.remove(path)
    again()
    d.set_text(registry(days_ago=30), path)
    again()
    r.drop(r.prov, "45.66.2.0/24")
    d.set_text(registry(), path)
    d.until("what is over is closed, now that one knows", lambda: len(d.open("bogon")) == 1)
    d.quiet()
    right("the other is not", [i["origin"] for i in d.open("bogon")] == [64999], brief(d.told(mark)))
    right("once", [i["transition"] for i in d.told(mark) if i["transition"] in ("opened", "closed")] == ["closed"], brief(d.told(mark)))


@scenario
def files_of_registries_that_are_old_or_wrong(w):
    """An old file says nothing new, a cut one nothing at all, one that says too much waits for a reload: each is told."""
    d, path, r = started(w, registry())
    r.carry(r.prov, "45.66.1.0/24", "64510 64999")
    d.opens("bogon.prefix")
    d.set_text(registry(days_ago=30), path)
    d.until("it is old", lambda: exactly(d, "collector.delegated-old"))
    r.carry(r.prov, "45.66.2.0/24", "64510 64999")
    d.quiet()
    right("what was stays, and nothing is new", [i["prefixes"]["count"] for i in d.open()] == [1], brief(d.told()))
    d.set_text(registry(cut=True), path)
    wrong = d.until("it is wrong", lambda: exactly(d, "collector.delegated"))[0]
    right("cut, it says", "it is cut: 2 of the 52 records" in wrong["summary"], wrong["summary"])
    d.set_text(registry(left=((LEFT, 65536), ("46.0.0.0", 8388608))), path)
    held = d.until("it is held", lambda: exactly(d, "collector.delegated-held"))[0]
    right("with what is odd", "8454144 IPv4 addresses are left in it instead of 65536" in held["summary"], held["summary"])
    r.carry(r.prov, "46.1.0.0/16", "64510 64998")
    d.quiet()
    right("nobody is called a bogon by it", len(d.open("bogon")) == 1, brief(d.told()))
    d.reload(rules=None)
    d.until("a reload lets it in", lambda: len(d.open("bogon")) == 2 and not d.open_troubles("collector.delegated"))
    d.reload(bogons=None)
    d.closes("bogon")
