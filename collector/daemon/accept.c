#include "collector/daemon/accept.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/log.h"
#include "base/pure/text.h"
#include "collector/bmp_stream/bmp_stream.h"
#include "parsers/bmp/bmp.h"

enum {
	BACKLOG = 1024,
	PEEK_OCTETS = 4096,
	/* wait so long for the router's name; after that its address identifies it */
	PEEK_MS = 1000,
	PEEK_EVERY_MS = 10,
};

struct listener {
	uv_tcp_t tcp;
	struct acceptor *acceptor;
	struct listen_address at;
};

struct acceptor {
	uv_loop_t *loop;
	struct workers *workers;
	struct listener *listeners;
	size_t listeners_n;
	struct newcomer *newcomers;  /* connections whose worker is not chosen yet */
	struct accept_access access; /* owned copies */
	uint32_t sessions;
	uint64_t refused;
	struct log_limit refusals; /* that are logged */
};

static struct ip_addr
addr_of(const struct sockaddr_storage *ss)
{
	static const uint8_t mapped[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };
	struct sockaddr_in in;
	struct sockaddr_in6 in6;

	if (ss->ss_family == AF_INET) {
		memcpy(&in, ss, sizeof(in));
		return ip_addr_v4((const uint8_t *)&in.sin_addr);
	}
	memcpy(&in6, ss, sizeof(in6));
	if (memcmp(&in6.sin6_addr, mapped, sizeof(mapped)) == 0)
		return ip_addr_v4((const uint8_t *)&in6.sin6_addr + 12);
	return ip_addr_v6((const uint8_t *)&in6.sin6_addr);
}

static bool
allowed(const struct accept_access *access, const struct ip_addr *a)
{
	struct ip_prefix host;

	if (access->allow_n == 0)
		return true;
	ip_prefix_make(&host, a->family, a->b, ip_bits(a->family));
	for (size_t i = 0; i < access->allow_n; i++)
		if (ip_prefix_covers(&access->allow[i], &host))
			return true;
	return false;
}

static const char *
configured_name(const struct accept_access *access, const struct ip_addr *a)
{
	for (size_t i = 0; i < access->routers_n; i++)
		if (ip_addr_equal(&access->routers[i].address, a))
			return access->routers[i].name;
	return "";
}

static void
temp_closed(uv_handle_t *h)
{
	free(h);
}

/* Take the descriptor out of the handle that libuv accepted it into. */
static int
take_fd(uv_tcp_t *tcp)
{
	uv_os_fd_t fd;
	int copy = -1;

	if (uv_fileno((uv_handle_t *)tcp, &fd) == 0)
		copy = dup(fd);
	uv_close((uv_handle_t *)tcp, temp_closed);
	return copy;
}

static void
refuse(struct acceptor *a, int fd, const char *address, const char *why)
{
	uint32_t held;

	a->refused++;
	if (log_allowed(&a->refusals, (int64_t)uv_now(a->loop) * 1000, &held))
		log_warning("server", "refused address=%s reason=\"%s\" not_logged_before=%u",
		    address, why, held);
	close(fd);
}

/* --- who is it? */

/*
 * A connection whose worker is not chosen yet. The first message says the router's name; it is
 * looked at without being taken (MSG_PEEK), so the worker gets the stream whole. What a router is
 * called decides where it goes: it meets the routes of its former session, also when it comes back
 * from another address.
 */
struct newcomer {
	struct acceptor *acceptor;
	uv_timer_t timer;
	int fd;
	char address[ENGINE_NAME_MAX];
	char configured[ENGINE_NAME_MAX]; /* "" when the configuration does not name it */
	int64_t deadline_ms;
	struct newcomer *next, **prev;
};

static void
hand_over(struct acceptor *a, int fd, const char *address, const char *name, const char *sys_name)
{
	struct cmd_session cmd = { .type = CMD_SESSION, .fd = fd };
	const char *identity;
	uint64_t hash;

	text_copy(cmd.address, sizeof(cmd.address), address);
	text_copy(cmd.configured, sizeof(cmd.configured), name);
	identity = name[0] != '\0' ? name : sys_name[0] != '\0' ? sys_name : cmd.address;
	hash = hash_bytes(7, identity, strlen(identity));
	workers_command(
	    a->workers, (unsigned)(hash % workers_count(a->workers)), &cmd, sizeof(cmd));
}

