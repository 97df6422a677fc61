"""`bellman tail` for those who script it: times, a daemon that goes and comes, a reader that goes."""
import datetime
import os
import signal
import subprocess
import time

from daemon import BUILD
from suite import edge, right, scenario


def seconds_ago(n):
    return (datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(seconds=n)).strftime("%Y-%m-%dT%H:%M:%SZ")


@scenario
def times_of_a_tail(w):
    """--since and --until take durations, times of the day and RFC 3339; what is none is wrong usage."""
    d = w.daemon()
    edge(d, "ams1")
    d.heard()
    time.sleep(2.1)
    edge(d, "fra1")
    d.heard()
    ups = lambda *words: [x.split()[4] for x in d.command("tail", *words, "kind = session.up").stdout.splitlines()]
    right("all", ups("--since", "1h30m") == ["ams1", "fra1"] == ups("--since", "1w"), ups("--since", "1w"))
    right("a time", ups("--since", seconds_ago(3600)) == ["ams1", "fra1"])
    right("a day", ups("--since", seconds_ago(86400)[:10]) == ["ams1", "fra1"])
    right("since the pause", ups("--since", "2s") == ["fra1"], ups("--since", "2s"))
    right("until the pause", ups("--since", "1h", "--until", "2s") == ["ams1"], ups("--since", "1h", "--until", "2s"))
    right("the last of them", ups("--since", "1h", "-n", "1") == ["fra1"] and ups("--until", "2s", "-n", "1") == ["ams1"])
    for words in (("--since", "yesterday"), ("--since", "25:00"), ("--until", "1m1h"), ("-n", "abc"), ("-n", "-5"), ("-c", "abc"),
                  ("-f", "--until", "1h"), ("--reconnect",), ("--since", "1m", "--until", "1h")):
        p = d.command("tail", *words)
        right("%s is wrong usage" % (words,), p.returncode == 2 and p.stdout == "" and "tail" in p.stderr, p.stderr)
    p = d.command("tail", "severity >= loud")
    right("a caret shows where", p.returncode == 4 and p.stderr.splitlines()[1:] == ["  severity >= loud", "              ^"], p.stderr)


def tail(d, *words):
    return subprocess.Popen([BUILD + "/bellman", "tail", *words, "-s", d.control], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@scenario
def tail_of_a_daemon_that_goes(w):
    """When the daemon ends, the tail says so and ends with 3; with --reconnect it waits, and goes on where it was: nothing twice, nothing lost."""
    d = w.daemon()
    edge(d, "ams1")
    d.heard()
    plain, lasting = tail(d, "-f"), tail(d, "-f", "--reconnect", "-n", "0", "kind = session")
    time.sleep(0.5)
    d.restart()
    right("exit 3, with words", plain.wait(10) == 3 and "the daemon ended" in plain.stderr.read())
    edge(d, "fra1")
    d.heard()
    d.until("both are told", lambda: len(d.command("tail", "-n", "100", "kind = session.up").stdout.splitlines()) >= 2)
    time.sleep(1.5)
    lasting.send_signal(signal.SIGINT)
    out = [x.split()[3:5] for x in lasting.stdout.read().splitlines()]
    right("130", lasting.wait(10) == 130, lasting.returncode)
    right("what came meanwhile, once", out.count(["session.up", "fra1"]) == 1 and out.count(["session.up", "ams1"]) <= 1, out)
    right("the end of the old session, too", ["session.down", "ams1"] in out or ["session.up", "fra1"] in out, out)
    right("it says that it waits", "waiting for the daemon" in lasting.stderr.read())


@scenario
def tail_of_a_reader_that_goes(w):
    """A reader that goes away ends the tail at once, though nothing happens."""
    d = w.daemon()
    for words in (("-f",), ("-f", "--reconnect"), ("-f", "-n", "0")):
        p = tail(d, *words)
        time.sleep(0.3)
        p.stdout.close()
        right("%s ends" % (words,), p.wait(3) in (-signal.SIGPIPE, 1), p.returncode)
        right("without a word", p.stderr.read() == "")
    p = subprocess.run("%s/bellman show stats -s %s | head -n 1" % (BUILD, d.control), shell=True, capture_output=True, text=True, timeout=10)
    right("show | head is silent", p.stderr == "", p.stderr)
