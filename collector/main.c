/*
 * bellmand: reads its configuration, wires the parts, and lives on the coordinator's loop until a
 * signal ends it.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "collector/config/config.h"
#include "collector/daemon/coordinator.h"

enum { EXIT_USAGE = 2, INCIDENTS_MAX = 20000, RING_OCTETS = 8 * 1024 * 1024 };

/* A coordinator configuration and what it points to, made of a file's configuration. */
struct wiring {
	struct config *config;
	struct coordinator_config coordinator;
	char journal[CONFIG_PATH_MAX + 32];
	struct coordinator_listen *listen;
	struct coordinator_router *routers;
	struct coordinator_recording *recorded;
	struct detect_own *own;
	struct detect_neighbor *neighbors;
	const char **files;
	struct coordinator_cache *caches;
	struct kafka_property *properties;
};

static void *
list(size_t n, size_t size)
{
	void *v = calloc(n + 1, size);

	if (v == NULL) {
		log_error("main", "out of memory");
		exit(1);
	}
	return v;
}

static void
wire_identity(struct wiring *w)
{
	struct config *c = w->config;
	struct coordinator_config *d = &w->coordinator;

	w->listen = list(c->listen_n, sizeof(*w->listen));
	for (size_t i = 0; i < c->listen_n; i++)
		w->listen[i] =
		    (struct coordinator_listen){ c->listen[i].address, c->listen[i].port };
	d->listen = w->listen;
	d->listen_n = c->listen_n;
	w->routers = list(c->routers_n, sizeof(*w->routers));
	for (size_t i = 0; i < c->routers_n; i++)
		w->routers[i] =
		    (struct coordinator_router){ c->routers[i].name, c->routers[i].address };
	d->routers = w->routers;
	d->routers_n = c->routers_n;
	w->recorded = list(c->files_n, sizeof(*w->recorded));
	for (size_t i = 0; i < c->files_n; i++)
		w->recorded[i] =
		    (struct coordinator_recording){ c->files[i].path, c->files[i].name };
	d->files = w->recorded;
	d->files_n = c->files_n;
	d->allow = c->access.allow;
	d->allow_n = c->access.allow_n;
	d->routers_max = c->limits.routers;
}

static void
wire_rules(struct wiring *w)
{
	struct config *c = w->config;
	struct detect_config *d = &w->coordinator.detect;

	d->own_asns = c->own.asns;
	d->own_asns_n = c->own.asns_n;
	d->provider_free = c->rules.provider_free;
	d->provider_free_n = c->rules.provider_free_n;
	w->own = list(c->own.prefixes_n, sizeof(*w->own));
	for (size_t i = 0; i < c->own.prefixes_n; i++)
		w->own[i] = (struct detect_own){ c->own.prefixes[i].prefix,
			c->own.prefixes[i].origins, c->own.prefixes[i].origins_n };
	d->own = w->own;
	d->own_n = c->own.prefixes_n;
	w->neighbors = list(c->neighbors_n, sizeof(*w->neighbors));
	for (size_t i = 0; i < c->neighbors_n; i++)
		w->neighbors[i] = (struct detect_neighbor){ c->neighbors[i].has_asn,
			c->neighbors[i].has_address, c->neighbors[i].asn, c->neighbors[i].address,
			c->neighbors[i].relation };
	d->neighbors = w->neighbors;
	d->neighbors_n = c->neighbors_n;
	_Static_assert(
	    (int)RELATION_RS_CLIENT == (int)NEIGHBOR_RS_CLIENT, "relations in one order");
	w->coordinator.incident = (struct incident_config){ .collector = c->collector,
		.hold_ms = c->incidents.hold_ms,
		.update_s = c->incidents.update_s,
		.feed_grace_s = c->incidents.feed_grace_s,
		.forget_s = c->incidents.forget_s,
		.settle_s = c->incidents.settle_s,
		.max = INCIDENTS_MAX };
}

