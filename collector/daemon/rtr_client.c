#include "collector/daemon/rtr_client.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"

enum {
	TICK_MS = 250,
	READ_OCTETS = 65536,
	CONNECT_US = 10 * 1000000,
	HANDSHAKE_US = 10 * 1000000,
	PLAIN_MAX = 2 * READ_OCTETS, /* no more than what was read */
};

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
	if (--c->handles > 0 || !c->stopping || c->resolving || c->loading)
		return;
	forget_addresses(c);
	rtr_session_fini(&c->session);
	tls_free(c->tls);
	tls_keys_free(c->keys);
	tls_config_free(&c->tls_config);
	sbuf_free(&c->plain);
	c->on_stopped(c->ctx, c);
}

/* A request to the pool has come back. */
static void
request_done(struct rtr_client *c)
{
	c->handles++;
	handle_closed(c);
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
write_out(struct rtr_client *c, struct sbuf *out)
{
	struct write_req *w;
	uv_buf_t buf;

	if (out->len > 0 && c->tcp_open && !c->tcp_closing &&
	    (w = malloc(sizeof(*w) + out->len)) != NULL) {
		memcpy(w->data, out->data, out->len);
		buf = uv_buf_init(w->data, (unsigned)out->len);
		if (uv_write(&w->req, (uv_stream_t *)&c->tcp, &buf, 1, on_written) != 0)
			free(w);
	}
	sbuf_clear(out);
}

static void
send_out(struct rtr_client *c)
{
	if (c->tls == NULL) {
		write_out(c, &c->session.out);
		return;
	}
	if (c->session.out.len > 0)
		tls_send(c->tls, c->session.out.data, c->session.out.len);
	sbuf_clear(&c->session.out);
	write_out(c, tls_out(c->tls));
}

static void
close_tcp(struct rtr_client *c)
{
	if (!c->tcp_open || c->tcp_closing)
		return;
	if (c->tls != NULL) {
		tls_close(c->tls);
		send_out(c);
		tls_free(c->tls);
		c->tls = NULL;
	}
	c->give_up_us = 0;
	c->tcp_closing = true;
	uv_close((uv_handle_t *)&c->tcp, tcp_closed);
}

static void
on_alloc(uv_handle_t *h, size_t hint, uv_buf_t *buf)
{
	(void)h;
	(void)hint;
	*buf = uv_buf_init(malloc(READ_OCTETS), READ_OCTETS);
}

/* The connection is over. below: for a reason that is not RTR's. */
static void
lose(struct rtr_client *c, const char *why, bool below)
{
	if (c->session.counters.end_of_data == c->end_of_data)
		c->start++; /* of no use */
	if (below)
		rtr_session_failed(&c->session, clock_mono_us(), why);
	else
		rtr_session_closed(&c->session, clock_mono_us(), why);
	send_out(c);
	close_tcp(c);
}

static void
take_tls(struct rtr_client *c, const uint8_t *octets, size_t n)
{
	enum tls_state before = tls_state(c->tls), now;

	tls_feed(c->tls, octets, n, &c->plain);
	now = tls_state(c->tls);
	if (before == TLS_HANDSHAKE && (now == TLS_OPEN || now == TLS_CLOSED)) {
		c->give_up_us = 0;
		c->validity = tls_validity(c->tls);
		rtr_session_connected(&c->session, clock_mono_us());
	}
	if (c->plain.len > 0)
		rtr_session_feed(
		    &c->session, (const uint8_t *)c->plain.data, c->plain.len, clock_mono_us());
	sbuf_clear(&c->plain);
	if (now == TLS_FAILED)
		lose(c, tls_error(c->tls), true);
	else if (now == TLS_CLOSED)
		lose(c, "closed by the cache", false);
}

static void
on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
	struct rtr_client *c = stream->data;
	const uint8_t *octets = (const uint8_t *)buf->base;

	if (n > 0 && c->tls != NULL)
		take_tls(c, octets, (size_t)n);
	else if (n > 0)
		rtr_session_feed(&c->session, octets, (size_t)n, clock_mono_us());
	else if (n < 0 && c->tls != NULL && tls_state(c->tls) == TLS_HANDSHAKE)
		lose(c,
		    "closed in the TLS handshake; right would be the port for TLS of a cache that "
		    "knows us",
		    true);
	else if (n < 0)
		lose(c, n == UV_EOF ? "closed by the cache" : uv_strerror((int)n), false);
	free(buf->base);
	drive(c);
}

/* --- connecting: each address of the name, one after the other */

static void
attempt_failed(struct rtr_client *c, const char *why)
{
	forget_addresses(c);
	c->give_up_us = 0;
	rtr_session_closed(&c->session, clock_mono_us(), why);
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
		attempt_failed(c, uv_strerror(rc));
	close_tcp(c);
}

/* Connected: RTR begins when TLS is open. */
static void
begin_tls(struct rtr_client *c)
{
	c->give_up_us = clock_mono_us() + c->handshake_us;
	c->tls = tls_new(c->keys, &c->tls_config);
	if (c->tls == NULL)
		lose(c, "out of memory", true);
	else if (tls_state(c->tls) == TLS_FAILED)
		lose(c, tls_error(c->tls), true);
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
	if (c->has_tls)
		begin_tls(c);
	else
		rtr_session_connected(&c->session, clock_mono_us());
	drive(c);
}

