/*
 * Listening and handing over. A connection is accepted on the coordinator's loop, checked against
 * the access list and the limit of sessions, and its descriptor goes to the worker that its
 * identity says (configured name, sysName, address), which has kept the routes of its former
 * session.
 */
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
#include "collector/daemon/coordinator_private.h"
#include "parsers/bmp/bmp.h"

enum {
	BACKLOG = 1024,
	PEEK_OCTETS = 4096,
	PEEK_MS = 1000, /* a router says its name at once, or is known by its address */
	PEEK_EVERY_MS = 10,
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
allowed(const struct coordinator *d, const struct ip_addr *a)
{
	struct ip_prefix host;

	if (d->allow_n == 0)
		return true;
	ip_prefix_make(&host, a->family, a->b, ip_bits(a->family));
	for (size_t i = 0; i < d->allow_n; i++)
		if (ip_prefix_covers(&d->allow[i], &host))
			return true;
	return false;
}

static const char *
configured_name(const struct coordinator *d, const struct ip_addr *a)
{
	for (size_t i = 0; i < d->routers_n; i++)
		if (ip_addr_equal(&d->routers[i].address, a))
			return d->routers[i].name;
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
refuse(struct coordinator *d, int fd, const char *address, const char *why)
{
	static struct log_limit limit = { .burst = 10, .period_us = 10000000 };
	uint32_t held;

	d->refused++;
	if (log_allowed(&limit, (int64_t)uv_now(&d->loop) * 1000, &held))
		log_warning("server", "refused address=%s reason=\"%s\" not_logged_before=%u",
		    address, why, held);
	close(fd);
}

/* --- who is it? */

/*
 * A connection whose worker is not chosen yet. The first message tells the router's name; it is
 * looked at without being taken (MSG_PEEK), so the worker gets the stream whole. What a router is
 * called decides where it goes: it meets the routes of its former session, also when it comes back
 * from another address.
 */
struct newcomer {
	struct coordinator *coordinator;
	uv_timer_t timer;
	int fd;
	char address[ENGINE_NAME_MAX];
	char configured[ENGINE_NAME_MAX]; /* "" when the configuration does not name it */
	int64_t deadline_ms;
	struct newcomer *next, **prev;
};

static void
hand_over(
    struct coordinator *d, int fd, const char *address, const char *name, const char *sys_name)
{
	struct cmd_session cmd = { .type = CMD_SESSION, .fd = fd };
	const char *identity;
	unsigned worker;

	text_copy(cmd.address, sizeof(cmd.address), address);
	text_copy(cmd.configured, sizeof(cmd.configured), name);
	identity = name[0] != '\0' ? name : sys_name[0] != '\0' ? sys_name : cmd.address;
	worker = (unsigned)(hash_bytes(7, identity, strlen(identity)) % d->workers_n);
	d->sessions_n[worker]++;
	coordinator_command(d, worker, &cmd, sizeof(cmd));
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
		return errno != EAGAIN &&
		       errno != EINTR; /* the worker will find out what is wrong */
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
	    (int64_t)uv_now(&c->coordinator->loop) < c->deadline_ms)
		return;
	hand_over(c->coordinator, c->fd, c->address, c->configured, name);
	newcomer_end(c);
}

void
coordinator_welcome(struct coordinator *d, int fd, const char *address, const char *configured)
{
	struct newcomer *c;

	if (d->sessions >= d->routers_max) {
		refuse(d, fd, address, "limits.routers reached");
		return;
	}
	d->sessions++;
	c = calloc(1, sizeof(*c));
	if (c == NULL) {
		hand_over(d, fd, address, configured, "");
		return;
	}
	c->coordinator = d;
	c->fd = fd;
	text_copy(c->address, sizeof(c->address), address);
	text_copy(c->configured, sizeof(c->configured), configured);
	c->deadline_ms = (int64_t)uv_now(&d->loop) + PEEK_MS;
	c->next = d->newcomers;
	c->prev = &d->newcomers;
	if (c->next != NULL)
		c->next->prev = &c->next;
	d->newcomers = c;
	uv_timer_init(&d->loop, &c->timer);
	c->timer.data = c;
	uv_timer_start(&c->timer, on_newcomer, 0, PEEK_EVERY_MS);
}

static void
on_connection(uv_stream_t *server, int status)
{
	struct listener *l = server->data;
	struct coordinator *d = l->coordinator;
	uv_tcp_t *tcp = malloc(sizeof(*tcp));
	struct sockaddr_storage ss;
	int len = sizeof(ss), fd;
	char text[IP_ADDR_TEXT_MAX];
	struct ip_addr a;

	if (tcp == NULL || status != 0) {
		log_warning("server", "accept failed: %s",
		    status != 0 ? uv_strerror(status) : "out of memory");
		free(tcp);
		return;
	}
	uv_tcp_init(&d->loop, tcp);
	if (uv_accept(server, (uv_stream_t *)tcp) != 0 ||
	    uv_tcp_getpeername(tcp, (struct sockaddr *)&ss, &len) != 0) {
		uv_close((uv_handle_t *)tcp, temp_closed);
		return;
	}
	a = addr_of(&ss);
	ip_addr_format(&a, text);
	fd = take_fd(tcp);
	if (fd < 0) {
		log_error("server", "no descriptor left for address=%s: %s", text, strerror(errno));
		return;
	}
	if (!allowed(d, &a))
		refuse(d, fd, text, "not in access.allow");
	else
		coordinator_welcome(d, fd, text, configured_name(d, &a));
}

static bool
listen_one(struct coordinator *d, struct listener *l, char *error, size_t size)
{
	struct sockaddr_storage ss = { 0 };
	char text[IP_ADDR_TEXT_MAX];
	int rc;

	ip_addr_format(&l->at.address, text);
	if (l->at.address.family == IP_V4)
		uv_ip4_addr(text, l->at.port, (struct sockaddr_in *)&ss);
	else
		uv_ip6_addr(text, l->at.port, (struct sockaddr_in6 *)&ss);
	l->coordinator = d;
	uv_tcp_init(&d->loop, &l->tcp);
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
coordinator_listen_all(
    struct coordinator *d, const struct coordinator_listen *at, size_t n, char *error, size_t size)
{
	d->listeners = calloc(n, sizeof(*d->listeners));
	if (d->listeners == NULL)
		return false;
	for (size_t i = 0; i < n; i++) {
		d->listeners[i].at = at[i];
		d->listeners_n++;
		if (!listen_one(d, &d->listeners[i], error, size))
			return false;
	}
	return true;
}

void
coordinator_listen_stop(struct coordinator *d)
{
	for (size_t i = 0; i < d->listeners_n; i++)
		if (!uv_is_closing((uv_handle_t *)&d->listeners[i].tcp))
			uv_close((uv_handle_t *)&d->listeners[i].tcp, NULL);
	while (d->newcomers != NULL) {
		close(d->newcomers->fd);
		d->sessions--;
		newcomer_end(d->newcomers);
	}
}

static void
free_routers(struct coordinator_router *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free((void *)(uintptr_t)v[i].name);
	free(v);
}

/* All or nothing. */
bool
coordinator_set_access(struct coordinator *d, const struct coordinator_config *c)
{
	struct ip_prefix *allow = calloc(c->allow_n + 1, sizeof(*allow));
	struct coordinator_router *routers = calloc(c->routers_n + 1, sizeof(*routers));
	size_t n = 0;

	if (allow == NULL || routers == NULL)
		goto fail;
	if (c->allow_n > 0)
		memcpy(allow, c->allow, c->allow_n * sizeof(*allow));
	for (; n < c->routers_n; n++) {
		routers[n].address = c->routers[n].address;
		routers[n].name = strdup(c->routers[n].name);
		if (routers[n].name == NULL)
			goto fail;
	}
	free(d->allow);
	free_routers(d->routers, d->routers_n);
	d->allow = allow;
	d->allow_n = c->allow_n;
	d->routers = routers;
	d->routers_n = n;
	d->routers_max = c->routers_max;
	return true;
fail:
	free(allow);
	free_routers(routers, n);
	return false;
}
