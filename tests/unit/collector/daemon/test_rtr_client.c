/* An RTR client on its loop, against a cache that is a thread with a socket: TCP and TLS. */
#include "collector/daemon/rtr_client.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <unistd.h>

#include <openssl/ssl.h>

#include "base/clock.h"
#include "base/log.h"
#include "tests/unit/support/tls_certs.h"

/* What the cache does with who connects. */
enum behaviour {
	SERVES,
	SERVES_TLS,
	CLOSES,	      /* at once */
	CLOSES_HELLO, /* when it has heard something */
	SILENT,
	CLOSES_ASKED, /* after the query, within TLS */
};

static struct {
	int listener;
	uint16_t port;
	pthread_t thread;
	SSL_CTX *ctx;
	enum behaviour behaviour;
	size_t piece; /* it sends so much at once */
	atomic_uint connections, queries;
	atomic_bool stop;
} cache;

static uv_loop_t loop;
static struct rtr_client client;
static struct rtr_cache config;
static struct made_cert ca, ours;
static bool stopped;

/* --- the cache: blocking, one connection after the other */

static const uint8_t answer[] = {
	1, 3, 0, 7, 0, 0, 0, 8,						       /* Cache Response */
	1, 4, 0, 0, 0, 0, 0, 20, 1, 24, 24, 0, 192, 0, 2, 0, 0, 0, 0xfb, 0xf0, /* a prefix */
	1, 7, 0, 7, 0, 0, 0, 24, 0, 0, 0, 1, 0, 0, 14, 16, 0, 0, 0, 1, 0, 0, 28, 32 /* the end */
};

static bool
send_pieces(int fd, const uint8_t *octets, size_t n)
{
	for (size_t at = 0; at < n; at += cache.piece) {
		size_t left = n - at, size = left < cache.piece ? left : cache.piece;

		if (send(fd, octets + at, size, MSG_NOSIGNAL) != (ssize_t)size)
			return false;
		if (cache.piece < 1000)
			usleep(500);
	}
	return true;
}

static void
serve_tcp(int fd)
{
	uint8_t query[64];

	while (recv(fd, query, sizeof(query), 0) > 0) {
		cache.queries++;
		if (!send_pieces(fd, answer, sizeof(answer)))
			return;
	}
}

/* What the server's end has to say, in pieces. */
static bool
flush(SSL *ssl, int fd)
{
	uint8_t buf[32768];
	int n;

	while ((n = BIO_read(SSL_get_wbio(ssl), buf, sizeof(buf))) > 0)
		if (!send_pieces(fd, buf, (size_t)n))
			return false;
	return true;
}

static void
serve_tls(int fd)
{
	SSL *ssl = SSL_new(cache.ctx);
	uint8_t buf[16384];
	size_t got;
	ssize_t n;

	SSL_set_bio(ssl, BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
	SSL_set_accept_state(ssl);
	while ((n = recv(fd, buf, sizeof(buf), 0)) > 0) {
		BIO_write(SSL_get_rbio(ssl), buf, (int)n);
		if (!SSL_is_init_finished(ssl) && SSL_do_handshake(ssl) != 1) {
			flush(ssl, fd);
			continue;
		}
		while (SSL_read_ex(ssl, buf, sizeof(buf), &got) == 1) {
			cache.queries++;
			if (cache.behaviour == CLOSES_ASKED)
				SSL_shutdown(ssl);
			else
				SSL_write(ssl, answer, sizeof(answer));
		}
		if (!flush(ssl, fd) || cache.behaviour == CLOSES_ASKED)
			break;
	}
	SSL_free(ssl);
}

static void *
run_cache(void *arg)
{
	uint8_t buf[4096];
	int fd;

	(void)arg;
	while ((fd = accept(cache.listener, NULL, NULL)) >= 0) {
		struct timeval limit = { .tv_sec = 5 };

		setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
		cache.connections++;
		if (cache.behaviour == SERVES)
			serve_tcp(fd);
		else if (cache.behaviour == SERVES_TLS || cache.behaviour == CLOSES_ASKED)
			serve_tls(fd);
		else if (cache.behaviour != CLOSES)
			while (recv(fd, buf, sizeof(buf), 0) > 0 && cache.behaviour == SILENT)
				;
		close(fd);
	}
	return NULL;
}

static void
serve(enum behaviour behaviour, const struct made_cert *c)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(at);

	cache.behaviour = behaviour;
	if (cache.piece == 0)
		cache.piece = 65536;
	cache.ctx = SSL_CTX_new(TLS_server_method());
	if (c != NULL) {
		ck_assert_int_eq(SSL_CTX_use_certificate(cache.ctx, c->x), 1);
		ck_assert_int_eq(SSL_CTX_use_PrivateKey(cache.ctx, c->key), 1);
	}
	cache.listener = socket(AF_INET, SOCK_STREAM, 0);
	ck_assert_int_eq(bind(cache.listener, (struct sockaddr *)&at, len), 0);
	ck_assert_int_eq(listen(cache.listener, 8), 0);
	ck_assert_int_eq(getsockname(cache.listener, (struct sockaddr *)&at, &len), 0);
	config.port = ntohs(at.sin_port);
	ck_assert_int_eq(pthread_create(&cache.thread, NULL, run_cache, NULL), 0);
}

