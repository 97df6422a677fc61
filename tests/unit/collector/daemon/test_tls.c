/* The client's side of TLS, against a server of OpenSSL's in the same process. */
#include "collector/daemon/tls.h"

#include <time.h>
#include <unistd.h>

#include <openssl/ssl.h>

#include "tests/unit/support/tls_certs.h"

static struct made_cert ca, other_ca;
static SSL_CTX *server_ctx;
static SSL *server;
static struct tls_keys *keys;
static struct tls *client;
static struct sbuf plain;
static struct tls_config config;
static char load_error[TLS_ERROR_MAX];

static void
setup(void)
{
	certs_begin();
	ca = cert_make("ca", NULL, NULL, -10, 10);
	other_ca = cert_make("other-ca", NULL, NULL, -10, 10);
	config = (struct tls_config){
		.ca = ca.cert_path, .name = "rtr.example", .certificate = "", .key = ""
	};
	server_ctx = SSL_CTX_new(TLS_server_method());
	ck_assert_ptr_nonnull(server_ctx);
	server = NULL;
	keys = NULL;
	client = NULL;
	plain = sbuf_of(1 << 20);
}

static void
teardown(void)
{
	tls_free(client);
	tls_keys_free(keys);
	SSL_free(server);
	SSL_CTX_free(server_ctx);
	sbuf_free(&plain);
	cert_drop(&ca);
	cert_drop(&other_ca);
	certs_end();
}

/* --- both ends */

