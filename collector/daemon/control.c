/*
 * The control socket: a line of request, lines of answer. Verb and TAB-separated key=value words,
 * values percent-encoded; "ok" or "error<TAB>text" comes first, then lines ready to be printed,
 * until the end of the stream. A reader that does not keep up with a tail loses lines, is told how
 * many, and stalls nobody.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/pure/text.h"
#include "collector/daemon/coordinator_private.h"

enum {
	REQUEST_MAX = 8192,
	QUEUE_MAX = 4 * 1024 * 1024, /* octets not yet taken by a reader before lines are dropped */
	CLIENTS_MAX = 256,
	HISTORY_MAX = 100000,
	WORDS_MAX = 16,
	ANSWER_MAX = 256 * 1024 * 1024,
};

struct client {
	struct control *control;
	uv_pipe_t pipe;
	char request[REQUEST_MAX];
	size_t request_n;
	bool answered, closing, follow, json, colour, finishing;
	struct record_filter *filter;
	uint64_t last_seq, dropped;
	uint32_t count;	  /* lines still wanted; UINT32_MAX: all */
	uint32_t query;	  /* id of the query that is out, 0 none */
	unsigned waiting; /* workers that have not answered */
	struct cmd_query asked;
	struct engine_stats stats;
	struct client *next, **prev;
};

struct control {
	struct coordinator *coordinator;
	uv_pipe_t pipe;
	char path[sizeof(((struct sockaddr_un *)0)->sun_path)];
	struct client *clients;
	unsigned clients_n;
	uint32_t next_query;
};

/* --- writing */

struct write_req {
	uv_write_t req;
	struct client *client;
	char data[];
};

static void
client_closed(uv_handle_t *h)
{
	struct client *c = h->data;

	record_filter_free(c->filter);
	free(c);
}

static void
client_close(struct client *c)
{
	if (c->closing)
		return;
	c->closing = true;
	*c->prev = c->next;
	if (c->next != NULL)
		c->next->prev = c->prev;
	c->control->clients_n--;
	uv_close((uv_handle_t *)&c->pipe, client_closed);
}

static void
on_written(uv_write_t *req, int status)
{
	struct write_req *w = (struct write_req *)(void *)req;
	struct client *c = w->client;

	free(w);
	if (status != 0 ||
	    (c->finishing && uv_stream_get_write_queue_size((uv_stream_t *)&c->pipe) == 0))
		client_close(c);
}

static void
put(struct client *c, const char *data, size_t n)
{
	struct write_req *w;
	uv_buf_t buf;

	if (c->closing || n == 0)
		return;
	w = malloc(sizeof(*w) + n);
	if (w == NULL) {
		client_close(c);
		return;
	}
	w->client = c;
	memcpy(w->data, data, n);
	buf = uv_buf_init(w->data, (unsigned)n);
	if (uv_write(&w->req, (uv_stream_t *)&c->pipe, &buf, 1, on_written) != 0) {
		free(w);
		client_close(c);
	}
}

static void
put_text(struct client *c, const char *text)
{
	put(c, text, strlen(text));
}

/* Everything has been said: close when it has been taken. */
static void
done(struct client *c)
{
	c->finishing = true;
	if (!c->closing && uv_stream_get_write_queue_size((uv_stream_t *)&c->pipe) == 0)
		client_close(c);
}

static void
refuse(struct client *c, const char *why)
{
	struct sbuf text = sbuf_of(4096);

	sbuf_printf(&text, "error\t%s\n", why);
	put(c, text.data, text.len);
	sbuf_free(&text);
	done(c);
}

/* --- requests */

struct request {
	char *verb;
	struct {
		char *key, *value;
	} word[WORDS_MAX];
	unsigned n;
};

static int
hex(char c)
{
	return c >= '0' && c <= '9'   ? c - '0'
	       : c >= 'a' && c <= 'f' ? c - 'a' + 10
	       : c >= 'A' && c <= 'F' ? c - 'A' + 10
				      : -1;
}

static void
percent_decode(char *s)
{
	char *to = s;

	for (; *s != '\0'; s++) {
		if (*s == '%' && hex(s[1]) >= 0 && hex(s[2]) >= 0) {
			*to++ = (char)(hex(s[1]) * 16 + hex(s[2]));
			s += 2;
		} else {
			*to++ = *s;
		}
	}
	*to = '\0';
}

