/*
 * Listening and handing over. A connection is accepted on the desk's loop, checked against the
 * access list and the limit of sessions, and its descriptor goes to a worker. A router that comes
 * back from the same address, or under the same configured name, meets the same worker again, which
 * has kept its routes.
 */
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/log.h"
#include "base/text.h"
#include "collector/net/desk_internal.h"

enum { BACKLOG = 1024 };

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
allowed(const struct desk *d, const struct ip_addr *a)
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
configured_name(const struct desk *d, const struct ip_addr *a)
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
refuse(struct desk *d, int fd, const char *address, const char *why)
{
	static struct log_limit limit = { .burst = 10, .period_us = 10000000 };
	uint32_t held;

	d->refused++;
	if (log_allowed(&limit, (int64_t)uv_now(&d->loop) * 1000, &held))
		log_warning("server", "refused address=%s reason=\"%s\" not_logged_before=%u",
		    address, why, held);
	close(fd);
}

static void
hand_over(struct desk *d, int fd, const struct ip_addr *a)
{
	struct cmd_session cmd = { .type = CMD_SESSION, .fd = fd };
	const char *name = configured_name(d, a);
	unsigned worker;

	ip_addr_format(a, cmd.address);
	text_copy(cmd.configured, sizeof(cmd.configured), name);
	worker = name[0] != '\0' ? (unsigned)(hash_bytes(7, name, strlen(name)) % d->workers_n)
				 : (unsigned)(hash_bytes(7, a, sizeof(*a)) % d->workers_n);
	d->sessions++;
	d->sessions_n[worker]++;
	desk_command(d, worker, &cmd, sizeof(cmd));
}

static void
on_connection(uv_stream_t *server, int status)
{
	struct listener *l = server->data;
	struct desk *d = l->desk;
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
	else if (d->sessions >= d->routers_max)
		refuse(d, fd, text, "limits.routers reached");
	else
		hand_over(d, fd, &a);
}

static bool
listen_one(struct desk *d, struct listener *l, char *error, size_t size)
{
	struct sockaddr_storage ss = { 0 };
	char text[IP_ADDR_TEXT_MAX];
	int rc;

	ip_addr_format(&l->at.address, text);
	if (l->at.address.family == IP_V4)
		uv_ip4_addr(text, l->at.port, (struct sockaddr_in *)&ss);
	else
		uv_ip6_addr(text, l->at.port, (struct sockaddr_in6 *)&ss);
	l->desk = d;
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
desk_listen_all(struct desk *d, const struct desk_listen *at, size_t n, char *error, size_t size)
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
desk_listen_stop(struct desk *d)
{
	for (size_t i = 0; i < d->listeners_n; i++)
		if (!uv_is_closing((uv_handle_t *)&d->listeners[i].tcp))
			uv_close((uv_handle_t *)&d->listeners[i].tcp, NULL);
}

static void
free_routers(struct desk_router *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free((void *)(uintptr_t)v[i].name);
	free(v);
}

/* All or nothing. */
bool
desk_set_access(struct desk *d, const struct desk_config *c)
{
	struct ip_prefix *allow = calloc(c->allow_n + 1, sizeof(*allow));
	struct desk_router *routers = calloc(c->routers_n + 1, sizeof(*routers));
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
