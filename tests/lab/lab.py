"""What the lab is made of: each daemon as a class that starts, can be talked to, and stops.

Everything lives in one temporary folder and, seen from outside, in one network and process
namespace that run.sh makes: when the lab ends, nothing of it is left.

  10.77.0.1   FRR bgpd, AS 64500, router "lab-frr"
  10.77.0.2   GoBGP, AS 64500, router "GoBGP" (it always calls itself so)
  10.77.0.3   FRR bgpd, AS 64500, router "lab-two": its BMP session, and one of its BGP sessions, are over IPv6
  10.77.0.8   StayRTR
  10.77.0.9   bellmand
  10.77.0.11  exabgp, AS 64511: our customer
  10.77.0.12  exabgp, AS 64512: our provider
  10.77.0.13  exabgp, AS 64513: a peer that sends several paths (RFC 7911) to FRR and GoBGP

fd77::N is the same host as 10.77.0.N.
"""
import collections
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

FRR, GOBGP, TWO, RTR, STATION = "10.77.0.1", "10.77.0.2", "10.77.0.3", "10.77.0.8", "10.77.0.9"
CUSTOMER, PROVIDER, PATHS = "10.77.0.11", "10.77.0.12", "10.77.0.13"
TWO_6, STATION_6, CUSTOMER_6 = "fd77::3", "fd77::9", "fd77::11"
BMP_PORT, RTR_PORT = 11019, 3323
OURS, CUSTOMER_AS, PROVIDER_AS, PATHS_AS = 64500, 64511, 64512, 64513
V4, V6 = "ipv4 unicast", "ipv6 unicast"

Session = collections.namedtuple("Session", "router address asn families")  # of a network with one of the routers
SESSIONS = [Session(r, a, n, (V4, V6)) for r in (FRR, GOBGP)
            for a, n in ((CUSTOMER, CUSTOMER_AS), (PROVIDER, PROVIDER_AS), (PATHS, PATHS_AS))]
SESSIONS += [Session(TWO, CUSTOMER, CUSTOMER_AS, (V4,)), Session(TWO_6, CUSTOMER_6, CUSTOMER_AS, (V6,)),
             Session(TWO, PROVIDER, PROVIDER_AS, (V4, V6))]


class Failed(Exception):
    """An expectation of the lab was not met."""


def until(what, probe, seconds=15.0, every=0.1):
    """Wait until probe() gives something true, and return that."""
    end = time.monotonic() + seconds
    while True:
        got = probe()
        if got:
            return got
        if time.monotonic() > end:
            raise Failed("not within %g s: %s" % (seconds, what))
        time.sleep(every)


def listens(address, port):
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as s:
        s.settimeout(1)
        return s.connect_ex((address, port)) == 0


def run(*command, check=True, text=None):
    p = subprocess.run(command, input=text, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                       encoding="utf-8", timeout=30)
    if check and p.returncode != 0:
        raise Failed("%s: exit %d: %s" % (" ".join(command), p.returncode, p.stdout.strip()))
    return p.stdout


class Daemon:
    """A child process with its own folder and log."""

    def __init__(self, lab, name):
        self.lab, self.name, self.process = lab, name, None
        self.dir = os.path.join(lab.dir, name)
        self.log = os.path.join(self.dir, "log")
        os.makedirs(self.dir, exist_ok=True)
        lab.daemons.append(self)

    def file(self, name, text, mode=0o644):
        path = os.path.join(self.dir, name)
        with open(path + ".new", "w", encoding="utf-8") as f:
            f.write(text)
        os.chmod(path + ".new", mode)
        os.replace(path + ".new", path)
        return path

    def spawn(self, *command, env=None):
        with open(self.log, "a", encoding="utf-8") as log:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log,
                                            stderr=log, env=dict(os.environ, **(env or {})),
                                            cwd=self.lab.root)

    def alive(self):
        return self.process is not None and self.process.poll() is None

    def stop(self, sig=signal.SIGTERM, seconds=10):
        if not self.alive():
            return
        self.process.send_signal(sig)
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def tail(self, lines=25):
        try:
            with open(self.log, encoding="utf-8", errors="replace") as f:
                return "".join(f.readlines()[-lines:])
        except OSError:
            return ""


