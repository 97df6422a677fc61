#include "collector/daemon/sessions.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/log.h"
#include "base/ptrmap.h"
#include "base/pure/text.h"
#include "parsers/bmp/bmp.h"

enum {
	PEEK_OCTETS = 65536,
	/* what has arrived is less than a message: look again */
	PEEK_AGAIN_MS = 20,
	/* who has told of no peer for so long may have to give way */
	SILENT_MS = 60000,
	/* a router that has the name of another one is more than a passing thing */
	SAME_NAME_MS = 10000,
};

/* Where connections come from. */
struct host {
	struct ip_addr ip; /* of IPv6 the /64 */
	uint32_t n;
};

struct session {
	struct sessions *all;
	uint32_t id;
	char address[ENGINE_NAME_MAX];
	char configured[ENGINE_NAME_MAX];
	struct ip_addr ip; /* IP_NONE: recorded */
	struct host *host;
	struct waiting *waiting;   /* not NULL: no worker has it yet */
	struct identity *identity; /* NULL while it waits */
	unsigned worker;
	uint64_t begun_ms;
	bool tells, ending, same_name;
	uint32_t rival; /* it waits for the answer of this session, which has its name; 0 none */
	struct session *next, **prev;
};

/* The first message has not come, or not whole. */
struct waiting {
	uv_poll_t poll;
	uv_timer_t timer;
	struct session *session;
	int fd;
	unsigned open_handles;
	char sys_name[BMP_TEXT_MAX];
};

struct sessions {
	uv_loop_t *loop;
	struct workers *workers;
	struct identities *identities;
	const struct sessions_ops *ops;
	void *ctx;
	struct sessions_config config;
	struct session *list; /* newest first */
	struct ptrmap by_id, hosts;
	uint32_t last_id;
	uint32_t same_names; /* sessions that have the sysName of another router */
	uint64_t refused, looked_ms;
	struct log_limit refusals; /* that are logged */
	uint8_t peek[PEEK_OCTETS];
};

/* --- where they come from */

static struct ip_addr
host_ip(const struct ip_addr *ip)
{
	struct ip_addr h = *ip;

	if (h.family == IP_V6)
		memset(h.b + 8, 0, sizeof(h.b) - 8);
	return h;
}

static uint32_t
host_hash(const struct ip_addr *ip)
{
	return (uint32_t)hash_bytes(hash_seed(), ip->b, sizeof(ip->b));
}

static struct host *
host_find(const struct sessions *t, const struct ip_addr *ip)
{
	struct ip_addr h = host_ip(ip);
	struct host *host;

	for (uint32_t at = 0; (host = ptrmap_next(&t->hosts, host_hash(&h), &at)) != NULL;)
		if (ip_addr_equal(&host->ip, &h))
			return host;
	return NULL;
}

/* NULL for a recorded stream, and when out of memory: then it is not counted. */
static struct host *
host_enter(struct sessions *t, const struct ip_addr *ip)
{
	struct host *h = ip->family == IP_NONE ? NULL : host_find(t, ip);

	if (ip->family == IP_NONE)
		return NULL;
	if (h == NULL) {
		h = calloc(1, sizeof(*h));
		if (h == NULL)
			return NULL;
		h->ip = host_ip(ip);
		if (!ptrmap_add(&t->hosts, host_hash(&h->ip), h)) {
			free(h);
			return NULL;
		}
	}
	h->n++;
	return h;
}

static void
host_leave(struct sessions *t, struct host *h)
{
	if (h == NULL || --h->n > 0)
		return;
	ptrmap_remove(&t->hosts, host_hash(&h->ip), h);
	free(h);
}

/* --- the table */

static struct session *
session_new(struct sessions *t, const struct sessions_newcomer *c)
{
	struct session *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return NULL;
	s->all = t;
	s->id = ++t->last_id;
	if (!ptrmap_add(&t->by_id, s->id, s)) {
		free(s);
		return NULL;
	}
	text_copy(s->address, sizeof(s->address), c->address);
	text_copy(s->configured, sizeof(s->configured), c->configured);
	s->ip = c->ip;
	s->host = host_enter(t, &c->ip);
	s->begun_ms = uv_now(t->loop);
	s->next = t->list;
	s->prev = &t->list;
	if (s->next != NULL)
		s->next->prev = &s->next;
	t->list = s;
	return s;
}

