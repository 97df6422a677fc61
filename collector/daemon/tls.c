#include "collector/daemon/tls.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "base/pure/sha256.h"
#include "base/pure/text.h"
#include "collector/daemon/whole_file.h"

enum {
	FILE_MAX = 4 << 20, /* a CA bundle has a quarter of that */
	OUT_MAX = 1 << 20,
	CHUNK = 16384,	/* of a record */
	NAMES_MAX = 40, /* octets of names in an error */
	PATH_TAIL = 40, /* of a path, too */
	ALERT_REASONS = SSL_AD_REASON_OFFSET,
};

struct tls_keys {
	SSL_CTX *ctx;
	uint8_t digest[SHA256_LEN]; /* of the files */
	bool has_certificate;
};

struct tls {
	SSL *ssl;
	BIO *in, *to_send; /* the SSL owns them */
	struct sbuf out;
	const struct tls_config *config;
	enum tls_state state;
	bool has_certificate, heard;
	char error[TLS_ERROR_MAX];
};

/* --- configuration */

bool
tls_config_copy(struct tls_config *c, const struct tls_config *from)
{
	*c = (struct tls_config){ .ca = strdup(from->ca),
		.certificate = strdup(from->certificate),
		.key = strdup(from->key),
		.name = strdup(from->name),
		.verify = from->verify };
	if (c->ca != NULL && c->certificate != NULL && c->key != NULL && c->name != NULL)
		return true;
	tls_config_free(c);
	return false;
}

void
tls_config_free(struct tls_config *c)
{
	free((void *)(uintptr_t)c->ca);
	free((void *)(uintptr_t)c->certificate);
	free((void *)(uintptr_t)c->key);
	free((void *)(uintptr_t)c->name);
	*c = (struct tls_config){ .ca = NULL };
}

bool
tls_config_same(const struct tls_config *a, const struct tls_config *b)
{
	return strcmp(a->ca, b->ca) == 0 && strcmp(a->certificate, b->certificate) == 0 &&
	       strcmp(a->key, b->key) == 0 && strcmp(a->name, b->name) == 0 &&
	       a->verify == b->verify;
}

/* --- keys */

/* The end of a path says more than its beginning. */
static const char *
tail_of(const char *path)
{
	size_t n = strlen(path);

	return n > PATH_TAIL ? path + n - PATH_TAIL : path;
}

/* No terminal is asked for a passphrase. */
static int
no_passphrase(char *buf, int size, int writing, void *asked)
{
	(void)buf;
	(void)size;
	(void)writing;
	*(bool *)asked = true;
	return -1;
}

/* All of a file as a BIO, noted in the digest. NULL with the reason in error. */
static BIO *
open_pem(const char *what, const char *path, struct sha256 *digest, struct sbuf *text,
    char error[TLS_ERROR_MAX])
{
	int fd = whole_file_open(path);
	char why[96] = "";
	struct stat st;
	BIO *bio = NULL;

	if (fd < 0 || fstat(fd, &st) != 0)
		text_copy(why, sizeof(why), strerror(errno));
	else if (!S_ISREG(st.st_mode))
		text_copy(why, sizeof(why), "no regular file");
	else if (whole_file_read(fd, path, NULL, text, why, sizeof(why)))
		bio = BIO_new_mem_buf(sbuf_text(text), (int)text->len);
	if (fd >= 0)
		close(fd);
	if (bio == NULL) {
		snprintf(error, TLS_ERROR_MAX,
		    "tls.%s %s: %s; right would be a PEM file that bellmand may read", what,
		    tail_of(path), why[0] != '\0' ? why : "out of memory");
		return NULL;
	}
	sha256_put(digest, sbuf_text(text), text->len);
	return bio;
}

/* Each certificate of the file. How many were taken, or -1. */
static int
each_certificate(BIO *bio, bool (*take)(SSL_CTX *, X509 *, int n), SSL_CTX *ctx)
{
	int n = 0;
	X509 *x;

	while ((x = PEM_read_bio_X509(bio, NULL, NULL, NULL)) != NULL) {
		bool ok = take(ctx, x, n);

		X509_free(x);
		if (!ok)
			return -1;
		n++;
	}
	/* the end of the file is none of OpenSSL's business, a damaged certificate is */
	return ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE ? n : -1;
}

static bool
take_ca(SSL_CTX *ctx, X509 *x, int n)
{
	(void)n;
	return X509_STORE_add_cert(SSL_CTX_get_cert_store(ctx), x) == 1;
}

static bool
take_own(SSL_CTX *ctx, X509 *x, int n)
{
	return n == 0 ? SSL_CTX_use_certificate(ctx, x) == 1 : SSL_CTX_add1_chain_cert(ctx, x) == 1;
}

