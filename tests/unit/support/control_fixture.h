/* A control socket with an owner that is the test's, and readers who ask it. One to a process: what
 * it is made of is static. */
#pragma once

#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "collector/control/control.h"
#include "proto/control_request.h"
#include "sinks/journal.h"
#include "tests/unit/support/harness.h"
#include "tests/unit/support/records.h"

enum { WORKERS = 2, TURNS = 50, MANY = 12000 };

static char dir[64], socket_path[96], journal_path[96], error[256];
static uv_loop_t loop;
static struct journal *journal;
static struct control *control;
static struct sbuf answer;
static bool ended; /* the answer in `answer` is complete */

/* --- the owner */

static uint32_t asked_id;
static unsigned asked_worker, asked_n;
static struct show_query asked;
static uint64_t open_incidents; /* how many there are */

static inline bool
ask_worker(void *ctx, unsigned worker, uint32_t id, const struct show_query *q)
{
	(void)ctx;
	if (worker >= WORKERS)
		return false;
	asked_worker = worker;
	asked_id = id;
	asked = *q;
	asked_n++;
	return true;
}

static inline bool
next_incident(void *ctx, uint64_t *cursor, struct record *out)
{
	(void)ctx;
	*out = sample_incident();
	out->seq = *cursor;
	return (*cursor)++ < open_incidents;
}

static inline void
rpki_sources(void *ctx, struct printer *p)
{
	(void)ctx;
	printer_row(p, NULL, NULL);
	printer_figure(p, "caches", 1);
	printer_end(p);
}

static inline const struct vrp_set *
vrps(void *ctx)
{
	(void)ctx;
	return NULL;
}

static inline enum rpki_state
rpki_state(void *ctx)
{
	(void)ctx;
	return RPKI_NONE;
}

static inline const struct detect *
detect(void *ctx)
{
	static const uint32_t asns[] = { 64500 };
	static const struct detect_config config = { .own_asns = asns, .own_asns_n = 1 };
	static struct detect *d;

	(void)ctx;
	if (d == NULL)
		d = detect_new(&config, 1);
	return d;
}

static inline void
figures(void *ctx, struct control_figures *out)
{
	(void)ctx;
	out->collector = "here";
	out->sessions = 17;
}

static inline void
incident_counts(void *ctx, void (*each)(void *, const struct incident_count *), void *each_ctx)
{
	(void)ctx;
	each(each_ctx, &(struct incident_count){ "leak.otc", SEVERITY_MAJOR, true, 3 });
}

static inline bool
incident_why(
    void *ctx, const char *id, struct incident_why *why, struct ip_prefix *prefixes, unsigned *n)
{
	(void)ctx;
	(void)id;
	(void)prefixes;
	*n = 0;
	*why = (struct incident_why){ .furthest = FURTHEST_IN_USE,
		.rules = 1U << RULE_ROV_ASN,
		.because_n = 1,
		.because = { "we use it" } };
	return true;
}

static inline void
incident_routes(void *ctx, const char *id, unsigned max,
    void (*each)(void *, const struct incident_route *), void *each_ctx)
{
	(void)ctx;
	(void)id;
	for (; max > 0; max--)
		each(each_ctx, &(struct incident_route){ .router = "r1", .as_path = "" });
}

static inline bool
mute(void *ctx, const struct mute_request *q, char *says, size_t size)
{
	char ann[64];

	(void)ctx;
	snprintf(says, size, "%u|%s|%lld|%s", q->verb, q->target, (long long)q->for_us,
	    q->verb == MUTE_END ? "" : q->why);
	snprintf(ann, sizeof(ann), "ann (uid %ld)", (long)getuid());
	if (strcmp(q->who, ann) == 0)
		snprintf(says, size, "ann");
	return strcmp(q->target, "nothing") != 0;
}

static inline void
mutes(void *ctx, struct printer *p)
{
	(void)ctx;
	printer_row(p, show_verbs[SHOW_MUTES].columns, NULL);
	printer_uint(p, "number", 7);
	printer_end(p);
}

