"""The collector's clock is set back, or forward, or long hours pass: what it owes is a matter of time that went by."""
import os
import subprocess
import tempfile

from certs import Certificate
from daemon import OTHERS, VICTIM_PREFIX, VRPS, sanitized
from story import brief
from suite import edge, right, scenario

HALF = "203.0.113.128/25"
INVALID = "64510 65551"

SHIM = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>
/* Two numbers in the file CLOCK_OFFSETS: seconds to add to the wall clock, and to the clocks that only go on. */
static long
offset(int which)
{
	char text[64] = { 0 }, *end = text;
	int fd = open(getenv("CLOCK_OFFSETS"), O_RDONLY | O_CLOEXEC);
	long v[2];

	if (fd < 0)
		return 0;
	if (read(fd, text, sizeof(text) - 1) < 0)
		text[0] = '\0';
	close(fd);
	v[0] = strtol(end, &end, 10);
	v[1] = strtol(end, &end, 10);
	return v[which];
}
int
clock_gettime(clockid_t clock, struct timespec *ts)
{
	static int (*next)(clockid_t, struct timespec *);
	int rc;

	if (next == NULL)
		*(void **)&next = dlsym(RTLD_NEXT, "clock_gettime");
	rc = next(clock, ts);
	if (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)
		ts->tv_sec += offset(0);
	else if (clock == CLOCK_MONOTONIC || clock == CLOCK_MONOTONIC_COARSE || clock == CLOCK_BOOTTIME)
		ts->tv_sec += offset(1);
	return rc;
}
/* An instant in clocks that are set is one of true clocks for the kernel. */
int
pthread_cond_timedwait(pthread_cond_t *restrict cond, pthread_mutex_t *restrict mutex, const struct timespec *restrict at)
{
	static int (*next)(pthread_cond_t *, pthread_mutex_t *, const struct timespec *);
	struct timespec true_time = *at;

	if (next == NULL)
		*(void **)&next = dlvsym(RTLD_NEXT, "pthread_cond_timedwait", "GLIBC_2.3.2");
	if (next == NULL)
		*(void **)&next = dlsym(RTLD_NEXT, "pthread_cond_timedwait");
	true_time.tv_sec -= offset(true_time.tv_sec > 1000000000 ? 0 : 1);
	return next(cond, mutex, &true_time);
}
int
gettimeofday(struct timeval *restrict tv, void *restrict zone)
{
	struct timespec ts;

	(void)zone;
	clock_gettime(CLOCK_REALTIME, &ts);
	tv->tv_sec = ts.tv_sec;
	tv->tv_usec = ts.tv_nsec / 1000;
	return 0;
}
time_t
time(time_t *t)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	if (t != NULL)
		*t = ts.tv_sec;
	return ts.tv_sec;
}
"""


class Clock:
    """A daemon's clocks, to be set by the scenario. Sanitizers want to be the first library: then it is not to be had."""

    def __init__(self, w, **options):
        self.folder = tempfile.mkdtemp(prefix="scenario.clock.")
        self.offsets = self.folder + "/offsets"
        self.set(0, 0)
        with open(self.folder + "/clock.c", "w") as f:
            f.write(SHIM)
        subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-w", "-o", self.folder + "/clock.so", self.folder + "/clock.c", "-ldl"], check=True)
        self.daemon = w.daemon(start=False, environment={"LD_PRELOAD": self.folder + "/clock.so", "CLOCK_OFFSETS": self.offsets}, **options)
        self.daemon.keep(self)
        self.daemon.clock_steps = True
        self.daemon.steady = False

    def set(self, wall, monotonic):
        with open(self.offsets + ".new", "w") as f:
            f.write("%d %d" % (wall, monotonic))
        os.rename(self.offsets + ".new", self.offsets)

    def close(self):
        subprocess.run(["rm", "-rf", self.folder])