class Lab:
    """The folder and the daemons in it; stops them in reverse order."""

    def __init__(self):
        self.root = os.getcwd()
        self.dir = tempfile.mkdtemp(prefix="bellman-lab.")
        os.chmod(self.dir, 0o755)
        self.daemons = []

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        for d in reversed(self.daemons):
            d.stop()
        if kind is not None:
            for d in self.daemons:
                print("---- log of %s\n%s" % (d.name, d.tail()), file=sys.stderr)
        if os.environ.get("LAB_KEEP"):
            print("lab: kept %s" % self.dir, file=sys.stderr)
        else:
            shutil.rmtree(self.dir, ignore_errors=True)


class StayRtr(Daemon):
    """An RTR cache that serves the VRPs given: (prefix, max length, AS)."""

    def __init__(self, lab):
        super().__init__(lab, "stayrtr")
        self.path = os.path.join(self.dir, "vrps.json")

    def serve(self, vrps):
        now = int(time.time())
        roas = [{"prefix": p, "maxLength": m, "asn": a, "ta": "lab", "expires": now + 864000}
                for p, m, a in vrps]
        self.file("vrps.json", json.dumps({"metadata": {
            "generated": now, "valid": now + 864000, "vrps": len(roas),
            "buildtime": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now))}, "roas": roas}))

    def start(self, vrps):
        self.serve(vrps)
        self.spawn("stayrtr", "-bind", "%s:%d" % (RTR, RTR_PORT), "-cache", self.path,
                   "-metrics.addr", RTR + ":0", "-refresh", "2", "-rtr.refresh", "5",
                   "-rtr.retry", "5", "-rtr.expire", "600", "-protocol", "1")
        until("StayRTR listens", lambda: listens(RTR, RTR_PORT))


class Frr(Daemon):
    """bgpd alone: no zebra, no kernel. Routes are refused by the prefix list REFUSED."""

    def __init__(self, lab, name, address, address_6=None):
        super().__init__(lab, name)
        self.addresses = [a for a in (address, address_6) if a]
        self.sessions = [s for s in SESSIONS if s.router in self.addresses]
        self.station = None

    def start(self, station=STATION):
        self.station = station
        neighbors = "".join(
            " neighbor {0} remote-as {1}\n neighbor {0} passive\n"
            " neighbor {0} disable-connected-check\n".format(s.address, s.asn) for s in self.sessions)
        families = "".join(" address-family %s\n%s exit-address-family\n" % (family, "".join(
            "  neighbor {0} activate\n  neighbor {0} soft-reconfiguration inbound\n"
            "  neighbor {0} route-map IN in\n  neighbor {0} route-map NONE out\n".format(s.address)
            for s in self.sessions if family in s.families)) for family in (V4, V6))
        monitor = "".join("  bmp monitor %s %s-policy\n" % (family, view)
                          for family in (V4, V6) for view in ("pre", "post"))
        conf = self.file("bgpd.conf", """hostname lab-{name}
log file {dir}/bgpd.log informational
ip prefix-list REFUSED seq 1 permit 192.0.2.255/32
bgp as-path access-list NEVER seq 1 deny .*
route-map IN deny 10
 match ip address prefix-list REFUSED
route-map IN permit 20
 set community 64500:100 additive
route-map NONE deny 10
router bgp {asn}
 bgp router-id {id}
 no bgp default ipv4-unicast
 no bgp ebgp-requires-policy
{neighbors}{families} bmp targets lab
  bmp stats interval 5000
{monitor}  bmp connect {station} port {port} min-retry 200 max-retry 1000
""".format(name=self.name, dir=self.dir, asn=OURS, id=self.addresses[0], neighbors=neighbors, families=families,
           monitor=monitor, station=station, port=BMP_PORT))
        listen = [word for a in self.addresses for word in ("-l", a)]
        self.spawn("/usr/lib/frr/bgpd", "-S", "-Z", "-n", "-p", "179", *listen, "-P", "0",
                   "--vty_socket", self.dir, "-i", os.path.join(self.dir, "pid"), "-f", conf,
                   "-M", "bmp")
        until("FRR listens", lambda: all(listens(a, 179) for a in self.addresses))

    def vtysh(self, *commands):
        args = [a for c in commands for a in ("-c", c)]
        return run("vtysh", "--vty_socket", self.dir, "-d", "bgpd", *args)

    def established(self, neighbor):
        out = json.loads(self.vtysh("show bgp neighbors %s json" % neighbor))
        return out.get(neighbor, {}).get("bgpState") == "Established"

    def refuse(self, prefix):
        self.vtysh("configure terminal", "ip prefix-list REFUSED seq 5 permit %s" % prefix)
        self.soft_in()

    def accept(self, prefix):
        self.vtysh("configure terminal", "no ip prefix-list REFUSED seq 5 permit %s" % prefix)
        self.soft_in()

    def soft_in(self):
        # The route-map is looked at again after a delay; clearing asks for it now.
        self.vtysh("clear bgp * soft in")

    def bmp(self, connected):
        """Close the BMP session, or let it connect again."""
        self.vtysh("configure terminal", "router bgp %d" % OURS, "bmp targets lab",
                   "%sbmp connect %s port %d min-retry 200 max-retry 1000"
                   % ("" if connected else "no ", self.station, BMP_PORT))


