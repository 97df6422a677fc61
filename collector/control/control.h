/*
 * control: the control socket, where operators ask and follow (proto/control_request.h).
 *
 *   control     which verb a request is
 *   show        what there is now: asked of the workers, or answered here
 *   cases       incidents with the reasons for their severity
 *   norms       a month of the norms of routing security
 *   norms_filters  and lists of what neighbours may announce, and limits in it
 *   norms_sav   and permit lists in it, which are as they are now
 *   norms_now   of these, what is so now
 *   contacts    whom to call, at ours and at the neighbours
 *   sav_work    what is made of them in a thread of the pool
 *   sav         permit lists: walks over all workers, and what they have together
 *   mute        what an operator mutes and acknowledges
 *   test_alert  a made-up incident
 *   baseline    what was wrong already when we began to look
 *   say         who asks, an answer in words
 *   statistics  the sums of everything
 *   tail        records: those of the journal, then as they come
 *   tails       the thread that reads them
 *   socket      listens, reads a request, writes an answer; whose turn it is
 *
 * It lives on the loop of its owner and sees the collector through struct control_ops only. An
 * answer is made in pieces, each when the reader has taken the one before: no reader stalls
 * anybody, and none costs more than a piece.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "base/latency.h"
#include "collector/incident/incident.h"
#include "collector/incident/mutes.h"
#include "collector/rpki/aspa.h"
#include "collector/rpki/rpki_state.h"
#include "collector/rpki/vrp.h"
#include "collector/sav/sav.h"
#include "collector/show/show.h"
#include "proto/record.h"
#include "sinks/journal_writer.h"
#include "sinks/kafka.h"

struct control;

/* A row of a day (sinks/journal.h, "Days"). */
typedef void (*control_norm_row)(
    void *ctx, const char *day, const char *key, const char *value, size_t len);

/* A router that is configured and never came; since_us: wall clock, since when it is waited for. */
typedef void (*control_absent_router)(
    void *ctx, const char *name, const char *address, int64_t since_us);

/* What the RPKI data says of an own prefix. */
enum own_roa_state {
	OWN_ROA_UNKNOWN, /* there is no data */
	OWN_ROA_NONE,	 /* no ROA covers it */
	OWN_ROA_OTHERS,	 /* ROAs of others do, and none names us: our route is invalid */
	OWN_ROA_LOOSE,	 /* it allows longer ones than we announce (RFC 9319) */
	OWN_ROA_COVERED
};
struct own_roa {
	struct ip_prefix prefix;
	uint8_t state; /* enum own_roa_state */
	bool derived;  /* ours by a ROA that names us, not by the configuration */
	char roa[64];  /* as text: the one that names us, else one of the others; "" none */
	/* Unix time when the last that names us expires; 0: not soon, or nobody says it */
	int64_t expires_s;
};

/* The permit list of a customer that is watched, when it was made last. */
enum control_sav_state {
	CONTROL_SAV_NOT_YET,
	CONTROL_SAV_INCOMPLETE, /* something may be missing in it */
	CONTROL_SAV_WHOLE,
	CONTROL_SAV_SHRUNKEN, /* it has lost much at once */
	CONTROL_SAV_MISSING   /* it lacks what ROAs name the customer for */
};
struct control_sav_list {
	uint32_t asn;
	uint8_t state;	 /* enum control_sav_state */
	size_t prefixes; /* of the last one in which nothing was missing */
	int64_t made_us; /* when that was since the start, as clock_wall_us(); 0: not yet */
	const char *gap; /* the first that may be missing; "" */
};

/* A file of what a neighbour may announce (neighbors.lists). */
struct control_list {
	uint32_t asn;
	const char *path;
	uint32_t day;		/* that it was written, in days since 1970 UTC */
	bool read, stale, held; /* held: the newest waits, since it is doubtful */
	size_t prefixes, asns;
};

/* Whom to call at a network. */
enum contact_state { CONTACT_KNOWN, CONTACT_STALE, CONTACT_MISSING };
struct contact_seen {
	uint32_t asn;
	bool own;		     /* it is ours: what others find of us in the files */
	uint8_t relation;	     /* enum relation: of a neighbour */
	const char *name, *contact;  /* "" not known */
	const char *registry, *from; /* "configuration", or a path; "" from nowhere */
	uint32_t day;		     /* of the contact, since 1970 UTC; 0: it does not grow old */
	uint8_t state;		     /* enum contact_state */
};
/* Whom others call at ours; "" not configured. Borrowed for the moment. */
struct contact_of_us {
	const char *name, *email, *phone;
};

/* What the owner counts itself. */
struct control_figures {
	const char *collector; /* its name; valid during the call that asks */
	uint64_t sessions, sessions_refused;
	struct incidents_stats incidents;
	uint64_t journal_seq; /* number of the newest record */
	struct journal_writer_stats journal;
	struct kafka_stats kafka; /* zero without Kafka */
	/* From when a worker read it until the owner has the finding; from when it happened until
	 * the record is on the disk; the same of openings, from their first route on. */
	struct latency finding, disk, opening;
	size_t vrps_v4, vrps_v6;
	enum rpki_state rpki_state;
	uint32_t rpki_sources; /* that are configured: caches and files */
	int64_t started_us;    /* monotonic clock */
};

