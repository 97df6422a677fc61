#include "collector/daemon/rtr_client.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"

enum { TICK_MS = 250, READ_OCTETS = 65536, CONNECT_US = 10 * 1000000 };

static void drive(struct rtr_client *);
static void try_address(struct rtr_client *);

static void
forget_addresses(struct rtr_client *c)
{
	if (c->addresses != NULL)
		uv_freeaddrinfo(c->addresses);
	c->addresses = c->address = NULL;
}

static void
handle_closed(struct rtr_client *c)
{
	if (--c->handles == 0 && c->stopping && !c->resolving) {
		forget_addresses(c);
		rtr_session_fini(&c->session);
		c->on_stopped(c->ctx, c);
	}
}

static void
tcp_closed(uv_handle_t *h)
{
	struct rtr_client *c = h->data;

	c->tcp_open = c->tcp_closing = false;
	if (c->address != NULL && !c->stopping)
		try_address(c);
	handle_closed(c);
}

static void
timer_closed(uv_handle_t *h)
{
	handle_closed(h->data);
}

static void
close_tcp(struct rtr_client *c)
{
	if (c->tcp_open && !c->tcp_closing) {
		c->tcp_closing = true;
		uv_close((uv_handle_t *)&c->tcp, tcp_closed);
	}
}

/* --- reading and writing */

struct write_req {
	uv_write_t req;
	char data[];
};

static void
on_written(uv_write_t *req, int status)
{
	(void)status; /* a failure shows in the read as well */
	free(req);
}

static void
send_out(struct rtr_client *c)
{
	struct write_req *w;
	uv_buf_t buf;

	if (c->session.out.len == 0)
		return;
	if (c->tcp_open && !c->tcp_closing &&
	    (w = malloc(sizeof(*w) + c->session.out.len)) != NULL) {
		memcpy(w->data, c->session.out.data, c->session.out.len);
		buf = uv_buf_init(w->data, (unsigned)c->session.out.len);
		if (uv_write(&w->req, (uv_stream_t *)&c->tcp, &buf, 1, on_written) != 0)
			free(w);
	}
	sbuf_clear(&c->session.out);
}

static void
on_alloc(uv_handle_t *h, size_t hint, uv_buf_t *buf)
{
	(void)h;
	(void)hint;
	*buf = uv_buf_init(malloc(READ_OCTETS), READ_OCTETS);
}

static void
on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
	struct rtr_client *c = stream->data;

	if (n > 0) {
		rtr_session_feed(
		    &c->session, (const uint8_t *)buf->base, (size_t)n, clock_mono_us());
	} else if (n < 0) {
		if (c->session.counters.end_of_data == c->end_of_data)
			c->start++; /* of no use */
		rtr_session_closed(&c->session, clock_mono_us(),
		    n == UV_EOF ? "closed by the cache" : uv_strerror((int)n));
		close_tcp(c);
	}
	free(buf->base);
	drive(c);
}

/* --- connecting: each address of the name, one after the other */

static void
attempt_failed(struct rtr_client *c, int rc)
{
	forget_addresses(c);
	c->give_up_us = 0;
	rtr_session_closed(&c->session, clock_mono_us(), uv_strerror(rc));
	drive(c);
}

static void
choose_address(struct rtr_client *c)
{
	c->address = c->addresses;
	for (unsigned k = c->start % c->addresses_n; k > 0; k--)
		c->address = c->address->ai_next;
}

/* The connection has come to nothing: the next address, once the former socket has closed. */
static void
try_next(struct rtr_client *c, int rc)
{
	c->give_up_us = 0;
	c->start++;
	if (++c->tried < c->addresses_n)
		choose_address(c);
	else
		attempt_failed(c, rc);
	close_tcp(c);
}

static void
on_connected(uv_connect_t *req, int status)
{
	struct rtr_client *c = req->data;

	if (c->stopping || c->address == NULL)
		return;
	if (status != 0) {
		if (!c->tcp_closing) /* else given up */
			try_next(c, status);
		return;
	}
	forget_addresses(c);
	c->give_up_us = 0;
	c->end_of_data = c->session.counters.end_of_data;
	uv_read_start((uv_stream_t *)&c->tcp, on_alloc, on_read);
	rtr_session_connected(&c->session, clock_mono_us());
	drive(c);
}