static void
parse_request(char *line, struct request *r)
{
	char *save, *word = strtok_r(line, "\t", &save);

	memset(r, 0, sizeof(*r));
	r->verb = word != NULL ? word : line;
	while ((word = strtok_r(NULL, "\t", &save)) != NULL && r->n < WORDS_MAX) {
		char *eq = strchr(word, '=');

		if (eq == NULL)
			continue;
		*eq = '\0';
		percent_decode(eq + 1);
		r->word[r->n].key = word;
		r->word[r->n++].value = eq + 1;
	}
}

static const char *
word_of(const struct request *r, const char *key, const char *otherwise)
{
	for (unsigned i = 0; i < r->n; i++)
		if (strcmp(r->word[i].key, key) == 0)
			return r->word[i].value;
	return otherwise;
}

/* --- tail */

static void
send_record(struct client *c, const struct record *r)
{
	struct sbuf line = sbuf_of(65536);

	if (c->count == 0 || c->closing || !record_filter_match(c->filter, r))
		return;
	if (uv_stream_get_write_queue_size((uv_stream_t *)&c->pipe) > QUEUE_MAX) {
		c->dropped++;
		return;
	}
	if (c->dropped > 0) {
		if (c->json)
			sbuf_printf(&line, "{\"dropped\":%llu}\n", (unsigned long long)c->dropped);
		else
			sbuf_printf(&line, "-- %llu lines dropped: this reader is too slow --\n",
			    (unsigned long long)c->dropped);
		c->dropped = 0;
	}
	if (c->json ? record_to_json(r, &line) : record_to_text(r, c->colour, &line))
		sbuf_putc(&line, '\n');
	put(c, line.data, line.len);
	sbuf_free(&line);
	if (c->count != UINT32_MAX && --c->count == 0)
		done(c);
}

static bool
history_record(void *ctx, const struct record *r)
{
	struct client *c = ctx;

	send_record(c, r);
	c->last_seq = r->seq;
	return c->count > 0 && !c->closing;
}

/* What the journal has, then what is on its way there. */
static void
send_history(struct client *c, uint64_t after)
{
	struct coordinator *d = c->control->coordinator;
	uint64_t first = d->recent_n > RECENT ? d->recent_n - RECENT : 0;

	c->last_seq = after;
	journal_read(d->reader, after, HISTORY_MAX, history_record, c);
	for (uint64_t i = first; i < d->recent_n; i++) {
		const struct record *r = &d->recent[i % RECENT];

		if (r->seq > c->last_seq)
			history_record(c, r);
	}
}

static void
tail(struct client *c, const struct request *r)
{
	struct coordinator *d = c->control->coordinator;
	long n = atol(word_of(r, "n", "10"));
	const char *since = word_of(r, "since", NULL), *count = word_of(r, "count", NULL);
	char error[256];
	uint64_t after;

	c->json = strcmp(word_of(r, "format", "text"), "json") == 0;
	c->colour = strcmp(word_of(r, "colour", "0"), "1") == 0;
	c->count = count != NULL && atol(count) > 0 ? (uint32_t)atol(count) : UINT32_MAX;
	c->filter = record_filter_new(word_of(r, "filter", ""), error, sizeof(error));
	if (c->filter == NULL) {
		refuse(c, error);
		return;
	}
	put_text(c, "ok\n");
	if (since != NULL)
		after =
		    journal_before_time(d->reader, clock_wall_us() - (int64_t)(atof(since) * 1e6));
	else
		after = n > 0 ? journal_before_last(d->reader, (int)n, c->filter) : d->seq;
	send_history(c, after);
	c->follow = strcmp(word_of(r, "follow", "0"), "1") == 0 && c->count > 0;
	if (!c->follow)
		done(c);
}

void
control_record(struct control *control, const struct record *r)
{
	struct client *next;

	for (struct client *c = control->clients; c != NULL; c = next) {
		next = c->next;
		if (c->follow && !c->closing && r->seq > c->last_seq) {
			c->last_seq = r->seq;
			send_record(c, r);
		}
	}
}

/* --- show */

