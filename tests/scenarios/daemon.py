"""A bellmand in a folder of its own, what it is configured with, and what it says."""
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import tempfile
import threading
import time

import story

BUILD = os.environ.get("BUILD", "build")


def sanitized():
    """Is the daemon built with a sanitizer? It is slow then, and wants to be the first of its libraries."""
    try:
        with open(BUILD + "/bellmand", "rb") as f:
            data = f.read()
        return b"__asan_init" in data or b"__tsan_init" in data
    except OSError:
        return False


PATIENCE = float(os.environ.get("SCENARIO_PATIENCE", "15")) * (4 if sanitized() else 1)  # how long a condition is waited for
DISTURBANCE = os.environ.get("SCENARIO_DISTURB", "")
HOLD_MS = 100
CALM_S = 1.7  # an incident that was to open, change or close would have by then

OURS, OUR_PREFIX = 64500, "203.0.113.0/24"
VICTIM, VICTIM_PREFIX = 64496, "198.51.100.0/24"
LARGE = [64505, 64506, 64507]  # networks that buy from nobody
OTHERS = [(VICTIM_PREFIX, 24, VICTIM)]  # nothing of ours
VRPS = [(OUR_PREFIX, 24, OURS)] + OTHERS


class Wrong(Exception):
    """What is right is not so."""


class Skipped(Exception):
    """It needs what is not here, in words."""


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def vrp_json(vrps, **more):
    """As validators export it. A fourth member of a VRP is more of its keys."""
    roas = [dict({"prefix": v[0], "maxLength": v[1], "asn": v[2], "ta": "test"}, **(v[3] if len(v) > 3 else {})) for v in vrps]
    return json.dumps(dict({"roas": roas}, **more))