class Gobgp(Daemon):
    """gobgpd with BMP policy `all`: pre-policy, post-policy, Loc-RIB."""

    def __init__(self, lab):
        super().__init__(lab, "gobgp")
        self.sessions = [s for s in SESSIONS if s.router == GOBGP]

    def start(self, station=STATION):
        neighbors = "".join("""[[neighbors]]
  [neighbors.config]
    neighbor-address = "%s"
    peer-as = %d
  [neighbors.transport.config]
    passive-mode = true
    local-address = "%s"
  [[neighbors.afi-safis]]
    [neighbors.afi-safis.config]
      afi-safi-name = "ipv4-unicast"
    [neighbors.afi-safis.add-paths.config]
      receive = true
  [[neighbors.afi-safis]]
    [neighbors.afi-safis.config]
      afi-safi-name = "ipv6-unicast"
""" % (s.address, s.asn, GOBGP) for s in self.sessions)
        conf = self.file("gobgpd.toml", """[global.config]
  as = %d
  router-id = "10.77.0.2"
  port = 179
  local-address-list = ["%s"]
[[bmp-servers]]
  [bmp-servers.config]
    address = "%s"
    port = %d
    route-monitoring-policy = "all"
    statistics-timeout = 15
%s[[defined-sets.prefix-sets]]
  prefix-set-name = "refused"
  [[defined-sets.prefix-sets.prefix-list]]
    ip-prefix = "192.0.2.255/32"
[[policy-definitions]]
  name = "import"
  [[policy-definitions.statements]]
    name = "refuse"
    [policy-definitions.statements.conditions.match-prefix-set]
      prefix-set = "refused"
    [policy-definitions.statements.actions]
      route-disposition = "reject-route"
[[policy-definitions]]
  name = "export"
  [[policy-definitions.statements]]
    name = "nothing"
    [policy-definitions.statements.actions]
      route-disposition = "reject-route"
[global.apply-policy.config]
  import-policy-list = ["import"]
  default-import-policy = "accept-route"
  export-policy-list = ["export"]
  default-export-policy = "reject-route"
""" % (OURS, GOBGP, station, BMP_PORT, neighbors))
        self.spawn("gobgpd", "-f", conf, "-l", "info", "-p", "--pprof-disable", "--api-hosts",
                   GOBGP + ":50051")
        until("GoBGP listens", lambda: listens(GOBGP, 50051))

    def cli(self, *args):
        return run("gobgp", "-u", GOBGP, *args)

    def established(self, neighbor):
        return any(neighbor in line and "Establ" in line
                   for line in self.cli("neighbor").splitlines())

    def refuse(self, prefix):
        self.cli("policy", "prefix", "add", "refused", prefix)
        self.soft_in()

    def accept(self, prefix):
        self.cli("policy", "prefix", "del", "refused", prefix)
        self.soft_in()

    def soft_in(self):
        for s in self.sessions:
            self.cli("neighbor", s.address, "softresetin")