static struct session *
session_of(const struct sessions *t, uint32_t id)
{
	struct session *s;

	for (uint32_t at = 0; (s = ptrmap_next(&t->by_id, id, &at)) != NULL;)
		if (s->id == id)
			return s;
	return NULL;
}

static void
session_free(struct session *s)
{
	struct sessions *t = s->all;

	host_leave(t, s->host);
	ptrmap_remove(&t->by_id, s->id, s);
	*s->prev = s->next;
	if (s->next != NULL)
		s->next->prev = s->prev;
	free(s);
}

/* --- waiting for the first message */

static void
waiting_closed(uv_handle_t *h)
{
	struct waiting *w = h->data;

	if (--w->open_handles == 0)
		free(w);
}

/* The loop looks at the descriptor no longer. */
static int
waiting_end(struct session *s)
{
	struct waiting *w = s->waiting;
	int fd = w->fd;

	s->waiting = NULL;
	uv_close((uv_handle_t *)&w->poll, waiting_closed);
	uv_close((uv_handle_t *)&w->timer, waiting_closed);
	return fd;
}

/* End it, whoever has it. */
static void
session_end(struct session *s, const char *why)
{
	struct cmd_close cmd = { .type = CMD_CLOSE, .id = s->id };

	if (s->ending)
		return;
	if (s->waiting != NULL) {
		log_info("session", "closed router=- address=%s reason=\"%s\"", s->address, why);
		close(waiting_end(s));
		session_free(s);
		return;
	}
	s->ending = true;
	text_copy(cmd.why, sizeof(cmd.why), why);
	workers_command(s->all->workers, s->worker, &cmd, sizeof(cmd));
}

enum peeked { PEEKED_PART, PEEKED_MESSAGE, PEEKED_END };

/* Has the other side closed it? What is still to be read would not show it. */
static bool
closed_there(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLRDHUP };

	return poll(&p, 1, 0) > 0 && (p.revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0;
}

/* sysName of the Initiation message at the front of what has arrived; "" when another message is
 * there, or one that is too long to be looked at. why: of an end. */
static enum peeked
peek_name(struct sessions *t, int fd, char *name, size_t size, const char **why)
{
	struct faults f = { .n = 0 };
	struct bmp_msg m;
	struct bmp_tlv tlv;
	ssize_t n = recv(fd, t->peek, PEEK_OCTETS, MSG_PEEK | MSG_DONTWAIT);
	int64_t len;

	name[0] = '\0';
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return PEEKED_PART;
	if (n <= 0) {
		*why = n == 0 ? "closed by the router" : strerror(errno);
		return PEEKED_END;
	}
	len = bmp_frame(t->peek, (size_t)n, t->config.message_max, &f);
	if (len < 0) {
		*why = fault_text(f.v[0].code);
		return PEEKED_END;
	}
	if ((len == 0 || len > n) && n < PEEK_OCTETS) {
		*why = "closed by the router";
		return closed_there(fd) ? PEEKED_END : PEEKED_PART;
	}
	if (len == 0 || len > n)
		return PEEKED_MESSAGE;
	if (bmp_parse(t->peek, (size_t)len, &m, &f) && m.type == BMP_INITIATION)
		while (bmp_tlv_next(&m.body, m.start, &tlv, &f))
			if (tlv.type == BMP_INIT_SYS_NAME)
				bmp_text(name, size, tlv.value);
	return PEEKED_MESSAGE;
}

/* --- whose it is */

static void
tell_same_name(struct session *s, enum same_name what)
{
	struct sessions *t = s->all;

	t->ops->same_name(t->ctx, s->identity, identities_owner(t->identities, s->identity), what);
}

