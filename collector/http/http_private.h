/* What the files of the HTTP server share; nobody else includes it. */
#pragma once

#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>

#include "base/log.h"
#include "base/sbuf.h"
#include "collector/http/ask.h"
#include "collector/http/http.h"
#include "collector/http/target.h"
#include "collector/http/visitors.h"

enum { ASK_MS = 10000 }; /* so long an answer of the collector is waited for, piece by piece */

/* Requests by what they are for: bounded, whatever is asked. */
enum http_place {
	PLACE_PAGE,
	PLACE_HEALTH,
	PLACE_METRICS,
	PLACE_API,
	PLACE_EVENTS,
	PLACE_OTHER,
	PLACES
};
extern const char *const http_place_names[PLACES];
enum { HTTP_CLASSES = 6 }; /* of statuses: 2xx is 2 */

struct http_counts {
	atomic_ullong requests[PLACES][HTTP_CLASSES];
	atomic_ullong unauthorized;
	atomic_uint streams;
	atomic_ullong streams_refused;
};

struct scrape;

struct http {
	char control_path[256];
	struct http_address *listen;
	size_t listen_n;
	struct MHD_Daemon **daemons; /* one for each address; NULL: it does not listen there */
	bool by_default;	     /* nobody asked for it */
	unsigned idle_s;
	int64_t again_us; /* then it is tried again */
	int stop[2];	  /* pipe: its writing end is closed when all is to stop */
	struct visitors *visitors;
	struct http_counts counts;
	struct scrape *scrape;
	pthread_mutex_t lock; /* of what follows */
	char token[HTTP_TOKEN_MAX + 1];
	uint32_t streams_max, peers_max;
};

/* One request, from its first line to the end of its answer. */
struct exchange {
	struct target target;
	const char *wrong; /* with the target; NULL: nothing */
	bool too_long, begun;
	enum http_place place;
	unsigned status;
};

/* --- answer: they return what libmicrohttpd wants to have */

/* The body is taken over. more: further header fields, name and value in turn, ended by NULL; may
 * be NULL. */
enum MHD_Result answer_body(struct MHD_Connection *, struct exchange *, unsigned status,
    const char *type, struct sbuf *body, const char *const *more);
/* An error as RFC 9457 has it. */
enum MHD_Result answer_problem(struct MHD_Connection *, struct exchange *, unsigned status,
    const char *const *more, const char *fmt, ...) __attribute__((format(printf, 5, 6)));
/* What became of a question. got: not ASK_LINE. */
enum MHD_Result answer_failure(
    struct MHD_Connection *, struct exchange *, enum ask_got got, const char *why);
/* A response that the caller has made; it is let go of. */
enum MHD_Result answer_response(struct MHD_Connection *, struct exchange *, unsigned status,
    const char *const *more, struct MHD_Response *);
/* Does the client take this type? By the order and weights of Accept, a type that is not named is
 * taken where "*" is. Returns the weight, 0 to 1000; without Accept 1000. */
unsigned answer_weight(struct MHD_Connection *, const char *type);

/* --- who answers */

enum MHD_Result health_answer(struct http *, struct MHD_Connection *, struct exchange *);
enum MHD_Result metrics_answer(struct http *, struct MHD_Connection *, struct exchange *);
enum MHD_Result page_answer(struct http *, struct MHD_Connection *, struct exchange *);
enum MHD_Result api_answer(struct http *, struct MHD_Connection *, struct exchange *);
struct scrape *scrape_new(void);
void scrape_free(struct scrape *);