/* --- the client */

static void
on_change(void *ctx, struct rtr_client *c)
{
	ck_assert(ctx == &client && c == &client);
}

static void
on_stopped(void *ctx, struct rtr_client *c)
{
	(void)ctx;
	(void)c;
	stopped = true;
}

static void
setup(void)
{
	log_setup(LOG_ERROR, LOG_TEXT);
	certs_begin();
	memset(&cache, 0, sizeof(cache));
	ca = cert_make("ca", NULL, NULL, -10, 10);
	ours = cert_make("a", "DNS:localhost", &ca, -1, 1);
	config = (struct rtr_cache){ .name = "c",
		.host = "127.0.0.1",
		.version = 1,
		.has_tls = true,
		.tls = { .ca = ca.cert_path, .name = "localhost", .certificate = "", .key = "" } };
	ck_assert_int_eq(uv_loop_init(&loop), 0);
	stopped = false;
}

static void
start(void)
{
	ck_assert(rtr_client_start(&client, &loop, &config, on_change, &client));
}

static void
teardown(void)
{
	rtr_client_stop(&client, on_stopped);
	uv_run(&loop, UV_RUN_DEFAULT);
	ck_assert(stopped);
	ck_assert_int_eq(uv_loop_close(&loop), 0);
	shutdown(cache.listener, SHUT_RDWR);
	close(cache.listener);
	pthread_join(cache.thread, NULL);
	SSL_CTX_free(cache.ctx);
	cert_drop(&ca);
	cert_drop(&ours);
	certs_end();
}

/* Runs the loop until it is so, for 10 s at most. */
#define until(condition)                                                                           \
	do {                                                                                       \
		int64_t end = clock_mono_us() + 10000000;                                          \
		while (!(condition) && clock_mono_us() < end)                                      \
			uv_run(&loop, UV_RUN_ONCE);                                                \
		ck_assert_msg((condition), "%s: state %s, %s", #condition,                         \
		    rtr_state_name(client.session.state), client.session.last_error);              \
	} while (0)

static void
fails(const char *why)
{
	until(client.session.last_error[0] != '\0');
	ck_assert_msg(
	    strstr(client.session.last_error, why) != NULL, "%s", client.session.last_error);
	ck_assert(!client.session.has_data && !client.session.broken);
	ck_assert_uint_eq(client.session.version, 1); /* it is not its version */
	ck_assert_uint_eq(cache.queries, 0);
}

START_TEST(in_step)
{
	config.has_tls = _i > 0;
	if (_i > 1)
		cache.piece = _i == 2 ? 3 : 100; /* records come in parts */
	serve(_i == 0 ? SERVES : SERVES_TLS, &ours);
	start();
	until(client.session.in_step);
	ck_assert_uint_eq(client.session.data.n, 1);
	ck_assert(config.has_tls == (client.tls != NULL));
	ck_assert_uint_eq(cache.connections, 1);
}
END_TEST

START_TEST(wrong_certificate)
{
	struct made_cert other = cert_make("other-ca", NULL, NULL, -1, 1),
			 c[] = { cert_make("b", "DNS:elsewhere.example", &ca, -1, 1),
				 cert_make("c", "DNS:localhost", &other, -1, 1),
				 cert_make("d", "DNS:localhost", &ca, -5, -1) };
	static const char *const whys[] = { "not for localhost", "unknown CA", "expired on" };

	serve(SERVES_TLS, &c[_i]);
	start();
	fails(whys[_i]);
	for (size_t i = 0; i < 3; i++)
		cert_drop(&c[i]);
	cert_drop(&other);
}
END_TEST

