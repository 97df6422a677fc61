# What a service manager is told (sd_notify): ready, reloading and ready again, also when the reload is refused, signs of
# life while there is a watchdog, stopping; by a socket in a folder and by an abstract one.
. tests/it/lib/it.sh
config </dev/null
python3 - "$bellmand" "$work" <<'P' || fail "service"
import os, signal, socket, subprocess, sys, time
bellmand, work = sys.argv[1:3]
config = work + "/bellman.yaml"


def play(address, shown, watchdog):
    s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    s.bind(address)
    s.settimeout(60)
    env = dict(os.environ, NOTIFY_SOCKET=shown)
    if watchdog:
        env["WATCHDOG_USEC"] = "1000000"
    log = open(work + "/log", "ab")
    daemon = subprocess.Popen([bellmand, "-c", config], stderr=log, env=env)

    def until(wanted):
        heard, end = [], time.monotonic() + 60
        while True:
            assert time.monotonic() < end, "no %s: %s" % (wanted, heard[-3:])
            heard.append(dict(l.split("=", 1) for l in s.recv(4096).decode().split("\n")))
            if wanted in heard[-1]:
                return heard

    def clock():
        return time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000

    try:
        first = until("READY")
        assert first[-1]["READY"] == "1", first
        heard = until("STATUS") if watchdog else []
        if watchdog:
            assert "0 BMP sessions, incidents open: 0" in heard[-1]["STATUS"], heard
            began = time.monotonic()
            for _ in range(4):
                until("WATCHDOG")
            assert time.monotonic() - began < 30, "signs of life are late"
        for text, good in (("", True), ("nonsense: 1\n", False)):
            with open(config, "a") as f:
                f.write(text)
            if "/tsan" in bellmand: # it loses a signal to a thread that is about to wait
                time.sleep(1)
            before = clock()
            daemon.send_signal(signal.SIGHUP)
            said = until("RELOADING")[-1]
            assert before <= int(said["MONOTONIC_USEC"]) <= clock(), said
            until("READY")
        with open(config) as f:
            kept = f.read().replace("nonsense: 1\n", "")
        with open(config, "w") as f:
            f.write(kept)
        daemon.send_signal(signal.SIGTERM)
        until("STOPPING")
        assert daemon.wait(60) == 0
        s.settimeout(0.2)
        try:
            while True:
                left = s.recv(4096)
                assert watchdog or b"WATCHDOG" not in left, left
        except TimeoutError:
            pass
    finally:
        if daemon.poll() is None:
            daemon.kill()
        s.close()


play(work + "/notify", work + "/notify", True)
name = "bellman-it-%d" % os.getpid()
play("\0" + name, "@" + name, False)
# what is no socket, or one that nobody reads, stops nothing
for shown in (work + "/nobody", "notify", "@", "/" + "x" * 200):
    daemon = subprocess.Popen([bellmand, "-c", config], stderr=subprocess.PIPE, env=dict(os.environ, NOTIFY_SOCKET=shown))
    for line in daemon.stderr:
        if b" started " in line:
            break
    daemon.terminate()
    daemon.stderr.read()
    assert daemon.wait(60) == 0, shown
P