static void
same_name_begins(struct session *s)
{
	const struct identity *owner = identities_owner(s->all->identities, s->identity);

	if (s->ip.family == IP_NONE || owner == NULL ||
	    strcmp(owner->address, s->identity->address) == 0)
		return;
	s->same_name = true;
	s->all->same_names++;
	tell_same_name(s, SAME_NAME_BEGINS);
}

static void
same_name_is_over(struct session *s)
{
	if (!s->same_name)
		return;
	s->same_name = false;
	s->all->same_names--;
	tell_same_name(s, SAME_NAME_OVER);
}

/* Whose session this is. */
static struct identity *
identify(struct session *s)
{
	const struct identity_claim claim = { .address = s->address,
		.configured = s->configured,
		.sys_name = s->waiting->sys_name,
		.recorded = s->ip.family == IP_NONE };

	return identities_of(s->all->identities, &claim, clock_wall_us());
}

/* It waits until the session that has its name has shown whether it lives. */
static void
challenge(struct session *s, const struct session *rival)
{
	struct cmd_challenge cmd = { .type = CMD_CHALLENGE, .id = rival->id };

	uv_poll_stop(&s->waiting->poll);
	uv_timer_stop(&s->waiting->timer);
	s->rival = rival->id;
	workers_command(s->all->workers, rival->worker, &cmd, sizeof(cmd));
}

/* To the worker that knows the router. Returns false when it has to wait; else it is no longer
 * here, if it is at all. */
static bool
hand_over(struct session *s)
{
	struct sessions *t = s->all;
	struct cmd_session cmd = { .type = CMD_SESSION, .id = s->id };
	struct identity *i = identify(s);

	s->rival = 0;
	if (i != NULL && i->session != NULL) {
		challenge(s, i->session);
		return false;
	}
	cmd.fd = waiting_end(s);
	if (i == NULL) {
		log_error("session", "refused address=%s: out of memory", s->address);
		close(cmd.fd);
		session_free(s);
		return true;
	}
	s->identity = i;
	i->session = s;
	s->worker = (unsigned)(i->place % workers_count(t->workers));
	text_copy(cmd.address, sizeof(cmd.address), s->address);
	text_copy(cmd.name, sizeof(cmd.name), i->name);
	workers_command(t->workers, s->worker, &cmd, sizeof(cmd));
	same_name_begins(s);
	return true;
}

/* Those that wait for that session, who came first first. */
static void
rivals_go_on(struct sessions *t, uint32_t id)
{
	for (;;) {
		struct session *first = NULL;

		for (struct session *s = t->list; s != NULL; s = s->next)
			if (s->rival == id)
				first = s; /* the list begins with the newest */
		if (first == NULL)
			return;
		if (!hand_over(first) && first->rival == id) /* it has asked again */
			return;
	}
}

void
sessions_lives(struct sessions *t, uint32_t id, bool lives)
{
	struct session *s = session_of(t, id);
	struct identity *i = s != NULL ? s->identity : NULL;
	int64_t now_us = clock_wall_us();

	if (i == NULL)
		return;
	if (lives || !identities_replaced(i, now_us)) {
		identities_lives(i, now_us);
		t->ops->two_sessions(t->ctx, i);
	} else {
		same_name_is_over(s);
		s->identity = NULL;
		i->session = NULL;
		session_end(s, "replaced by a newer connection of the router");
	}
	rivals_go_on(t, id);
}

static void
look(struct waiting *w)
{
	struct session *s = w->session;
	struct sessions *t = s->all;
	uint64_t waited = uv_now(t->loop) - s->begun_ms;
	const char *why = "";
	char name[BMP_TEXT_MAX];
	enum peeked p = peek_name(t, w->fd, name, sizeof(name), &why);

	if (p == PEEKED_MESSAGE) {
		text_copy(w->sys_name, sizeof(w->sys_name), name);
		(void)hand_over(s);
	} else if (p == PEEKED_END) {
		session_end(s, why);
	} else if (t->config.initiation_s > 0 &&
		   waited >= (uint64_t)t->config.initiation_s * 1000) {
		session_end(s, "no BMP message after connecting");
	}
}