/* What the control socket asks of its owner, on its loop and never from within a call to it. */
struct control_ops {
	/* Ask a worker (from 0 on) for a piece of an answer: control_reply is called any number of
	 * times, and control_reply_end, all with this id. false: there is no such worker. */
	bool (*ask_worker)(void *ctx, unsigned worker, uint32_t id, const struct show_query *);
	/* The next open incident, false behind the last. *cursor: 0 for the first, then what the
	 * call before left in it, some time ago maybe. */
	bool (*next_incident)(void *ctx, uint64_t *cursor, struct record *out);
	/* Why an incident is as grave as it is, and its first prefixes, *n of them; false when it
	 * is none of routes. prefixes: room for *n. */
	bool (*incident_why)(void *ctx, const char *id, struct incident_why *,
	    struct ip_prefix *prefixes, unsigned *n);
	/* Call each for its newest routes, up to max. */
	void (*incident_routes)(void *ctx, const char *id, unsigned max,
	    void (*each)(void *each_ctx, const struct incident_route *), void *each_ctx);
	/* Print a row for each cache and file that VRPs come from. */
	void (*rpki_sources)(void *ctx, struct printer *);
	/* The VRPs in force, borrowed for the moment; NULL for none. */
	const struct vrp_set *(*vrps)(void *ctx);
	enum rpki_state (*rpki_state)(void *ctx);
	/* The rules in force, borrowed for the moment. */
	const struct detect *(*detect)(void *ctx);
	void (*figures)(void *ctx, struct control_figures *out);
	/* Do it. says: what was done, or, when false, why it was refused. */
	bool (*mute)(void *ctx, const struct mute_request *, char *says, size_t size);
	/* Print a row for each mute. */
	void (*mutes)(void *ctx, struct printer *);
	/* Open a made-up incident. id: RECORD_ID_MAX octets; says: as of mute. */
	bool (*test_alert)(void *ctx, const char *who, uint8_t severity, int64_t for_us, char *id,
	    char *says, size_t size);
	/* Print the baseline, as a row. */
	void (*baseline)(void *ctx, struct printer *);
	/* Take it anew. says: as of mute. */
	bool (*baseline_reset)(
	    void *ctx, const char *who, const char *why, char *says, size_t size);
	/* The ASPAs in force, borrowed for the moment; NULL for none. */
	const struct aspa_set *(*aspas)(void *ctx);
	/* The rows that are kept of a day ("2026-11-27"), as they are now. */
	void (*norm_rows)(void *ctx, const char *day, control_norm_row each, void *each_ctx);
	/* Is the evidence of an incident that has points gone (norms/report.h, norm_asked)? */
	bool (*evidence_gone)(void *ctx, const char *id);
	/* As norm_who (collector/norms/report.h). */
	void (*who)(void *ctx, uint32_t asn, const char *session, char *name, char *contact);
	void (*own_roas)(void *ctx, void (*each)(void *, const struct own_roa *), void *each_ctx);
	/* The permit lists that are watched. */
	void (*sav_lists)(
	    void *ctx, void (*each)(void *, const struct control_sav_list *), void *each_ctx);
	void (*lists)(void *ctx, void (*each)(void *, const struct control_list *), void *each_ctx);
	/* For our AS numbers, and each network that is a neighbour. */
	void (*contacts)(
	    void *ctx, void (*each)(void *, const struct contact_seen *), void *each_ctx);
	void (*contact_of_us)(void *ctx, struct contact_of_us *);
	/* How many incidents, and alarms of its own, are of each kind and severity. */
	void (*incident_counts)(
	    void *ctx, void (*each)(void *, const struct incident_count *), void *each_ctx);
	/* What the owner knows to be missing in what the routers have. */
	void (*gaps)(void *ctx, struct sav_gaps *);
	void (*never_came)(void *ctx, control_absent_router each, void *each_ctx);
};

/*
 * Listen at path. Its folder is made, and a socket that a killed collector left behind is replaced.
 * journal_path: of the journal to read from, which has to be there. NULL with the reason in error.
 */
struct control *control_new(uv_loop_t *, const char *path, const char *journal_path,
    const struct control_ops *, void *ctx, char *error, size_t size);
/* Stop and remove the socket; it is freed when the loop has closed its handles. NULL is fine. */
void control_close(struct control *);

/* Readers may see this record now. Numbers increase from call to call by one; one that is left out
 * is told as missing unless the journal has it. One that is not written is marked where it is shown
 * until control_written says that all up to that number are. */
void control_record(struct control *, const struct record *);
void control_written(struct control *, uint64_t seq);
/* For a list: no path makes these a customer, our AS numbers and those that buy from nobody. */
void control_sav_never(struct sav *, const struct detect *);

/* A worker's answer to a query: text, or of SHOW_STATS one struct engine_stats. A query whose
 * reader is gone is ignored. */
void control_reply(struct control *, uint32_t id, const void *data, uint32_t len);
/* A piece is complete. next: where the worker's next begins; NULL: it has no more. */
void control_reply_end(struct control *, uint32_t id, const struct engine_place *next);
