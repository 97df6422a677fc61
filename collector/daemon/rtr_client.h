/*
 * rtr_client: sockets and timers around an rtr_session. Lives on the loop it is started on; calls
 * back on that loop, never from inside a call of the owner's.
 */
#pragma once

#include <uv.h>

#include "collector/rpki/rtr_session.h"

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
	int64_t give_up_us;   /* connecting: then the next one; 0 not connecting */
	uint64_t end_of_data; /* as counted when the connection began */
	char host[128], port[8];
	bool tcp_open, tcp_closing, resolving, stopping;
	unsigned handles; /* open: the owner's memory is needed while any is */
	enum rtr_state reported_state;
	/* after all that happens, and at every tick; session.changed, new data, is the owner's to
	 * clear */
	void (*on_change)(void *ctx, struct rtr_client *);
	void (*on_stopped)(void *ctx, struct rtr_client *);
	void *ctx;
};

/* Start on the loop; it connects at once. The struct is the caller's memory; name and host are
 * copied. version: the highest that is asked for. on_change: called when something
 * has happened or time has passed. */
void rtr_client_start(struct rtr_client *, uv_loop_t *, const char *name, const char *host,
    uint16_t port, uint8_t version, void (*on_change)(void *ctx, struct rtr_client *), void *ctx);
/* on_stopped is called when nothing of libuv refers to the client any more; then free it. */
void rtr_client_stop(struct rtr_client *, void (*on_stopped)(void *ctx, struct rtr_client *));
