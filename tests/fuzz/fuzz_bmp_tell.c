/*
 * Every message found in the bytes is told to a listener that counts: groups and lists close as
 * they opened, text is text, and the cursor of what is told lies in the message.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "parsers/bmp_tell.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { DEPTH_MAX = 8 };

struct counter {
	struct tell tell;
	char open[DEPTH_MAX]; /* '{' or '[' */
	int depth;
	const uint8_t *start, *end;
};

static void
push(struct tell *t, const char *name, char what)
{
	struct counter *c = (struct counter *)t;

	assert(c->depth < DEPTH_MAX);
	/* inside a list there are no names, elsewhere there are */
	assert((name == NULL) == (c->depth > 0 && c->open[c->depth - 1] == '['));
	c->open[c->depth++] = what;
}

static void
pop(struct tell *t, char what)
{
	struct counter *c = (struct counter *)t;

	assert(c->depth > 0 && c->open[c->depth - 1] == what);
	c->depth--;
}

static void
on_open(struct tell *t, const char *name)
{
	push(t, name, '{');
}

static void
on_close(struct tell *t)
{
	pop(t, '{');
}

static void
on_list(struct tell *t, const char *name)
{
	push(t, name, '[');
}

static void
on_list_end(struct tell *t)
{
	pop(t, '[');
}

static void
on_text(struct tell *t, const char *name, const char *value)
{
	push(t, name, 't');
	pop(t, 't');
	assert(strlen(value) < TELL_TEXT_MAX);
	for (; *value != '\0'; value++)
		assert((unsigned char)*value >= 0x20 && *value != 0x7f);
}

static void
on_number(struct tell *t, const char *name, uint64_t value)
{
	(void)value;
	push(t, name, 'n');
	pop(t, 'n');
}

static void
on_hex(struct tell *t, const char *name, struct rd octets)
{
	struct counter *c = (struct counter *)t;

	push(t, name, 'x');
	pop(t, 'x');
	assert(octets.pos >= c->start && octets.end <= c->end && octets.pos <= octets.end);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t at = 0;

	while (at < size) {
		struct faults f = { .n = 0 };
		int64_t n = bmp_frame(data + at, size - at, 65583, &f);
		size_t len = n > 0 && (size_t)n <= size - at ? (size_t)n : 0;
		struct counter c = { .tell = { on_open, on_close, on_list, on_list_end, on_text,
					 on_number, on_hex } };
		struct bmp_msg m;
		uint8_t *exact;

		if (len == 0)
			return 0;
		exact = malloc(len);
		assert(exact != NULL);
		memcpy(exact, data + at, len);
		c.start = exact;
		c.end = exact + len;
		bmp_parse(exact, len, &m, &f);
		bmp_message_tell(&c.tell, &m);
		assert(c.depth == 0);
		free(exact);
		at += len;
	}
	return 0;
}