static void
try_address(struct rtr_client *c)
{
	int rc = uv_tcp_init(c->loop, &c->tcp);

	if (rc != 0) {
		attempt_failed(c, rc);
		return;
	}
	c->tcp.data = c;
	c->tcp_open = true;
	c->handles++;
	c->connect.data = c;
	c->give_up_us = clock_mono_us() + CONNECT_US;
	rc = uv_tcp_connect(&c->connect, &c->tcp, c->address->ai_addr, on_connected);
	if (rc != 0)
		try_next(c, rc);
}

static void
on_resolved(uv_getaddrinfo_t *req, int status, struct addrinfo *res)
{
	struct rtr_client *c = req->data;

	c->resolving = false;
	if (c->stopping) {
		uv_freeaddrinfo(res);
		c->handles++;
		handle_closed(c);
		return;
	}
	if (status != 0) {
		uv_freeaddrinfo(res);
		attempt_failed(c, status);
		return;
	}
	c->addresses = res;
	c->addresses_n = c->tried = 0;
	for (; res != NULL; res = res->ai_next)
		c->addresses_n++;
	choose_address(c);
	if (!c->tcp_open) /* else when it has closed */
		try_address(c);
}

static void
open_connection(struct rtr_client *c)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
	int rc;

	if (c->resolving)
		return;
	c->resolve.data = c;
	rc = uv_getaddrinfo(c->loop, &c->resolve, on_resolved, c->host, c->port, &hints);
	if (rc == 0)
		c->resolving = true;
	else
		rtr_session_closed(&c->session, clock_mono_us(), uv_strerror(rc));
}

/* --- what the session wants */

static void
drive(struct rtr_client *c)
{
	struct rtr_session *s = &c->session;

	if (c->stopping)
		return;
	send_out(c);
	if (s->want_close) {
		s->want_close = false;
		close_tcp(c);
	}
	if (s->want_connect) {
		s->want_connect = false;
		open_connection(c);
	}
	if (s->changed || s->state != c->reported_state) {
		if (s->state == RTR_IDLE && s->last_error[0] != '\0')
			log_notice("rtr", "cache=%s state=%s reason=\"%s\"", s->name,
			    rtr_state_name(s->state), s->last_error);
		else if (s->state == RTR_SYNCED && s->changed)
			log_info("rtr", "cache=%s synced serial=%u vrps=%zu", s->name, s->serial,
			    s->data.n);
		c->reported_state = s->state;
	}
	c->on_change(c->ctx, c);
}

static void
on_tick(uv_timer_t *t)
{
	struct rtr_client *c = t->data;

	if (c->give_up_us != 0 && clock_mono_us() >= c->give_up_us && !c->tcp_closing)
		try_next(c, UV_ETIMEDOUT);
	rtr_session_tick(&c->session, clock_mono_us());
	drive(c);
}

void
rtr_client_start(struct rtr_client *c, uv_loop_t *loop, const char *name, const char *host,
    uint16_t port, uint8_t version, void (*on_change)(void *ctx, struct rtr_client *), void *ctx)
{
	memset(c, 0, sizeof(*c));
	c->loop = loop;
	c->on_change = on_change;
	c->ctx = ctx;
	snprintf(c->host, sizeof(c->host), "%s", host);
	snprintf(c->port, sizeof(c->port), "%u", port);
	rtr_session_init(&c->session, name, version, clock_mono_us());
	uv_timer_init(loop, &c->timer);
	c->timer.data = c;
	c->handles = 1;
	uv_timer_start(&c->timer, on_tick, 0, TICK_MS);
}

void
rtr_client_stop(struct rtr_client *c, void (*on_stopped)(void *ctx, struct rtr_client *))
{
	c->stopping = true;
	c->on_stopped = on_stopped;
	if (c->resolving)
		uv_cancel((uv_req_t *)&c->resolve);
	close_tcp(c);
	uv_close((uv_handle_t *)&c->timer, timer_closed);
}
