/* Certificates and keys for tests of TLS, made anew at each run, in a folder of their own. */
#pragma once

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "tests/unit/support/harness.h"

struct made_cert {
	X509 *x;
	EVP_PKEY *key;
	char cert_path[128], key_path[128];
};

static char certs_dir[64];

static inline void
certs_begin(void)
{
	snprintf(certs_dir, sizeof(certs_dir), "/tmp/bellman.tls.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(certs_dir));
}

static inline void
certs_end(void)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -rf %s", certs_dir);
	ck_assert_int_eq(system(command), 0);
}

static inline const char *
cert_file(const char *name)
{
	static char path[8][128];
	static unsigned n;

	n = (n + 1) % 8;
	snprintf(path[n], sizeof(path[n]), "%s/%s", certs_dir, name);
	return path[n];
}

static inline void
cert_put(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	ck_assert_ptr_nonnull(f);
	ck_assert_int_ge(fputs(text, f), 0);
	ck_assert_int_eq(fclose(f), 0);
}

static inline void
cert_extend(X509 *x, X509 *issuer, int nid, const char *value)
{
	X509V3_CTX ctx;
	X509_EXTENSION *e;

	X509V3_set_ctx_nodb(&ctx);
	X509V3_set_ctx(&ctx, issuer, x, NULL, NULL, 0);
	e = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
	ck_assert_ptr_nonnull(e);
	ck_assert_int_eq(X509_add_ext(x, e, -1), 1);
	X509_EXTENSION_free(e);
}

/* A certificate with this common name, by that issuer (NULL: by itself), valid from and to so many
 * days from now. san: "DNS:a.example,IP:192.0.2.1", or NULL: a CA. Also as NAME.pem, NAME.key. */
static inline struct made_cert
cert_make(
    const char *name, const char *san, const struct made_cert *issuer, long from_days, long to_days)
{
	struct made_cert c = { .x = X509_new(), .key = EVP_EC_gen("P-256") };
	X509_NAME *subject = X509_get_subject_name(c.x);
	static long serial = 1;
	FILE *f;

	ck_assert(c.x != NULL && c.key != NULL);
	X509_set_version(c.x, X509_VERSION_3);
	ASN1_INTEGER_set(X509_get_serialNumber(c.x), serial++);
	X509_gmtime_adj(X509_getm_notBefore(c.x), from_days * 86400);
	X509_gmtime_adj(X509_getm_notAfter(c.x), to_days * 86400);
	X509_NAME_add_entry_by_txt(
	    subject, "CN", MBSTRING_UTF8, (const unsigned char *)name, -1, -1, 0);
	X509_set_issuer_name(c.x, issuer != NULL ? X509_get_subject_name(issuer->x) : subject);
	X509_set_pubkey(c.x, c.key);
	cert_extend(c.x, issuer != NULL ? issuer->x : c.x, NID_basic_constraints,
	    san == NULL ? "critical,CA:TRUE" : "critical,CA:FALSE");
	if (san != NULL && san[0] != '\0')
		cert_extend(c.x, issuer != NULL ? issuer->x : c.x, NID_subject_alt_name, san);
	ck_assert_int_gt(X509_sign(c.x, issuer != NULL ? issuer->key : c.key, EVP_sha256()), 0);
	snprintf(c.cert_path, sizeof(c.cert_path), "%s/%s.pem", certs_dir, name);
	snprintf(c.key_path, sizeof(c.key_path), "%s/%s.key", certs_dir, name);
	ck_assert_ptr_nonnull(f = fopen(c.cert_path, "w"));
	ck_assert_int_eq(PEM_write_X509(f, c.x), 1);
	fclose(f);
	ck_assert_ptr_nonnull(f = fopen(c.key_path, "w"));
	ck_assert_int_eq(PEM_write_PrivateKey(f, c.key, NULL, NULL, 0, NULL, NULL), 1);
	fclose(f);
	return c;
}

static inline void
cert_drop(struct made_cert *c)
{
	X509_free(c->x);
	EVP_PKEY_free(c->key);
}
