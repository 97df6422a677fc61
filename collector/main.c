/*
 * bellmand: reads its configuration, which is wired for the coordinator, and lives on the
 * coordinator's loop until a signal ends it.
 */
#include <getopt.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/log.h"
#include "base/pure/text.h"
#include "base/standard.h"
#include "collector/config/config.h"
#include "collector/daemon/coordinator.h"
#include "collector/daemon/service.h"
#include "collector/daemon/state_dir.h"

enum { EXIT_USAGE = 2, LOG_FINISH_MS = 500 };

/* NULL when the file has an error. Errors and notes go to standard error. */
struct notes {
	const char *path;
	struct sbuf *messages;
};

static void
on_warning(void *ctx, unsigned line, unsigned column, const char *text)
{
	struct notes *notes = ctx;

	sbuf_printf(notes->messages, "%s:%u:%u: note: %s\n", notes->path, line, column, text);
}

/* Load the file, and have librdkafka look at the properties of Kafka. NULL when something is
 * wrong; messages says what, and what is worth a note, a line each. */
static struct config *
load_checked(const char *path, struct sbuf *messages)
{
	struct config *c = config_load(path, messages);
	struct notes notes = { path, messages };
	char error[512];

	if (c == NULL || !c->coordinator.records.kafka_enabled ||
	    kafka_check(&c->coordinator.records.kafka, on_warning, &notes, error, sizeof(error)))
		return c;
	sbuf_printf(messages, "%s:%s\n", path, error);
	config_free(c);
	return NULL;
}

static struct config *
load(const char *path)
{
	struct sbuf messages = sbuf_of(1 << 20);
	struct config *c = load_checked(path, &messages);

	fputs(sbuf_text(&messages), stderr);
	sbuf_free(&messages);
	return c;
}

/* --- on SIGHUP: a configuration applies whole or not at all. A file with an error, or one that
 * needs a restart, leaves everything as it is. */

struct running {
	struct config *config;
	const char *path;
	struct coordinator *coordinator;
};

/* What was read of the file. */
struct reading {
	struct config *config; /* NULL: it has errors */
	char first[512];       /* message; "" when there is none */
};

/* On the reloader's thread: each message is a line of the log. */
static void *
read_again(void *ctx)
{
	const struct running *r = ctx;
	struct reading *got = calloc(1, sizeof(*got));
	struct sbuf messages = sbuf_of(1 << 20);
	char *rest, *line;

	service_reloading();
	if (got == NULL)
		return NULL;
	got->config = load_checked(r->path, &messages);
	rest = messages.data;
	while (rest != NULL && *(line = strsep(&rest, "\n")) != '\0') {
		log_msg(got->config == NULL ? LOG_ERROR : LOG_NOTICE, "config", "%s", line);
		if (got->first[0] == '\0')
			text_copy(got->first, sizeof(got->first), line);
	}
	sbuf_free(&messages);
	return got;
}

static void
drop_reading(void *what)
{
	struct reading *got = what;

	config_free(got->config);
	free(got);
}

/* False when the configuration stays as it is, with the reason in error. */
static bool
apply(const struct running *r, const struct config *wanted, char *error, size_t size)
{
	struct sbuf names = sbuf_of(4096), list = sbuf_of(4096);
	char *rest, *name;
	bool same;

	config_needs_restart(r->config, wanted, &names); /* one a line */
	same = names.len == 0;
	rest = names.data;
	while (rest != NULL && *(name = strsep(&rest, "\n")) != '\0')
		sbuf_printf(&list, "%s%s", list.len > 0 ? ", " : "", name);
	snprintf(error, size, "a restart is needed for: %s", sbuf_text(&list));
	sbuf_free(&names);
	sbuf_free(&list);
	return same && coordinator_reconfigure(r->coordinator, &wanted->coordinator, error, size);
}

