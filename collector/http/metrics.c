/*
 * /metrics: all that is measured, gathered from the collector's answers. One gathers at a time, and
 * what was gathered within the last second is given again: any number of monitoring systems cost
 * the collector no more than one does.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/clock.h"
#include "collector/http/http_private.h"
#include "collector/http/metric_text.h"
#include "collector/http/rows.h"

enum {
	FRESH_US = 1000000,
	NORMS_US = 60000000, /* a month is long to read */
	ROUTERS_MAX = 2000,
	TEXT_MAX = 256 * 1024 * 1024,
};

struct scrape {
	pthread_mutex_t lock;
	struct metric_text *text; /* NULL: nothing was gathered yet */
	int64_t gathered_us;
	json_t *norms;
	int64_t norms_us;
};

struct scrape *
scrape_new(void)
{
	struct scrape *s = calloc(1, sizeof(*s));

	if (s != NULL)
		pthread_mutex_init(&s->lock, NULL);
	return s;
}

void
scrape_free(struct scrape *s)
{
	if (s == NULL)
		return;
	metric_text_free(s->text);
	json_decref(s->norms);
	pthread_mutex_destroy(&s->lock);
	free(s);
}

/* --- of this process */

static unsigned
count_entries(const char *path)
{
	DIR *d = opendir(path);
	unsigned n = 0;

	while (d != NULL && readdir(d) != NULL)
		n++;
	if (d != NULL)
		closedir(d);
	return n > 2 ? n - 2 : 0; /* "." and ".." */
}

/* Fields of /proc/self/stat behind the name, which may have spaces. */
static void
read_stat(json_t *row)
{
	enum { THREADS = 20, STARTED = 22, VIRTUAL = 23, RESIDENT = 24 };
	long tick = sysconf(_SC_CLK_TCK), page = sysconf(_SC_PAGESIZE);
	long long now_s = clock_wall_us() / 1000000, boot_s;
	FILE *f = fopen("/proc/self/stat", "r");
	char text[1024] = "", *at;
	struct timespec up;
	size_t n;

	if (f == NULL)
		return;
	n = fread(text, 1, sizeof(text) - 1, f);
	text[n] = '\0';
	fclose(f);
	at = strrchr(text, ')');
	clock_gettime(CLOCK_BOOTTIME, &up);
	boot_s = now_s - up.tv_sec;
	for (int field = 2; at != NULL && (at = strchr(at, ' ')) != NULL; at++) {
		long long v = atoll(at + 1);

		field++;
		if (field == THREADS)
			json_object_set_new(row, "threads", json_integer(v));
		else if (field == STARTED && tick > 0)
			json_object_set_new(row, "start_s", json_integer(boot_s + v / tick));
		else if (field == VIRTUAL)
			json_object_set_new(row, "virtual_bytes", json_integer(v));
		else if (field == RESIDENT)
			json_object_set_new(row, "resident_bytes", json_integer(v * page));
	}
}

static void
gather_process(struct metric_text *t)
{
	json_t *row = json_object();
	struct rlimit files;

	read_stat(row);
	json_object_set_new(row, "open_fds", json_integer(count_entries("/proc/self/fd")));
	if (getrlimit(RLIMIT_NOFILE, &files) == 0)
		json_object_set_new(row, "max_fds", json_integer((json_int_t)files.rlim_cur));
	metric_text_row(t, OF_PROCESS, row);
	json_decref(row);
}

/* --- of the HTTP server */

static json_t *
requests_of(const struct http *h)
{
	json_t *all = json_array();
	char status[4];

	for (int place = 0; place < PLACES; place++)
		for (int class = 1; class < HTTP_CLASSES; class ++) {
			unsigned long long n = h->counts.requests[place][class];

			if (n == 0)
				continue;
			snprintf(status, sizeof(status), "%dxx", class);
			json_array_append_new(
			    all, json_pack("{s:s, s:s, s:I}", "place", http_place_names[place],
				     "status", status, "count", (json_int_t)n));
		}
	return all;
}

static void
gather_http(const struct http *h, struct metric_text *t, int64_t took_us)
{
	struct visitors_counts v;
	json_t *row;

	visitors_count(h->visitors, &v);
	row = json_pack("{s:o, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "requests",
	    requests_of(h), "connections", (json_int_t)v.open, "accepted", (json_int_t)v.accepted,
	    "refused", (json_int_t)v.refused, "refused_of_address",
	    (json_int_t)v.refused_of_address, "gave_way", (json_int_t)v.gave_way, "streams_refused",
	    (json_int_t)h->counts.streams_refused, "unauthorized",
	    (json_int_t)h->counts.unauthorized, "streams", (json_int_t)h->counts.streams,
	    "left_out", (json_int_t)metric_text_left_out(t), "gathered_us", (json_int_t)took_us);
	metric_text_row(t, OF_HTTP, row);
	json_decref(row);
}

