/*
 * Configuration: the YAML file as a struct. A row of the table in config.c per option drives
 * reading, type and range check, default, and `bellmand --dump-config`. Unknown and repeated keys
 * are errors; every error says file:line:column, what was read, and what would be right. The one
 * home of libyaml.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/log.h"
#include "base/pure/ip.h"
#include "base/sbuf.h"

enum { CONFIG_NAME_MAX = 64, CONFIG_PATH_MAX = 256, CONFIG_VALUE_MAX = 512 };

/* What the neighbour is to us. */
enum config_relation {
	RELATION_NONE,
	RELATION_CUSTOMER,
	RELATION_PEER,
	RELATION_PROVIDER,
	RELATION_RS,
	RELATION_RS_CLIENT
};

struct config_listen { /* listen: [{address: 127.0.0.1, port: 11019}] */
	struct ip_addr address;
	uint16_t port;
};

struct config_router { /* routers: [{name: ams1, address: 192.0.2.1}]: a configured identity */
	char name[CONFIG_NAME_MAX];
	struct ip_addr address;
};

struct config_file { /* files: [{path: rib.20260101.mrt.gz, name: rrc00}]: recorded BMP of any kind
		      */
	char path[CONFIG_PATH_MAX];
	char name[CONFIG_NAME_MAX]; /* of the router; default what the file says */
};

struct config_neighbor { /* neighbors: [{asn: 64501, relation: customer}] or {address: .., relation:
			    ..}; address wins over asn */
	bool has_asn, has_address;
	uint32_t asn;
	struct ip_addr address;
	uint8_t relation; /* enum config_relation */
};

struct config_own { /* own: {prefixes: [{prefix: 203.0.113.0/24, origins: [64500], max_length: 24}]}
		     */
	struct ip_prefix prefix;
	uint8_t
	    max_length; /* longest length we announce ourselves; default the prefix's own length */
	uint32_t *origins; /* allowed origins; empty: own.asns */
	size_t origins_n;
};

struct config_cache { /* rpki: {caches: [{name: r1, host: 127.0.0.1, port: 3323, version: 1}]} */
	char name[CONFIG_NAME_MAX];
	char host[CONFIG_NAME_MAX];
	uint16_t port;	 /* default 323 */
	uint8_t version; /* highest asked for, default 1 */
};

struct config_property {
	char name[CONFIG_NAME_MAX * 2];
	char value[CONFIG_VALUE_MAX];
	unsigned line;
};

struct config {
	char path[CONFIG_PATH_MAX];
	char collector[CONFIG_NAME_MAX]; /* collector: name; default the host's name */
	struct config_listen *listen;	 /* default 0.0.0.0 and :: port 11019 */
	size_t listen_n;
	unsigned workers;		 /* workers: 0 = one per core; 1..64 */
	char state_dir[CONFIG_PATH_MAX]; /* state_dir: default /var/lib/bellman */
	char control[CONFIG_PATH_MAX];	 /* control: default /run/bellman/control.sock */
	struct {
		enum log_level level;
		enum log_format format;
	} log; /* log: {level: info, format: text|json} */
	struct {
		struct ip_prefix *allow;
		size_t allow_n;
	} access; /* access: {allow: [prefix, ...]}; empty: everybody */
	struct {
		uint32_t routers;	   /* limits.routers: sessions at once, default 2000 */
		uint32_t peers_per_router; /* default 10000 */
		uint32_t message_bytes; /* longest BMP message, default 1048576, 65583..16777216 */
		uint64_t routes;	/* per worker, default 100000000 */
		uint32_t initiation_s;	/* close when no message came by then, default 60 */
		uint32_t idle_s; /* close a silent session, default 0 = never (a quiet router is
				    legal) */
		uint32_t keepalive_s; /* TCP keepalive, default 60: finds half-open sessions */
		uint32_t stale_s;     /* keep the routes of a lost session for, default 300 */
	} limits;
	struct config_router *routers;
	size_t routers_n;
	struct config_file *files; /* read at the start, as if routers had sent them */
	size_t files_n;
	struct config_neighbor *neighbors;
	size_t neighbors_n;
	struct {
		uint32_t *asns; /* own.asns: ours */
		size_t asns_n;
		struct config_own *prefixes;
		size_t prefixes_n;
	} own;
	struct {
		char (*files)[CONFIG_PATH_MAX]; /* rpki.files: VRP JSON, watched */
		size_t files_n;
		struct config_cache *caches;
		size_t caches_n;
	} rpki;
	struct {
		uint32_t *provider_free; /* rules.clique: networks without a
					    provider; default list below */
		size_t provider_free_n;
	} rules;
	struct {
		uint32_t hold_ms; /* incidents.hold_ms: collect siblings before a non-critical
				     opening, default 2000 */
		uint32_t
		    update_s; /* least time between updates that are growth only, default 300 */
		uint32_t feed_grace_s; /* after a feed is lost, before its incidents become unknown,
					  default 30 */
		uint32_t forget_s;     /* unknown for so long: closed, default 604800 (a week) */
		uint32_t settle_s;     /* after a start, for feeds to come back before restored
					  incidents are judged, default 120 */
	} incidents;
	struct {
		uint32_t retain_days; /* journal.retain_days: default 30 */
		uint32_t max_mb;      /* default 1024, 0 = no limit */
	} journal;
	struct {
		bool enabled; /* the section is there */
		bool json;    /* kafka.format: protobuf (default) or json */
		char topic_alerts[CONFIG_NAME_MAX *
				  2]; /* kafka.topics.alerts: default bmp.alerts.v1, "" = off */
		char topic_events[CONFIG_NAME_MAX * 2]; /* default bmp.events.v1 */
		struct config_property *properties;	/* kafka.properties: map, passed through */
		size_t properties_n;
	} kafka;
};

/* NULL with every error found in `errors`, one a line ("FILE:LINE:COLUMN: what"). Yours to free. */
struct config *config_load(const char *path, struct sbuf *errors);
/* The same from memory; name stands for the file in messages. */
struct config *config_parse(const char *name, const char *text, size_t len, struct sbuf *errors);
void config_free(struct config *);
/* The effective configuration as YAML; values of secrets (password, secret, key.pem ...) are
 * masked. */
void config_dump(const struct config *, struct sbuf *out);
/* What a reload cannot change (listen, workers, state_dir, control): names of the options that
 * differ, one a line; empty when a reload applies. */
void config_needs_restart(
    const struct config *running, const struct config *wanted, struct sbuf *names);
const char *config_relation_name(uint8_t relation);
