/*
 * The platforms. Whether a command is there depends on the release, and is said where it is known:
 * from the vendors' documentation, from what operators use, and from runs of FRR and GoBGP.
 */
#include "cli/router_config/router_config.h"

static const char junos[] =
    "# Junos 13.3 and later (before that BMP was a draft that no collector understands).\n"
    "set routing-options bmp station {NAME} connection-mode active\n"
    "set routing-options bmp station {NAME} local-address {SOURCE_ADDRESS}\n"
    "set routing-options bmp station {NAME} station-address {COLLECTOR}\n"
    "set routing-options bmp station {NAME} station-port {PORT}\n"
    "set routing-options bmp station {NAME} statistics-timeout 300\n"
    "set routing-options bmp station {NAME} monitor enable\n"
    "set routing-options bmp station {NAME} route-monitoring pre-policy\n"
    "set routing-options bmp station {NAME} route-monitoring post-policy\n"
    "# Releases that do not know the next two lines refuse them: leave them out there.\n"
    "set routing-options bmp station {NAME} route-monitoring loc-rib\n"
    "set routing-options bmp station {NAME} route-monitoring rib-out post-policy\n"
    "# Check: show bgp bmp\n";

static const char ios_xr[] =
    "# IOS XR 5.2.2 and later. Each neighbour (or neighbor-group) is activated.\n"
    "bmp server 1\n"
    " host {COLLECTOR} port {PORT}\n"
    " description {NAME}\n"
    " update-source {SOURCE}\n"
    " initial-delay 10\n"
    " initial-refresh delay 30 spread 60\n"
    " flapping-delay 60\n"
    " stats-reporting-period 300\n"
    "!\n"
    "bmp server all\n"
    " route-monitoring policy pre inbound\n"
    "# Pre and post policy at once: from 25.4.1 or 26.1.1 on, by platform. Older ones tell one of "
    "them.\n"
    "# route-monitoring policy post inbound\n"
    "!\n"
    "router bgp {AS}\n"
    " neighbor {PEER}\n"
    "  bmp-activate server 1\n"
    " !\n"
    "!\n"
    "# Its first table is made by route refresh from the neighbours: spread it on a large router.\n"
    "# Check: show bmp server 1, show bgp bmp summary\n";

static const char ios_xe[] =
    "# IOS XE 3.12, IOS 15.4(2)T and later: Adj-RIB-In before the policy, nothing else.\n"
    "router bgp {AS}\n"
    " bmp buffer-size 100\n"
    " bmp server 1\n"
    "  address {COLLECTOR} port-number {PORT}\n"
    "  description {NAME}\n"
    "  update-source {SOURCE}\n"
    "  initial-delay 30\n"
    "  failure-retry-delay 60\n"
    "  flapping-delay 60\n"
    "  stats-reporting-period 300\n"
    "  activate\n"
    " exit-bmp-server-mode\n"
    " neighbor {PEER} bmp-activate server 1\n"
    "# Neighbours are refreshed one after the other: the first table takes its time.\n"
    "# Check: show ip bgp bmp server summary, show ip bgp bmp neighbors\n";

static const char nx_os[] =
    "# NX-OS 7.0(3)I6 and later: Adj-RIB-In before the policy, to two servers at most.\n"
    "# The words are those of its REST model; releases differ: try them with \"?\".\n"
    "router bgp {AS}\n"
    "  bmp-server 1\n"
    "    address {COLLECTOR} port-number {PORT}\n"
    "    description {NAME}\n"
    "    initial-delay 30\n"
    "    stats-reporting-period 300\n"
    "  neighbor {PEER}\n"
    "    bmp-activate-server 1\n";