/* sysName of the Initiation message at the front of what has arrived. false: more has to come
 * first. */
static bool
peek_name(int fd, char *name, size_t size)
{
	uint8_t buf[PEEK_OCTETS];
	struct faults f = { .n = 0 };
	struct bmp_msg m;
	struct bmp_tlv tlv;
	ssize_t n = recv(fd, buf, sizeof(buf), MSG_PEEK | MSG_DONTWAIT);
	int64_t len;

	name[0] = '\0';
	if (n < 0)
		return errno != EAGAIN && errno != EINTR; /* the worker reports what is wrong */
	len = bmp_frame(buf, (size_t)n, PEEK_OCTETS, &f);
	if (n > 0 && n < PEEK_OCTETS && len >= 0 && (len == 0 || len > n))
		return false;
	if (len <= 0 || len > n || !bmp_parse(buf, (size_t)len, &m, &f) || m.type != BMP_INITIATION)
		return true;
	while (bmp_tlv_next(&m.body, m.start, &tlv, &f))
		if (tlv.type == BMP_INIT_SYS_NAME)
			bmp_text(name, size, tlv.value);
	return true;
}

static void
newcomer_closed(uv_handle_t *h)
{
	free(h->data);
}

static void
newcomer_end(struct newcomer *c)
{
	*c->prev = c->next;
	if (c->next != NULL)
		c->next->prev = c->prev;
	uv_close((uv_handle_t *)&c->timer, newcomer_closed);
}

static void
on_newcomer(uv_timer_t *timer)
{
	struct newcomer *c = timer->data;
	char name[BMP_TEXT_MAX];

	if (!peek_name(c->fd, name, sizeof(name)) &&
	    (int64_t)uv_now(c->acceptor->loop) < c->deadline_ms)
		return;
	hand_over(c->acceptor, c->fd, c->address, c->configured, name);
	newcomer_end(c);
}

void
acceptor_welcome(struct acceptor *a, int fd, const char *address, const char *configured)
{
	struct newcomer *c;

	if (a->sessions >= a->access.sessions_max) {
		refuse(a, fd, address, "limits.routers reached");
		return;
	}
	a->sessions++;
	c = calloc(1, sizeof(*c));
	if (c == NULL) {
		hand_over(a, fd, address, configured, "");
		return;
	}
	c->acceptor = a;
	c->fd = fd;
	text_copy(c->address, sizeof(c->address), address);
	text_copy(c->configured, sizeof(c->configured), configured);
	c->deadline_ms = (int64_t)uv_now(a->loop) + PEEK_MS;
	c->next = a->newcomers;
	c->prev = &a->newcomers;
	if (c->next != NULL)
		c->next->prev = &c->next;
	a->newcomers = c;
	uv_timer_init(a->loop, &c->timer);
	c->timer.data = c;
	uv_timer_start(&c->timer, on_newcomer, 0, PEEK_EVERY_MS);
}

static void
on_connection(uv_stream_t *server, int status)
{
	struct listener *l = server->data;
	struct acceptor *a = l->acceptor;
	uv_tcp_t *tcp = malloc(sizeof(*tcp));
	struct sockaddr_storage ss;
	int len = sizeof(ss), fd;
	char text[IP_ADDR_TEXT_MAX];
	struct ip_addr from;

	if (tcp == NULL || status != 0) {
		log_warning("server", "accept failed: %s",
		    status != 0 ? uv_strerror(status) : "out of memory");
		free(tcp);
		return;
	}
	uv_tcp_init(a->loop, tcp);
	if (uv_accept(server, (uv_stream_t *)tcp) != 0 ||
	    uv_tcp_getpeername(tcp, (struct sockaddr *)&ss, &len) != 0) {
		uv_close((uv_handle_t *)tcp, temp_closed);
		return;
	}
	from = addr_of(&ss);
	ip_addr_format(&from, text);
	fd = take_fd(tcp);
	if (fd < 0) {
		log_error("server", "no descriptor left for address=%s: %s", text, strerror(errno));
		return;
	}
	if (!allowed(&a->access, &from))
		refuse(a, fd, text, "not in access.allow");
	else
		acceptor_welcome(a, fd, text, configured_name(&a->access, &from));
}