@scenario
def clock_is_set_back(w):
    """An hour back between a route and the end of hold_ms, and while an incident is closing: both go on as if nothing were."""
    if sanitized():
        return
    clock = Clock(w, vrps=VRPS + [("192.0.2.0/24", 24, 64497)], incidents={"hold_ms": 1500})
    d = clock.daemon.start()
    r = edge(d)
    r.carry(r.prov, "192.0.2.0/24", INVALID)
    d.opens("rov")
    d.quiet()
    r.drop(r.prov, "192.0.2.0/24")
    r.carry(r.lateral, VICTIM_PREFIX, "64509 65550")
    d.heard()
    clock.set(-3600, 0)
    d.until("the new one is told, the old one is closed", lambda: [x["origin"] for x in d.open("rov")] == [65550])
    r.carry(r.prov, HALF, INVALID)
    d.opens("hijack")
    r.drop(r.prov, HALF)
    d.closes("hijack")
    clock.set(0, 0)
    r.drop(r.lateral, VICTIM_PREFIX)
    d.closes()


@scenario
def clock_is_set_forward(w):
    """Forty days ahead for a while, then right again: no history is deleted, nothing is forgotten, and it is told."""
    if sanitized():
        return
    clock = Clock(w, vrps=OTHERS, incidents={"forget_s": 86400})
    d = clock.daemon.start()
    r = edge(d)
    r.carry(r.prov, HALF, INVALID)
    d.opens("hijack")
    r.drop(r.prov, HALF)
    d.closes("hijack")
    r.carry(r.prov, HALF, "64510 65550")
    d.opens("hijack")
    before = len(d.command("tail", "-n", "10000", "-o", "json").stdout.splitlines())
    mark = d.mark()
    clock.set(40 * 86400, 0)
    for k in range(20):
        r.send(r.peer_up(r.cust))
        r.down(r.cust, forget=False)
    d.heard()
    d.until("the step is told", lambda: [x for x in d.since(mark) if "clock" in x.get("kind", x.get("event", ""))])
    clock.set(0, 0)
    d.quiet()
    right("history is there", len(d.command("tail", "-n", "10000", "-o", "json").stdout.splitlines()) >= before)
    right("the hijack is open", len(d.open("hijack")) == 1 and not d.told(mark), brief(d.told(mark)))


@scenario
def data_of_a_cache_expires(w):
    """A cache is away for longer than its Expire: verdicts are unknown, told, never closed; it is back: as it was."""
    if sanitized():
        return
    c = w.cache(VRPS, expire=600, refresh=300)
    clock = Clock(w, vrps=None, caches=[c])
    d = clock.daemon.start()
    r = edge(d)
    r.carry(r.prov, VICTIM_PREFIX, INVALID, to=[r.lateral])
    d.until("critical", lambda: [x["severity"] for x in d.open("rov")] == ["critical"])
    d.quiet()
    mark = d.mark()
    c.stop()
    d.until("lost", lambda: [x for x in d.since(mark) if x.get("kind", x.get("event", "")) == "rpki.lost"])
    clock.set(900, 900)
    d.alarms("rpki.")
    d.until("unknown", lambda: [x["transition"] for x in d.open("rov")] == ["unknown"])
    d.quiet()
    right("not closed", not [x for x in d.told(mark) if x["transition"] == "closed"], brief(d.told(mark)))
    c.start()
    d.until("open as it was", lambda: [x["transition"] for x in d.open("rov")] == ["updated"], 40)
    right("neither closed nor opened", not [x for x in d.told(mark) if x["transition"] in ("closed", "opened")], brief(d.told(mark)))


