/* The page, which asks /api/v1 for all that it shows. It is the same for everybody, so it needs no
 * token; what it asks for does. */
#include <string.h>

#include "collector/http/http_private.h"
#include "collector/http/page.h"

/* Nothing but these files, and no text of a neighbour's becomes a part of it. */
#define POLICY                                                                                     \
	"default-src 'none'; script-src 'self'; style-src 'self'; connect-src "                    \
	"'self'; img-src data:; form-action 'none'; base-uri 'none'; frame-ancestors 'none'; "     \
	"require-trusted-types-for 'script'"

static const struct {
	const char *name, *type, *from, *end;
} files[] = {
	{ "", "text/html; charset=utf-8", page_html, page_html_end },
	{ "page.css", "text/css; charset=utf-8", page_css, page_css_end },
	{ "page.js", "text/javascript; charset=utf-8", page_js, page_js_end },
};

enum MHD_Result
page_answer(struct http *h, struct MHD_Connection *c, struct exchange *x)
{
	static const char *const more[] = { "Content-Security-Policy", POLICY, "Cache-Control",
		"no-cache", NULL };
	const char *name = x->target.segments > 0 ? x->target.segment[0] : "";

	(void)h;
	for (size_t i = 0; x->target.segments < 2 && i < sizeof(files) / sizeof(files[0]); i++) {
		struct sbuf body = sbuf_of(1 << 24);

		if (strcmp(files[i].name, name) != 0)
			continue;
		sbuf_add(&body, files[i].from, (size_t)(files[i].end - files[i].from));
		return answer_body(c, x, MHD_HTTP_OK, files[i].type, &body, more);
	}
	return answer_problem(c, x, MHD_HTTP_NOT_FOUND, NULL, "right would be /");
}
