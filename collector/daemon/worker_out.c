/* What a worker says to the coordinator: through the ring, and what does not fit waits. */
#include "collector/daemon/worker_private.h"

#include <assert.h>
#include <string.h>

#include "base/ring.h"

/* The coordinator is behind when so much waits for it: what is told of a quiet router has to wait
 * as long as this takes. */
enum { BEHIND_OCTETS = 512 * 1024 };

void
worker_notify(struct worker *w)
{
	if (w->news) {
		w->news = false;
		w->wake_coordinator(w->ctx);
	}
}

void
worker_put(struct worker *w, const void *msg, size_t len)
{
	w->news = true;
	w->put_octets += len;
	if (w->outbox.len == w->outbox_at && ring_put(w->out, msg, len))
		return;
	sbuf_add(&w->outbox, &len, sizeof(len));
	sbuf_add(&w->outbox, msg, len);
	assert(!w->outbox.failed); /* bounded by what one message of BMP can cause */
}

/* true when nothing is left. */
bool
worker_flush(struct worker *w)
{
	while (w->outbox_at < w->outbox.len) {
		size_t len;

		memcpy(&len, w->outbox.data + w->outbox_at, sizeof(len));
		if (!ring_put(w->out, w->outbox.data + w->outbox_at + sizeof(len), len))
			return false;
		w->outbox_at += sizeof(len) + len;
		w->news = true;
	}
	sbuf_free(&w->outbox);
	w->outbox_at = 0;
	return true;
}

bool
worker_behind(const struct worker *w)
{
	return w->outbox.len > w->outbox_at || ring_used(w->out) > BEHIND_OCTETS;
}