static void
wire_sources(struct wiring *w)
{
	struct config *c = w->config;
	struct coordinator_config *d = &w->coordinator;

	w->files = list(c->rpki.files_n, sizeof(char *));
	for (size_t i = 0; i < c->rpki.files_n; i++)
		w->files[i] = c->rpki.files[i];
	d->vrp_files = w->files;
	d->vrp_files_n = c->rpki.files_n;
	w->caches = list(c->rpki.caches_n, sizeof(*w->caches));
	for (size_t i = 0; i < c->rpki.caches_n; i++)
		w->caches[i] = (struct coordinator_cache){ c->rpki.caches[i].name,
			c->rpki.caches[i].host, c->rpki.caches[i].port, c->rpki.caches[i].version };
	d->caches = w->caches;
	d->caches_n = c->rpki.caches_n;
}

static void
wire_sinks(struct wiring *w)
{
	struct config *c = w->config;
	struct coordinator_config *d = &w->coordinator;

	snprintf(w->journal, sizeof(w->journal), "%s/journal.sqlite", c->state_dir);
	d->journal_path = w->journal;
	d->control_path = c->control;
	d->retain_days = c->journal.retain_days;
	d->retain_octets = (uint64_t)c->journal.max_mb * 1024 * 1024;
	d->kafka_enabled = c->kafka.enabled;
	w->properties = list(c->kafka.properties_n, sizeof(*w->properties));
	for (size_t i = 0; i < c->kafka.properties_n; i++)
		w->properties[i] = (struct kafka_property){ c->kafka.properties[i].name,
			c->kafka.properties[i].value, c->kafka.properties[i].line };
	d->kafka = (struct kafka_config){ .journal_path = w->journal,
		.reader = "kafka",
		.format = c->kafka.json ? KAFKA_JSON : KAFKA_PROTOBUF,
		.topic_alerts = c->kafka.topic_alerts,
		.topic_events = c->kafka.topic_events,
		.properties = w->properties,
		.properties_n = c->kafka.properties_n };
}

static void
wire_workers(struct wiring *w)
{
	struct config *c = w->config;
	struct worker_config *k = &w->coordinator.worker;
	long cores = sysconf(_SC_NPROCESSORS_ONLN);

	w->coordinator.workers = c->workers != 0 ? c->workers : cores > 0 ? (unsigned)cores : 1;
	k->engine.rib = rib_limits_default(c->limits.routes);
	k->engine.message_max = c->limits.message_bytes;
	k->engine.peers_per_router = c->limits.peers_per_router;
	k->engine.stale_s = c->limits.stale_s;
	k->engine.settle_s = c->incidents.settle_s;
	if (getrandom(&k->engine.seed, sizeof(k->engine.seed), 0) < 0)
		k->engine.seed = (uint64_t)clock_mono_us();
	k->initiation_s = c->limits.initiation_s;
	k->idle_s = c->limits.idle_s;
	k->keepalive_s = c->limits.keepalive_s;
	k->ring_octets = RING_OCTETS;
}

/* Takes the configuration over. */
static struct wiring *
wire(struct config *c)
{
	struct wiring *w = list(0, sizeof(*w));

	w->config = c;
	w->coordinator.collector = c->collector;
	wire_identity(w);
	wire_rules(w);
	wire_sources(w);
	wire_sinks(w);
	wire_workers(w);
	return w;
}

static void
unwire(struct wiring *w)
{
	free(w->listen);
	free(w->routers);
	free(w->recorded);
	free(w->own);
	free(w->neighbors);
	free(w->files);
	free(w->caches);
	free(w->properties);
	config_free(w->config);
	free(w);
}

static struct config *
load(const char *path)
{
	struct sbuf errors = sbuf_of(1 << 20);
	struct config *c = config_load(path, &errors);

	if (c == NULL)
		fputs(sbuf_text(&errors), stderr);
	sbuf_free(&errors);
	return c;
}

/* Applies whole or not at all: a file with an error, or one that needs a restart, leaves everything
 * as it is. */
static void
reload(void *ctx, struct coordinator *d)
{
	struct wiring **running = ctx, *wanted;
	struct sbuf names = sbuf_of(4096);
	struct config *c = load((*running)->config->path);
	char error[512];

	if (c == NULL) {
		log_error("main",
		    "reload refused: the configuration has errors, the former one stays in force");
		return;
	}
	config_needs_restart((*running)->config, c, &names);
	if (names.len > 0) {
		log_error("main", "reload refused: a restart is needed for: %s", sbuf_text(&names));
		config_free(c);
	} else {
		wanted = wire(c);
		if (coordinator_reconfigure(d, &wanted->coordinator, error, sizeof(error))) {
			log_setup(c->log.level, c->log.format);
			log_notice("main", "reloaded path=%s", c->path);
			unwire(*running);
			*running = wanted;
		} else {
			log_error("main", "reload refused: %s", error);
			unwire(wanted);
		}
	}
	sbuf_free(&names);
}

