/*
 * http: the collector for monitoring systems, programs and browsers: /metrics, /livez, /readyz,
 * /healthz, /api/v1, and a page that shows them. It reads only.
 *
 *   server    listens, lets connections in, and finds who answers a request
 *   visitors  who is connected: how many may be, and who gives way
 *   target    what a request asks for, read strictly
 *   ask       a question on the control socket, and the lines of its answer
 *   answer    answers as HTTP: text, JSON, errors (RFC 9457)
 *   rows      an answer of the collector as rows of JSON, one at a time
 *   health    is it alive, ready, healthy, and why not
 *   api       /api/v1: which resource is which request
 *   flow      rows as their reader takes them: pages, lines, server-sent events
 *   page      the page in files/, which asks /api/v1
 *   metrics   a table of what is measured, and its text (OpenMetrics)
 *
 * Why it is a client of the control socket: all it knows comes from there, by the same requests
 * that `bellman show` and `bellman tail` make. So whatever a browser does costs the collector no
 * more than an operator's command, which answers in pieces and in turns; the two can say nothing
 * that differs; and nothing here touches what the coordinator owns. libmicrohttpd gives each
 * connection a thread that may wait: for a slow reader, or for the answer. What a reader can hold
 * up is its own thread. How many there are is limited, in all and by address; whoever comes when
 * all places are taken gets one of those who have said nothing, and else is refused and counted.
 *
 * The one home of libmicrohttpd. TLS is for a proxy in front of it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/pure/ip.h"

struct http_address {
	struct ip_addr address;
	uint16_t port;
};
enum { HTTP_PORT = 11020, HTTP_TOKEN_MAX = 255 };
/* 127.0.0.1:11020. Nobody has asked for it, so a collector that finds it taken goes without. */
extern const struct http_address http_listen_default[1];

/* Borrowed for the call. */
struct http_config {
	const char *control_path; /* of the socket to ask */
	const struct http_address *listen;
	size_t listen_n;
	const char *token;		   /* what a request has to bear (RFC 6750); "": none */
	uint32_t connections, per_address; /* at once: in all; of one address */
	uint32_t streams;		   /* of them, for answers without an end */
	uint32_t idle_s; /* so long a connection may say nothing, or take nothing */
	uint32_t peers;	 /* of so many peers there are metrics of their own */
};

struct http;

/*
 * Listen at all addresses, and answer on threads of its own. Somebody has to answer at
 * control_path soon. NULL with the reason in error. When it is http_listen_default that is taken it
 * is only said in the log, and tried again by http_tick.
 */
struct http *http_start(const struct http_config *, char *error, size_t size);
/* Another token and other limits, from the next request on. */
void http_configure(struct http *, const struct http_config *);
/* Call about once a second. */
void http_tick(struct http *);
/* Break off what is being answered, and free. NULL is fine. */
void http_stop(struct http *);
