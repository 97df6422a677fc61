#include "cli/fields.h"

#include <stdarg.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/pure/utf8.h"

enum { NAME_WIDTH = 13, VALUE_AT = 2 + NAME_WIDTH, LEAST_WIDTH = 40, FIELD_MAX = 1 << 20 };

unsigned
fields_width(void)
{
	struct winsize size;

	if (!isatty(STDOUT_FILENO) || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 ||
	    size.ws_col == 0)
		return 0;
	return size.ws_col < LEAST_WIDTH ? LEAST_WIDTH : size.ws_col;
}

void
fields_visible(struct sbuf *out, const char *text)
{
	for (size_t left = strlen(text), n; left > 0; text += n, left -= n) {
		if ((n = utf8_visible_len(text, left)) > 0) {
			sbuf_add(out, text, n);
		} else {
			n = utf8_len(text, left) > 0 ? utf8_len(text, left) : 1;
			sbuf_putc(out, '?');
		}
	}
}

static void
put_blanks(struct sbuf *out, size_t n)
{
	while (n-- > 0)
		sbuf_putc(out, ' ');
}

/* Characters, of text that can be seen. */
static size_t
length(const char *text, size_t n)
{
	size_t characters = 0;

	for (size_t i = 0; i < n; i++)
		characters += ((unsigned char)text[i] & 0xc0) != 0x80;
	return characters;
}

static void
fold(struct sbuf *out, unsigned width, const char *text)
{
	size_t at = VALUE_AT;

	while (*text != '\0') {
		size_t n = strcspn(text, " "), characters = length(text, n);

		if (width > 0 && at > VALUE_AT && at + 1 + characters > width) {
			sbuf_putc(out, '\n');
			put_blanks(out, VALUE_AT);
			at = VALUE_AT;
		} else if (at > VALUE_AT) {
			sbuf_putc(out, ' ');
			at++;
		}
		sbuf_add(out, text, n);
		at += characters;
		text += n;
		text += strspn(text, " ");
	}
}

void
fields_add(
    struct sbuf *out, unsigned width, const char *colour, const char *name, const char *value)
{
	struct sbuf visible = sbuf_of(FIELD_MAX);
	size_t n = name != NULL ? strlen(name) : 0;

	fields_visible(&visible, value);
	put_blanks(out, 2);
	sbuf_puts(out, name != NULL ? name : "");
	put_blanks(out, n < NAME_WIDTH ? NAME_WIDTH - n : 1);
	sbuf_puts(out, colour != NULL ? colour : "");
	fold(out, width, sbuf_text(&visible));
	sbuf_puts(out, colour != NULL ? "\033[0m\n" : "\n");
	sbuf_free(&visible);
}

void
fields_addf(struct sbuf *out, unsigned width, const char *name, const char *fmt, ...)
{
	struct sbuf value = sbuf_of(FIELD_MAX);
	va_list ap;

	va_start(ap, fmt);
	sbuf_vprintf(&value, fmt, ap);
	va_end(ap);
	fields_add(out, width, NULL, name, sbuf_text(&value));
	sbuf_free(&value);
}