static bool
load_certificates(SSL_CTX *ctx, const char *what, const char *path,
    bool (*take)(SSL_CTX *, X509 *, int n), struct sha256 *digest, char error[TLS_ERROR_MAX])
{
	struct sbuf text = sbuf_of(FILE_MAX);
	BIO *bio = open_pem(what, path, digest, &text, error);
	int n = bio != NULL ? each_certificate(bio, take, ctx) : 0;

	if (bio != NULL && n <= 0)
		snprintf(error, TLS_ERROR_MAX, "tls.%s %s: %s; right would be certificates in PEM",
		    what, tail_of(path),
		    n == 0 ? "no certificate in it" : "a certificate in it cannot be used");
	BIO_free(bio);
	sbuf_free(&text);
	return n > 0;
}

static bool
load_key(SSL_CTX *ctx, const struct tls_config *c, struct sha256 *digest, char error[TLS_ERROR_MAX])
{
	struct sbuf text = sbuf_of(FILE_MAX);
	BIO *bio = open_pem("key", c->key, digest, &text, error);
	bool asked = false, fits = false;
	EVP_PKEY *key = NULL;

	if (bio != NULL)
		key = PEM_read_bio_PrivateKey(bio, NULL, no_passphrase, &asked);
	if (key != NULL)
		fits = SSL_CTX_use_PrivateKey(ctx, key) == 1 && SSL_CTX_check_private_key(ctx) == 1;
	if (bio != NULL && key == NULL)
		snprintf(error, TLS_ERROR_MAX, "tls.key %s: %s; right would be %s", tail_of(c->key),
		    asked ? "it has a passphrase" : "no private key in it",
		    asked ? "a key without one" : "a private key in PEM");
	else if (key != NULL && !fits)
		snprintf(error, TLS_ERROR_MAX,
		    "tls.key %s does not belong to tls.certificate; right would be the key of %s",
		    tail_of(c->key), tail_of(c->certificate));
	EVP_PKEY_free(key);
	BIO_free(bio);
	OPENSSL_cleanse(text.data, text.len);
	sbuf_free(&text);
	return fits;
}

static SSL_CTX *
new_context(void)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());

	if (ctx == NULL || SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION) != 1) {
		SSL_CTX_free(ctx);
		return NULL;
	}
	SSL_CTX_set_options(ctx, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
	SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
	/* what the operator put into the file is trusted, be it no root */
	X509_STORE_set_flags(SSL_CTX_get_cert_store(ctx), X509_V_FLAG_PARTIAL_CHAIN);
	return ctx;
}

struct tls_keys *
tls_keys_load(const struct tls_config *c, char error[TLS_ERROR_MAX])
{
	struct tls_keys *k = calloc(1, sizeof(*k));
	struct sha256 digest;

	ERR_clear_error();
	error[0] = '\0';
	sha256_init(&digest);
	if (k == NULL || (k->ctx = new_context()) == NULL)
		snprintf(error, TLS_ERROR_MAX, "out of memory");
	else if (load_certificates(k->ctx, "ca", c->ca, take_ca, &digest, error) &&
		 (c->certificate[0] == '\0' || (load_certificates(k->ctx, "certificate",
						    c->certificate, take_own, &digest, error) &&
						   load_key(k->ctx, c, &digest, error))))
		k->has_certificate = c->certificate[0] != '\0';
	ERR_clear_error();
	if (error[0] != '\0') {
		tls_keys_free(k);
		return NULL;
	}
	sha256_end(&digest, k->digest);
	return k;
}

bool
tls_keys_same(const struct tls_keys *a, const struct tls_keys *b)
{
	return memcmp(a->digest, b->digest, sizeof(a->digest)) == 0;
}

void
tls_keys_free(struct tls_keys *k)
{
	if (k == NULL)
		return;
	SSL_CTX_free(k->ctx);
	free(k);
}

/* --- who the peer is */

/* "CN=rtr.example,O=Example", cut. Its octets are the peer's: RFC 2253 escapes what is no text. */
static void
name_text(const X509_NAME *name, char buf[NAMES_MAX + 1])
{
	BIO *bio = BIO_new(BIO_s_mem());
	int n = 0;

	if (bio != NULL && X509_NAME_print_ex(bio, name, 0, XN_FLAG_RFC2253) >= 0)
		n = BIO_read(bio, buf, NAMES_MAX);
	buf[n > 0 ? n : 0] = '\0';
	BIO_free(bio);
}