@scenario
def both_groups_of_caches_expire(w):
    """The preferred cache dies, then the other one, and Expire is over: verdicts are unknown, never closed. One is back: as it was."""
    if sanitized():
        return
    one, two = w.cache(VRPS, expire=600, refresh=300), w.cache(VRPS, expire=600, refresh=300)
    clock = Clock(w, vrps=None)
    clock.daemon.configure(rpki={"caches": [{"name": "one", "host": "127.0.0.1", "port": one.port},
                                            {"name": "two", "host": "127.0.0.1", "port": two.port, "preference": 1}], "switch_s": 1})
    d = clock.daemon.start()
    d.until("both are in step", lambda: [x["status"] for x in d.show("rpki")] == ["in-step"] * 2)
    r = edge(d)
    r.carry(r.prov, VICTIM_PREFIX, INVALID, to=[r.lateral])
    d.until("critical", lambda: [x["severity"] for x in d.open("rov")] == ["critical"])
    d.quiet()
    mark = d.mark()
    one.stop()
    d.until("the second is in use", lambda: [x["in_use"] for x in d.show("rpki")] == [False, True])
    two.stop()
    d.until("both losses are told", lambda: len(d.open_troubles("rpki.lost")) == 2)
    d.calm()
    right("nothing is told of routes", not d.told(mark), brief(d.told(mark)))
    clock.set(900, 900)
    d.alarms("rpki.stale")
    d.until("unknown", lambda: [x["transition"] for x in d.open("rov")] == ["unknown"])
    d.quiet()
    one.start()
    d.until("open as it was", lambda: [x["transition"] for x in d.open("rov")] == ["updated"], 40)
    right("by the first", [x["in_use"] for x in d.show("rpki")] == [True, False], d.show("rpki"))
    right("neither closed nor opened", not [x for x in d.told(mark) if x["transition"] in ("closed", "opened")], brief(d.told(mark)))


@scenario
def certificate_of_a_cache_ends_soon(w):
    """A cache's certificate of two days has an hour left: told before it is too late, and over with a new one."""
    if sanitized():
        return
    clock = Clock(w, vrps=None)
    ca = Certificate(clock.folder, "ca", days=60)
    c = w.cache(VRPS, tls=Certificate(clock.folder, "old", "DNS:localhost", ca, days=2).serve())
    clock.daemon.configure(rpki={"caches": [{"name": "c", "host": "127.0.0.1", "port": c.port, "tls": {"ca": ca.pem, "name": "localhost"}}]})
    d = clock.daemon.start()
    d.calm()
    right("nothing yet", not d.open_troubles("rpki."), brief(d.open_troubles()))
    clock.set(47 * 3600, 0)
    told = d.alarms("rpki.keys")[0]
    right("which, and when", "the certificate of RPKI cache c expires at 2" in told["summary"], told["summary"])
    c.stop()
    c.tls = Certificate(clock.folder, "new", "DNS:localhost", ca, days=30).serve()
    c.start()
    d.until("over", lambda: not d.open_troubles("rpki."), 30)


@scenario
def an_hour_of_silence(w):
    """A quiet router says nothing for an hour: nothing is told, nothing is forgotten."""
    if sanitized():
        return
    clock = Clock(w, vrps=OTHERS)
    d = clock.daemon.start()
    r = edge(d)
    r.carry(r.prov, HALF, INVALID)
    d.opens("hijack")
    d.quiet()
    mark = d.mark()
    for k in range(1, 13):
        clock.set(300 * k, 300 * k)
        d.until("a tick", d.stats)
    d.quiet()
    right("nothing", not d.told(mark), brief(d.told(mark)))
    r.drop(r.prov, HALF)
    d.closes()


@scenario
def attack_an_hour_later_is_another_occurrence(w):
    """The same hijack comes back an hour after it was over: the same id, the next occurrence, and its first_seen is its own."""
    if sanitized():
        return
    clock = Clock(w, vrps=OTHERS)
    d = clock.daemon.start()
    r = edge(d)
    for hour in (0, 1):
        clock.set(3600 * hour, 3600 * hour)
        r.carry(r.prov, HALF, INVALID)
        d.opens("hijack")
        r.drop(r.prov, HALF)
        d.closes()
    one, two = [x for x in d.told() if x["transition"] == "opened"]
    right("one id, occurrences 1 and 2", (one["id"], one["occurrence"]) == (two["id"], 1) and two["occurrence"] == 2, (one["occurrence"], two["occurrence"]))
    right("times of its own", one["first_seen"] < two["first_seen"] and two["revision"] > one["revision"], two["revision"])