class Exabgp(Daemon):
    """A network that announces what it is told to, to all routers it has a session with."""

    def __init__(self, lab, name, address, asn, add_path=False):
        super().__init__(lab, name)
        self.address, self.asn, self.add_path = address, asn, add_path
        self.fifo = os.path.join(self.dir, "commands")

    def start(self):
        os.mkfifo(self.fifo)
        script = self.file("api.sh", "#!/bin/sh\nexec cat 0<>%s\n" % self.fifo, 0o755)
        neighbors = "".join("""neighbor %s {
    router-id %s; local-address %s; local-as %d; peer-as %d; hold-time 180;
    capability { asn4 enable; route-refresh enable; %s}
    family { %s }
    api { processes [ commands ]; }
}
""" % (s.router, self.address, s.address, self.asn, OURS, "add-path send/receive; " if self.add_path else "",
       " ".join(f + ";" for f in s.families)) for s in SESSIONS if s.asn == self.asn)
        conf = self.file("exabgp.conf", "process commands { run %s; encoder text; }\n%s"
                         % (script, neighbors))
        self.spawn("exabgp", conf, env={
            "exabgp_daemon_user": "root", "exabgp_api_cli": "false", "exabgp_api_ack": "false",
            "exabgp_log_destination": "stdout", "exabgp_log_short": "true",
            "exabgp_daemon_daemonize": "false"})

    def say(self, line):
        with open(self.fifo, "w", encoding="utf-8") as f:
            f.write(line + "\n")

    def route(self, prefix, path_id):
        hop = self.address if ":" not in prefix else "2001:db8:77::%s" % self.address.split(".")[-1]
        which = " path-information 0.0.0.%d" % path_id if path_id else ""
        return "route %s%s next-hop %s" % (prefix, which, hop)

    def announce(self, prefix, *path, more="", path_id=None):
        self.say("announce %s as-path [ %s ] %s"
                 % (self.route(prefix, path_id), " ".join(str(a) for a in (self.asn,) + path), more))

    def withdraw(self, prefix, path_id=None):
        self.say("withdraw " + self.route(prefix, path_id))


def otc(asn):
    """The Only to Customer attribute (RFC 9234), as exabgp writes attributes that it does not know."""
    return "attribute [ 0x23 0xc0 0x%08x ]" % asn


Net = collections.namedtuple("Net", "frr gobgp two customer provider paths")


def start_routers(lab):
    """The routers and the networks around them, with all sessions established."""
    net = Net(Frr(lab, "frr", FRR), Gobgp(lab), Frr(lab, "two", TWO, TWO_6),
              Exabgp(lab, "customer", CUSTOMER, CUSTOMER_AS), Exabgp(lab, "provider", PROVIDER, PROVIDER_AS),
              Exabgp(lab, "paths", PATHS, PATHS_AS, add_path=True))
    net.frr.start()
    net.gobgp.start()
    net.two.start(STATION_6)
    for d in (net.customer, net.provider, net.paths):
        d.start()
    for router in (net.frr, net.gobgp, net.two):
        for s in router.sessions:
            until("%s has a session with %s" % (router.name, s.address),
                  lambda r=router, a=s.address: r.established(a), 30, 0.3)
    return net