static void
ask_workers(struct client *c, enum show_what what)
{
	struct control *control = c->control;

	if (++control->next_query == 0)
		control->next_query++;
	c->asked.type = CMD_QUERY;
	c->asked.id = c->query = control->next_query;
	c->asked.query.what = (uint8_t)what;
	c->asked.query.json = c->json;
	c->asked.query.colour = c->colour;
	c->waiting = control->coordinator->workers_n;
	for (unsigned w = 0; w < control->coordinator->workers_n; w++)
		coordinator_command(control->coordinator, w, &c->asked, sizeof(c->asked));
}

static void
begin_rows(struct client *c)
{
	struct sbuf head = sbuf_of(4096);

	sbuf_puts(&head, "ok\n");
	show_header(&c->asked.query, &head);
	put(c, head.data, head.len);
	sbuf_free(&head);
}

static void
show_incidents(struct client *c, const struct request *r)
{
	struct sbuf out = sbuf_of(ANSWER_MAX);
	char error[256];
	struct record rec;

	c->filter = record_filter_new(word_of(r, "filter", ""), error, sizeof(error));
	if (c->filter == NULL) {
		refuse(c, error);
		return;
	}
	sbuf_puts(&out, "ok\n");
	for (uint32_t i = 0; incidents_get(c->control->coordinator->incidents, i, &rec); i++) {
		if (!record_filter_match(c->filter, &rec))
			continue;
		if (c->json ? record_to_json(&rec, &out) : record_to_text(&rec, c->colour, &out))
			sbuf_putc(&out, '\n');
	}
	put(c, out.data, out.len);
	sbuf_free(&out);
	done(c);
}

static void
rpki_answer(struct client *c, const struct ip_prefix *p, uint32_t asn, struct sbuf *out)
{
	struct coordinator *d = c->control->coordinator;
	struct rov_result r = vrp_validate(d->vrps, p, true, asn);
	struct vrp v[64];
	size_t n = vrp_covering(d->vrps, p, v, 64);
	char text[IP_PREFIX_TEXT_MAX];
	struct jw j = jw_to(out);

	if (!c->json) {
		sbuf_printf(out, "%s AS%u %s%s%s\n", ip_prefix_format(p, text), asn,
		    rov_state_name(r.state), r.reason ? " " : "", rov_reason_name(r.reason));
		for (size_t i = 0; i < n && i < 64; i++)
			sbuf_printf(out, "  %s max %u AS%u\n", ip_prefix_format(&v[i].prefix, text),
			    v[i].max_len, v[i].asn);
		return;
	}
	jw_object(&j, NULL);
	jw_string(&j, "prefix", ip_prefix_format(p, text));
	jw_uint(&j, "origin", asn);
	jw_string(&j, "state", rov_state_name(r.state));
	if (r.state == ROV_INVALID)
		jw_string(&j, "reason", rov_reason_name(r.reason));
	jw_array(&j, "vrps");
	for (size_t i = 0; i < n && i < 64; i++) {
		jw_object(&j, NULL);
		jw_string(&j, "prefix", ip_prefix_format(&v[i].prefix, text));
		jw_uint(&j, "max_length", v[i].max_len);
		jw_uint(&j, "asn", v[i].asn);
		jw_end_object(&j);
	}
	jw_end_array(&j);
	jw_end_object(&j);
	sbuf_putc(out, '\n');
}

static void
show_rpki(struct client *c, const struct request *r)
{
	struct sbuf out = sbuf_of(ANSWER_MAX);
	const char *prefix = word_of(r, "prefix", NULL), *asn = word_of(r, "asn", "0");
	struct ip_prefix p;

	sbuf_puts(&out, "ok\n");
	if (prefix == NULL) {
		coordinator_sources_show(c->control->coordinator, c->json, &out);
	} else if (!ip_prefix_parse(prefix, false, &p)) {
		refuse(c, "not a prefix; right would be 192.0.2.0/24 or 2001:db8::/32");
		sbuf_free(&out);
		return;
	} else {
		rpki_answer(c, &p,
		    (uint32_t)strtoul(strncmp(asn, "AS", 2) == 0 ? asn + 2 : asn, NULL, 10), &out);
	}
	put(c, out.data, out.len);
	sbuf_free(&out);
	done(c);
}