static const char sr_os[] =
    "# SR OS 16.0.R1 and later, MD-CLI; the classic CLI has the same names under \"configure "
    "bmp\".\n"
    "/configure bmp admin-state enable\n"
    "/configure bmp station \"{NAME}\" admin-state enable\n"
    "/configure bmp station \"{NAME}\" connection local-address {SOURCE_ADDRESS}\n"
    "/configure bmp station \"{NAME}\" connection station-address ip-address {COLLECTOR}\n"
    "/configure bmp station \"{NAME}\" connection station-address port {PORT}\n"
    "/configure bmp station \"{NAME}\" stats-report-interval 300\n"
    "/configure bmp station \"{NAME}\" family ipv4 true\n"
    "/configure bmp station \"{NAME}\" family ipv6 true\n"
    "/configure router \"Base\" bgp monitor admin-state enable\n"
    "/configure router \"Base\" bgp monitor route-monitoring pre-policy true\n"
    "/configure router \"Base\" bgp monitor route-monitoring post-policy true\n"
    "/configure router \"Base\" bgp monitor station \"{NAME}\"\n"
    "# \"monitor\" is also there for a group and a neighbour.\n";

static const char eos[] =
    "# EOS 4.21 and later, with \"service routing protocols model multi-agent\".\n"
    "router bgp {AS}\n"
    "   bgp monitoring\n"
    "   monitoring received routes address-family ipv4 unicast\n"
    "   monitoring received routes address-family ipv6 unicast\n"
    "   monitoring station {NAME}\n"
    "      update-source {SOURCE}\n"
    "      connection address {COLLECTOR}\n"
    "      connection mode active port {PORT}\n"
    "      statistics\n"
    "      export-policy received routes pre-policy\n"
    "      export-policy received routes post-policy\n"
    "# Loc-RIB: later releases\n"
    "      export-policy bgp rib bestpaths\n"
    "      no shutdown\n"
    "# Check: show bgp monitoring, show bgp monitoring station\n";

static const char vrp[] =
    "# VRP 8 (NetEngine, CloudEngine). Without keep-all-routes what the policy drops is not kept,\n"
    "# and pre-policy does not tell it.\n"
    "bmp\n"
    " statistics-timer 300\n"
    " bmp-session {COLLECTOR}\n"
    "  tcp connect port {PORT}\n"
    "  connect-interface {SOURCE}\n"
    "  monitor public\n"
    "   route-mode ipv4-family unicast adj-rib-in pre-policy\n"
    "   route-mode ipv4-family unicast adj-rib-in post-policy\n"
    "   route-mode ipv4-family unicast local-rib\n"
    "   route-mode ipv4-family unicast adj-rib-out post-policy\n"
    "   route-mode ipv6-family unicast adj-rib-in pre-policy\n"
    "   route-mode ipv6-family unicast adj-rib-in post-policy\n"
    "   route-mode ipv6-family unicast local-rib\n"
    "   route-mode ipv6-family unicast adj-rib-out post-policy\n"
    "bgp {AS}\n"
    " keep-all-routes\n"
    "commit\n"
    "# Check: display bmp session\n";

static const char frr[] = "# FRR 7.1 and later. bgpd needs its module: in /etc/frr/daemons\n"
			  "#   bgpd_options=\"   -A 127.0.0.1 -M bmp\"\n"
			  "# and a restart of FRR. All neighbours are monitored.\n"
			  "router bgp {AS}\n"
			  " bmp targets {NAME}\n"
			  "  bmp connect {COLLECTOR} port {PORT} min-retry 1000 max-retry 60000\n"
			  "  bmp monitor ipv4 unicast pre-policy\n"
			  "  bmp monitor ipv4 unicast post-policy\n"
			  "  bmp monitor ipv6 unicast pre-policy\n"
			  "  bmp monitor ipv6 unicast post-policy\n"
			  "  bmp stats interval 60000\n"
			  "# Loc-RIB: FRR 10 and later\n"
			  "#  bmp monitor ipv4 unicast loc-rib\n"
			  "#  bmp monitor ipv6 unicast loc-rib\n"
			  " exit\n"
			  "# Without \"neighbor ... soft-reconfiguration inbound\" in the address "
			  "family of a neighbour there\n"
			  "# are no pre-policy routes of it to tell.\n"
			  "exit\n"
			  "# Check: show bmp\n";