static bool
listen_one(struct acceptor *a, struct listener *l, char *error, size_t size)
{
	struct sockaddr_storage ss = { 0 };
	char text[IP_ADDR_TEXT_MAX];
	int rc;

	ip_addr_format(&l->at.address, text);
	if (l->at.address.family == IP_V4)
		uv_ip4_addr(text, l->at.port, (struct sockaddr_in *)&ss);
	else
		uv_ip6_addr(text, l->at.port, (struct sockaddr_in6 *)&ss);
	l->acceptor = a;
	uv_tcp_init(a->loop, &l->tcp);
	l->tcp.data = l;
	rc = uv_tcp_bind(&l->tcp, (const struct sockaddr *)&ss,
	    l->at.address.family == IP_V6 ? UV_TCP_IPV6ONLY : 0);
	if (rc == 0)
		rc = uv_listen((uv_stream_t *)&l->tcp, BACKLOG, on_connection);
	if (rc != 0) {
		snprintf(error, size, "cannot listen on %s port %u: %s", text, l->at.port,
		    uv_strerror(rc));
		return false;
	}
	log_info("server", "listening address=%s port=%u", text, l->at.port);
	return true;
}

bool
acceptor_listen(
    struct acceptor *a, const struct listen_address *at, size_t n, char *error, size_t size)
{
	a->listeners = calloc(n, sizeof(*a->listeners));
	if (a->listeners == NULL) {
		snprintf(error, size, "out of memory");
		return false;
	}
	for (size_t i = 0; i < n; i++) {
		a->listeners[i].at = at[i];
		a->listeners_n++;
		if (!listen_one(a, &a->listeners[i], error, size))
			return false;
	}
	return true;
}

void
acceptor_session_closed(struct acceptor *a)
{
	a->sessions--;
}

void
acceptor_stop(struct acceptor *a)
{
	for (size_t i = 0; i < a->listeners_n; i++)
		if (!uv_is_closing((uv_handle_t *)&a->listeners[i].tcp))
			uv_close((uv_handle_t *)&a->listeners[i].tcp, NULL);
	while (a->newcomers != NULL) {
		close(a->newcomers->fd);
		a->sessions--;
		newcomer_end(a->newcomers);
	}
}

/* --- who may connect, and what a router is called */

static void
access_free(struct accept_access *access)
{
	for (size_t i = 0; i < access->routers_n; i++)
		free((void *)(uintptr_t)access->routers[i].name);
	free((void *)(uintptr_t)access->routers);
	free((void *)(uintptr_t)access->allow);
}

bool
acceptor_set_access(struct acceptor *a, const struct accept_access *from)
{
	struct ip_prefix *allow = calloc(from->allow_n + 1, sizeof(*allow));
	struct router_identity *routers = calloc(from->routers_n + 1, sizeof(*routers));
	struct accept_access copy = { allow, from->allow_n, routers, 0, from->sessions_max };

	if (allow == NULL || routers == NULL)
		goto fail;
	if (from->allow_n > 0)
		memcpy(allow, from->allow, from->allow_n * sizeof(*allow));
	for (; copy.routers_n < from->routers_n; copy.routers_n++) {
		struct router_identity *r = &routers[copy.routers_n];

		r->address = from->routers[copy.routers_n].address;
		if ((r->name = strdup(from->routers[copy.routers_n].name)) == NULL)
			goto fail;
	}
	access_free(&a->access);
	a->access = copy;
	return true;
fail:
	access_free(&copy);
	return false;
}

/* --- life */

struct acceptor *
acceptor_new(uv_loop_t *loop, struct workers *workers)
{
	struct acceptor *a = calloc(1, sizeof(*a));

	if (a == NULL)
		return NULL;
	a->loop = loop;
	a->workers = workers;
	a->refusals = (struct log_limit){ .burst = 10, .period_us = 10000000 };
	return a;
}

void
acceptor_free(struct acceptor *a)
{
	if (a == NULL)
		return;
	access_free(&a->access);
	free(a->listeners);
	free(a);
}

uint32_t
acceptor_sessions(const struct acceptor *a)
{
	return a->sessions;
}

uint64_t
acceptor_refused(const struct acceptor *a)
{
	return a->refused;
}