static inline bool
test_alert(
    void *ctx, const char *by, uint8_t severity, int64_t for_us, char *id, char *says, size_t size)
{
	(void)ctx;
	(void)by;
	strcpy(id, "0123456789abcdef");
	snprintf(says, size, "%u %lld", severity, (long long)for_us);
	return severity != SEVERITY_INFO;
}

static inline void
baseline(void *ctx, struct printer *p)
{
	(void)ctx;
	printer_row(p, NULL, NULL);
	printer_uint(p, "prefixes", 4000);
	printer_end(p);
}

static inline bool
baseline_reset(void *ctx, const char *who, const char *why, char *says, size_t size)
{
	(void)ctx;
	snprintf(says, size, "%s %s", strncmp(who, "ann (uid ", 9) == 0 ? "ann" : "?", why);
	return strcmp(why, "no") != 0;
}

static inline const struct aspa_set *
aspas(void *ctx)
{
	(void)ctx;
	return NULL;
}

/* The first of each month was watched. */
static inline void
norm_rows(void *ctx, const char *day, control_norm_row each, void *each_ctx)
{
	(void)ctx;
	if (strcmp(day + 7, "-01") == 0) {
		each(each_ctx, day, "c", "1 3600 0", 8);
		each(each_ctx, day, "s 64501 4 edge1 192.0.2.1",
		    "1 1 0 3600 0 3600 7200 2 0 0 0 0 0 0", 36);
	}
}

static inline bool
evidence_gone(void *ctx, const char *id)
{
	(void)ctx;
	return id[0] == 'f';
}

static inline void
who(void *ctx, uint32_t asn, const char *session, char *name, char *contact)
{
	(void)ctx;
	(void)asn;
	(void)session;
	(void)contact;
	strcpy(name, "someone");
}

static inline void
own_roas(void *ctx, void (*each)(void *, const struct own_roa *), void *each_ctx)
{
	struct own_roa o = { .state = OWN_ROA_COVERED };

	(void)ctx;
	ip_prefix_parse("203.0.113.0/24", true, &o.prefix);
	each(each_ctx, &o);
}

static inline void
sav_lists(void *ctx, void (*each)(void *, const struct control_sav_list *), void *each_ctx)
{
	const struct control_sav_list l = {
		.asn = 64501, .state = CONTROL_SAV_WHOLE, .prefixes = 3, .made_us = 1, .gap = ""
	};

	(void)ctx;
	each(each_ctx, &l);
}

static inline void
lists(void *ctx, void (*each)(void *, const struct control_list *), void *each_ctx)
{
	const struct control_list l = {
		.asn = 64501, .path = "as64501.json", .read = true, .prefixes = 3
	};

	(void)ctx;
	each(each_ctx, &l);
}

static inline void
gaps(void *ctx, struct sav_gaps *g)
{
	(void)ctx;
	sav_gap(g, "a router is missing");
}

static inline void
contacts(void *ctx, void (*each)(void *, const struct contact_seen *), void *each_ctx)
{
	const struct contact_seen own = { .asn = 64500,
		.own = true,
		.name = "",
		.contact = "",
		.registry = "ripencc",
		.from = "",
		.state = CONTACT_MISSING };
	const struct contact_seen other = { .asn = 64501,
		.relation = NEIGHBOR_CUSTOMER,
		.name = "Example",
		.contact = "noc@example.net",
		.registry = "",
		.from = "configuration",
		.state = CONTACT_KNOWN };

	(void)ctx;
	each(each_ctx, &own);
	each(each_ctx, &other);
}

static inline void
contact_of_us(void *ctx, struct contact_of_us *out)
{
	(void)ctx;
	*out = (struct contact_of_us){ "Our NOC", "noc@example.org", "" };
}

static bool one_is_absent;