static void
show(struct client *c, const struct request *r)
{
	const char *what = word_of(r, "what", "");

	c->json = strcmp(word_of(r, "format", "text"), "json") == 0;
	c->colour = strcmp(word_of(r, "colour", "0"), "1") == 0;
	if (strcmp(what, "incidents") == 0) {
		show_incidents(c, r);
	} else if (strcmp(what, "rpki") == 0) {
		show_rpki(c, r);
	} else if (strcmp(what, "routers") == 0 || strcmp(what, "peers") == 0) {
		ask_workers(c, what[0] == 'r' ? SHOW_ROUTERS : SHOW_PEERS);
		begin_rows(c);
	} else if (strcmp(what, "routes") == 0) {
		if (!ip_prefix_parse(word_of(r, "prefix", ""), false, &c->asked.query.prefix)) {
			refuse(c, "not a prefix; right would be 192.0.2.0/24 or 2001:db8::/32");
			return;
		}
		ask_workers(c, SHOW_ROUTES);
		begin_rows(c);
	} else if (strcmp(what, "stats") == 0) {
		put_text(c, "ok\n");
		ask_workers(c, SHOW_STATS);
	} else {
		refuse(c, "show what? routers, peers, incidents, routes PREFIX, rpki [PREFIX ASN], "
			  "stats");
	}
}

/* --- answers of the workers */

static struct client *
client_of(struct control *control, uint32_t id)
{
	for (struct client *c = control->clients; c != NULL; c = c->next)
		if (c->query == id)
			return c;
	return NULL;
}

void
control_reply(struct control *control, uint32_t id, const void *data, uint32_t len)
{
	struct client *c = client_of(control, id);

	if (c == NULL)
		return;
	if (c->asked.query.what == SHOW_STATS) {
		struct engine_stats s;

		memcpy(&s, data, sizeof(s));
		show_stats_add(&c->stats, &s);
	} else {
		put(c, data, len);
	}
}

struct row {
	const char *name;
	uint64_t value;
};

static void
put_stats(struct client *c)
{
	struct coordinator *d = c->control->coordinator;
	struct sbuf out = sbuf_of(ANSWER_MAX);
	struct jw j = jw_to(&out);
	struct incidents_stats in;
	struct journal_writer_stats jw;
	struct kafka_stats ks = { 0 };

	incidents_stats(d->incidents, &in);
	journal_writer_stats(d->writer, &jw);
	if (d->kafka != NULL)
		kafka_stats(d->kafka, &ks);
	struct row rows[] = {
		{ "sessions", d->sessions },
		{ "sessions_refused", d->refused },
		{ "incidents_open", in.open },
		{ "incidents_unknown", in.unknown },
		{ "incidents_opened", in.opened },
		{ "incidents_updated", in.updated },
		{ "incidents_closed", in.closed },
		{ "incidents_refused", in.refused },
		{ "incident_members", in.members },
		{ "journal_seq", d->seq },
		{ "journal_written", jw.written },
		{ "journal_pending", jw.pending },
		{ "journal_refused", jw.refused },
		{ "journal_failures", jw.failures },
		{ "kafka_connected", ks.connected },
		{ "kafka_delivered", ks.delivered },
		{ "kafka_failed", ks.failed },
		{ "kafka_position", ks.position },
		{ "kafka_lag", ks.lag },
		{ "vrps_ipv4", vrp_set_count(d->vrps, IP_V4) },
		{ "vrps_ipv6", vrp_set_count(d->vrps, IP_V6) },
		{ "uptime_seconds", (uint64_t)((clock_mono_us() - d->started_us) / 1000000) },
		{ "cpu_microseconds", (uint64_t)clock_cpu_us() },
	};
	size_t n = sizeof(rows) / sizeof(rows[0]);

	if (c->json) {
		jw_object(&j, NULL);
		jw_string(&j, "collector", d->collector);
		jw_string(&j, "version", BELLMAN_VERSION);
		for (size_t i = 0; i < n; i++)
			jw_uint(&j, rows[i].name, rows[i].value);
		show_stats(&c->stats, &j, &out);
		jw_end_object(&j);
		sbuf_putc(&out, '\n');
	} else {
		for (size_t i = 0; i < n; i++)
			sbuf_printf(&out, "%-28s %14llu\n", rows[i].name,
			    (unsigned long long)rows[i].value);
		show_stats(&c->stats, NULL, &out);
	}
	put(c, out.data, out.len);
	sbuf_free(&out);
}