static void
try_address(struct rtr_client *c)
{
	int rc = uv_tcp_init(c->loop, &c->tcp);

	if (rc != 0) {
		attempt_failed(c, uv_strerror(rc));
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
		request_done(c);
		return;
	}
	if (status != 0) {
		uv_freeaddrinfo(res);
		attempt_failed(c, uv_strerror(status));
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
resolve(struct rtr_client *c)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
	int rc;

	c->resolve.data = c;
	rc = uv_getaddrinfo(c->loop, &c->resolve, on_resolved, c->host, c->port, &hints);
	if (rc == 0)
		c->resolving = true;
	else
		rtr_session_closed(&c->session, clock_mono_us(), uv_strerror(rc));
}

/* --- keys */

static void
load_keys(uv_work_t *work)
{
	struct rtr_client *c = work->data;

	c->loaded = tls_keys_load(&c->tls_config, c->load_error);
}

/* On the owner's word: what is not as it was ends the connection, and the next one has it. */
static void
take_reloaded(struct rtr_client *c)
{
	struct tls_keys *keys = c->loaded;

	c->loaded = NULL;
	if (keys == NULL) {
		memcpy(c->reload_error, c->load_error, sizeof(c->reload_error));
		log_warning(
		    "rtr", "cache=%s keys stay as they were: %s", c->session.name, c->load_error);
		return;
	}
	c->reload_error[0] = '\0';
	if (c->tls != NULL && !tls_keys_same(c->keys, keys)) {
		log_notice("rtr", "cache=%s connects anew: its keys have changed", c->session.name);
		rtr_session_failed(&c->session, clock_mono_us(), "connects with other keys");
		close_tcp(c);
	}
	tls_keys_free(c->keys);
	c->keys = keys;
	rtr_session_hurry(&c->session, clock_mono_us());
}

static void
take_loaded(struct rtr_client *c)
{
	if (c->loaded == NULL) {
		attempt_failed(c, c->load_error);
		return;
	}
	tls_keys_free(c->keys);
	c->keys = c->loaded;
	c->loaded = NULL;
	c->reload_error[0] = '\0';
	resolve(c);
}

static bool begin_loading(struct rtr_client *, bool reloading);

static void
on_loaded(uv_work_t *work, int status)
{
	struct rtr_client *c = work->data;

	c->loading = false;
	if (status != 0) /* it was never begun */
		c->loaded = NULL;
	if (c->stopping) {
		tls_keys_free(c->loaded);
		request_done(c);
		return;
	}
	if (c->reloading)
		take_reloaded(c);
	else
		take_loaded(c);
	if (c->load_again && !c->loading) {
		c->load_again = false;
		begin_loading(c, true);
	}
	drive(c);
}

/* false: the pool takes nothing. */
static bool
begin_loading(struct rtr_client *c, bool reloading)
{
	c->load.data = c;
	c->reloading = reloading;
	c->loading = uv_queue_work(c->loop, &c->load, load_keys, on_loaded) == 0;
	return c->loading;
}

void
rtr_client_reload(struct rtr_client *c)
{
	if (!c->has_tls || c->stopping)
		return;
	if (c->loading)
		c->load_again = true;
	else
		begin_loading(c, true);
}

/* false: not now. */
static bool
open_connection(struct rtr_client *c)
{
	if (c->resolving || (c->loading && !c->reloading))
		return true;
	if (c->loading)
		return false;
	if (!c->has_tls)
		resolve(c);
	else if (!begin_loading(c, false))
		rtr_session_closed(&c->session, clock_mono_us(), "out of memory");
	return true;
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
	if (s->want_connect && open_connection(c))
		s->want_connect = false;
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
give_up(struct rtr_client *c)
{
	char why[96];

	if (c->tls == NULL) {
		try_next(c, UV_ETIMEDOUT);
		return;
	}
	snprintf(
	    why, sizeof(why), "TLS handshake not over within %g s", (double)c->handshake_us / 1e6);
	lose(c, why, true);
}

static void
on_tick(uv_timer_t *t)
{
	struct rtr_client *c = t->data;

	if (c->give_up_us != 0 && clock_mono_us() >= c->give_up_us && !c->tcp_closing)
		give_up(c);
	rtr_session_tick(&c->session, clock_mono_us());
	drive(c);
}

bool
rtr_client_start(struct rtr_client *c, uv_loop_t *loop, const struct rtr_cache *cache,
    void (*on_change)(void *ctx, struct rtr_client *), void *ctx)
{
	memset(c, 0, sizeof(*c));
	c->loop = loop;
	c->on_change = on_change;
	c->ctx = ctx;
	c->has_tls = cache->has_tls;
	c->handshake_us = HANDSHAKE_US;
	c->plain = sbuf_of(PLAIN_MAX);
	if (c->has_tls && !tls_config_copy(&c->tls_config, &cache->tls))
		return false;
	snprintf(c->host, sizeof(c->host), "%s", cache->host);
	snprintf(c->port, sizeof(c->port), "%u", cache->port);
	rtr_session_init(&c->session, cache->name,
	    cache->version == RTR_VERSION_AUTO ? RTR_V2 : cache->version, clock_mono_us());
	uv_timer_init(loop, &c->timer);
	c->timer.data = c;
	c->handles = 1;
	uv_timer_start(&c->timer, on_tick, 0, TICK_MS);
	return true;
}

void
rtr_client_stop(struct rtr_client *c, void (*on_stopped)(void *ctx, struct rtr_client *))
{
	c->stopping = true;
	c->on_stopped = on_stopped;
	if (c->resolving)
		uv_cancel((uv_req_t *)&c->resolve);
	if (c->loading)
		uv_cancel((uv_req_t *)&c->load);
	close_tcp(c);
	uv_close((uv_handle_t *)&c->timer, timer_closed);
}