class Daemon:
    def __init__(self, folder=None, vrps=VRPS, caches=(), files=None, environment=None, **options):
        """options: sections of the configuration; they replace the usual ones, incidents: is added to."""
        self.folder = tempfile.mkdtemp(prefix="scenario.") if folder is None else folder
        self.port = free_port()
        self.control = self.folder + "/c.sock"
        self.vrp_file = self.folder + "/vrps.json"
        self.environment = environment or {}
        self.process = self.reader = None
        self.records, self.news = [], threading.Condition()
        self.sent = 0         # octets that routers sent to this run of the daemon
        self.gaps = 0         # how often `tail -f` said that it left some out
        self.log = open(self.folder + "/log", "ab")
        self.kept, self.routers = [], []
        self.steady = True        # what routers told is what their tables say: they can tell it again
        self.restartable = True   # all sources are there, and the configuration in force is that of the file
        self.clock_steps = False  # the laws about times do not hold then
        self.trimmed = False      # the journal lets go of the oldest
        self.exits = [0]
        if vrps is not None:
            self.set_vrps(vrps)
        rpki = {"files": [self.vrp_file] if vrps is not None else []} if files is None else {"files": files}
        if caches:
            rpki["caches"] = [{"name": "cache%d" % k, "host": "127.0.0.1", "port": c if isinstance(c, int) else c.port}
                              for k, c in enumerate(caches, 1)]
        self.options = {"collector": "c1", "listen": [{"address": "127.0.0.1", "port": self.port}], "workers": 1,
                        "state_dir": self.folder + "/state", "control": self.control, "http": {"listen": []},
                        "own": {"asns": [OURS], "prefixes": [{"prefix": OUR_PREFIX}]}, "rules": {"provider_free": LARGE},
                        "rpki": rpki, "incidents": {"hold_ms": HOLD_MS, "update_s": 1, "feed_grace_s": 1, "settle_s": 6}}
        self.configure(**options)

    # --- configuration
    def configure(self, **options):
        """Write the file; None takes a section out."""
        for key, value in options.items():
            if value is None:
                self.options.pop(key, None)
            elif key == "incidents":
                self.options[key] = dict(self.options[key], **value)
            else:
                self.options[key] = value
        with open(self.folder + "/bellman.yaml.new", "w") as f:
            json.dump(self.options, f, indent=1)  # JSON is YAML
        os.rename(self.folder + "/bellman.yaml.new", self.folder + "/bellman.yaml")

    def reload(self, **options):
        """SIGHUP, and its event: collector.reloaded, or what refuses it."""
        self.configure(**options)
        mark = self.mark()
        self.process.send_signal(signal.SIGHUP)
        self.until("the reload is told", lambda: [r for r in self.since(mark) if "reload" in r.get("event", r.get("kind", ""))])

    def check_config(self):
        return subprocess.run([BUILD + "/bellmand", "-c", self.folder + "/bellman.yaml", "--check-config"],
                              capture_output=True, text=True, timeout=30)

    # --- RPKI files
    def set_vrps(self, vrps, path=None, **more):
        self.set_text(vrp_json(vrps, **more), path)

    def set_text(self, text, path=None):
        """Written beside and renamed: never seen half."""
        path = path or self.vrp_file
        with open(path + ".new", "wb") as f:
            f.write(text if isinstance(text, bytes) else text.encode())
        os.rename(path + ".new", path)

    def put_text(self, text, path=None):
        """Written in place, as a shell's > does."""
        with open(path or self.vrp_file, "wb") as f:
            f.write(text if isinstance(text, bytes) else text.encode())

    # --- life
    def start(self, wait_rpki=True):
        """wait_rpki: until all files and caches are in force."""
        for attempt in range(3):
            self.process = subprocess.Popen([BUILD + "/bellmand", "-c", self.folder + "/bellman.yaml"], stdout=self.log, stderr=self.log,
                                            stdin=subprocess.DEVNULL, env=dict(os.environ, **self.environment))
            if self.answers():
                break
            if attempt == 2 or "in use" not in self.log_text():
                raise Wrong("bellmand does not start: " + self.log_text()[-600:])
            self.port = free_port()
            self.configure(listen=[{"address": "127.0.0.1", "port": self.port}])
        self.sent = 0
        self.reader = threading.Thread(target=self.follow, daemon=True)
        self.reader.start()
        if wait_rpki and (self.options["rpki"].get("files") or self.options["rpki"].get("caches")):
            self.until("the RPKI sources are in force", self.rpki_in_force)
        return self

    def answers(self):
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and self.process.poll() is None:
            with socket.socket(socket.AF_UNIX) as s:
                try:
                    s.connect(self.control)
                    return True
                except OSError:
                    time.sleep(0.02)
        return False

    def rpki_in_force(self):
        return self.stats().get("rpki_generation", 0) > 0

    def stop(self, kill=False, seconds=20):
        """SIGTERM, or kill -9. What is being told is read to its end."""
        if self.process is None:
            return None
        self.process.send_signal(signal.SIGKILL if kill else signal.SIGTERM)
        try:
            code = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise Wrong("SIGTERM does not end bellmand within %d s" % seconds)
        self.reader.join(10)
        self.process = None
        if not kill and code not in self.exits:
            raise Wrong("bellmand ended with %d: %s" % (code, self.log_text()[-800:]))
        return code

    def restart(self, kill=False, wait_rpki=True):
        self.stop(kill)
        return self.start(wait_rpki)

    def alive(self):
        return self.process is not None and self.process.poll() is None

    def keep(self, thing):
        self.kept.append(thing)

    def remove(self):
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None
        if self.reader is not None:
            self.reader.join(5)
        for thing in self.kept:
            thing.close()
        self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def log_text(self):
        with open(self.folder + "/log", errors="replace") as f:
            return f.read()

    # --- what it tells
    def follow(self):
        """Read `bellman tail -f` to its end; after a restart what is known already is passed over."""
        tail = subprocess.Popen([BUILD + "/bellman", "tail", "-f", "-n", "1000000", "-o", "json", "-s", self.control],
                                stdout=subprocess.PIPE, stderr=self.log, stdin=subprocess.DEVNULL)
        known = self.records[-1]["seq"] if self.records else 0
        for line in tail.stdout:
            try:
                r = json.loads(line)
            except ValueError:
                r = {"seq": 0, "event": "tail.unreadable", "severity": "critical", "summary": repr(line[:200])}
            if "seq" not in r:  # how many records it could not take as fast as they came
                self.gaps += 1
            elif r["seq"] > known or r["seq"] == 0:
                with self.news:
                    self.records.append(r)
                    self.news.notify_all()
        tail.wait()

    def command(self, *words, seconds=30, text=True):
        try:
            return subprocess.run([BUILD + "/bellman", *words, "-s", self.control], capture_output=True, text=text, timeout=seconds)
        except subprocess.TimeoutExpired:
            raise Wrong("bellman %s has no answer within %d s" % (" ".join(words), seconds)) from None

    def show(self, *words):
        p = self.command("show", *words, "-o", "json")
        if p.returncode not in (0, 1):
            raise Wrong("bellman show %s: exit %d, %s" % (" ".join(words), p.returncode, p.stderr.strip()))
        return [json.loads(line) for line in p.stdout.splitlines() if line.strip()]

    def stats(self):
        rows = self.show("stats")
        return rows[0] if rows else {}

    def mark(self):
        return len(self.records)

    def since(self, mark):
        return self.records[mark:]

    def told(self, mark=0, kind=""):
        """Records of incidents about routes, of kinds that begin so."""
        return [r for r in self.records[mark:] if story.about_routes(r) and r["kind"].startswith(kind)]

    def troubles(self, mark=0, kind=""):
        """Records of incidents about the collector itself."""
        return [r for r in self.records[mark:] if story.is_incident(r) and not story.about_routes(r) and r["kind"].startswith(kind)]

    def open(self, kind=""):
        """What is open now by what was told, and about routes."""
        return [r for r in story.fold(self.records).values() if story.about_routes(r) and r["kind"].startswith(kind)]

    def open_troubles(self, kind=""):
        return [r for r in story.fold(self.records).values() if not story.about_routes(r) and r["kind"].startswith(kind)]

    # --- waiting, always for something
    def until(self, what, probe, seconds=None):
        """Until probe() gives something true; that is returned."""
        end = time.monotonic() + (PATIENCE if seconds is None else seconds)
        while True:
            got = probe()
            if got:
                return got
            if self.process is not None and self.process.poll() is not None and self.process.returncode != 0:
                raise Wrong("%s: bellmand died with %d: %s" % (what, self.process.returncode, self.log_text()[-800:]))
            if time.monotonic() > end:
                raise Wrong("%s: not so; last told: %s" % (what, story.last_words(self.records)))
            with self.news:
                self.news.wait(0.05)

    def heard(self):
        """Every octet that routers sent is taken in."""
        if self.sent:
            self.until("all octets are read", lambda: self.stats().get("bytes", 0) >= self.sent)

    def quiet(self, seconds=CALM_S):
        """All is taken in, and nothing has been told of routes for as long as an opening, update or closing takes. This is
        where a disturbance, if one is asked for, comes in: nothing may be different after it."""
        self.calm(seconds)
        restart = DISTURBANCE in ("restart", "kill")
        if DISTURBANCE and self.steady and (self.restartable or not restart) and self.process is not None:
            self.disturb(DISTURBANCE)
        return self

    def calm(self, seconds=CALM_S):
        self.heard()
        end = time.monotonic() + PATIENCE
        calm_since, n = time.monotonic(), len(self.told())
        while time.monotonic() < calm_since + seconds:
            with self.news:
                self.news.wait(0.1)
            if len(self.told()) != n:
                calm_since, n = time.monotonic(), len(self.told())
            if time.monotonic() > end:
                raise Wrong("it does not come to rest; last told: %s" % "; ".join(story.brief(self.told()[-4:])))

    def disturb(self, how):
        """Something happens that changes no route and no ROA: nothing is told of routes, and the same is open."""
        def now():
            return sorted((x["id"], x["severity"], x["transition"] == "unknown") for x in self.open())
        mark, before = self.mark(), now()
        there = [r for r in self.routers if r.socket]
        if how == "redump":
            for r in there:
                r.tell_all()
        elif how == "reconnect":
            for r in there:
                r.close()
                r.connect()
        elif how == "reload":
            self.reload()
        else:
            for r in there:
                r.close()
            self.restart(kill=how == "kill", wait_rpki=False)
            for r in there:
                r.connect()
        self.calm()
        if self.told(mark) or now() != before:
            raise Wrong("a %s changes what is told: %s" % (how, "; ".join(story.brief(self.told(mark)))))

    def opens(self, kind="", n=1, where=None, what=None):
        """n incidents of the kind are open, by what was told; the list of their last records."""
        def probe():
            got = [r for r in self.open(kind) if r["transition"] != "unknown" and (where is None or where(r))]
            return got if len(got) == n else None
        return self.until(what or "%d open of kind %s*" % (n, kind), probe)

    def closes(self, kind="", what=None):
        self.until(what or "nothing is open of kind %s*" % kind, lambda: not self.open(kind))

    def alarms(self, kind, mark=0, what=None):
        """The collector tells of a trouble of its own, as an incident that is open."""
        return self.until(what or "an incident %s is open" % kind,
                          lambda: [r for r in self.open_troubles(kind) if r in self.records[mark:]])

    def dry_run(self):
        """What rules in dry-run would have told: nobody is told who does not ask."""
        lines = self.command("tail", "-n", "1000000", "-o", "json", "dry_run = true").stdout.splitlines()
        return [r for r in map(json.loads, lines) if "seq" in r]

    def tells(self, kind, mark=0):
        """The collector tells of something, as an incident or as an event."""
        return self.until("%s is told" % kind, lambda: [r for r in self.records[mark:] if r.get("kind", r.get("event", "")).startswith(kind)])

    # --- laws
    def finish(self):
        """At the end of a scenario: the laws that every story keeps."""
        out = []
        if self.alive():
            if not self.gaps:
                out += self.shown_is_told()
            lines = self.command("tail", "-n", "1000000").stdout
            out += ["a line of tail: %r" % line for line in story.bad_lines(lines)[:2]]
            try:
                self.stop()
            except Wrong as wrong:
                out.append(str(wrong))
        if not self.gaps:
            out += story.breaches(self.records, self.clock_steps)[:4]
        out += self.lost_records()
        log = self.log_text()
        out += ["in the log: " + word for word in ("AddressSanitizer", "runtime error:", "ThreadSanitizer", "Assertion") if word in log]
        return out

    def shown_is_told(self):
        """`show incidents` is what the records add up to; what flaps may be over for now without being told so."""
        def pairs(records):
            return sorted((r["id"], r["transition"], r["revision"]) for r in records if not r.get("flapping") and not r.get("dry_run"))
        try:
            self.until("show incidents", lambda: pairs(self.show("incidents")) == pairs(story.fold(self.records).values()), 3)
        except Wrong:
            return ["show incidents says %s, the records %s" % (story.brief(self.show("incidents")), story.brief(story.fold(self.records).values()))]
        return []

    def lost_records(self):
        """What was told is in the journal."""
        path = self.folder + "/state/journal.sqlite"
        if self.trimmed or not os.path.exists(path):
            return []
        with sqlite3.connect("file:%s?mode=ro" % path, uri=True) as db:
            there = {row[0] for row in db.execute("select seq from record")}
        lost = [r["seq"] for r in self.records if r["seq"] not in there]
        return ["told and not in the journal: numbers %s" % lost[:5]] if lost else []