/* "2026-11-27" */
static void
day_text(const ASN1_TIME *time, char buf[16])
{
	struct tm tm;

	if (ASN1_TIME_to_tm(time, &tm) != 1 || strftime(buf, 16, "%Y-%m-%d", &tm) == 0)
		text_copy(buf, 16, "?");
}

static bool
is_host_text(const unsigned char *s, int n)
{
	for (int i = 0; i < n; i++)
		if (strchr("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-_*",
			s[i]) == NULL ||
		    s[i] == '\0')
			return false;
	return n > 0;
}

/* The first of the certificate's dNSNames, and how many there are. */
static int
host_names(const X509 *x, char first[NAMES_MAX + 1])
{
	GENERAL_NAMES *all = X509_get_ext_d2i(x, NID_subject_alt_name, NULL, NULL);
	int n = 0;

	first[0] = '\0';
	for (int i = 0; i < sk_GENERAL_NAME_num(all); i++) {
		const GENERAL_NAME *name = sk_GENERAL_NAME_value(all, i);
		const unsigned char *s;
		int len;

		if (name->type != GEN_DNS)
			continue;
		s = ASN1_STRING_get0_data(name->d.dNSName);
		len = ASN1_STRING_length(name->d.dNSName);
		if (n++ == 0)
			snprintf(first, NAMES_MAX + 1, "%.*s", is_host_text(s, len) ? len : 1,
			    is_host_text(s, len) ? (const char *)s : "?");
	}
	GENERAL_NAMES_free(all);
	return n;
}

static void
say_wrong_name(struct tls *t, const X509 *x)
{
	char first[NAMES_MAX + 1];
	int n = host_names(x, first);

	if (t->config->verify == TLS_BY_ADDRESS)
		snprintf(t->error, sizeof(t->error),
		    "certificate is not for address %s; right would be one with that iPAddress, or "
		    "verify: name",
		    t->config->name);
	else if (n == 0)
		snprintf(t->error, sizeof(t->error),
		    "certificate has no dNSName, and %.60s is expected; right would be one with "
		    "that name",
		    t->config->name);
	else
		snprintf(t->error, sizeof(t->error),
		    "certificate is for %s%s, not for %.36s; right would be a tls.name it has",
		    first, n > 1 ? " and others" : "", t->config->name);
}

static void
say_wrong_certificate(struct tls *t, X509 *x, int code, int depth)
{
	char name[NAMES_MAX + 1] = "", day[16];

	switch (code) {
	case X509_V_ERR_CERT_HAS_EXPIRED:
		name_text(X509_get_subject_name(x), name);
		day_text(X509_get0_notAfter(x), day);
		snprintf(t->error, sizeof(t->error),
		    "certificate %s%s expired on %s; right would be a renewed one",
		    depth > 0 ? "of its CA " : "", name, day);
		break;
	case X509_V_ERR_CERT_NOT_YET_VALID:
		name_text(X509_get_subject_name(x), name);
		day_text(X509_get0_notBefore(x), day);
		snprintf(t->error, sizeof(t->error),
		    "certificate %s is not valid before %s; right would be a clock that is right, "
		    "here and there",
		    name, day);
		break;
	case X509_V_ERR_HOSTNAME_MISMATCH:
	case X509_V_ERR_IP_ADDRESS_MISMATCH:
		say_wrong_name(t, x);
		break;
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
	case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
	case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
	case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
	case X509_V_ERR_CERT_SIGNATURE_FAILURE: /* another key than the CA of that name */
		name_text(X509_get_issuer_name(x), name);
		snprintf(t->error, sizeof(t->error),
		    "unknown CA: certificate issued by %s; right would be that CA in tls.ca, %s",
		    name, tail_of(t->config->ca));
		break;
	default:
		snprintf(t->error, sizeof(t->error),
		    "certificate is refused: %.60s; right would be one that openssl verify accepts",
		    X509_verify_cert_error_string(code));
	}
}

/* Called for each certificate; the first that is wrong ends the handshake. */
static int
on_verified(int ok, X509_STORE_CTX *store)
{
	SSL *ssl = X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx());
	struct tls *t = SSL_get_app_data(ssl);
	X509 *x = X509_STORE_CTX_get_current_cert(store);

	if (!ok && x != NULL && t->error[0] == '\0')
		say_wrong_certificate(
		    t, x, X509_STORE_CTX_get_error(store), X509_STORE_CTX_get_error_depth(store));
	return ok;
}

