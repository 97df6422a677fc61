#include "sinks/kafka_positions.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/pure/text.h"

static bool
read_one(struct journal *j, const char *reader, const char *name, uint64_t *seq)
{
	struct sbuf value = sbuf_of(32);
	bool ok = journal_state_get(j, reader, name, &value) || journal_error(j)[0] == '\0';

	*seq = strtoull(sbuf_text(&value), NULL, 10);
	sbuf_free(&value);
	return ok;
}

static bool
save_cursor(struct kafka_positions *p, struct journal *j)
{
	uint64_t least = UINT64_MAX;

	for (size_t i = 0; i < p->n; i++)
		if (p->seq[i] < least)
			least = p->seq[i];
	if (least == p->cursor)
		return true;
	if (!journal_cursor_save(j, p->reader, least))
		return false;
	p->cursor = least;
	return true;
}

void
kafka_positions_init(struct kafka_positions *p)
{
	*p = (struct kafka_positions){ 0 };
	pthread_mutex_init(&p->lock, NULL);
}

bool
kafka_positions_load(struct kafka_positions *p, struct journal *j, const char *reader,
    const char *const *names, size_t n)
{
	uint64_t cursor = journal_cursor(j, reader);

	p->reader = reader;
	p->n = n;
	p->cursor = UINT64_MAX;
	if (journal_error(j)[0] != '\0')
		return false;
	for (size_t i = 0; i < n; i++) {
		p->names[i] = names[i];
		if (!read_one(j, reader, names[i], &p->seq[i]))
			return false;
		/* moved by a version that knows only the cursor */
		if (p->seq[i] < cursor)
			p->seq[i] = cursor;
	}
	/* a reader that exists holds retention back, also before its first delivery */
	return n == 0 || save_cursor(p, j);
}

void
kafka_positions_free(struct kafka_positions *p)
{
	pthread_mutex_destroy(&p->lock);
}

bool
kafka_positions_save(struct kafka_positions *p, struct journal *j, size_t topic, uint64_t seq)
{
	char value[24];
	int n = snprintf(value, sizeof(value), "%" PRIu64, seq);
	bool ok;

	if (!journal_state_put(j, p->reader, p->names[topic], value, (size_t)n))
		return false;
	pthread_mutex_lock(&p->lock);
	p->seq[topic] = seq;
	ok = save_cursor(p, j);
	pthread_mutex_unlock(&p->lock);
	return ok;
}