static void on_timer(uv_timer_t *);

/* Something has come. What is not whole would be told again and again: look at it now and then. */
static void
on_readable(uv_poll_t *poll, int status, int events)
{
	struct waiting *w = poll->data;

	(void)status;
	(void)events;
	uv_poll_stop(poll);
	uv_timer_start(&w->timer, on_timer, PEEK_AGAIN_MS, PEEK_AGAIN_MS);
	look(w);
}

static void
on_timer(uv_timer_t *timer)
{
	look(timer->data);
}

static bool
wait_for_message(struct session *s, int fd)
{
	struct sessions *t = s->all;
	struct waiting *w = calloc(1, sizeof(*w));
	uint64_t wait_ms = (uint64_t)t->config.initiation_s * 1000;

	if (w == NULL || uv_poll_init(t->loop, &w->poll, fd) != 0) {
		free(w);
		return false;
	}
	uv_timer_init(t->loop, &w->timer);
	w->open_handles = 2;
	w->session = s;
	w->fd = fd;
	w->poll.data = w->timer.data = w;
	s->waiting = w;
	uv_poll_start(&w->poll, UV_READABLE | UV_DISCONNECT, on_readable);
	if (wait_ms > 0)
		uv_timer_start(&w->timer, on_timer, wait_ms, PEEK_AGAIN_MS);
	return true;
}

/* --- limits */

/* An orderly end, not a reset: there may be octets that nobody has read. */
static void
close_in_order(int fd)
{
	char ignored[4096];

	shutdown(fd, SHUT_WR);
	for (int i = 0; i < 16 && recv(fd, ignored, sizeof(ignored), MSG_DONTWAIT) > 0; i++) {
	}
	close(fd);
}

void
sessions_refuse(struct sessions *t, int fd, const char *address, const char *why)
{
	uint32_t held;

	t->refused++;
	if (log_allowed(&t->refusals, (int64_t)uv_now(t->loop) * 1000, &held))
		log_warning("server", "refused address=%s reason=\"%s\" not_logged_before=%u",
		    address, why, held);
	close_in_order(fd);
}

/* May s give way to somebody of a host that has so many? */
static bool
may_yield(const struct session *s, uint64_t now_ms, uint32_t newcomers)
{
	if (s->ending || s->host == NULL || s->configured[0] != '\0')
		return false;
	return (!s->tells && now_ms - s->begun_ms > SILENT_MS) || s->host->n > newcomers + 1;
}

/* Of two that may: who has told of nothing, then whose host has more, then the newer one. */
static bool
yields_before(const struct session *a, const struct session *b)
{
	if (b == NULL || a->tells != b->tells)
		return b == NULL || !a->tells;
	if (a->host->n != b->host->n)
		return a->host->n > b->host->n;
	return a->id > b->id;
}

/* End a session so that a newcomer whose host has so many has room; only: of that host. Returns
 * false when none has to. */
static bool
make_room(struct sessions *t, uint32_t newcomers, const struct host *only)
{
	struct session *found = NULL;
	uint64_t now_ms = uv_now(t->loop);

	if (now_ms == t->looked_ms) /* not for each of a flood of connections */
		return false;
	t->looked_ms = now_ms;
	for (struct session *s = t->list; s != NULL; s = s->next)
		if (may_yield(s, now_ms, newcomers) && (only == NULL || s->host == only) &&
		    yields_before(s, found))
			found = s;
	if (found == NULL)
		return false;
	t->refused++;
	t->ops->refused(t->ctx, only != NULL ? "limits.per_address" : "limits.routers");
	session_end(found, only != NULL ? "limits.per_address reached: gives way to another"
					: "limits.routers reached: gives way to another");
	return true;
}

