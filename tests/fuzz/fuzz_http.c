/* Any target of a request, and any Accept: what is read is text, and written as an address it is
 * read as the same again. */
#include "base/pure/utf8.h"
#include "collector/http/accept.h"
#include "collector/http/target.h"
#include "tests/fuzz/fuzz.h"

static void
write_again(const struct target *t, struct sbuf *out)
{
	sbuf_clear(out);
	for (unsigned i = 0; i < t->segments; i++) {
		sbuf_putc(out, '/');
		target_encode(t->segment[i], out);
	}
	if (t->segments == 0 || t->segment[t->segments - 1][0] == '\0')
		sbuf_putc(out, '/');
	for (unsigned i = 0; i < t->parameters; i++) {
		sbuf_putc(out, i == 0 ? '?' : '&');
		target_encode(t->parameter[i].name, out);
		sbuf_putc(out, '=');
		target_encode(t->parameter[i].value, out);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct target t, again;
	struct sbuf out = sbuf_of(1 << 20);
	char *raw = malloc(size + 1);
	const char *wrong;
	bool too_long;

	assert(raw != NULL);
	memcpy(raw, data, size);
	raw[size] = '\0';
	assert(accept_weight(raw, "application/json") <= 1000);
	if (target_parse(raw, &t, &wrong, &too_long)) {
		assert(wrong == NULL && !too_long);
		for (unsigned i = 0; i < t.segments; i++)
			assert(utf8_valid(t.segment[i]));
		write_again(&t, &out);
		assert(!out.failed);
		if (out.len < TARGET_MAX && strncmp(sbuf_text(&out), "//", 2) != 0) {
			assert(target_parse(sbuf_text(&out), &again, &wrong, &too_long));
			assert(again.segments == t.segments && again.parameters == t.parameters);
			for (unsigned i = 0; i < t.segments; i++)
				assert(strcmp(again.segment[i], t.segment[i]) == 0);
			for (unsigned i = 0; i < t.parameters; i++)
				assert(strcmp(again.parameter[i].value, t.parameter[i].value) == 0);
		}
	} else {
		assert(wrong != NULL);
	}
	sbuf_free(&out);
	free(raw);
	return 0;
}