static bool
make_dir(const char *path)
{
	struct stat st;

	if (mkdir(path, 0750) == 0 || (stat(path, &st) == 0 && S_ISDIR(st.st_mode)))
		return true;
	log_error("main", "state_dir %s: %s", path, strerror(errno));
	return false;
}

/* Thousands of routers need thousands of descriptors: take what the system allows. */
static void
raise_files(void)
{
	struct rlimit lim;

	if (getrlimit(RLIMIT_NOFILE, &lim) == 0 && lim.rlim_cur < lim.rlim_max) {
		lim.rlim_cur = lim.rlim_max;
		setrlimit(RLIMIT_NOFILE, &lim);
	}
}

static int
run(struct config *c)
{
	struct wiring *w = wire(c);
	char error[512];
	struct coordinator *d;
	int rc;

	log_setup(c->log.level, c->log.format);
	if (!make_dir(c->state_dir)) {
		unwire(w);
		return 1;
	}
	raise_files();
	d = coordinator_new(&w->coordinator, reload, &w, error, sizeof(error));
	if (d == NULL) {
		log_error("main", "cannot start: %s", error);
		unwire(w);
		return 1;
	}
	log_notice("main", "Bellman %s started collector=%s workers=%u", BELLMAN_VERSION,
	    w->coordinator.collector, w->coordinator.workers);
	rc = coordinator_run(d);
	coordinator_free(d);
	unwire(w);
	log_notice("main", "stopped");
	return rc;
}

static int
check(struct config *c, bool dump)
{
	struct wiring *w = wire(c);
	char error[512];
	int rc = 0;

	if (c->kafka.enabled && !kafka_check(&w->coordinator.kafka, error, sizeof(error))) {
		fprintf(stderr, "%s:%s\n", c->path, error);
		rc = EXIT_USAGE;
	} else if (dump) {
		struct sbuf out = sbuf_of(1 << 20);

		config_dump(c, &out);
		fputs(sbuf_text(&out), stdout);
		sbuf_free(&out);
	} else {
		fprintf(stderr, "%s: ok\n", c->path);
	}
	unwire(w);
	return rc;
}

static int
usage(FILE *to, int rc)
{
	fputs("usage: bellmand -c FILE [--check-config | --dump-config]\n"
	      "\n"
	      "  -c, --config FILE   configuration (YAML)\n"
	      "      --check-config  check it and leave: 0 good, 2 not\n"
	      "      --dump-config   print what is in force, secrets masked\n"
	      "      --version       print the version\n"
	      "\n"
	      "SIGHUP reloads the configuration, whole or not at all; SIGTERM and SIGINT stop in "
	      "order.\n",
	    to);
	return rc;
}

int
main(int argc, char **argv)
{
	static const struct option options[] = { { "config", required_argument, NULL, 'c' },
		{ "check-config", no_argument, NULL, 'k' },
		{ "dump-config", no_argument, NULL, 'd' }, { "version", no_argument, NULL, 'v' },
		{ "help", no_argument, NULL, 'h' }, { NULL, 0, NULL, 0 } };
	const char *path = NULL;
	bool only_check = false, dump = false;
	struct config *c;
	int opt;

	while ((opt = getopt_long(argc, argv, "c:h", options, NULL)) != -1) {
		switch (opt) {
		case 'c':
			path = optarg;
			break;
		case 'k':
			only_check = true;
			break;
		case 'd':
			dump = true;
			break;
		case 'v':
			puts("bellmand " BELLMAN_VERSION);
			return 0;
		case 'h':
			return usage(stdout, 0);
		default:
			return usage(stderr, EXIT_USAGE);
		}
	}
	if (path == NULL || optind < argc)
		return usage(stderr, EXIT_USAGE);
	c = load(path);
	if (c == NULL)
		return EXIT_USAGE;
	return only_check || dump ? check(c, dump) : run(c);
}
