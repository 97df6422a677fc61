#include "sinks/kafka_aside.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/pure/text.h"

const char kafka_untold_room[] = "kafka.set-aside";

const char *
kafka_untold_key(uint64_t seq, char *buf, size_t size)
{
	snprintf(buf, size, "%020" PRIu64, seq);
	return buf;
}

/* A line for each member, in this order; a later version may add more behind them. */
bool
kafka_aside_keep(struct journal *j, const struct kafka_set_aside *s)
{
	char key[32];
	struct sbuf value = sbuf_of(4096);
	bool ok;

	sbuf_printf(&value, "%s\n%s\n%s\n%u\n%u\n%s\n%s\n", s->id, s->key, s->type, s->occurrence,
	    s->revision, s->topic, s->reason);
	ok = journal_state_put(j, kafka_untold_room, kafka_untold_key(s->seq, key, sizeof(key)),
	    value.data, value.len);
	sbuf_free(&value);
	return ok;
}

/* The next line, or "". */
static const char *
take_line(char **rest)
{
	const char *line = strsep(rest, "\n");

	return line != NULL ? line : "";
}

struct reading {
	void (*each)(void *ctx, const struct kafka_set_aside *);
	void *ctx;
};

static bool
read_one(void *ctx, const char *key, const void *value, size_t len)
{
	struct reading *r = ctx;
	struct kafka_set_aside s = { .seq = strtoull(key, NULL, 10) };
	char text[2048], *rest = text;

	snprintf(text, sizeof(text), "%.*s", (int)len, (const char *)value);
	text_copy(s.id, sizeof(s.id), take_line(&rest));
	text_copy(s.key, sizeof(s.key), take_line(&rest));
	text_copy(s.type, sizeof(s.type), take_line(&rest));
	s.occurrence = (uint32_t)strtoul(take_line(&rest), NULL, 10);
	s.revision = (uint32_t)strtoul(take_line(&rest), NULL, 10);
	text_copy(s.topic, sizeof(s.topic), take_line(&rest));
	text_copy(s.reason, sizeof(s.reason), take_line(&rest));
	r->each(r->ctx, &s);
	return true;
}

void
kafka_untold(struct journal *j, void (*each)(void *ctx, const struct kafka_set_aside *), void *ctx)
{
	struct reading r = { each, ctx };

	journal_state_each(j, kafka_untold_room, read_one, &r);
}