/* The limit that stands in the way, when nobody has to give way; else NULL. */
static const char *
limit_in_the_way(struct sessions *t, const struct sessions_newcomer *c)
{
	const struct host *h = c->ip.family == IP_NONE ? NULL : host_find(t, &c->ip);
	/* one that the configuration names comes before those of any address */
	uint32_t newcomers = h == NULL || c->configured[0] != '\0' ? 0 : h->n;

	if (h != NULL && t->config.per_address > 0 && h->n >= t->config.per_address &&
	    !make_room(t, h->n, h))
		return "limits.per_address";
	if (t->by_id.n >= t->config.sessions_max && !make_room(t, newcomers, NULL))
		return "limits.routers";
	return NULL;
}

void
sessions_welcome(struct sessions *t, const struct sessions_newcomer *c)
{
	const char *limit = limit_in_the_way(t, c);
	char why[64];
	struct session *s;

	if (limit != NULL) {
		snprintf(why, sizeof(why), "%s reached", limit);
		sessions_refuse(t, c->fd, c->address, why);
		t->ops->refused(t->ctx, limit);
		return;
	}
	s = session_new(t, c);
	if (s == NULL || !wait_for_message(s, c->fd)) {
		sessions_refuse(t, c->fd, c->address, "out of memory");
		if (s != NULL)
			session_free(s);
	}
}

/* --- what the workers say */

void
sessions_closed(struct sessions *t, uint32_t id)
{
	struct session *s = session_of(t, id);
	struct identity *i = s != NULL ? s->identity : NULL;

	if (s == NULL)
		return;
	if (i != NULL) {
		same_name_is_over(s);
		i->session = NULL;
		identities_keep(t->identities, i, clock_wall_us());
	}
	session_free(s);
	rivals_go_on(t, id);
}

void
sessions_tells(struct sessions *t, uint32_t id)
{
	struct session *s = session_of(t, id);

	if (s == NULL)
		return;
	s->tells = true;
	if (s->identity != NULL) {
		s->identity->tells = true;
		identities_keep(t->identities, s->identity, clock_wall_us());
	}
}

/* --- life */

void
sessions_tick(struct sessions *t)
{
	if (t->same_names == 0)
		return;
	for (struct session *s = t->list; s != NULL; s = s->next) {
		if (!s->same_name || uv_now(t->loop) - s->begun_ms < SAME_NAME_MS)
			continue;
		if (identities_owner(t->identities, s->identity) == NULL)
			same_name_is_over(s);
		else
			tell_same_name(s, SAME_NAME_STANDS);
	}
}

void
sessions_end_unless(
    struct sessions *t, bool (*may)(void *ctx, const struct ip_addr *), void *ctx, const char *why)
{
	struct session *next;

	for (struct session *s = t->list; s != NULL; s = next) {
		next = s->next;
		if (s->ip.family != IP_NONE && !may(ctx, &s->ip))
			session_end(s, why);
	}
}

void
sessions_stop(struct sessions *t)
{
	struct session *next;

	for (struct session *s = t->list; s != NULL; s = next) {
		next = s->next;
		if (s->waiting == NULL)
			continue;
		close(waiting_end(s));
		session_free(s);
	}
}

void
sessions_configure(struct sessions *t, const struct sessions_config *c)
{
	t->config = *c;
}

struct sessions *
sessions_new(uv_loop_t *loop, struct workers *workers, struct identities *identities,
    const struct sessions_ops *ops, void *ctx)
{
	struct sessions *t = calloc(1, sizeof(*t));

	if (t == NULL)
		return NULL;
	t->loop = loop;
	t->workers = workers;
	t->identities = identities;
	t->ops = ops;
	t->ctx = ctx;
	t->refusals = (struct log_limit){ .burst = 10, .period_us = 10000000 };
	return t;
}

void
sessions_free(struct sessions *t)
{
	if (t == NULL)
		return;
	while (t->list != NULL)
		session_free(t->list);
	ptrmap_free(&t->by_id);
	ptrmap_free(&t->hosts);
	free(t);
}

uint32_t
sessions_count(const struct sessions *t)
{
	return t->by_id.n;
}

uint64_t
sessions_refused(const struct sessions *t)
{
	return t->refused;
}
