#include "collector/recordings/openbmp/window.h"

#include "parsers/openbmp/openbmp.h"

/* Pass over octets up to the next header, at least one. false: there is none in the file. */
static bool
pass_to_header(struct window *w, uint64_t *passed)
{
	size_t from = 1;

	for (;;) {
		size_t at = openbmp_search(window_at(w), w->n, from);

		*passed += at;
		window_done(w, at);
		from = 0;
		if (w->n >= OPENBMP_LOOK)
			return true;
		if (!window_need(w, w->n + 1))
			return false;
	}
}

/* Pass over octets up to the next header that the window holds. false: it holds none. */
static bool
pass_to_another(struct window *w, uint64_t *passed)
{
	size_t at = openbmp_search(window_at(w), w->n, 1);

	if (w->n - at < OPENBMP_LOOK)
		return false;
	*passed += at;
	window_done(w, at);
	return true;
}

/*
 * A message that was cut short when it was written ends inside the next one: then what follows it
 * is no header, and there is one inside.
 */
static bool
is_cut(struct window *w, size_t n)
{
	return window_need(w, n + 4) && !openbmp_begins(window_at(w) + n, 4) &&
	       openbmp_search(window_at(w), w->n, 1) < n;
}

size_t
openbmp_window_next(struct window *w, uint64_t *passed)
{
	*passed = 0;
	for (;;) {
		struct faults f = { .n = 0 };
		size_t want = 2;
		int64_t n = 0;

		while (n == 0 && window_need(w, want)) {
			n = openbmp_frame(window_at(w), w->n, OPENBMP_MESSAGE_MAX, &f);
			want = w->n + 1;
		}
		if (n > 0 && window_need(w, (size_t)n)) {
			if (!is_cut(w, (size_t)n) || !pass_to_another(w, passed))
				return (size_t)n;
		} else if (n < 0) {
			if (!pass_to_header(w, passed)) {
				*passed += w->n;
				window_done(w, w->n);
				return 0;
			}
		} else if (!pass_to_another(w, passed)) {
			return 0;
		}
	}
}
