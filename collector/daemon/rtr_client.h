/*
 * rtr_client: sockets and timers around an rtr_session. Lives on the loop it is started on; calls
 * back on that loop, never from inside a call of the owner's.
 *
 * Over TLS (tls.h) the files with keys are read by a thread of the pool before each connection, and
 * again when the owner says so; a connection whose keys have changed since is made anew.
 */
#pragma once

#include <uv.h>

#include "collector/daemon/tls.h"
#include "collector/rpki/rtr_session.h"

enum { RTR_VERSION_AUTO = 3 }; /* the highest there is */

/* A cache as it is configured. */
struct rtr_cache {
	const char *name, *host;
	uint16_t port;
	uint8_t version;    /* the highest that is asked for, or RTR_VERSION_AUTO */
	uint8_t preference; /* lower: rather than those of a higher one */
	bool has_preference, has_tls;
	struct tls_config tls;
};

struct rtr_client {
	uv_loop_t *loop;
	uv_tcp_t tcp;
	uv_timer_t timer;
	uv_connect_t connect;
	uv_getaddrinfo_t resolve;
	struct rtr_session session;
	/* What the name stands for; all are tried. Connecting: this one of them, else NULL. */
	struct addrinfo *addresses, *address;
	unsigned addresses_n, tried;
	unsigned start;	      /* which one to begin with: the one after one that was of no use */
	int64_t give_up_us;   /* connecting: then the next one; TLS begins: then the end; else 0 */
	uint64_t end_of_data; /* as counted when the connection began */
	char host[128], port[8];
	bool tcp_open, tcp_closing, resolving, stopping;
	/* over TLS */
	bool has_tls;
	struct tls_config tls_config;
	int64_t handshake_us;	      /* it may take so long */
	struct tls *tls;	      /* of the connection that is open */
	struct tls_validity validity; /* of the last that was open */
	struct tls_keys *keys;
	struct sbuf plain;
	uv_work_t load;
	bool loading, load_again, reloading; /* for the next connection, or on the owner's word */
	struct tls_keys *loaded;
	char load_error[TLS_ERROR_MAX];
	char reload_error[TLS_ERROR_MAX]; /* "": what is in the files can be used */
	unsigned handles;		  /* open: the owner's memory is needed while any is */
	enum rtr_state reported_state;
	/* after all that happens, and at every tick; session.changed, new data, is the owner's to
	 * clear */
	void (*on_change)(void *ctx, struct rtr_client *);
	void (*on_stopped)(void *ctx, struct rtr_client *);
	void *ctx;
};

/* Start on the loop; it connects at once. The struct is the caller's memory; what is configured is
 * copied. on_change: called when something has happened or time has passed. false when out of
 * memory: then it is not started. */
bool rtr_client_start(struct rtr_client *, uv_loop_t *, const struct rtr_cache *,
    void (*on_change)(void *ctx, struct rtr_client *), void *ctx);
/* The files with keys may be others: read them, and if they are, connect anew with them. When they
 * cannot be used the connection stays as it is, and reload_error says why. */
void rtr_client_reload(struct rtr_client *);
/* on_stopped is called when nothing of libuv refers to the client any more; then free it. */
void rtr_client_stop(struct rtr_client *, void (*on_stopped)(void *ctx, struct rtr_client *));
