/* What the files of the control socket share; nobody else includes it. */
#pragma once

#include <sys/stat.h>
#include <sys/un.h>

#include "base/sbuf.h"
#include "collector/control/control.h"
#include "collector/norms/report.h"
#include "proto/control_request.h"
#include "sinks/journal.h"

enum {
	PIECE = 64 * 1024, /* octets after which a piece of an answer ends, or soon after */
	PIECE_MAX = 256 * 1024 * 1024, /* more than any piece has */
};

struct tail;
struct tails;
struct client;
struct norms_asked;
struct norm_report;

/* Clients in order; each is in one queue at most. */
struct queue {
	struct client *first, **end; /* end: where the next one goes; NULL as first when empty */
};

/* One connection: one request and its answer. */
struct client {
	struct control *control;
	uv_pipe_t pipe;
	char request[CONTROL_REQUEST_MAX];
	size_t request_n;
	int64_t active_us; /* monotonic: it connected, or its reader took something */
	bool answered, closing, finishing;
	bool wants_turn; /* when the output is flushed */
	bool follow;	 /* the answer has no end of its own */
	bool says_end;	 /* the answer ends with CONTROL_END */
	enum printer_format format;
	/* Write the next piece of the answer, and say what comes then: client_turn, client_done, or
	 * nothing while somebody else is asked who will say it. */
	void (*more)(struct client *);
	void (*gone)(struct client *); /* it is being closed; NULL: nobody has to know */
	struct queue *queue;
	struct client *next_queued;
	struct client *next, **prev;
	/* show */
	struct {
		uint32_t id;	 /* of the query that is out; 0 none */
		unsigned worker; /* that is asked, or is next */
		struct show_query asked;
		struct engine_stats sum;
		struct sav *sav;       /* SHOW_SAV: the list that is made; NULL otherwise */
		struct sav_work *work; /* it is this one's, until that is taken in */
		struct sbuf facts;     /* of the piece that is being told */
		struct sav_answer *answer;
	} query;
	struct record_filter *filter;
	uint64_t incident; /* cursor */
	struct {
		char id[RECORD_ID_MAX]; /* that it begins with */
		uint32_t rules;		/* one of which is true of a route of it; 0: whatever */
		unsigned prefixes;	/* of each, so many */
		unsigned routes;	/* likewise */
	} cases;
	struct norms_asked *norms;
	/* tail */
	struct tail *tail;
};

struct control {
	const struct control_ops *ops;
	void *ctx;
	unsigned handles; /* of libuv that are not closed */
	/* socket */
	uv_pipe_t pipe;
	uv_timer_t tick;
	uv_idle_t turns;
	char path[sizeof(((struct sockaddr_un *)0)->sun_path)];
	struct stat made;			      /* the file at path */
	void (*request)(struct client *, char *line); /* called once for a client */
	struct client *clients;
	unsigned clients_n, followers_n;
	bool someone_waits; /* for a place */
	struct queue ready; /* have something to do now */
	/* show */
	uint32_t next_query;
	unsigned queries_n;  /* that are out */
	struct queue askers; /* wait until fewer are */
	/* tail */
	struct tails *tails;
	uv_async_t wake;
};

/* --- socket */

/* Listen at path; control->request gets the line of each client. false with the reason in error.
 * socket_close is due either way. */
bool socket_listen(struct control *, uv_loop_t *, const char *path, char *error, size_t size);
/* Close all clients and the listener; `closed` is called by the loop for each handle. */
void socket_close(struct control *, uv_close_cb closed);
/* Write; what the reader does not take yet waits in memory. */
void client_put(struct client *, const char *data, size_t n);
/* Write a buffer and free it. */
void client_put_buffer(struct client *, struct sbuf *);
/* Call c->more when the reader has taken what was written, and it is this client's turn. */
void client_turn(struct client *);
/* There will be an answer. */
void client_begin(struct client *);
/* The answer is complete: close once the output is flushed. */
void client_done(struct client *);
/* The whole answer is an error. */
void client_refuse(struct client *, const char *why);
/* It goes on for ever. false: there are too many of these, and it has been refused. */
bool client_follow(struct client *);
/* Put at the end; take from the front, NULL when empty; take out wherever it is. */
void queue_put(struct queue *, struct client *);
struct client *queue_take(struct queue *);
void queue_leave(struct client *);

/* --- show */

/* Answer a "show" request, by queries to the workers or from the owner's data. */
void show_request(struct client *, const struct control_request *);

/* --- cases */

/* Answer a request for incidents with their reasons. */
void cases_request(struct client *, const struct control_request *);

/* --- edits */

/* Read the VRPs or ASPAs of a request into the query. false, with what is wrong. */
bool edits_read(const struct control_request *, struct show_query *, char *wrong, size_t size);

/* --- wanted */