static inline void
never_came(void *ctx, control_absent_router each, void *each_ctx)
{
	(void)ctx;
	if (one_is_absent)
		each(each_ctx, "never1", "192.0.2.77", 1700000000000000);
}

static const struct control_ops ops = { ask_worker, next_incident, incident_why, incident_routes,
	rpki_sources, vrps, rpki_state, detect, figures, mute, mutes, test_alert, baseline,
	baseline_reset, aspas, norm_rows, evidence_gone, who, own_roas, sav_lists, lists, contacts,
	contact_of_us, incident_counts, gaps, never_came };

static inline void
setup(void)
{
	snprintf(dir, sizeof(dir), "/tmp/bellman-control-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(dir));
	snprintf(socket_path, sizeof(socket_path), "%s/s", dir);
	snprintf(journal_path, sizeof(journal_path), "%s/j", dir);
	signal(SIGPIPE, SIG_IGN); /* as the daemon does */
	uv_loop_init(&loop);
	journal = journal_open(journal_path, true, error, sizeof(error));
	ck_assert_msg(journal != NULL, "%s", error);
	control = control_new(&loop, socket_path, journal_path, &ops, NULL, error, sizeof(error));
	asked_n = 0;
	open_incidents = 3;
	ck_assert_msg(control != NULL, "%s", error);
	answer = sbuf_of(64 * 1024 * 1024);
}

static inline void
teardown(void)
{
	static const char *const names[] = { "", "-wal", "-shm" };
	char name[104];

	control_close(control);
	uv_run(&loop, UV_RUN_DEFAULT);
	ck_assert_int_eq(uv_loop_close(&loop), 0);
	ck_assert_int_ne(access(socket_path, F_OK), 0);
	journal_close(journal);
	for (size_t i = 0; i < 3; i++) {
		snprintf(name, sizeof(name), "%s%s", journal_path, names[i]);
		unlink(name);
	}
	rmdir(dir);
	sbuf_free(&answer);
}

/* --- the reader */

/* The loop runs, and the thread that reads records gets its time. */
static inline void
turn(void)
{
	for (int i = 0; i < TURNS; i++)
		uv_run(&loop, UV_RUN_NOWAIT);
	uv_sleep(1);
	uv_run(&loop, UV_RUN_NOWAIT);
}

/* A connection that has sent these octets. */
static inline int
request(const char *text)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	size_t n = strlen(text);

	text_copy(un.sun_path, sizeof(un.sun_path), socket_path);
	ck_assert_int_eq(connect(fd, (struct sockaddr *)&un, sizeof(un)), 0);
	ck_assert_int_eq(send(fd, text, n, MSG_NOSIGNAL), (ssize_t)n);
	turn();
	return fd;
}

static inline unsigned
lines(const char *text)
{
	unsigned n = 0;

	for (; (text = strchr(text, '\n')) != NULL; text++)
		n++;
	return n;
}

/* Read into `answer` until it has so many lines, or ends, or nothing comes for too long. */
static inline const char *
receive_lines(int fd, unsigned wanted, int idle_turns)
{
	char buf[65536];
	ssize_t n;

	sbuf_clear(&answer);
	ended = false;
	for (int idle = 0;
	     idle < idle_turns && !ended && (wanted == 0 || lines(sbuf_text(&answer)) < wanted);
	     idle++) {
		turn();
		while ((n = recv(fd, buf, sizeof(buf), MSG_DONTWAIT)) > 0) {
			sbuf_add(&answer, buf, (size_t)n);
			idle = 0;
			uv_run(&loop, UV_RUN_NOWAIT);
		}
		ended = n == 0;
	}
	ck_assert(!answer.failed);
	return sbuf_text(&answer);
}

/* What there is, and what comes while reading. */
static inline const char *
receive(int fd)
{
	return receive_lines(fd, 0, 100);
}

/* All of an answer that has an end. */
static inline const char *
receive_end(int fd)
{
	receive_lines(fd, 0, 10000);
	ck_assert(ended);
	return sbuf_text(&answer);
}