static void
serve(const struct made_cert *c)
{
	ck_assert_int_eq(SSL_CTX_use_certificate(server_ctx, c->x), 1);
	ck_assert_int_eq(SSL_CTX_use_PrivateKey(server_ctx, c->key), 1);
	server = SSL_new(server_ctx);
	SSL_set_bio(server, BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
	SSL_set_accept_state(server);
}

static void
begin(void)
{
	keys = tls_keys_load(&config, load_error);
	ck_assert_msg(keys != NULL, "%s", load_error);
	client = tls_new(keys, &config);
	ck_assert_ptr_nonnull(client);
}

/* What the client has to send reaches the server, and the other way, in pieces of so many octets,
 * until nobody says anything more. */
static void
exchange(size_t piece)
{
	uint8_t buf[65536];
	bool any = true;

	while (any) {
		struct sbuf *out = tls_out(client);
		int n;

		any = out->len > 0;
		if (out->len > 0)
			ck_assert_int_gt(
			    BIO_write(SSL_get_rbio(server), out->data, (int)out->len), 0);
		sbuf_clear(out);
		if (!SSL_is_init_finished(server))
			SSL_do_handshake(server);
		while ((n = BIO_read(SSL_get_wbio(server), buf, sizeof(buf))) > 0) {
			any = true;
			for (size_t at = 0; at < (size_t)n; at += piece) {
				size_t left = (size_t)n - at, size = left < piece ? left : piece;
				uint8_t *copy = exact_copy(buf + at, size);

				tls_feed(client, copy, size, &plain);
				free(copy);
			}
		}
	}
}

static void
shake_hands(const struct made_cert *c)
{
	serve(c);
	begin();
	exchange(65536);
}

static void
is_refused(const char *why)
{
	ck_assert_int_eq(tls_state(client), TLS_FAILED);
	ck_assert_msg(strstr(tls_error(client), why) != NULL, "%s", tls_error(client));
	ck_assert_msg(strstr(tls_error(client), "right would be") != NULL, "%s", tls_error(client));
}

static void
is_said(const char *text)
{
	ck_assert_uint_eq(plain.len, strlen(text));
	ck_assert_mem_eq(plain.data, text, plain.len);
}

/* --- what is right */

START_TEST(said_and_heard_in_pieces)
{
	static const size_t pieces[] = { 1, 5, 7, 1000, 65536 };
	struct made_cert c = cert_make("a", "DNS:rtr.example", &ca, -1, 1);
	char buf[16] = "";
	size_t n;

	serve(&c);
	begin();
	ck_assert_int_eq(tls_state(client), TLS_HANDSHAKE);
	ck_assert(!tls_send(client, "early", 5));
	exchange(pieces[_i]);
	ck_assert_msg(tls_state(client) == TLS_OPEN, "%s", tls_error(client));
	ck_assert_str_eq(tls_version(client), "TLSv1.3");
	ck_assert_str_eq(SSL_get_servername(server, TLSEXT_NAMETYPE_host_name), "rtr.example");
	ck_assert(tls_send(client, "query", 5));
	exchange(pieces[_i]);
	ck_assert_int_eq(SSL_read_ex(server, buf, sizeof(buf), &n), 1);
	ck_assert_mem_eq(buf, "query", 5);
	ck_assert_int_gt(SSL_write(server, "answer", 6), 0);
	ck_assert_int_gt(SSL_write(server, " and more", 9), 0);
	exchange(pieces[_i]);
	is_said("answer and more");
	ck_assert_int_eq(tls_state(client), TLS_OPEN);
	SSL_shutdown(server);
	exchange(pieces[_i]);
	ck_assert_int_eq(tls_state(client), TLS_CLOSED);
	ck_assert_str_eq(tls_error(client), "");
	cert_drop(&c);
}
END_TEST

/* Much more than a record, in both directions. */
START_TEST(much)
{
	struct made_cert c = cert_make("a", "DNS:rtr.example", &ca, -1, 1);
	enum { MUCH = 300000 };
	uint8_t *octets = malloc(MUCH);
	size_t n, got = 0;

	for (size_t i = 0; i < MUCH; i++)
		octets[i] = (uint8_t)(i * 7);
	shake_hands(&c);
	ck_assert_int_eq(SSL_write(server, octets, MUCH), MUCH);
	exchange(4093);
	ck_assert_uint_eq(plain.len, MUCH);
	ck_assert_mem_eq(plain.data, octets, MUCH);
	ck_assert(tls_send(client, octets, MUCH));
	exchange(65536);
	sbuf_clear(&plain);
	while (got < MUCH && SSL_read_ex(server, sbuf_reserve(&plain, MUCH), MUCH, &n) == 1) {
		plain.len += n;
		got += n;
	}
	ck_assert_uint_eq(got, MUCH);
	ck_assert_mem_eq(plain.data, octets, MUCH);
	free(octets);
	cert_drop(&c);
}
END_TEST

/* Half a record says nothing, and the other half all. */
START_TEST(half_a_record)
{
	struct made_cert c = cert_make("a", "DNS:rtr.example", &ca, -1, 1);
	uint8_t buf[256];
	int n;

	shake_hands(&c);
	ck_assert_int_gt(SSL_write(server, "whole", 5), 0);
	n = BIO_read(SSL_get_wbio(server), buf, sizeof(buf));
	ck_assert_int_gt(n, 10);
	tls_feed(client, buf, (size_t)n / 2, &plain);
	ck_assert_uint_eq(plain.len, 0);
	ck_assert_int_eq(tls_state(client), TLS_OPEN);
	tls_feed(client, buf + n / 2, (size_t)(n - n / 2), &plain);
	is_said("whole");
	cert_drop(&c);
}
END_TEST

START_TEST(we_end_it)
{
	struct made_cert c = cert_make("a", "DNS:rtr.example", &ca, -1, 1);
	char buf[4];

	shake_hands(&c);
	tls_close(client);
	exchange(65536);
	ck_assert_int_eq(
	    SSL_get_error(server, SSL_read(server, buf, sizeof(buf))), SSL_ERROR_ZERO_RETURN);
	ck_assert(!tls_send(client, "late", 4));
	cert_drop(&c);
}
END_TEST

START_TEST(version_1_2)
{
	struct made_cert c = cert_make("a", "DNS:rtr.example", &ca, -1, 1);

	SSL_CTX_set_max_proto_version(server_ctx, TLS1_2_VERSION);
	shake_hands(&c);
	ck_assert_msg(tls_state(client) == TLS_OPEN, "%s", tls_error(client));
	ck_assert_str_eq(tls_version(client), "TLSv1.2");
	cert_drop(&c);
}
END_TEST

static const struct {
	const char *san, *name;
	uint8_t verify;
} rights[] = {
	{ "DNS:other.example,DNS:rtr.example", "rtr.example", TLS_BY_NAME },
	{ "DNS:RTR.example", "rtr.EXAMPLE", TLS_BY_NAME },
	{ "DNS:rtr.example", "rtr.example.", TLS_BY_NAME },
	{ "DNS:*.example.net", "rtr.example.net", TLS_BY_NAME },
	{ "IP:192.0.2.1", "192.0.2.1", TLS_BY_ADDRESS },
	{ "DNS:rtr.example,IP:2001:db8::1", "2001:DB8:0::1", TLS_BY_ADDRESS },
};

START_TEST(right_name)
{
	struct made_cert c = cert_make("a", rights[_i].san, &ca, -1, 1);

	config.name = rights[_i].name;
	config.verify = rights[_i].verify;
	shake_hands(&c);
	ck_assert_msg(tls_state(client) == TLS_OPEN, "%s", tls_error(client));
	cert_drop(&c);
}
END_TEST

/* What is in the file is trusted: the certificate itself, or a CA that is no root. */
START_TEST(what_may_be_in_the_file)
{
	struct made_cert self = cert_make("self", "DNS:rtr.example", NULL, -1, 1),
			 middle = cert_make("middle", NULL, &ca, -1, 1),
			 below = cert_make("below", "DNS:rtr.example", &middle, -1, 1),
			 *served = _i == 0 ? &self : &below;

	config.ca = _i == 0 ? self.cert_path : _i == 1 ? middle.cert_path : below.cert_path;
	shake_hands(served);
	ck_assert_msg(tls_state(client) == TLS_OPEN, "%s", tls_error(client));
	cert_drop(&self);
	cert_drop(&middle);
	cert_drop(&below);
}
END_TEST

/* --- what is wrong */

static const struct {
	const char *san, *name, *why;
	uint8_t verify;
} wrongs[] = {
	{ "DNS:other.example", "rtr.example", "is for other.example, not for rtr.example",
	    TLS_BY_NAME },
	{ "DNS:other.example,DNS:b.example", "rtr.example", "is for other.example and others",
	    TLS_BY_NAME },
	{ "IP:192.0.2.1", "rtr.example", "no dNSName", TLS_BY_NAME },
	{ "DNS:r*.example", "rtr.example", "is for r*.example", TLS_BY_NAME },
	{ "DNS:*.example", "rtr.a.example", "is for *.example", TLS_BY_NAME },
	{ "DNS:192.0.2.1", "192.0.2.1", "not for address 192.0.2.1", TLS_BY_ADDRESS },
	{ "DNS:rtr.example,IP:192.0.2.2", "192.0.2.1", "not for address", TLS_BY_ADDRESS },
};

START_TEST(wrong_name)
{
	struct made_cert c = cert_make("a", wrongs[_i].san, &ca, -1, 1);

	config.name = wrongs[_i].name;
	config.verify = wrongs[_i].verify;
	shake_hands(&c);
	is_refused(wrongs[_i].why);
	cert_drop(&c);
}
END_TEST

/* A common name is no name (RFC 8210 section 9.2). */
START_TEST(common_name)
{
	struct made_cert c = cert_make("rtr.example", "", &ca, -1, 1);

	shake_hands(&c);
	is_refused("no dNSName");
	cert_drop(&c);
}
END_TEST

START_TEST(wrong_certificate)
{
	struct made_cert old_ca = cert_make("old-ca", NULL, NULL, -10, -2);
	struct made_cert c[] = {
		cert_make("old", "DNS:rtr.example", &ca, -10, -1),
		cert_make("early", "DNS:rtr.example", &ca, 1, 2),
		cert_make("stranger", "DNS:rtr.example", &other_ca, -1, 1),
		cert_make("self", "DNS:rtr.example", NULL, -1, 1),
		cert_make("by-old", "DNS:rtr.example", &old_ca, -1, 1),
	};
	static const char *const whys[] = { "CN=old expired on 20", "CN=early is not valid before",
		"unknown CA: certificate issued by CN=other-ca",
		"unknown CA: certificate issued by CN=self", "of its CA CN=old-ca expired" };

	if (_i == 4)
		config.ca = old_ca.cert_path;
	shake_hands(&c[_i]);
	is_refused(whys[_i]);
	ck_assert_uint_eq(plain.len, 0);
	for (size_t i = 0; i < sizeof(c) / sizeof(c[0]); i++)
		cert_drop(&c[i]);
	cert_drop(&old_ca);
}
END_TEST

/* Names are the peer's octets; and an error has an end. */
START_TEST(names_of_any_kind)
{
	char san[300] = "DNS:";
	struct made_cert c;

	memset(san + 4, 'n', 63);
	strcat(san, ".example,DNS:b");
	c = cert_make(
	    "\x1b[31mred\nline", _i == 0 ? san : "DNS:a\x1b[2J\"\n", &ca, -1, _i == 2 ? -1 : 1);
	shake_hands(&c);
	is_refused("certificate");
	for (const char *s = tls_error(client); *s != '\0'; s++)
		ck_assert_msg(*s >= ' ' && *s < 0x7f, "%s", tls_error(client));
	cert_drop(&c);
}
END_TEST

START_TEST(no_tls_there)
{
	static const char *const answers[] = { "\x01\x0a\x00\x04\x00\x00\x00\x10\0\0\0\0\0\0\0\0",
		"HTTP/1.1 400 Bad Request\r\n\r\n", "SSH-2.0-OpenSSH_9.2\r\n" };

	begin();
	tls_feed(client, (const uint8_t *)answers[_i], 16, &plain);
	is_refused("speaks no TLS");
	tls_feed(client, (const uint8_t *)"more", 4, &plain);
	ck_assert_uint_eq(plain.len, 0);
}
END_TEST

START_TEST(too_old_a_version)
{
	struct made_cert c = cert_make("a", "DNS:rtr.example", &ca, -1, 1);

	SSL_CTX_set_security_level(server_ctx, 0);
	SSL_CTX_set_min_proto_version(server_ctx, TLS1_VERSION);
	SSL_CTX_set_max_proto_version(server_ctx, TLS1_1_VERSION);
	shake_hands(&c);
	is_refused("no TLS 1.2 or later");
	cert_drop(&c);
}
END_TEST

/* Octets of an open connection that are another's. */
START_TEST(damaged_record)
{
	struct made_cert c = cert_make("a", "DNS:rtr.example", &ca, -1, 1);
	uint8_t buf[256];
	int n;

	shake_hands(&c);
	ck_assert_int_gt(SSL_write(server, "whole", 5), 0);
	n = BIO_read(SSL_get_wbio(server), buf, sizeof(buf));
	buf[n - 1] ^= 1;
	tls_feed(client, buf, (size_t)n, &plain);
	ck_assert_int_eq(tls_state(client), TLS_FAILED);
	ck_assert_str_ne(tls_error(client), "");
	ck_assert_uint_eq(plain.len, 0);
	cert_drop(&c);
}
END_TEST

/* --- who we are */

static void
serve_the_known(const struct made_cert *c)
{
	ck_assert_int_eq(SSL_CTX_load_verify_locations(server_ctx, ca.cert_path, NULL), 1);
	SSL_CTX_set_verify(server_ctx, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
	serve(c);
}

START_TEST(our_certificate)
{
	struct made_cert c = cert_make("a", "DNS:rtr.example", &ca, -1, 1),
			 ours = cert_make("ours", "IP:192.0.2.7", &ca, -1, 1);
	X509 *seen;

	config.certificate = ours.cert_path;
	config.key = ours.key_path;
	serve_the_known(&c);
	begin();
	exchange(65536);
	ck_assert_msg(tls_state(client) == TLS_OPEN, "%s", tls_error(client));
	seen = SSL_get1_peer_certificate(server);
	ck_assert_int_eq(X509_cmp(seen, ours.x), 0);
	X509_free(seen);
	cert_drop(&c);
	cert_drop(&ours);
}
END_TEST

/* The one that ends first, and when it should have been renewed. */
START_TEST(validity)
{
	static const long days[][2] = { { 5, 9 }, { 9, 5 }, { 300, 9 }, { 300, 400 } };
	struct made_cert c = cert_make("a", "DNS:rtr.example", &ca, -1, days[_i][0]),
			 ours = cert_make("ours", "IP:192.0.2.7", &ca, -1, days[_i][1]);
	long shorter = days[_i][0] < days[_i][1] ? days[_i][0] : days[_i][1],
	     part = (shorter + 1) * 8640;
	struct tls_validity v;
	int64_t left;

	config.certificate = ours.cert_path;
	config.key = ours.key_path;
	serve_the_known(&c);
	begin();
	ck_assert_int_eq(tls_validity(client).until_s, 0);
	exchange(65536);
	v = tls_validity(client);
	left = v.until_s - time(NULL);
	ck_assert(v.ours == (shorter == days[_i][1]));
	ck_assert_int_le(left, shorter * 86400);
	ck_assert_int_ge(left, shorter * 86400 - 60);
	ck_assert_int_eq(v.until_s - v.renew_s, part < 14 * 86400 ? part : 14 * 86400);
	cert_drop(&c);
	cert_drop(&ours);
}
END_TEST

/* None, and one of another CA; in the version that says so in the handshake, and in the one that
 * says so later. */
START_TEST(we_are_refused)
{
	struct made_cert c = cert_make("a", "DNS:rtr.example", &ca, -1, 1),
			 ours = cert_make("ours", "IP:192.0.2.7", &other_ca, -1, 1);

	if (_i / 2 == 1) {
		config.certificate = ours.cert_path;
		config.key = ours.key_path;
	}
	SSL_CTX_set_max_proto_version(server_ctx, _i % 2 == 0 ? TLS1_2_VERSION : TLS1_3_VERSION);
	serve_the_known(&c);
	begin();
	exchange(65536);
	is_refused("the peer refuses us");
	cert_drop(&c);
	cert_drop(&ours);
}
END_TEST

/* --- files */

static void
load_fails(const char *why)
{
	keys = tls_keys_load(&config, load_error);
	ck_assert_ptr_null(keys);
	ck_assert_msg(strstr(load_error, why) != NULL, "%s", load_error);
	ck_assert_msg(strstr(load_error, "right would be") != NULL, "%s", load_error);
}

START_TEST(files_that_cannot_be_used)
{
	struct made_cert ours = cert_make("ours", "IP:192.0.2.7", &ca, -1, 1),
			 more = cert_make("more", "IP:192.0.2.7", &ca, -1, 1);
	const char *text = cert_file("text"), *locked = cert_file("locked"),
		   *cut = cert_file("cut"), *fifo = cert_file("fifo");
	FILE *f = fopen(locked, "w");

	cert_put(text, "no key, no certificate\n");
	cert_put(cut, "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n");
	ck_assert_int_eq(mkfifo(fifo, 0600), 0);
	PEM_write_PrivateKey(
	    f, ours.key, EVP_aes_128_cbc(), (const unsigned char *)"secret", 6, NULL, NULL);
	fclose(f);
	config.certificate = ours.cert_path;
	config.key = ours.key_path;
	switch (_i) {
	case 0:
		config.ca = cert_file("nowhere");
		load_fails("tls.ca ");
		load_fails("No such file");
		break;
	case 1:
		config.ca = text;
		load_fails("no certificate in it");
		break;
	case 2:
		config.ca = cut;
		load_fails("cannot be used");
		break;
	case 3:
		config.certificate = ours.key_path;
		load_fails("tls.certificate ");
		break;
	case 4:
		config.key = ours.cert_path;
		load_fails("no private key in it");
		break;
	case 5:
		config.key = locked;
		load_fails("it has a passphrase");
		break;
	case 6:
		config.key = more.key_path;
		load_fails("does not belong to tls.certificate");
		break;
	case 7:
		config.key = certs_dir;
		load_fails("no regular file");
		break;
	case 8:
		config.ca = fifo; /* nobody waits for its other end */
		load_fails("no regular file");
		break;
	case 9:
		if (geteuid() != 0) { /* root reads everything */
			chmod(ours.key_path, 0);
			load_fails("Permission denied");
		}
		break;
	}
	cert_drop(&ours);
	cert_drop(&more);
}
END_TEST

START_TEST(files_that_change)
{
	struct made_cert ours = cert_make("ours", "IP:192.0.2.7", &ca, -1, 1);
	struct tls_keys *again;

	config.certificate = ours.cert_path;
	config.key = ours.key_path;
	begin();
	again = tls_keys_load(&config, load_error);
	ck_assert(tls_keys_same(keys, again));
	tls_keys_free(again);
	cert_drop(&ours);
	ours = cert_make("ours", "IP:192.0.2.7", &ca, -1, 1);
	again = tls_keys_load(&config, load_error);
	ck_assert(!tls_keys_same(keys, again));
	tls_keys_free(again);
	cert_drop(&ours);
}
END_TEST

START_TEST(copies)
{
	struct tls_config copy;

	ck_assert(tls_config_copy(&copy, &config));
	ck_assert(tls_config_same(&copy, &config));
	config.name = "other.example";
	ck_assert(!tls_config_same(&copy, &config));
	tls_config_free(&copy);
}
END_TEST

HARNESS_MAIN("tls")
{
	CASE("all");
	FIXTURE(setup, teardown);
	TIMEOUT(30);
	LOOP(said_and_heard_in_pieces, 5);
	TEST(much);
	TEST(half_a_record);
	TEST(we_end_it);
	TEST(version_1_2);
	ROWS(right_name, rights);
	LOOP(what_may_be_in_the_file, 3);
	ROWS(wrong_name, wrongs);
	TEST(common_name);
	LOOP(wrong_certificate, 5);
	LOOP(names_of_any_kind, 3);
	LOOP(no_tls_there, 3);
	TEST(too_old_a_version);
	TEST(damaged_record);
	TEST(our_certificate);
	LOOP(validity, 4);
	LOOP(we_are_refused, 4);
	LOOP(files_that_cannot_be_used, 10);
	TEST(files_that_change);
	TEST(copies);
}