START_TEST(no_handshake)
{
	static const enum behaviour behaviours[] = { CLOSES, CLOSES_HELLO, SILENT, SERVES };
	static const char *const whys[] = { "", "closed in the TLS handshake",
		"TLS handshake not over within 0.5 s", "speaks no TLS" };

	serve(behaviours[_i], &ours);
	start();
	client.handshake_us = 500000;
	if (_i == 3) { /* a cache without TLS takes the handshake for a query */
		until(client.session.last_error[0] != '\0');
		ck_assert_msg(strstr(client.session.last_error, whys[_i]) != NULL, "%s",
		    client.session.last_error);
	} else {
		fails(whys[_i]);
	}
	ck_assert_ptr_null(client.tls);
	until(cache.connections == 2); /* it goes on trying */
}
END_TEST

/* A cache that wants to know who we are says so after the handshake: that is no lack of version. */
START_TEST(we_are_refused)
{
	SSL_CTX *ctx;

	serve(SERVES_TLS, &ours);
	ctx = cache.ctx;
	SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
	start();
	fails("the peer refuses us");
}
END_TEST

START_TEST(the_peer_ends_it_in_order)
{
	serve(CLOSES_ASKED, &ours);
	start();
	until(cache.queries == 1 && client.session.last_error[0] != '\0');
	ck_assert_uint_eq(client.session.version, 0); /* as over TCP: it may not know our version */
}
END_TEST

/* --- keys */

START_TEST(keys_that_cannot_be_read)
{
	config.tls.ca = cert_file("nowhere");
	serve(SERVES_TLS, &ours);
	start();
	fails("tls.ca ");
	ck_assert_uint_eq(cache.connections, 0);
	config.tls.ca = ca.cert_path;
	ck_assert_int_eq(symlink(ca.cert_path, cert_file("nowhere")), 0);
	rtr_client_reload(&client);
	until(client.session.in_step);
}
END_TEST

START_TEST(reloaded)
{
	struct made_cert known = cert_make("ca", NULL, NULL, -1, 1), again;

	/* both CAs are in the file */
	cert_drop(&ca);
	ca = known;
	again = cert_make("again", "DNS:localhost", &known, -1, 1);
	serve(SERVES_TLS, &again);
	start();
	until(client.session.in_step);
	rtr_client_reload(&client); /* nothing has changed */
	rtr_client_reload(&client);
	until(!client.loading && !client.load_again);
	ck_assert(client.session.in_step && cache.connections == 1);
	cert_put(ca.cert_path, "no certificate"); /* what is in use goes on */
	rtr_client_reload(&client);
	until(client.reload_error[0] != '\0');
	ck_assert_ptr_nonnull(strstr(client.reload_error, "no certificate in it"));
	ck_assert(client.session.in_step && cache.connections == 1);
	known = cert_make("ca", NULL, NULL, -1, 1); /* another CA: who was right is no longer */
	rtr_client_reload(&client);
	until(!client.session.in_step && strstr(client.session.last_error, "unknown CA"));
	ck_assert_str_eq(client.reload_error, "");
	ck_assert(client.session.has_data && !client.session.broken);
	cert_drop(&known);
	cert_drop(&again);
}
END_TEST

/* Stopped at any moment: nothing is left behind. */
START_TEST(stopped_at_any_moment)
{
	serve(_i % 2 == 0 ? SERVES_TLS : SILENT, &ours);
	start();
	for (int i = 0; i < _i; i++)
		uv_run(&loop, UV_RUN_NOWAIT);
	if (_i % 3 == 0)
		rtr_client_reload(&client);
}
END_TEST

HARNESS_MAIN("rtr_client")
{
	CASE("all");
	FIXTURE(setup, teardown);
	TIMEOUT(60);
	LOOP(in_step, 4);
	LOOP(wrong_certificate, 3);
	LOOP(no_handshake, 4);
	TEST(we_are_refused);
	TEST(the_peer_ends_it_in_order);
	TEST(keys_that_cannot_be_read);
	TEST(reloaded);
	LOOP(stopped_at_any_moment, 24);
}
