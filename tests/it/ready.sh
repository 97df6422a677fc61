# Who finds the control socket finds the BMP port open: a script that waits for the one may use the other.
. tests/it/lib/it.sh
port=$(free_port)
cat >"$work/bellman.yaml" <<Y
collector: it
listen: [{address: 127.0.0.1, port: $port}]
state_dir: $work/state
http: {listen: []}
control: $sock
Y
python3 - "$bellmand" "$work/bellman.yaml" "$sock" "$port" <<'P' || fail "ready"
import os, socket, subprocess, sys, time
bellmand, config, control, port = sys.argv[1:3] + [sys.argv[3], int(sys.argv[4])]


def answers(family, at):
    with socket.socket(family) as s:
        return s.connect_ex(at) == 0


refused = 0
for turn in range(20):
    daemon = subprocess.Popen([bellmand, "-c", config], stderr=subprocess.DEVNULL)
    until = time.monotonic() + 60
    while not answers(socket.AF_UNIX, control):
        assert time.monotonic() < until and daemon.poll() is None, "it did not start"
    refused += not answers(socket.AF_INET, ("127.0.0.1", port))
    daemon.terminate()
    daemon.wait(60)
assert not refused, "the BMP port refused %d times of 20" % refused
P
