#include "sinks/kafka_window.h"

#include <string.h>

void
window_start(struct window *w, uint64_t seq)
{
	memset(w, 0, sizeof(*w));
	w->read_seq = w->seen_seq = seq;
}

bool
window_is_empty(const struct window *w)
{
	return w->head == w->tail;
}

struct flight *
window_flight(struct window *w, uint64_t number)
{
	return &w->flights[number % KAFKA_WINDOW];
}

bool
window_has(const struct window *w, uint64_t number)
{
	return number >= w->head && number < w->tail;
}

uint64_t
window_position(const struct window *w)
{
	return window_is_empty(w) ? w->seen_seq : w->flights[w->head % KAFKA_WINDOW].seq - 1;
}

static void
advance(struct window *w)
{
	while (w->head < w->tail && window_flight(w, w->head)->state == FLIGHT_DONE)
		w->head++;
	if (w->at < w->head)
		w->at = w->head;
}

static void
set_state(struct window *w, uint64_t number, enum flight_state state)
{
	struct flight *f = window_flight(w, number);

	w->sent_n -= f->state == FLIGHT_SENT;
	w->refused_n -= f->state == FLIGHT_REFUSED;
	f->state = (uint8_t)state;
	w->sent_n += state == FLIGHT_SENT;
	w->refused_n += state == FLIGHT_REFUSED;
	if (state == FLIGHT_DONE)
		advance(w);
}

static void
passed(struct window *w, uint64_t seq)
{
	w->read_seq = seq;
	if (seq > w->seen_seq)
		w->seen_seq = seq;
}

/* Flights before it that the journal no longer has: they cannot be sent, and nothing waits for
 * them. */
static void
drop_deleted(struct window *w, uint64_t seq)
{
	while (w->at < w->tail && window_flight(w, w->at)->seq < seq) {
		uint64_t number = w->at;

		if (window_flight(w, number)->state == FLIGHT_WAITING)
			set_state(w, number, FLIGHT_DONE);
		if (w->at == number)
			w->at++;
	}
}

enum window_offer
window_offer(struct window *w, uint64_t seq, bool ours, uint64_t *number)
{
	drop_deleted(w, seq);
	/* done with, and no more in the window: read again after a rewind */
	if (!ours || (w->at < w->tail ? seq < window_flight(w, w->at)->seq : seq <= w->seen_seq)) {
		passed(w, seq);
		return WINDOW_PASS;
	}
	if (w->at == w->tail) {
		if (w->tail - w->head >= KAFKA_WINDOW)
			return WINDOW_FULL;
		*window_flight(w, w->tail++) = (struct flight){ .seq = seq };
	}
	*number = w->at;
	if (window_flight(w, w->at)->state == FLIGHT_WAITING)
		return WINDOW_SEND;
	w->at++;
	passed(w, seq);
	return WINDOW_PASS;
}

void
window_sent(struct window *w, uint64_t number)
{
	set_state(w, number, FLIGHT_SENT);
	w->at = number + 1;
	passed(w, window_flight(w, number)->seq);
}

void
window_acknowledge(struct window *w, uint64_t number)
{
	if (window_has(w, number))
		set_state(w, number, FLIGHT_DONE);
}

void
window_return(struct window *w, uint64_t number)
{
	if (window_has(w, number) && window_flight(w, number)->state == FLIGHT_SENT)
		set_state(w, number, FLIGHT_WAITING);
}

void
window_refuse(struct window *w, uint64_t number, int err, bool certain)
{
	struct flight *f = window_flight(w, number);

	f->err = (int16_t)err;
	f->certain = certain;
	set_state(w, number, FLIGHT_REFUSED);
	if (w->at == number) {
		w->at++;
		passed(w, f->seq);
	}
}

void
window_set_aside(struct window *w, uint64_t number)
{
	set_state(w, number, FLIGHT_DONE);
}

void
window_blame_refused(struct window *w)
{
	for (uint64_t i = w->head; i < w->tail && w->refused_n > 0; i++)
		if (window_flight(w, i)->state == FLIGHT_REFUSED)
			window_flight(w, i)->certain = true;
}

bool
window_find_refused(const struct window *w, bool certain, uint64_t *number)
{
	for (uint64_t i = w->head; i < w->tail && w->refused_n > 0; i++) {
		const struct flight *f = &w->flights[i % KAFKA_WINDOW];

		if (f->state != FLIGHT_REFUSED || f->certain != certain)
			continue;
		*number = i;
		return true;
	}
	return false;
}

void
window_rewind(struct window *w)
{
	w->at = w->head;
	w->read_seq = window_position(w);
}

void
window_retry_refused(struct window *w)
{
	for (uint64_t i = w->head; i < w->tail && w->refused_n > 0; i++)
		if (window_flight(w, i)->state == FLIGHT_REFUSED && !window_flight(w, i)->certain)
			set_state(w, i, FLIGHT_WAITING);
	window_rewind(w);
}

void
window_return_all(struct window *w)
{
	for (uint64_t i = w->head; i < w->tail && w->sent_n > 0; i++)
		window_return(w, i);
	window_rewind(w);
}

void
window_forget_done(struct window *w)
{
	for (uint64_t i = w->head; i < w->tail; i++)
		if (window_flight(w, i)->state == FLIGHT_DONE)
			set_state(w, i, FLIGHT_WAITING);
}
