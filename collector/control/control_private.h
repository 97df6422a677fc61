/* What the files of the control socket share; nobody else includes it. */
#pragma once

#include <sys/un.h>

#include "base/sbuf.h"
#include "collector/control/control.h"
#include "proto/control_request.h"

enum { ANSWER_MAX = 256 * 1024 * 1024 };

/* One connection: one request and its answer. */
struct client {
	struct control *control;
	uv_pipe_t pipe;
	char request[CONTROL_REQUEST_MAX];
	size_t request_n;
	bool answered, closing, finishing;
	bool follow; /* the answer has no end of its own */
	enum printer_format format;
	struct record_filter *filter; /* of a tail, or of incidents */
	struct {
		uint64_t last_seq, dropped;
		uint32_t count; /* lines still wanted; UINT32_MAX: all */
	} tail;
	struct {
		uint32_t id;	  /* of the query that is out; 0 none */
		unsigned waiting; /* workers that have not answered */
		uint8_t what;	  /* enum show_what */
		struct engine_stats sum;
	} query;
	struct client *next, **prev;
};

enum { RECENT = 4096 };

struct control {
	const struct control_ops *ops;
	void *ctx;
	/* socket */
	uv_pipe_t pipe;
	char path[sizeof(((struct sockaddr_un *)0)->sun_path)];
	void (*request)(struct client *, char *line); /* called once for a client */
	struct client *clients;
	unsigned clients_n;
	/* tail */
	struct journal *history;
	struct record *recent; /* ring of the last RECENT records: the disk may not have them yet */
	uint64_t recent_n, seq; /* seq: of the newest record */
	/* show */
	uint32_t next_query;
};

/* --- socket */

/* Listen at path; control->request gets the line of each client. false with the reason in error.
 * socket_close is due either way. */
bool socket_listen(struct control *, uv_loop_t *, const char *path, char *error, size_t size);
/* Close all clients and the listener, whose data is the control; `closed` is called by the loop. */
void socket_close(struct control *, uv_close_cb closed);
/* Write; what the reader does not take yet waits in memory. */
void client_put(struct client *, const char *data, size_t n);
/* Octets that the reader has not taken yet. */
size_t client_behind(const struct client *);
/* The answer is complete: close once the output is flushed. */
void client_done(struct client *);
/* The whole answer is an error. */
void client_refuse(struct client *, const char *why);
/* Write a buffer, free it, and the answer is complete. */
void client_finish(struct client *, struct sbuf *answer);

/* --- tail */

/* Answer a "tail" request: records of the past, and, when asked for, those to come. */
void tail_request(struct client *, const struct control_request *);
/* A record as a line in the client's format. */
void record_line(const struct client *, const struct record *, struct sbuf *out);

/* --- show */

/* Answer a "show" request, by a query to the workers or from the owner's data. */
void show_request(struct client *, const struct control_request *);

/* --- statistics: the owner's figures and the sum over all engines */

/* Print them as one row. */
void statistics_print(
    struct printer *, const struct control_figures *, const struct engine_stats *engines);
