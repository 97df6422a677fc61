#include <string.h>

#include "base/pure/mail.h"
#include "cli/report/report_private.h"

enum { LINE_OCTETS = 57 }; /* 76 characters of base64 (RFC 2045 6.8) */

void
report_base64(struct sbuf *out, const char *text, bool lines)
{
	size_t len = strlen(text);
	char four[4];

	for (size_t at = 0; at < len; at += 3) {
		if (lines && at > 0 && at % LINE_OCTETS == 0)
			sbuf_puts(out, "\r\n");
		mail_base64(text + at, len - at < 3 ? len - at : 3, four);
		sbuf_add(out, four, sizeof(four));
	}
	if (lines)
		sbuf_puts(out, "\r\n");
}