class KafkaMock(Daemon):
    """A broker for the lab: the one of the build, or the one at KAFKA_BOOTSTRAP."""

    def __init__(self, lab, build):
        super().__init__(lab, "kafka")
        self.build, self.bootstrap = build, os.environ.get("KAFKA_BOOTSTRAP")
        self.mock = not self.bootstrap

    def start(self, *topics):
        if not self.mock:
            return
        out = os.path.join(self.dir, "bootstrap")
        with open(out, "w", encoding="utf-8") as f, open(self.log, "w", encoding="utf-8") as log:
            self.process = subprocess.Popen(
                [os.path.join(self.build, "tests/tools/kafka_mock"), "-s", "600", "-p", "3", *topics],
                stdin=subprocess.DEVNULL, stdout=f, stderr=log)

        def first_line():
            with open(out, encoding="utf-8") as f:
                return f.readline().strip()
        self.bootstrap = until("the Kafka mock listens", first_line)

    def consume(self, topic):
        """Everything in the topic: (key, value) in the order of each partition."""
        out = run("kcat", "-C", "-b", self.bootstrap, "-t", topic, "-e", "-q", "-o", "beginning",
                  "-f", "%k\t%s\n")
        return [tuple(line.split("\t", 1)) for line in out.splitlines() if "\t" in line]


class Bellmand(Daemon):
    """The collector under test, its journal, and the operator's command."""

    def __init__(self, lab, build, kafka=None):
        super().__init__(lab, "bellmand")
        self.build, self.kafka = build, kafka
        self.control = os.path.join(self.dir, "control.sock")

    def configure(self):
        text = """collector: lab
listen:
  - {address: %s, port: %d}
  - {address: "%s", port: %d}
state_dir: %s
control: %s
http: {listen: []}
log: {level: info}
limits: {stale_s: 12}
neighbors:
  - {asn: %d, relation: customer}
  - {asn: %d, relation: provider}
  - {asn: %d, relation: peer}
own:
  asns: [%d]
  prefixes:
    - {prefix: 198.51.100.0/24, origins: [%d]}
    - {prefix: "2001:db8:ff00::/40"}
rpki:
  caches:
    - {name: stayrtr, host: %s, port: %d, version: 1}
incidents: {hold_ms: 500, update_s: 2, feed_grace_s: 3, settle_s: 12}
""" % (STATION, BMP_PORT, STATION_6, BMP_PORT, self.dir, self.control, CUSTOMER_AS, PROVIDER_AS,
       PATHS_AS, OURS, OURS, RTR, RTR_PORT)
        if self.kafka:
            text += """kafka:
  format: json
  properties:
    bootstrap.servers: "%s"
""" % self.kafka.bootstrap
        return self.file("bellmand.yaml", text)

    def start(self):
        conf = self.configure()
        run(os.path.join(self.build, "bellmand"), "-c", conf, "--check-config")
        self.spawn(os.path.join(self.build, "bellmand"), "-c", conf)
        until("bellmand listens", lambda: listens(STATION, BMP_PORT))
        until("bellmand answers", lambda: os.path.exists(self.control))

    def ask(self, *args):
        """The lines of `bellman ARGS -o json` as objects."""
        p = subprocess.run([os.path.join(self.build, "bellman"), *args, "-o", "json"],
                           env=dict(os.environ, BELLMAN_SOCKET=self.control),
                           stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                           encoding="utf-8", timeout=30)
        if p.returncode not in (0, 1):  # 1: nothing to show
            raise Failed("bellman %s: exit %d: %s" % (" ".join(args), p.returncode, p.stderr.strip()))
        return [json.loads(line) for line in p.stdout.splitlines() if line.strip()]

    def transitions(self):
        """Every incident transition in the journal."""
        return [r for r in self.ask("tail", "-n", "100000") if "transition" in r]