void
control_reply_end(struct control *control, uint32_t id)
{
	struct client *c = client_of(control, id);

	if (c == NULL || --c->waiting > 0)
		return;
	c->query = 0;
	if (c->asked.query.what == SHOW_STATS)
		put_stats(c);
	done(c);
}

/* --- connections */

static void
answer(struct client *c)
{
	struct request r;

	c->answered = true;
	c->request[strcspn(c->request, "\r\n")] = '\0';
	parse_request(c->request, &r);
	if (strcmp(r.verb, "tail") == 0)
		tail(c, &r);
	else if (strcmp(r.verb, "show") == 0)
		show(c, &r);
	else
		refuse(c, "unknown request; right would be tail or show");
}

static void
on_alloc(uv_handle_t *h, size_t hint, uv_buf_t *buf)
{
	struct client *c = h->data;
	static char waste[256];

	(void)hint;
	if (c->answered || c->request_n >= REQUEST_MAX - 1)
		*buf = uv_buf_init(waste, sizeof(waste));
	else
		*buf = uv_buf_init(
		    c->request + c->request_n, (unsigned)(REQUEST_MAX - 1 - c->request_n));
}

static void
on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
	struct client *c = stream->data;

	(void)buf;
	if (n < 0) {
		/* the reader is gone; an answer on its way to one that only shut its side down
		 * still goes out */
		if (!c->answered || c->follow || n != UV_EOF)
			client_close(c);
		else
			uv_read_stop(stream);
		return;
	}
	if (c->answered || n == 0)
		return;
	c->request_n += (size_t)n;
	c->request[c->request_n] = '\0';
	if (strchr(c->request, '\n') != NULL)
		answer(c);
	else if (c->request_n >= REQUEST_MAX - 1)
		refuse(c, "request too long");
}

static void
on_connection(uv_stream_t *server, int status)
{
	struct control *control = server->data;
	struct client *c;

	if (status != 0 || (c = calloc(1, sizeof(*c))) == NULL)
		return;
	c->control = control;
	uv_pipe_init(&control->coordinator->loop, &c->pipe, 0);
	c->pipe.data = c;
	c->next = control->clients;
	c->prev = &control->clients;
	if (c->next != NULL)
		c->next->prev = &c->next;
	control->clients = c;
	control->clients_n++;
	if (uv_accept(server, (uv_stream_t *)&c->pipe) != 0 || control->clients_n > CLIENTS_MAX) {
		client_close(c);
		return;
	}
	uv_read_start((uv_stream_t *)&c->pipe, on_alloc, on_read);
}

/* A socket file without a listener is what a killed collector leaves behind. */
static bool
in_use(const char *path)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool used;

	text_copy(un.sun_path, sizeof(un.sun_path), path);
	used = fd >= 0 && connect(fd, (struct sockaddr *)&un, sizeof(un)) == 0;
	if (fd >= 0)
		close(fd);
	return used;
}

struct control *
control_new(struct coordinator *d, const char *path, char *error, size_t size)
{
	struct control *c = calloc(1, sizeof(*c));
	int rc;

	if (c == NULL || strlen(path) >= sizeof(c->path)) {
		snprintf(error, size, "control socket path %s is longer than %zu", path,
		    sizeof(c->path) - 1);
		free(c);
		return NULL;
	}
	if (in_use(path)) {
		snprintf(error, size, "control socket %s belongs to a running collector", path);
		free(c);
		return NULL;
	}
	unlink(path);
	c->coordinator = d;
	text_copy(c->path, sizeof(c->path), path);
	uv_pipe_init(&d->loop, &c->pipe, 0);
	c->pipe.data = c;
	rc = uv_pipe_bind(&c->pipe, path);
	if (rc == 0) {
		chmod(path, 0660);
		rc = uv_listen((uv_stream_t *)&c->pipe, 64, on_connection);
	}
	if (rc != 0) {
		snprintf(error, size, "control socket %s: %s", path, uv_strerror(rc));
		c->path[0] = '\0';
		control_close(c);
		return NULL;
	}
	return c;
}

static void
control_closed(uv_handle_t *h)
{
	free(h->data);
}

void
control_close(struct control *c)
{
	if (c == NULL)
		return;
	while (c->clients != NULL)
		client_close(c->clients);
	if (c->path[0] != '\0')
		unlink(c->path);
	uv_close((uv_handle_t *)&c->pipe, control_closed);
}
