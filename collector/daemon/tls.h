/*
 * tls: the client's side of TLS as a state machine between octets and octets, without a socket: the
 * owner feeds what the peer sent, and sends what is in tls_out(). So no loop ever waits for it. The
 * one home of OpenSSL.
 *
 *   HANDSHAKE --done, and the certificate is right--> OPEN --the peer ends it--> CLOSED
 *   any --a certificate that is wrong, an alert, octets that are no TLS--> FAILED
 *
 * TLS 1.2 at least. Who the peer is: its certificate comes from one of the CAs in a file, and has
 * the name that is expected as a dNSName (RFC 6125; RFC 8210 section 9.2), never as a common name,
 * or, when so configured, the address as an iPAddress.
 *
 * What is wrong is said in one line that says what would be right, too.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/sbuf.h"

enum tls_verify { TLS_BY_NAME, TLS_BY_ADDRESS };

struct tls_config {
	/* Files of PEM: who may have signed the peer's certificate (CAs, or the certificate
	 * itself); our own certificate with what it was signed by, and its key, or both "". */
	const char *ca, *certificate, *key;
	const char *name; /* the host name, or the address, that the peer's certificate is for */
	uint8_t verify;	  /* enum tls_verify */
};

/* A copy that owns its texts, to be freed; false when out of memory, then it is empty. */
bool tls_config_copy(struct tls_config *, const struct tls_config *from);
void tls_config_free(struct tls_config *);
bool tls_config_same(const struct tls_config *, const struct tls_config *);

enum { TLS_ERROR_MAX = 160 };

/* What is in the files, ready to be used by any number of connections. */
struct tls_keys;
/* Reads them, which waits for a disk: for threads of a pool. NULL with the reason in error. */
struct tls_keys *tls_keys_load(const struct tls_config *, char error[TLS_ERROR_MAX]);
/* Were they made from the same octets? */
bool tls_keys_same(const struct tls_keys *, const struct tls_keys *);
void tls_keys_free(struct tls_keys *); /* NULL is fine; connections go on with what they have */

enum tls_state { TLS_HANDSHAKE, TLS_OPEN, TLS_CLOSED, TLS_FAILED };

/* A connection; it begins at once, and has something to send. config: as long as it lives. NULL
 * when out of memory. */
struct tls *tls_new(const struct tls_keys *, const struct tls_config *);
void tls_free(struct tls *); /* NULL is fine */
enum tls_state tls_state(const struct tls *);
/* Octets of the peer; what they say is added to plain. The state may be another afterwards. */
void tls_feed(struct tls *, const uint8_t *, size_t, struct sbuf *plain);
/* To be sent to the peer; not before OPEN. false: it failed. */
bool tls_send(struct tls *, const void *, size_t);
/* The last that is sent. */
void tls_close(struct tls *);
/* Octets that are to go out: the owner sends and clears them. */
struct sbuf *tls_out(struct tls *);
/* Of one that failed, else "". Borrowed. */
const char *tls_error(const struct tls *);
/* How long the certificates of an open connection are valid: the one of both that ends first. */
struct tls_validity {
	int64_t until_s; /* seconds since 1970; 0: not known */
	int64_t
	    renew_s; /* it should have been renewed by then: the last tenth, two weeks at most */
	bool ours;   /* it is ours, and not the peer's */
};
struct tls_validity tls_validity(const struct tls *);
/* "TLSv1.3" */
const char *tls_version(const struct tls *);
