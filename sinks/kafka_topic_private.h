/*
 * What the files of kafka_topic share: a topic's thread delivers (kafka_deliver.c), takes what its
 * client says (kafka_reports.c), and decides on what is refused (kafka_refusal.c).
 */
#pragma once

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/log.h"
#include "base/sbuf.h"
#include "sinks/journal.h"
#include "sinks/kafka_client.h"
#include "sinks/kafka_health.h"
#include "sinks/kafka_topic.h"
#include "sinks/kafka_window.h"

enum {
	KAFKA_BACKOFF_MIN_MS = 250,
	KAFKA_LOGGED_MAX = 16,
	KAFKA_UNTOLD_MAX = 32, /* records set aside that nobody has taken yet */
	/* why a record is refused that is larger than the client's own limit */
	KAFKA_OWN_LIMIT = RD_KAFKA_RESP_ERR__BEGIN,
};

enum connection { CONNECTED_UNKNOWN, CONNECTED, DISCONNECTED };

struct kafka_topic {
	struct kafka_topic_config config;
	/* the thread's own */
	struct journal *journal;
	struct kafka_client *client;
	enum kafka_pace pace;
	struct window window;
	bool failed;	       /* the client is to be thrown away */
	bool full;	       /* its queue is, or the window */
	uint64_t refused;      /* number of the flight that was just refused, one by one */
	int refused_err;       /* why; 0: none was */
	uint64_t careful_seq;  /* one by one up to this record */
	uint64_t batch_octets; /* of the records that were refused together */
	bool set_aside;	       /* one was, since records were refused together */
	bool proven;	       /* one was delivered since the last one that was set aside */
	uint32_t batch_max;    /* octets of a batch; 0: as configured */
	uint64_t failed_seq;   /* the first record not delivered when the last client failed */
	int backoff_ms;
	struct health health;
	uint64_t saved_seq;
	int64_t saved_us, delivered_us;
	enum connection connected;
	int64_t lost_us;
	int logged[KAFKA_LOGGED_MAX]; /* errors that were logged since the last delivery */
	size_t logged_n;
	struct log_limit limit;
	struct sbuf payload;
	pthread_t thread;
	/* shared */
	pthread_mutex_t lock;
	pthread_cond_t wake, ended;
	bool woken, stopping, over;
	int64_t stop_us, deadline_us;
	struct kafka_topic_stats stats;
	struct kafka_set_aside untold[KAFKA_UNTOLD_MAX];
	size_t untold_n;
};

/* --- kafka_deliver.c */

/* The thread: until it is told to stop. */
void kafka_deliver(struct kafka_topic *);

/* --- kafka_reports.c */

extern const struct kafka_client_ops kafka_reports; /* ctx: the topic */
/* A record was not delivered, and the client will not try it again. */
void kafka_undelivered(struct kafka_topic *, uint64_t number, rd_kafka_resp_err_t);
void kafka_count_failed(struct kafka_topic *);
void kafka_note_error(struct kafka_topic *, const char *text);
/* A kind of error once until the next delivery: a wrong password is tried every second. */
bool kafka_first_time(struct kafka_topic *, int err);
/* Show others what health says, when that is news. */
void kafka_publish_health(struct kafka_topic *, bool news);

/* --- kafka_refusal.c */

/* The one record on its way was refused. true: it is to be tried again, after a while. */
bool kafka_take_refusal(struct kafka_topic *);
/* Set aside what is refused by its own fault: that is so when others are taken. */
void kafka_judge_refused(struct kafka_topic *);
/* There are records of which nobody can say whose fault it is, since none is taken: say that.
 * false: there are none. */
bool kafka_tell_refused(struct kafka_topic *);
