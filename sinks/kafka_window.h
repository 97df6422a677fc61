/*
 * kafka_window: the records of one topic between the journal and their acknowledgement, in order,
 * and what became of each. It outlives the client: what one client had acknowledged is not sent
 * again by the next. Numbers only, no Kafka, no journal. For the files of the Kafka sink.
 *
 * The journal is read in order, again from the position after a rewind. The reader offers every
 * record: window_offer says what to do with it, and window_sent or window_refuse what was done.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { KAFKA_WINDOW = 8192 }; /* records on their way at once */

enum flight_state {
	FLIGHT_WAITING, /* to be sent, perhaps again */
	FLIGHT_SENT,
	FLIGHT_DONE,   /* acknowledged, or set aside */
	FLIGHT_REFUSED /* not taken, and not yet decided whether by its own fault */
};

struct flight {
	uint64_t seq;
	uint32_t octets;
	int16_t err;   /* why it was refused */
	uint8_t state; /* enum flight_state */
	uint8_t tries; /* refusals so far */
	bool restamp;  /* its time is not taken: send it with that of sending */
	bool certain;  /* refused by its own fault: to be set aside */
};

struct window {
	struct flight flights[KAFKA_WINDOW];
	uint64_t head, tail; /* numbers of the oldest flight, and behind the newest */
	uint64_t at;	     /* the next one that reading comes to */
	uint64_t read_seq;   /* read up to here since the last rewind */
	uint64_t seen_seq;   /* read up to here ever */
	uint32_t sent_n, refused_n;
};

/* Begin behind a record of the journal. */
void window_start(struct window *, uint64_t seq);
/* Everything up to it is done. */
uint64_t window_position(const struct window *);
/* Nothing is on its way or waits. */
bool window_is_empty(const struct window *);
struct flight *window_flight(struct window *, uint64_t number);
/* false: no such flight. */
bool window_has(const struct window *, uint64_t number);

enum window_offer {
	WINDOW_SEND, /* *number is its flight: to be sent, then window_sent or window_refuse */
	WINDOW_PASS, /* nothing to do */
	WINDOW_FULL  /* stop reading; it is offered again later */
};
/* The next record of the journal, ours or of another topic. */
enum window_offer window_offer(struct window *, uint64_t seq, bool ours, uint64_t *number);
/* The record that was offered is with the client now. */
void window_sent(struct window *, uint64_t number);
/* The client has it no more: acknowledged, or to be sent again. */
void window_acknowledge(struct window *, uint64_t number);
void window_return(struct window *, uint64_t number);
/* Not taken; reading goes on behind it. certain: it is its own fault. */
void window_refuse(struct window *, uint64_t number, int err, bool certain);
/* The refused one is not to be sent any more. */
void window_set_aside(struct window *, uint64_t number);
/* Others are taken: what is refused now is so by its own fault. */
void window_blame_refused(struct window *);
/* The oldest refused flight that is, or is not, so by its own fault. false: none. */
bool window_find_refused(const struct window *, bool certain, uint64_t *number);
/* The client is gone: what it had is to be sent again. */
void window_return_all(struct window *);
/* Read again from the position. What is refused stays so. */
void window_rewind(struct window *);
/* Try the refused ones again, too, but for those that are certain. */
void window_retry_refused(struct window *);
/* Where nothing keeps the order behind a failure, what came through behind it is sent again. */
void window_forget_done(struct window *);
