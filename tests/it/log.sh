# A log that nobody reads: the daemon works, answers, stops; what was dropped is told when somebody reads again.
. tests/it/lib/it.sh
case $BUILD in */tsan) echo "too slow under ThreadSanitizer to fill a log"; exit 77 ;; esac
config </dev/null
python3 - "$bellmand" "$bellman" "$work" "$sock" "$port" <<'P' || fail "log"
import os, re, signal, socket, struct, subprocess, sys, time
bellmand, bellman, work, sock, port = sys.argv[1:5] + [int(sys.argv[5])]

def ask(*words):
    return subprocess.run([bellman, *words, "-s", sock], capture_output=True, text=True, timeout=10)

def begin(stderr, close=()):
    p = subprocess.Popen([bellmand, "-c", work + "/bellman.yaml"], stderr=stderr, preexec_fn=lambda: [os.close(fd) for fd in close])
    for _ in range(100):
        if ask("show", "stats").returncode == 0:
            return p
        time.sleep(.1)
    sys.exit("no answer")

def end(p, rc=0):
    began = time.time()
    p.send_signal(signal.SIGTERM)
    assert p.wait(20) == rc, p.returncode
    assert time.time() - began < 5, "SIGTERM took %.1f s" % (time.time() - began)

def visit(n):
    for k in range(n):
        s = socket.create_connection(("127.0.0.1", port), timeout=5)
        name = b"router-%d-" % (k % 40) + b"x" * 200
        s.sendall(struct.pack(">BIBHH", 3, 10 + len(name), 4, 2, len(name)) + name)
        s.close()

# nobody reads the pipe
r, w = os.pipe()
p = begin(w)
os.close(w)
began = time.time()
visit(6000)
p.send_signal(signal.SIGHUP)
time.sleep(.5)
assert ask("show", "stats").returncode == 0
told = lambda: "nobody reads standard error" in ask("show", "incidents", "kind = log.dropped").stdout
# how many lines a visit makes is rationed by time: more come until the log is full
assert any(told() or visit(1000) or time.sleep(.5) for _ in range(30)), "the log was never full"
# somebody does again
text, deadline = b"", time.time() + 20
os.set_blocking(r, False)
while not re.search(rb"lines were dropped: nobody read standard error dropped=\d+\n", text) and time.time() < deadline:
    try:
        text += os.read(r, 1 << 20)
    except BlockingIOError:
        time.sleep(.02)
assert b"lines were dropped" in text, text[-300:]
for _ in range(300):
    if '"transition":"closed"' in ask("tail", "-n", "1", "-o", "json", "kind = log.dropped").stdout:
        break
    time.sleep(.1)
else:
    sys.exit("log.dropped stays open")
end(p)
os.close(r)

# nobody reads, and it ends
r, w = os.pipe()
p = begin(w)
os.close(w)
visit(3000)
end(p)
os.close(r)

# who read is gone
r, w = os.pipe()
p = begin(w)
os.close(w)
os.close(r)
visit(20)
assert ask("show", "stats").returncode == 0
end(p)

# nothing is open at the start
p = begin(None, close=(0, 1, 2))
links = [os.readlink("/proc/%d/fd/%d" % (p.pid, fd)) for fd in range(3)]
assert links == ["/dev/null"] * 3, links
visit(20)
end(p)
P