/* --- of the collector */

struct gathering {
	struct metric_text *text;
	enum metric_of of;
	json_t *keep; /* rows for later; NULL: none is kept */
};

static bool
each(void *ctx, const json_t *row)
{
	const struct gathering *g = ctx;

	metric_text_row(g->text, g->of, row);
	if (g->keep != NULL)
		json_array_append(g->keep, (json_t *)(uintptr_t)row);
	return true;
}

static enum ask_got
gather(const struct http *h, struct metric_text *t, enum metric_of of, const char *what,
    char why[ASK_WHY_MAX])
{
	struct gathering g = { .text = t, .of = of };
	struct sbuf request = rows_request(what);

	return rows_each(h, &request, each, &g, why);
}

/* Those of the norms are kept: of a month that has begun little changes in a minute. */
static enum ask_got
gather_norms(const struct http *h, struct scrape *s, struct metric_text *t, char why[ASK_WHY_MAX])
{
	struct gathering g = { .text = t, .of = OF_NORMS };
	struct sbuf request;
	enum ask_got got;
	size_t i;
	json_t *row;

	if (s->norms != NULL && clock_mono_us() < s->norms_us) {
		json_array_foreach(s->norms, i, row)
			metric_text_row(t, OF_NORMS, row);
		return ASK_END;
	}
	json_decref(s->norms);
	s->norms = NULL;
	g.keep = json_array();
	request = rows_request("norms");
	got = rows_each(h, &request, each, &g, why);
	if (got == ASK_END) {
		s->norms = g.keep;
		s->norms_us = clock_mono_us() + NORMS_US;
	} else {
		json_decref(g.keep);
	}
	return got;
}

static enum ask_got
gather_all(const struct http *h, struct scrape *s, unsigned peers_max, char why[ASK_WHY_MAX])
{
	static const struct {
		enum metric_of of;
		const char *what;
	} asked[] = { { OF_STATS, "stats" }, { OF_ROUTERS, "routers" }, { OF_PEERS, "peers" },
		{ OF_SOURCES, "rpki" } };
	int64_t start_us = clock_mono_us();
	struct metric_text *t = metric_text_new();
	enum ask_got got = ASK_END;

	if (t == NULL)
		return ASK_BROKEN;
	metric_text_limit(t, OF_ROUTERS, ROUTERS_MAX);
	metric_text_limit(t, OF_PEERS, peers_max);
	for (size_t i = 0; got == ASK_END && i < sizeof(asked) / sizeof(asked[0]); i++)
		got = gather(h, t, asked[i].of, asked[i].what, why);
	if (got == ASK_END)
		got = gather_norms(h, s, t, why);
	if (got != ASK_END) {
		metric_text_free(t);
		return got;
	}
	gather_process(t);
	gather_http(h, t, clock_mono_us() - start_us);
	metric_text_free(s->text);
	s->text = t;
	s->gathered_us = clock_mono_us();
	return ASK_END;
}

enum MHD_Result
metrics_answer(struct http *h, struct MHD_Connection *c, struct exchange *x)
{
	static const char plain[] = "text/plain; version=0.0.4; charset=utf-8",
			  open[] = "application/openmetrics-text; version=1.0.0; charset=utf-8";
	bool openmetrics = answer_weight(c, "application/openmetrics-text") >
			   answer_weight(c, "text/plain");
	struct sbuf body = sbuf_of(TEXT_MAX);
	struct scrape *s = h->scrape;
	enum ask_got got = ASK_END;
	char why[ASK_WHY_MAX] = "out of memory";
	unsigned peers_max;

	if (x->target.segments != 1)
		return answer_problem(c, x, MHD_HTTP_NOT_FOUND, NULL, "right would be /metrics");
	pthread_mutex_lock(&h->lock);
	peers_max = h->peers_max;
	pthread_mutex_unlock(&h->lock);
	pthread_mutex_lock(&s->lock);
	if (s->text == NULL || clock_mono_us() - s->gathered_us > FRESH_US)
		got = gather_all(h, s, peers_max, why);
	if (got == ASK_END)
		metric_text_put(s->text, openmetrics, &body);
	pthread_mutex_unlock(&s->lock);
	if (got != ASK_END)
		return answer_failure(c, x, got, why);
	return answer_body(c, x, MHD_HTTP_OK, openmetrics ? open : plain, &body, NULL);
}