static bool
expect(struct tls *t)
{
	X509_VERIFY_PARAM *param = SSL_get0_param(t->ssl);
	char name[256];

	text_copy(name, sizeof(name), t->config->name);
	SSL_set_verify(t->ssl, SSL_VERIFY_PEER, on_verified);
	if (t->config->verify == TLS_BY_ADDRESS)
		return X509_VERIFY_PARAM_set1_ip_asc(param, name) == 1;
	if (name[0] != '\0' && name[strlen(name) - 1] == '.')
		name[strlen(name) - 1] = '\0'; /* as DNS writes it, certificates do not */
	X509_VERIFY_PARAM_set_hostflags(
	    param, X509_CHECK_FLAG_NEVER_CHECK_SUBJECT | X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
	return X509_VERIFY_PARAM_set1_host(param, name, 0) == 1 &&
	       SSL_set_tlsext_host_name(t->ssl, name) == 1;
}

/* --- a connection */

/* What OpenSSL wrote goes to who sends it. */
static void
gather(struct tls *t)
{
	size_t n;
	void *room;

	while (
	    (n = BIO_ctrl_pending(t->to_send)) > 0 && (room = sbuf_reserve(&t->out, n)) != NULL) {
		int got = BIO_read(t->to_send, room, (int)n);

		if (got <= 0)
			break;
		t->out.len += (size_t)got;
	}
}

/* An alert of the peer, by its number. */
static void
say_alert(struct tls *t, int alert)
{
	switch (alert) {
	case SSL_AD_PROTOCOL_VERSION:
		snprintf(t->error, sizeof(t->error),
		    "the peer speaks no TLS 1.2 or later; right would be one that does");
		break;
	case SSL_AD_UNRECOGNIZED_NAME:
		snprintf(t->error, sizeof(t->error),
		    "the peer has no certificate for %.60s; right would be a name it has",
		    t->config->name);
		break;
	case SSL_AD_HANDSHAKE_FAILURE:
	case SSL_AD_BAD_CERTIFICATE:
	case SSL_AD_CERTIFICATE_EXPIRED:
	case SSL_AD_CERTIFICATE_REVOKED:
	case SSL_AD_CERTIFICATE_REQUIRED:
	case SSL_AD_CERTIFICATE_UNKNOWN:
	case SSL_AD_UNSUPPORTED_CERTIFICATE:
	case SSL_AD_UNKNOWN_CA:
	case SSL_AD_ACCESS_DENIED:
		snprintf(t->error, sizeof(t->error),
		    "the peer refuses us (%.40s); right would be %s",
		    SSL_alert_desc_string_long(alert),
		    t->has_certificate ? "a tls.certificate that it accepts"
				       : "a tls.certificate and tls.key that it accepts");
		break;
	default:
		snprintf(t->error, sizeof(t->error), "the peer ends TLS: %.60s",
		    SSL_alert_desc_string_long(alert));
	}
}

static void
say_no_tls(struct tls *t)
{
	t->state = TLS_FAILED;
	snprintf(t->error, sizeof(t->error),
	    "what answers speaks no TLS; right would be the port for TLS, or no tls: here");
}

static void
fail(struct tls *t)
{
	unsigned long error = ERR_peek_error();
	int reason = ERR_GET_REASON(error);

	t->state = TLS_FAILED;
	if (t->error[0] != '\0') /* it is known better */
		return;
	if (ERR_GET_LIB(error) == ERR_LIB_SSL && reason >= ALERT_REASONS &&
	    reason < ALERT_REASONS + 256) {
		say_alert(t, reason - ALERT_REASONS);
		return;
	}
	switch (ERR_GET_LIB(error) == ERR_LIB_SSL ? reason : 0) {
	case SSL_R_UNSUPPORTED_PROTOCOL:
		say_alert(t, SSL_AD_PROTOCOL_VERSION);
		break;
	case SSL_R_WRONG_VERSION_NUMBER:
	case SSL_R_HTTP_REQUEST:
	case SSL_R_PACKET_LENGTH_TOO_LONG:
	case SSL_R_BAD_RECORD_TYPE:
		say_no_tls(t);
		break;
	default:
		snprintf(t->error, sizeof(t->error), "TLS: %.80s",
		    error != 0 && ERR_reason_error_string(error) != NULL
			? ERR_reason_error_string(error)
			: "it failed");
	}
}

static void
shake_hands(struct tls *t)
{
	int rc = SSL_do_handshake(t->ssl);

	if (rc == 1)
		t->state = TLS_OPEN;
	else if (SSL_get_error(t->ssl, rc) != SSL_ERROR_WANT_READ)
		fail(t);
}

struct tls *
tls_new(const struct tls_keys *keys, const struct tls_config *c)
{
	struct tls *t = calloc(1, sizeof(*t));

	if (t == NULL)
		return NULL;
	ERR_clear_error();
	t->config = c;
	t->has_certificate = keys->has_certificate;
	t->out = sbuf_of(OUT_MAX);
	t->ssl = SSL_new(keys->ctx);
	t->in = BIO_new(BIO_s_mem());
	t->to_send = BIO_new(BIO_s_mem());
	if (t->ssl == NULL || t->in == NULL || t->to_send == NULL) {
		BIO_free(t->in);
		BIO_free(t->to_send);
		tls_free(t);
		return NULL;
	}
	SSL_set_bio(t->ssl, t->in, t->to_send);
	SSL_set_app_data(t->ssl, t);
	SSL_set_connect_state(t->ssl);
	if (expect(t))
		shake_hands(t);
	else
		fail(t);
	gather(t);
	return t;
}

void
tls_free(struct tls *t)
{
	if (t == NULL)
		return;
	SSL_free(t->ssl);
	sbuf_free(&t->out);
	free(t);
}

enum tls_state
tls_state(const struct tls *t)
{
	return t->state;
}

/* What is there of whole records. */
static void
read_plain(struct tls *t, struct sbuf *plain)
{
	void *room;
	int n = 0;

	while (
	    (room = sbuf_reserve(plain, CHUNK)) != NULL && (n = SSL_read(t->ssl, room, CHUNK)) > 0)
		plain->len += (size_t)n;
	if (room == NULL) {
		snprintf(t->error, sizeof(t->error), "out of memory");
		t->state = TLS_FAILED;
		return;
	}
	switch (SSL_get_error(t->ssl, n)) {
	case SSL_ERROR_WANT_READ:
	case SSL_ERROR_WANT_WRITE:
		break;
	case SSL_ERROR_ZERO_RETURN:
		t->state = TLS_CLOSED;
		break;
	default:
		fail(t);
	}
}

void
tls_feed(struct tls *t, const uint8_t *octets, size_t n, struct sbuf *plain)
{
	if (t->state == TLS_CLOSED || t->state == TLS_FAILED)
		return;
	/* OpenSSL would wait for the rest of what looks like a long record */
	if (!t->heard && n > 0 && octets[0] != SSL3_RT_HANDSHAKE && octets[0] != SSL3_RT_ALERT) {
		say_no_tls(t);
		return;
	}
	t->heard = true;
	ERR_clear_error();
	if (n > INT32_MAX || BIO_write(t->in, octets, (int)n) != (int)n) {
		fail(t);
		return;
	}
	if (t->state == TLS_HANDSHAKE)
		shake_hands(t);
	if (t->state == TLS_OPEN)
		read_plain(t, plain);
	gather(t);
}

bool
tls_send(struct tls *t, const void *octets, size_t n)
{
	int rc;

	if (t->state != TLS_OPEN || n == 0 || n > INT32_MAX)
		return t->state == TLS_OPEN && n == 0;
	ERR_clear_error();
	rc = SSL_write(t->ssl, octets, (int)n);
	if (rc <= 0)
		fail(t);
	gather(t);
	return rc > 0;
}

void
tls_close(struct tls *t)
{
	if (t->state != TLS_OPEN)
		return;
	ERR_clear_error();
	SSL_shutdown(t->ssl);
	gather(t);
	t->state = TLS_CLOSED;
}

struct sbuf *
tls_out(struct tls *t)
{
	return &t->out;
}

const char *
tls_error(const struct tls *t)
{
	return t->error;
}

static int64_t
seconds_of(const ASN1_TIME *time)
{
	struct tm tm;

	return ASN1_TIME_to_tm(time, &tm) == 1 ? (int64_t)timegm(&tm) : 0;
}

static void
note_validity(struct tls_validity *v, const X509 *x, bool ours)
{
	const int64_t two_weeks = 14 * 86400;
	int64_t until, part;

	if (x == NULL)
		return;
	until = seconds_of(X509_get0_notAfter(x));
	part = (until - seconds_of(X509_get0_notBefore(x))) / 10;
	if (v->until_s == 0 || until < v->until_s)
		*v = (struct tls_validity){ .until_s = until,
			.renew_s = until - (part < two_weeks ? part : two_weeks),
			.ours = ours };
}

struct tls_validity
tls_validity(const struct tls *t)
{
	struct tls_validity v = { .until_s = 0 };

	if (t->state == TLS_OPEN) {
		note_validity(&v, SSL_get0_peer_certificate(t->ssl), false);
		note_validity(&v, SSL_get_certificate(t->ssl), true);
	}
	return v;
}

const char *
tls_version(const struct tls *t)
{
	return SSL_get_version(t->ssl);
}
