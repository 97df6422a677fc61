#include "collector/daemon/accept.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"

enum { BACKLOG = 1024 };

struct listener {
	uv_tcp_t tcp;
	struct acceptor *acceptor;
	struct listen_address at;
};

struct acceptor {
	uv_loop_t *loop;
	struct sessions *sessions;
	const struct identities *identities;
	struct listener *listeners;
	size_t listeners_n;
	struct ip_prefix *allow; /* owned */
	size_t allow_n;
	bool allow_given;
	bool reachable; /* it listens where the world can reach it */
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
allowed(void *ctx, const struct ip_addr *a)
{
	const struct acceptor *acceptor = ctx;
	struct ip_prefix host;

	if (!acceptor->allow_given)
		return true;
	ip_prefix_make(&host, a->family, a->b, ip_bits(a->family));
	for (size_t i = 0; i < acceptor->allow_n; i++)
		if (ip_prefix_covers(&acceptor->allow[i], &host))
			return true;
	return false;
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
on_connection(uv_stream_t *server, int status)
{
	struct listener *l = server->data;
	struct acceptor *a = l->acceptor;
	uv_tcp_t *tcp = malloc(sizeof(*tcp));
	struct sockaddr_storage ss;
	int len = sizeof(ss), fd;
	char text[IP_ADDR_TEXT_MAX];
	struct ip_addr from;
	struct sessions_newcomer newcomer;

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
	if (!allowed(a, &from)) {
		sessions_refuse(a->sessions, fd, text, "not in access.allow");
		return;
	}
	newcomer = (struct sessions_newcomer){ .fd = fd,
		.address = text,
		.ip = from,
		.configured = identities_configured(a->identities, &from) };
	sessions_welcome(a->sessions, &newcomer);
}

/* Can it be reached from elsewhere than the host and private networks (RFC 1918, RFC 4193)? */
static bool
is_public(const struct ip_addr *a)
{
	static const char *const inside[] = { "127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12",
		"192.168.0.0/16", "169.254.0.0/16", "::1/128", "fc00::/7", "fe80::/10" };
	struct ip_prefix host, p;

	ip_prefix_make(&host, a->family, a->b, ip_bits(a->family));
	for (size_t i = 0; i < sizeof(inside) / sizeof(inside[0]); i++)
		if (ip_prefix_parse(inside[i], true, &p) && ip_prefix_covers(&p, &host))
			return false;
	return true;
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

/* Everybody may, and is able to. */
static void
warn_when_open(const struct acceptor *a)
{
	if (a->reachable && !a->allow_given)
		log_warning("server",
		    "access.allow is missing and a listen address is public: everybody may tell "
		    "routes; right would be access: {allow: [...]} with the routers' addresses");
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
		a->reachable |= is_public(&at[i].address);
	}
	warn_when_open(a);
	return true;
}

void
acceptor_stop(struct acceptor *a)
{
	for (size_t i = 0; i < a->listeners_n; i++)
		if (!uv_is_closing((uv_handle_t *)&a->listeners[i].tcp))
			uv_close((uv_handle_t *)&a->listeners[i].tcp, NULL);
}

/* --- who may connect */

bool
acceptor_set_access(struct acceptor *a, const struct accept_access *from)
{
	struct ip_prefix *allow = calloc(from->allow_n + 1, sizeof(*allow));

	if (allow == NULL)
		return false;
	if (from->allow_n > 0)
		memcpy(allow, from->allow, from->allow_n * sizeof(*allow));
	free(a->allow);
	a->allow = allow;
	a->allow_n = from->allow_n;
	a->allow_given = from->allow_given;
	warn_when_open(a);
	sessions_end_unless(a->sessions, allowed, a, "no longer in access.allow");
	return true;
}

/* --- life */

struct acceptor *
acceptor_new(uv_loop_t *loop, struct sessions *sessions, struct identities *identities)
{
	struct acceptor *a = calloc(1, sizeof(*a));

	if (a == NULL)
		return NULL;
	a->loop = loop;
	a->sessions = sessions;
	a->identities = identities;
	return a;
}

void
acceptor_free(struct acceptor *a)
{
	if (a == NULL)
		return;
	free(a->allow);
	free(a->listeners);
	free(a);
}
