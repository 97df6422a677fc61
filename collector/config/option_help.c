/*
 * What each option is for, in a sentence or two: the words of docs/CONFIGURATION.md and
 * bellman.yaml(5). A name that ends with .* is of all options there.
 */
#include <string.h>

#include "collector/config/options.h"

static const struct {
	const char *path, *help;
} helps[] = {
	{ "collector", "The collector's name, in every record; without it, the host's name." },
	{ "state_dir", "The folder of the journal and of what else outlives the collector." },
	{ "control",
	    "The socket where `bellman tail`, `bellman show` and others ask; its folder is made." },
	{ "listen",
	    "Where BMP sessions of routers are taken; without it, 0.0.0.0 and :: on port 11019." },
	{ "listen[].address", "The address to listen on." },
	{ "listen[].port", "The TCP port to listen on." },
	{ "workers", "Threads that take in what routers send; 0: one per core." },
	{ "http", "The HTTP server: /metrics, /healthz, /livez, /readyz, /api/v1, and a page. It "
		  "only reads." },
	{ "http.listen", "Where HTTP is served; without it, 127.0.0.1 port 11020, unless another "
			 "program has it, and then as soon as it is free. []: nowhere." },
	{ "http.listen[].address", "The address to listen on." },
	{ "http.listen[].port", "The TCP port to listen on." },
	{ "http.token", "What a request has to bear (Authorization: Bearer ...), but for /livez "
			"and /readyz. Without one, who comes by loopback has to ask for 127.0.0.1, "
			"::1 or localhost, also through a proxy (Host), so that web sites of "
			"another name get nothing from a browser here." },
	{ "http.connections", "Connections at once." },
	{ "http.per_address", "Connections at once from one IPv4 address or one IPv6 /64." },
	{ "http.streams", "Connections at once that follow what happens." },
	{ "http.idle_s",
	    "A connection that says nothing, or takes nothing, for so long is closed." },
	{ "http.peers", "So many peers have metrics of their own; sums are of all." },
	{ "log", "What the daemon says on standard error." },
	{ "log.level", "The mildest that is logged." },
	{ "log.format", "Lines of text, or an object of JSON each." },
	{ "access", "Which hosts may open a BMP session." },
	{ "access.allow",
	    "Prefixes that routers may connect from; without it everybody, []: nobody." },
	{ "limits", "What routers may take of the collector." },
	{ "limits.routers",
	    "BMP sessions at once; when there are as many, one that told of no peer gives way." },
	{ "limits.per_address",
	    "BMP sessions at once from one IPv4 address or one IPv6 /64; 0: no limit." },
	{ "limits.peers_per_router", "Peers of one router." },
	{ "limits.message_bytes", "The longest BMP message; a longer one ends the session." },
	{ "limits.routes", "Routes of one worker; what is over is refused and counted." },
	{ "limits.attributes_mb", "Memory for the path attributes of one router; what is over is "
				  "refused and told. 0: no limit." },
	{ "limits.initiation_s",
	    "A connection that has not begun a BMP session after so long is closed; 0: never." },
	{ "limits.idle_s",
	    "A session that is silent for so long is closed; 0: never, a quiet router is fine." },
	{ "limits.keepalive_s",
	    "The time of TCP keepalive, which finds sessions that are half open; 0: none." },
	{ "limits.stale_s", "The routes of a lost session are kept for so long." },
	{ "limits.forget_s", "A router that is lost, and its name, is kept for so long." },
	{ "limits.behind_s", "When the collector is later than that with its work, it says so." },
	{ "files", "Recordings that are read at the start: BMP, pcap, MRT, OpenBMP, also packed." },
	{ "files[].path", "The file." },
	{ "files[].name", "What its router is called." },
	{ "routers",
	    "Names of routers that survive a change of sysName, and that no other router gets." },
	{ "routers[].name", "What the router is called." },
	{ "routers[].address", "Where its BMP session comes from." },
	{ "neighbors", "What is known of neighbours: the relation, whom to call, limits and lists. "
		       "Each has an address, an AS number, or both." },
	{ "neighbors[].address", "The neighbour's address." },
	{ "neighbors[].asn", "The neighbour's AS number." },
	{ "neighbors[].relation",
	    "What the neighbour is to us; it goes before the roles in the OPENs (RFC 9234). "
	    "internal: our AS or confederation; collector: it uses no route." },
	{ "neighbors[].name", "What the neighbour is called, in every record about it." },
	{ "neighbors[].contact", "Whom to call at the neighbour, in every record about it." },
	{ "neighbors[].max_prefix", "The limit that our routers have for the neighbour's prefixes; "
				    "when it is near it, or over it, that is told." },
	{ "neighbors[].max_prefix_ipv6",
	    "The same limit for IPv6; without it, that of max_prefix." },
	{ "neighbors[].lists", "Files of what the neighbour may announce, as bgpq4 -j writes them; "
			       "read again when they change." },
	{ "neighbors_file",
	    "Names and contacts of neighbours, as https://www.peeringdb.com/api/net?depth=2 gives "
	    "them, also packed; read again when it changes." },
	{ "neighbor_lists", "How the files of neighbors[].lists are used." },
	{ "neighbor_lists.max_age_days", "A list that is older says nothing new; 0: any age." },
	{ "own", "What is ours: AS numbers and prefixes." },
	{ "own.asns", "Our AS numbers; the first is the one that others see." },
	{ "own.confederation",
	    "Members of our confederation (RFC 5065); they are no neighbours of other networks." },
	{ "own.siblings", "AS numbers of our organisation, which may originate our prefixes." },
	{ "own.upstreams", "Neighbours that no monitored session shows; who else stands next to us "
			   "in a path forges it." },
	{ "own.blackhole_communities",
	    "Communities of host routes that are to be dropped, beside 65535:666." },
	{ "own.derive", "Prefixes of VRPs that name own.asns are ours, too, but for those of who "
			"has a ROA in them or is a customer; what own.prefixes lists wins." },
	{ "own.prefixes", "Our prefixes." },
	{ "own.prefixes[].prefix", "The prefix." },
	{ "own.prefixes[].max_length",
	    "The longest that others may see of it with an allowed origin; without it, any." },
	{ "own.prefixes[].origins", "AS numbers that may originate it; without it, own.asns." },
	{ "own.prefixes[].scrubbers", "AS numbers that may stand next to us in a path of it; as an "
				      "origin of it they are a milder incident." },
	{ "rpki", "Where RPKI data comes from, and what of it is held back." },
	{ "rpki.files", "Files of VRPs in JSON, also packed; read again when they change." },
	{ "rpki.caches", "RTR caches (RFC 8210)." },
	{ "rpki.caches[].name", "What the cache is called." },
	{ "rpki.caches[].host", "Its name or address." },
	{ "rpki.caches[].port", "Its TCP port; without it 323, and 324 with tls." },
	{ "rpki.caches[].version",
	    "The RTR version to ask for, none higher; auto: the highest that both have." },
	{ "rpki.caches[].preference", "Lower comes first: caches of one number are used together, "
				      "those of a higher one while none of a lower one works." },
	{ "rpki.caches[].tls",
	    "TLS 1.2 or later; its files are PEM, read at each connection and at a reload." },
	{ "rpki.caches[].tls.ca", "Who may have signed the cache's certificate." },
	{ "rpki.caches[].tls.verify",
	    "What is looked for in the certificate: name, or address for the cache's address." },
	{ "rpki.caches[].tls.name",
	    "The name that the certificate has to have; without it, host." },
	{ "rpki.caches[].tls.certificate", "Our certificate, if the cache wants one." },
	{ "rpki.caches[].tls.key", "Its key, without a passphrase." },
	{ "rpki.slurm", "Files of local exceptions (RFC 8416)." },
	{ "rpki.settle_s", "So long all sources have to answer before data without some of them is "
			   "used; 0: as long as incidents.settle_s." },
	{ "rpki.switch_s", "When the caches in use have not worked, or preferred ones have, for so "
			   "long, others are used." },
	{ "rpki.max_age_s", "A file that was made longer ago is stale; 0: never." },
	{ "rpki.max_loss_percent",
	    "What a source says is held back when it has lost more than that, and at least "
	    "max_loss VRPs, or all, or a whole trust anchor." },
	{ "rpki.max_loss", "So many VRPs a source has to lose before max_loss_percent counts." },
	{ "rpki.max_invalid", "New VRPs, or the end of some, that would turn more routes of a "
			      "router invalid are held back; 0: never." },
	{ "rpki.hold_s",
	    "So long it is held back, unless the source says more again; also VRPs that cover "
	    "nearly everything. 0: nothing is held back; a reload lets in what is." },
	{ "relations", "What neighbours are to us, where neither neighbors nor the roles in the "
		       "OPENs say it." },
	{ "relations.infer",
	    "Infer it from the sizes of tables. on: some rules use it, with less severity; "
	    "suggest-only: it is shown, and no rule uses it; off: it is not inferred." },
	{ "relations.infer_after_s", "So long the sizes have to say the same." },
	{ "relations.infer_table",
	    "Routes that the router's largest table has at least, to be one of the Internet." },
	{ "relations.as_rel", "CAIDA's relations of networks, serial-1 or -2, also packed; read "
			      "again when it changes. It says of a leak which it is, and how sure "
			      "that is, and is never the reason of one." },
	{ "bogons", "What counts as bogon beside what IANA reserves: what registries have not "
		    "handed out." },
	{ "bogons.delegated", "Files of registries (delegated-*), also packed; read again when "
			      "they change. Fetch them once a day." },
	{ "bogons.max_age_days", "A file that is older says nothing new; 0: any age." },
	{ "rules", "Which rules there are, what they are true of, and how grave that is." },
	{ "rules.off", "Rules that are never true, and alarms that are never told." },
	{ "rules.dry_run",
	    "Rules whose incidents nobody is told of; `bellman show incidents` has them." },
	{ "rules.burst_at", "So many invalid or hijacked routes of an origin within a minute (a "
			    "quarter of it of a leaker) are a burst: what else is new of it at "
			    "that time belongs to it. 0: nothing does." },
	{ "rules.exceptions",
	    "Routes that a rule is not true of; all that an exception names has to match." },
	{ "rules.exceptions[].rule", "The rule; without it, every rule." },
	{ "rules.exceptions[].prefix", "The prefix, and its more-specifics." },
	{ "rules.exceptions[].origin", "The AS that originates the route." },
	{ "rules.exceptions[].neighbor", "The AS number of the neighbour that sends the route." },
	{ "rules.exceptions[].until",
	    "The last day (UTC) that the exception holds; without it, for ever." },
	{ "rules.exceptions[].why", "The reason, for people." },
	{ "rules.for", "Whose routes a rule looks at. The rules hijack.* and own.more-specific are "
		       "about own prefixes anyway." },
	{ "rules.for.*",
	    "all: every route; customers: routes of own, and those originated by a customer or had "
	    "from one; own: routes in own.prefixes, originated by us, or leaked by us." },
	{ "rules.severity_max", "How grave an incident of a kind is told at most." },
	{ "rules.severity_max.*", "An incident of this kind is told as no graver than that." },
	{ "rules.severity_by_view", "How grave an incident is when its routes got so far and no "
				    "further; rules.severity_max goes before it." },
	{ "rules.severity_by_view[].view", "How far the routes got." },
	{ "rules.severity_by_view[].rule",
	    "The rule; this goes before what is said without one, which is true of every rule." },
	{ "rules.severity_by_view[].severity", "How grave the incident is then." },
	{ "rules.provider_free",
	    "Networks that buy transit from nobody; without it, the built-in list." },
	{ "rules.no_transit", "Networks that give transit to nobody but their own organisation; "
			      "without it, the built-in list." },
	{ "rules.carriers", "Networks that may sell transit to those of no_transit; without it, "
			    "the built-in list." },
	{ "rules.peerlock", "Behind whom a network may be in a path, beside directly in front of "
			    "us; without it, none." },
	{ "rules.peerlock[].asn", "The network." },
	{ "rules.peerlock[].via", "The networks that it may be behind." },
	{ "rules.siblings", "Networks of one organisation, which count as one: a list of AS "
			    "numbers each; without it, the built-in lists." },
	{ "rules.bogons_allowed",
	    "Special-purpose address space that others may send us, or we them." },
	{ "rules.bogon_asns_allowed", "Special-purpose AS numbers that may be in paths." },
	{ "rules.vrfs", "VRFs, by name or distinguisher, that carry the Internet, and are judged "
			"like the global table." },
	{ "watch",
	    "What is watched of neighbours: what they send, and their sessions (docs/ALARMS.md)." },
	{ "watch.warm_up_s", "So long after a whole table, it is compared with nothing." },
	{ "watch.within_s", "A change that takes longer than twice that is no surge and no loss." },
	{ "watch.surge_at",
	    "A surge is so many routes more than ever, and surge_percent of those." },
	{ "watch.surge_percent",
	    "A surge is so many percent more than ever, and surge_at routes." },
	{ "watch.loss_at",
	    "A loss is so many routes fewer, and loss_percent of them, for loss_hold_s." },
	{ "watch.loss_percent",
	    "A loss is so many percent fewer, and loss_at routes, for loss_hold_s." },
	{ "watch.loss_hold_s", "A loss is told when it has lasted so long." },
	{ "watch.max_prefix_percent",
	    "From so many percent of neighbors[].max_prefix on a neighbour is near it." },
	{ "watch.flaps", "A session that goes down so often within flaps_within_s flaps." },
	{ "watch.flaps_within_s", "The time in which those are counted." },
	{ "watch.flaps_quiet_s", "A session that flaps does so until it has been up for so long." },
	{ "watch.down_s", "A session that is down for so long is told as down." },
	{ "watch.visibility_hold_s",
	    "An own prefix belongs where it has been for so long; when it is away from there for "
	    "as long it is told (visibility.out, visibility.loc-rib)." },
	{ "watch.differ_at", "A router that counts so many routes more or fewer than it has told "
			     "of, and differ_percent, for differ_s, is told." },
	{ "watch.differ_percent", "So many percent more or fewer, with differ_at." },
	{ "watch.differ_s", "So long, with differ_at." },
	{ "watch.rov_mismatch_at", "A router that takes so many routes for valid that are invalid "
				   "by our VRPs, for rov_mismatch_s, is told." },
	{ "watch.rov_mismatch_s", "So long, with rov_mismatch_at." },
	{ "incidents", "When incidents are opened, updated and closed." },
	{ "incidents.hold_ms",
	    "So long siblings are collected before an opening that is not critical." },
	{ "incidents.update_s", "The time between updates that are growth only." },
	{ "incidents.feed_grace_s", "So long after a router is lost, its incidents are unknown." },
	{ "incidents.forget_s",
	    "An incident that is unknown for so long is closed: its router is gone for good." },
	{ "incidents.settle_s",
	    "So long feeds have to be complete, without End-of-RIB and after a restart." },
	{ "incidents.group_at",
	    "More than so many at once by one ROA or neighbour are told as one." },
	{ "incidents.large_at", "From so many prefixes on an incident is a step graver." },
	{ "incidents.baseline", "What third parties did before the first start is told as one." },
	{ "sav", "Permit lists for source addresses (docs/SAV.md) that are looked at." },
	{ "sav.watch", "AS numbers of the customers whose lists are looked at." },
	{ "sav.method", "How the list is made (docs/SAV.md)." },
	{ "sav.every_s",
	    "So often it is looked at; what is another then is told (event sav.changed)." },
	{ "sav.shrink_percent",
	    "A list that lost more than that of its addresses at once is told of (sav.shrunken)." },
	{ "sav.exclude_invalid", "on: routes that are invalid by ROAs count for nothing." },
	{ "contacts", "Whom to call (docs/MANRS.md)." },
	{ "contacts.files", "Files of contacts: of PeeringDB, of RPSL (whois -B), of registries "
			    "(delegated-*), also packed; read again when they change." },
	{ "contacts.max_age_days",
	    "A contact that nobody has touched for longer is told as old; 0: never." },
	{ "contacts.name", "Whom others call at ours, in `bellman report`." },
	{ "contacts.email", "The address of our mail, in `bellman report`." },
	{ "contacts.phone", "Our number, in `bellman report`." },
	{ "journal", "How much of the journal is kept." },
	{ "journal.retain_days", "Older records are deleted, unless Kafka has yet to get them." },
	{ "journal.max_mb", "The size of the journal with its log; the oldest records are deleted "
			    "then, whoever has yet to get them." },
	{ "kafka", "Where records are produced to; without bootstrap.servers, nowhere." },
	{ "kafka.format", "How a record is encoded." },
	{ "kafka.topics", "Where what goes." },
	{ "kafka.topics.alerts", "The topic of incidents; \"\" turns it off." },
	{ "kafka.topics.events", "The topic of events; \"\" turns it off." },
	{ "kafka.properties", "Properties of librdkafka, handed to it as they are. A value may be "
			      "in a file of its own: \"${file:NAME}\"." },
};

const char *
option_help(const char *path)
{
	for (size_t i = 0; i < sizeof(helps) / sizeof(helps[0]); i++) {
		size_t n = strlen(helps[i].path) - 1;

		if (strcmp(helps[i].path, path) == 0 ||
		    (helps[i].path[n] == '*' && strncmp(helps[i].path, path, n) == 0))
			return helps[i].help;
	}
	return "";
}

const char *
option_help_of(size_t i)
{
	return i < sizeof(helps) / sizeof(helps[0]) ? helps[i].path : NULL;
}
