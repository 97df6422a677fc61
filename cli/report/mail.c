/*
 * The message as mail: RFC 5322 and MIME, lines that end with CR LF. With a report for machines it
 * is a multipart/report (RFC 6522) of the type xarf: first the text for people, then
 * application/json, the object of XARF.
 *
 * What others wrote (names, contacts, what routers say) is in headers only as mail.h encodes it,
 * and the address it goes to has been checked by who calls.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/pure/mail.h"
#include "cli/control_rows.h"
#include "cli/report/report_private.h"

enum { PART_MAX = 1 << 24 };

static void
put_headers(const struct report *r, struct sbuf *out)
{
	char subject[REPORT_SUBJECT_MAX], words[MAIL_WORDS_MAX], name[128];
	const char *email = row_text(r->us, "email"), *to = row_text(r->call, "name");

	report_subject(r, subject);
	sbuf_printf(out, "Date: %s\r\n", r->date);
	sbuf_printf(out, "From: %s <%s>\r\n",
	    mail_phrase(report_our_name(r, name, sizeof(name)), words), email);
	sbuf_printf(out, "To: %s%s<%s>\r\n", *to != '\0' ? mail_phrase(to, words) : "",
	    *to != '\0' ? " " : "", row_text(r->call, "contact"));
	sbuf_printf(out, "Subject: %s\r\n", mail_unstructured(subject, words));
	sbuf_printf(out, "Message-ID: <%s@%s>\r\n", r->uuid, strchr(email, '@') + 1);
	sbuf_puts(out, "MIME-Version: 1.0\r\n");
}

/* ASCII, in lines of a length that mail takes as they are? */
static bool
is_plain(const char *text)
{
	enum { LINE_MAX_OCTETS = 998 };
	unsigned n = 0;

	for (; *text != '\0'; text++) {
		n = *text == '\n' ? 0 : n + 1;
		if ((unsigned char)*text > 0x7e || n > LINE_MAX_OCTETS)
			return false;
	}
	return true;
}

/* Its headers and itself. A line of it ends with CR LF before it is encoded (RFC 2045 6.8). */
static void
put_text(struct sbuf *out, const char *text)
{
	struct sbuf lines = sbuf_of(2 * PART_MAX);
	bool plain = is_plain(text);

	sbuf_printf(out,
	    "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: %s\r\n\r\n",
	    plain ? "7bit" : "base64");
	for (; *text != '\0'; text++) {
		if (*text == '\n')
			sbuf_putc(&lines, '\r');
		sbuf_putc(&lines, *text);
	}
	if (plain)
		sbuf_puts(out, sbuf_text(&lines));
	else
		report_base64(out, sbuf_text(&lines), true);
	sbuf_free(&lines);
}

static void
put_xarf(const struct report *r, const char *text, struct sbuf *out)
{
	json_t *xarf = report_xarf(r, text);
	char *json = json_dumps(xarf, JSON_INDENT(1));

	sbuf_puts(out, "Content-Type: application/json; charset=utf-8; name=\"xarf.json\"\r\n"
		       "Content-Disposition: attachment; filename=\"xarf.json\"\r\n"
		       "Content-Transfer-Encoding: base64\r\n\r\n");
	if (json != NULL)
		report_base64(out, json, true);
	free(json);
	json_decref(xarf);
}

void
report_mail(const struct report *r, bool xarf, struct sbuf *out)
{
	struct sbuf text = sbuf_of(PART_MAX);

	report_text(r, &text);
	put_headers(r, out);
	if (!xarf) {
		put_text(out, sbuf_text(&text));
	} else { /* the boundary is in no part: none has a line with this id */
		sbuf_printf(out,
		    "Content-Type: multipart/report; report-type=xarf;\r\n "
		    "boundary=\"=_%s\"\r\n\r\n"
		    "--=_%s\r\n",
		    r->uuid, r->uuid);
		put_text(out, sbuf_text(&text));
		sbuf_printf(out, "\r\n--=_%s\r\n", r->uuid);
		put_xarf(r, sbuf_text(&text), out);
		sbuf_printf(out, "\r\n--=_%s--\r\n", r->uuid);
	}
	sbuf_free(&text);
}