static const char bird[] =
    "# BIRD 2.14 and later, and BIRD 3 where BMP is built in (3.0 wants --with-protocols=...).\n"
    "# All BGP protocols are monitored; pre-policy needs \"import table on;\" in their channels.\n"
    "protocol bmp {NAME} {\n"
    "    station address ip {COLLECTOR} port {PORT};\n"
    "    local address {SOURCE_ADDRESS};\n"
    "    monitoring rib in pre_policy;\n"
    "    monitoring rib in post_policy;\n"
    "    tx buffer limit 256;\n"
    "}\n"
    "# Check: birdc show protocols all {NAME}\n";

static const char gobgp[] = "# GoBGP, in its configuration (TOML); all neighbours are monitored.\n"
			    "[[bmp-servers]]\n"
			    "  [bmp-servers.config]\n"
			    "    address = \"{COLLECTOR}\"\n"
			    "    port = {PORT}\n"
			    "    route-monitoring-policy = \"all\"\n"
			    "    statistics-timeout = 60\n"
			    "# While it runs: gobgp bmp add {COLLECTOR}:{PORT} all\n";

static const char openbgpd[] =
    "# OpenBGPD has no BMP. What it knows can be had through a router of another kind that has: "
    "an\n"
    "# iBGP session of bgpd to FRR, GoBGP or BIRD, which monitors it. Its routes are then seen as\n"
    "# bgpd sends them: what it filtered is not among them. In bgpd.conf:\n"
    "neighbor {PEER} {\n"
    "	descr \"{NAME}\"\n"
    "	remote-as {AS}\n"
    "}\n"
    "allow to {PEER}\n"
    "# and then `bellman router-config frr` for the router at {PEER}.\n"
    "# Tables can be looked at afterwards, too: dump table-v2 \"/var/bgpd.mrt\" in bgpd.conf, and "
    "the\n"
    "# file in `files:` of the collector, or in `bellman decode`.\n";

static const char exabgp[] = "# ExaBGP has no BMP, and no table: it hands what it hears to "
			     "programs. A session of it to FRR,\n"
			     "# GoBGP or BIRD, which monitors it, shows what it announces:\n"
			     "neighbor {PEER} {\n"
			     "	router-id {SOURCE_ADDRESS};\n"
			     "	local-address {SOURCE_ADDRESS};\n"
			     "	local-as {AS};\n"
			     "	peer-as {AS};\n"
			     "}\n"
			     "# and then `bellman router-config gobgp` for the router at {PEER}.\n";

const struct router_platform router_platforms[] = {
	{ "ios-xr", "iosxr", "Cisco IOS XR", "in (pre or post policy)", "! ", ios_xr },
	{ "ios-xe", "ios", "Cisco IOS XE, IOS", "in (pre policy)", "! ", ios_xe },
	{ "nx-os", "nxos", "Cisco NX-OS", "in (pre policy)", "! ", nx_os },
	{ "junos", "juniper", "Juniper Junos", "in, Loc-RIB, out (pre and post policy)", "# ",
	    junos },
	{ "eos", "arista", "Arista EOS", "in (pre and post policy), Loc-RIB", "! ", eos },
	{ "sr-os", "sros", "Nokia SR OS", "in (pre and post policy)", "# ", sr_os },
	{ "vrp", "huawei", "Huawei VRP 8", "in (pre and post policy), Loc-RIB, out", "# ", vrp },
	{ "frr", "frrouting", "FRR", "in (pre and post policy); Loc-RIB from 10 on", "! ", frr },
	{ "bird", "bird2", "BIRD 2.14, 3", "in (pre and post policy)", "# ", bird },
	{ "gobgp", "gobgpd", "GoBGP", "in (pre and post policy), Loc-RIB", "# ", gobgp },
	{ "openbgpd", "bgpd", "OpenBGPD", "none; through another router", "# ", openbgpd },
	{ "exabgp", NULL, "ExaBGP", "none; through another router", "# ", exabgp },
};
const size_t router_platforms_n = sizeof(router_platforms) / sizeof(router_platforms[0]);