static void
apply_reading(void *ctx, void *what)
{
	struct running *r = ctx;
	struct reading *got = what;
	char error[512];

	service_ready(); /* also with the former configuration */
	if (got == NULL) {
		coordinator_reload_refused(r->coordinator, "out of memory");
		return;
	}
	if (got->config == NULL) {
		snprintf(error, sizeof(error), "the configuration has errors: %.400s", got->first);
		coordinator_reload_refused(r->coordinator, error);
	} else if (!apply(r, got->config, error, sizeof(error))) {
		coordinator_reload_refused(r->coordinator, error);
	} else {
		log_setup(got->config->log.level, got->config->log.format);
		log_notice("main", "reloaded path=%s", got->config->path);
		config_free(r->config);
		r->config = got->config;
		got->config = NULL;
	}
	drop_reading(got);
}

static const struct reload_ops reload = { read_again, apply_reading, drop_reading };

/* Thousands of routers need thousands of descriptors: raise the limit. */
static void
raise_file_limit(void)
{
	struct rlimit lim;

	if (getrlimit(RLIMIT_NOFILE, &lim) == 0 && lim.rlim_cur < lim.rlim_max) {
		lim.rlim_cur = lim.rlim_max;
		setrlimit(RLIMIT_NOFILE, &lim);
	}
}

/* Until a signal ends it. path: as it was given. *config: replaced by a reload. */
/* What is as large as a list of VRPs is given back to the system when it is freed. glibc would keep
 * it, once it has seen one freed, and 90 MB stayed after a reading of 40. */
static void
give_back_what_is_large(void)
{
	enum { LARGE = 1 << 20 };

	(void)mallopt(M_MMAP_THRESHOLD, LARGE);
}

static int
run(const char *path, struct config **config)
{
	const struct config *c = *config;
	struct running r = { .config = *config, .path = path };
	char error[512];
	int rc, lock;

	log_setup(c->log.level, c->log.format);
	lock = state_dir_take(c->state_dir, error, sizeof(error));
	raise_file_limit();
	give_back_what_is_large();
	if (lock >= 0)
		r.coordinator = coordinator_new(&c->coordinator, &reload, &r, error, sizeof(error));
	if (r.coordinator == NULL) {
		log_error("main", "cannot start: %s", error);
		log_finish(LOG_FINISH_MS);
		return 1; /* and the lock ends with the process */
	}
	service_ready();
	log_notice("main", "Bellman %s started collector=%s workers=%u", BELLMAN_VERSION,
	    c->coordinator.records.collector, c->coordinator.workers);
	rc = coordinator_run(r.coordinator);
	coordinator_free(r.coordinator);
	*config = r.config;
	close(lock);
	log_notice("main", "stopped");
	log_finish(LOG_FINISH_MS);
	return rc;
}

static void
dump(const struct config *c)
{
	struct sbuf out = sbuf_of(1 << 20);

	config_dump(c, &out);
	fputs(sbuf_text(&out), stdout);
	sbuf_free(&out);
}

/* For whoever makes the reference of the configuration. */
static void
describe(void)
{
	struct sbuf out = sbuf_of(1 << 20);

	config_describe(&out);
	fputs(sbuf_text(&out), stdout);
	sbuf_free(&out);
}

static int
usage(FILE *to, int rc)
{
	fputs("usage: bellmand -c FILE [--check-config | --dump-config]\n"
	      "\n"
	      "  -c, --config FILE   configuration (YAML)\n"
	      "      --check-config  check it and leave: 0 good, 2 not\n"
	      "      --dump-config   print what is in force, secrets masked\n"
	      "      --options       print what options there are: name, type, range, default\n"
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
		{ "dump-config", no_argument, NULL, 'd' }, { "options", no_argument, NULL, 'o' },
		{ "version", no_argument, NULL, 'v' }, { "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 } };
	enum { RUN, CHECK, DUMP } task = RUN;
	const char *path = NULL;
	struct config *c;
	int opt, rc;

	standard_descriptors();
	signal(SIGPIPE, SIG_IGN); /* whoever reads us may go */
	service_begin();
	while ((opt = getopt_long(argc, argv, "c:h", options, NULL)) != -1) {
		switch (opt) {
		case 'c':
			path = optarg;
			break;
		case 'k':
			task = CHECK;
			break;
		case 'd':
			task = DUMP;
			break;
		case 'o':
			describe();
			return 0;
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
	rc = task == RUN ? run(path, &c) : 0;
	if (task == DUMP)
		dump(c);
	else if (task == CHECK)
		fprintf(stderr, "%s: ok\n", c->path);
	config_free(c);
	return rc;
}
