#include "base/pure/mail.h"

#include <string.h>

#include "base/pure/text.h"
#include "base/pure/utf8.h"

enum { LOCAL_MAX = 64, DOMAIN_MAX = 255, TEXT_MAX = 256, WORD_OCTETS = 42 };
static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

static bool
is_one_of(char c, const char *more)
{
	return c != '\0' && (strchr(letters, c) != NULL || strchr(more, c) != NULL);
}

/* Words of such characters with one dot between each two. */
static bool
is_dotted(const char *text, size_t n, const char *more)
{
	for (size_t i = 0; i < n; i++)
		if (text[i] == '.' ? i == 0 || i == n - 1 || text[i - 1] == '.'
				   : !is_one_of(text[i], more))
			return false;
	return n > 0;
}

bool
mail_address_ok(const char *text)
{
	const char *at = strchr(text, '@');
	size_t local = at != NULL ? (size_t)(at - text) : 0, domain;

	if (at == NULL)
		return false;
	domain = strlen(at + 1);
	return local <= LOCAL_MAX && domain <= DOMAIN_MAX &&
	       is_dotted(text, local, "!#$%&'*+-/=?^_`{|}~") && is_dotted(at + 1, domain, "-") &&
	       at[1] != '-' && at[domain] != '-';
}

/* Without control characters and what is no UTF-8. Returns whether all of it is ASCII. */
static bool
cleaned(const char *text, char out[TEXT_MAX])
{
	char cut[TEXT_MAX];
	size_t len, n, used = 0;
	bool ascii = true;

	text_copy(cut, sizeof(cut), text);
	len = strlen(cut);
	for (size_t at = 0; at < len; at += n) {
		n = utf8_visible_len(cut + at, len - at);
		if (n == 0) {
			n = 1;
			out[used++] = ' ';
			continue;
		}
		ascii &= n == 1;
		memcpy(out + used, cut + at, n);
		used += n;
	}
	out[used] = '\0';
	return ascii;
}

/* What looks as if it were encoded is, so that it is read as it was written. */
static bool
looks_encoded(const char *text)
{
	for (; *text != '\0'; text++)
		if (text[0] == '=' && text[1] == '?')
			return true;
	return false;
}

void
mail_base64(const char *octets, size_t n, char out[4])
{
	static const char digits[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	unsigned long v = 0;

	for (size_t k = 0; k < 3; k++)
		v = v << 8 | (k < n ? (unsigned char)octets[k] : 0);
	out[0] = digits[v >> 18];
	out[1] = digits[v >> 12 & 63];
	out[2] = n > 1 ? digits[v >> 6 & 63] : '=';
	out[3] = n > 2 ? digits[v & 63] : '=';
}

static void
put_base64(struct txt *t, const char *text, size_t n)
{
	char four[4];

	for (size_t i = 0; i < n; i += 3) {
		mail_base64(text + i, n - i < 3 ? n - i : 3, four);
		txt_putf(t, "%.4s", four);
	}
}

/* Encoded words of at most 75 characters, each of whole characters, on lines of their own. */
static const char *
encoded(const char *text, char *buf)
{
	struct txt t = txt_of(buf, MAIL_WORDS_MAX);
	size_t len = strlen(text);

	for (size_t at = 0; at < len;) {
		size_t n = 0, next;

		while (at + n < len && (next = utf8_len(text + at + n, len - at - n)) > 0 &&
		       n + next <= WORD_OCTETS)
			n += next;
		txt_puts(&t, at > 0 ? "\r\n =?UTF-8?B?" : "=?UTF-8?B?");
		put_base64(&t, text + at, n);
		txt_puts(&t, "?=");
		at += n;
	}
	return buf;
}

const char *
mail_unstructured(const char *text, char buf[MAIL_WORDS_MAX])
{
	char clean[TEXT_MAX];

	if (!cleaned(text, clean) || looks_encoded(clean))
		return encoded(clean, buf);
	text_copy(buf, MAIL_WORDS_MAX, clean);
	return buf;
}

const char *
mail_phrase(const char *text, char buf[MAIL_WORDS_MAX])
{
	struct txt t = txt_of(buf, MAIL_WORDS_MAX);
	char clean[TEXT_MAX];

	if (!cleaned(text, clean) || looks_encoded(clean))
		return encoded(clean, buf);
	txt_puts(&t, "\"");
	for (const char *c = clean; *c != '\0'; c++)
		txt_putf(&t, "%s%c", *c == '"' || *c == '\\' ? "\\" : "", *c);
	txt_puts(&t, "\"");
	return buf;
}