/* Read which routes a walk over all of them wants into the query. false, with what is wrong. */
bool wanted_read(const struct control_request *, struct show_query *, char *wrong, size_t size);

/* --- sav */

/* Read what list a request wants. false, with what is wrong. */
bool sav_begin(struct client *, const struct control_request *, char *wrong, size_t size);
/* All workers have answered. When that is taken in, the client has a turn for the next walk; or the
 * answer is written, and ends by itself. */
void sav_goes_on(struct client *);
/* What a worker tells, and that a piece of it is complete: the client has a turn when that is taken
 * in. */
void sav_told(struct client *, const void *data, uint32_t len);
void sav_piece_told(struct client *);
/* The client has gone. */
void sav_end(struct client *);

/* --- own */

/* Answer a request for what the configuration and the VRPs say is ours. */
void own_request(struct client *, const struct control_request *);

/* --- norms */

/* Answer a request for a month of the norms of routing security. */
void norms_request(struct client *, const struct control_request *);

/* --- norms_now */

/* Rows of whom to call and of what the RPKI data says of us, and Actions 3 and 4. */
void norms_now(const struct control *, struct sbuf *out);
/* Begin the row of an action, and end it. */
struct jw norms_action(struct sbuf *out, unsigned action, enum norm_light);
void norms_action_end(struct jw *);

/* --- contacts */

/* Answer a request for whom to call. */
void contacts_request(struct client *);
const char *contact_state_name(uint8_t); /* "known", "stale", "missing" */

/* --- norms_sav */

/* Action 2: rows of the permit lists of customers, and of the action. */
void norms_put_sav(const struct control *, struct norm_report *, struct sbuf *out);

/* --- norms_filters */

/* Rows of the lists and limits of customers. */
void norms_put_filters(const struct control *, struct norm_report *, struct sbuf *out);

/* --- mute */

/* Answer a "mute", "ack" or "unmute" request. false: it is none of these. */
bool mute_request(struct client *, const struct control_request *);

/* --- test_alert */

/* Answer a "test-alert" request. false: it is none. */
bool test_alert_request(struct client *, const struct control_request *);

/* --- baseline */

/* Answer a "baseline" request. false: it is none. */
bool baseline_request(struct client *, const struct control_request *);

/* --- say */

/* The name that the other end gives itself, and the user that the kernel says it is. */
void client_user(struct client *, const struct control_request *, char *who, size_t size);
/* The whole answer: what was done. */
void client_say(struct client *, const char *says);

/* --- statistics: the owner's figures and the sum over all engines */

/* Print them as one row. */
void statistics_print(const struct control *, struct printer *, const struct control_figures *,
    const struct engine_stats *engines);

/* --- tail */

/* Answer a "tail" request: records of the past, and, when asked for, those to come. */
void tail_request(struct client *, const struct control_request *);
/* Pieces are there. */
void tail_pieces(struct control *);
/* A record as a line. */
void record_line(
    enum printer_format, const struct record *, struct record_look *, struct sbuf *out);

/* --- tails: the thread that reads records for tails. No disk and no filter holds up the loop. */

struct tail_wanted {
	struct record_filter *filter; /* taken over; NULL: every record */
	enum printer_format format;
	bool by_time;
	int64_t since_us; /* by_time: records from the first of this time on */
	int64_t until_us; /* up to this time; 0: all */
	bool by_number;
	uint64_t after;	 /* by_number: records behind this one; those that are gone are told of */
	bool says_place; /* behind each piece a line says how far it goes (CONTROL_PLACE) */
	uint32_t last;	 /* of these the last so many; UINT32_MAX: all */
	uint32_t count;	 /* end after so many; UINT32_MAX: never */
	bool follow;	 /* go on with what is to come; else it ends with what is there now */
};

/* Start the thread. wake: called from it when a piece is there. NULL with the reason in error. */
struct tails *tails_start(
    const char *journal_path, void (*wake)(void *ctx), void *ctx, char *error, size_t size);
/* Stop it and free every tail. NULL is fine. */
void tails_stop(struct tails *);
/* A record that is to be seen: for those who follow, and those who begin before the journal has it.
 * Copied. */
void tails_record(struct tails *, const struct record *);
/* Up to this number the disk has them; others are marked where they are shown. */
void tails_written(struct tails *, uint64_t seq);
/* A reader's place in the records, of which it gets pieces. NULL: out of memory. */
struct tail *tail_new(struct tails *, const struct tail_wanted *, void *reader);
/* Read the next piece; it comes by tails_take. */
void tail_read(struct tail *);
/* The reader is gone; the tail may be out or not. */
void tail_drop(struct tail *);
/*
 * A reader whose piece is there, in `piece` (freed by the caller); NULL when there is none. *ended:
 * it was the last.
 */
void *tails_take(struct tails *, struct sbuf *piece, bool *ended);
