/* What the page says. */
#include <stdio.h>
#include <string.h>

#include "cli/control_rows.h"
#include "cli/manrs/manrs_private.h"
#include "cli/manrs/validation_private.h"

enum { NEIGHBORS_SHOWN = 40, INCIDENTS_SHOWN = 40, OWN_SHOWN = 60, DAYS_MAX = 31, HOUR_S = 3600 };

/* The four norms, under the number and name that a programme has for them; NULL: it has none. */
static const struct {
	const char *name, *action[4];
} programmes[PROGRAMMES] = {
	[PROGRAMME_NETWORK] = { "network operators",
	    { "1 Filtering", "2 Anti-spoofing", "3 Coordination", "4 Global validation" } },
	[PROGRAMME_IXP] = { "Internet exchange points",
	    { "1 Filtering (route server)", NULL, "4 Operational communication",
		"1 Validation (route server)" } },
	[PROGRAMME_CDN] = { "CDN and cloud providers",
	    { "1 Filtering", "2 Anti-spoofing", "3 Coordination", "4 Global validation" } },
};

static const json_t *
list_of(const json_t *answer, const char *name)
{
	return json_object_get(answer, name);
}

static const json_t *
action(const json_t *answer, unsigned number)
{
	const json_t *list = list_of(answer, "actions");

	for (size_t i = 0; i < json_array_size(list); i++)
		if (row_number(json_array_get(list, i), "action") == number)
			return json_array_get(list, i);
	return NULL;
}

/* --- the four actions */

static void
say_of_action_1(struct page *p, const json_t *a)
{
	char points[WORDS_MAX], seen[WORDS_MAX], held[WORDS_MAX];
	unsigned long long sent = row_number(a, "wrong_sent_s"),
			   unproved = row_number(a, "wrong_unproved_s");

	words_percent(row_number(a, "watched_s"), row_number(a, "passed_s"), seen);
	words_percent(
	    row_number(a, "wrong_held_s"), sent - (unproved < sent ? unproved : sent), held);
	if (row_number(a, "watched_s") == 0 && row_number(a, "halves") == 0)
		page_cell(p, "nothing of the month was watched");
	else if (row_number(a, "halves") > 0)
		page_cell(p,
		    "worst metric %s: %s points; %s of wrong routes held by the filter; %s of "
		    "the time watched",
		    row_text(a, "metric"), words_halves(row_number(a, "halves"), points), held,
		    seen);
	else
		page_cell(p,
		    sent == 0 ? "no points; no wrong routes came in; %s%s of the time watched"
			      : "no points; %s of wrong routes held by the filter; %s of "
				"the time watched",
		    sent == 0 ? "" : held, seen);
}

static void
say_of_action_2(struct page *p, const json_t *a)
{
	unsigned long long customers = row_number(a, "customers"), without;

	without = row_number(a, "without_list") + row_number(a, "not_yet");
	if (customers == 0)
		page_cell(p, "no customers are known: set relations in neighbors");
	else if (without == customers)
		page_cell(p,
		    "%llu customers, and no permit list is kept of any: set sav.watch; what "
		    "routers drop the CAIDA Spoofer measures (M5)",
		    customers);
	else
		page_cell(p,
		    "permit lists of %llu customers: %llu whole, %llu shrunken, %llu lack "
		    "prefixes of ROAs, %llu incomplete, %llu not kept; what routers drop the "
		    "CAIDA Spoofer measures (M5)",
		    customers, row_number(a, "whole"), row_number(a, "shrunken"),
		    row_number(a, "missing"), row_number(a, "incomplete"), without);
}

static void
say_of_action(struct page *p, const json_t *answer, unsigned number)
{
	const json_t *a = action(answer, number);

	if (number == 1)
		say_of_action_1(p, a);
	else if (number == 2)
		say_of_action_2(p, a);
	else if (number == 3)
		manrs_say_of_contacts(p, a);
	else
		manrs_say_of_validation(p, a);
}

static void
put_actions(struct page *p, const json_t *answer, enum programme programme)
{
	static const struct page_column columns[] = { { "action", 32, CELL_LEFT },
		{ "light", 7, CELL_LEFT }, { "why", 110, CELL_LEFT },
		{ "evidence", 0, CELL_CODE } };

	/* what is not kept by day is of now, whatever month it is */
	const json_t *month = json_object_get(answer, "month");
	bool past = strcmp(row_text(month, "now"), row_text(month, "to")) >= 0;

	page_heading(p, "The actions");
	page_table(p, columns, 4);
	for (unsigned n = 1; n <= 4; n++) {
		if (programmes[programme].action[n - 1] == NULL)
			continue;
		page_cell(p, "%s%s", programmes[programme].action[n - 1],
		    past && row_true(action(answer, n), "of_now") ? ", now" : "");
		page_light(p, row_text(action(answer, n), "light"));
		say_of_action(p, answer, n);
		page_cell(p, "%s", row_text(action(answer, n), "evidence"));
	}
	page_table_end(p);
}

/* --- scores */

static void
put_scores(struct page *p, const json_t *answer)
{
	static const struct page_column columns[] = { { "metric", 6, CELL_LEFT },
		{ "what", 52, CELL_LEFT }, { "points", 6, CELL_RIGHT },
		{ "incidents", 9, CELL_RIGHT }, { "time", 12, CELL_RIGHT },
		{ "evidence", 0, CELL_CODE } };
	const json_t *list = list_of(answer, "scores");
	bool gap = row_number(json_object_get(answer, "month"), "watched_s") == 0;
	char points[WORDS_MAX], time[WORDS_MAX];

	page_heading(p, "Action 1: points");
	page_table(p, columns, 6);
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *s = json_array_get(list, i);

		page_cell(p, "%s", row_text(s, "metric"));
		page_cell(p, "%s", row_text(s, "title"));
		/* of what nobody watched there is no number */
		page_cell(p, "%s", gap ? "gap" : words_halves(row_number(s, "halves"), points));
		if (gap)
			page_cell(p, "gap");
		else
			page_cell(p, "%llu", row_number(s, "incidents"));
		page_cell(p, "%s", gap ? "gap" : words_seconds(row_number(s, "seconds"), time));
		page_cell(p, "%s", row_text(s, "evidence"));
	}
	page_table_end(p);
	page_say(p,
	    "An incident of less than 30 minutes is 0.5 points, of less than 24 hours 1, and "
	    "1 more for each further day that has begun; what overlaps is one (MANRS "
	    "measurement framework). 0 points are 100 %%, 0.5 are 60 %%, 1 is about 49 %% "
	    "(MANRS FAQ, 2026): no points are green, 0.5 yellow, more red. Where less than 95 "
	    "%% of the time was watched, no points are grey. MANRS does not publish where it "
	    "draws its own lines, and since 2024 does not count M1 and M1C.");
}

/* --- days */

static unsigned long long
points_of_day(const json_t *day)
{
	unsigned long long sum = 0;
	const char *key;
	json_t *value;

	json_object_foreach(json_object_get(day, "halves"), key, value) {
		(void)key;
		sum += (unsigned long long)json_integer_value(value);
	}
	return sum;
}

/* A gap is a bar of its own, never a zero. */
static double
mean_wrong(const json_t *day, const char *fate)
{
	const json_t *wrong = json_object_get(day, "wrong_s");
	unsigned long long watched = row_number(day, "watched_s");

	return wrong == NULL || watched < HOUR_S
		   ? -1.0
		   : (double)row_number(wrong, fate) / (double)watched;
}

static void
put_bars(struct page *p, const json_t *days)
{
	double points[DAYS_MAX], wrong[DAYS_MAX];
	unsigned n = 0;

	for (; n < json_array_size(days) && n < DAYS_MAX; n++) {
		const json_t *d = json_array_get(days, n);

		wrong[n] = mean_wrong(d, "sent");
		points[n] = points_of_day(d) == 0 && row_number(d, "watched_s") < HOUR_S
				? -1.0
				: (double)points_of_day(d) / 2;
	}
	if (p->html)
		page_say(p,
		    "Points a day (above) and wrong routes that neighbours sent, on average "
		    "(below); what is light was not watched.");
	page_bars(p, points, n, "points by day");
	page_bars(p, wrong, n, "wrong routes sent, by day");
}

static bool
is_gap(const json_t *day)
{
	return row_number(day, "watched_s") == 0 && points_of_day(day) == 0;
}

/* Days of which nothing was watched are one line of text, where they are two or more: "1-27 Nov".
 * Returns how many. */
static size_t
put_gaps(struct page *p, const json_t *days, size_t from)
{
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul",
		"Aug", "Sep", "Oct", "Nov", "Dec" };
	const char *first = row_text(json_array_get(days, from), "day");
	unsigned year, month, day;
	size_t n = 0;

	while (from + n < json_array_size(days) && is_gap(json_array_get(days, from + n)))
		n++;
	if (p->html || n < 2 || sscanf(first, "%4u-%2u-%2u", &year, &month, &day) != 3 ||
	    month < 1 || month > 12)
		return 0;
	page_say(p, "%u-%u %s: not watched", day, day + (unsigned)n - 1, months[month - 1]);
	return n;
}

static void
put_days(struct page *p, const json_t *answer)
{
	static const struct page_column columns[] = { { "day", 10, CELL_LEFT },
		{ "watched", 8, CELL_RIGHT }, { "points", 6, CELL_RIGHT },
		{ "wrong sent", 10, CELL_RIGHT }, { "held", 8, CELL_RIGHT },
		{ "accepted", 10, CELL_RIGHT }, { "passed on", 10, CELL_RIGHT } };
	static const char *const fates[] = { "sent", "held", "accepted", "spread" };
	const json_t *days = list_of(answer, "days");
	char text[WORDS_MAX];

	page_heading(p, "Day by day");
	put_bars(p, days);
	page_table(p, columns, 7);
	for (size_t i = 0; i < json_array_size(days); i++) {
		size_t gaps = put_gaps(p, days, i);
		const json_t *d = json_array_get(days, i += gaps);

		if (d == NULL)
			break;
		page_cell(p, "%s", row_text(d, "day"));
		page_cell(p, "%s",
		    words_percent(row_number(d, "watched_s"), row_number(d, "passed_s"), text));
		if (is_gap(d))
			page_cell(p, "gap");
		else
			page_cell(p, "%s", words_halves(points_of_day(d), text));
		for (unsigned k = 0; k < 4; k++) {
			double v =
			    row_number(d, "watched_s") > 0
				? (double)row_number(json_object_get(d, "wrong_s"), fates[k]) /
				      (double)row_number(d, "watched_s")
				: 0;

			if (row_number(d, "watched_s") == 0 ||
			    json_object_get(d, "wrong_s") == NULL)
				page_cell(p, "gap");
			else
				page_cell(
				    p, "%s", words_mean((unsigned long long)(v * 100 + 0.5), text));
		}
	}
	page_table_end(p);
}

/* --- neighbours */

static unsigned long long
sum_of(const json_t *list, const char *object, const char *key)
{
	unsigned long long sum = 0;

	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *row = json_array_get(list, i);

		sum += row_number(object != NULL ? json_object_get(row, object) : row, key);
	}
	return sum;
}

/* Of the wrong routes that it sent and of which that is known, what was not accepted. */
static const char *
held_of(const json_t *wrong, char *text)
{
	unsigned long long sent = sum_of(wrong, "route_s", "sent"),
			   unproved = sum_of(wrong, "route_s", "unproved");

	return sent > 0 && unproved >= sent
		   ? "not seen"
		   : words_percent(sum_of(wrong, "route_s", "held"), sent - unproved, text);
}

static const char *
name_of(const json_t *n, char *out, size_t size)
{
	snprintf(out, size, "%s%s%s", row_text(n, "name"),
	    row_text(n, "name")[0] != '\0' && row_text(n, "contact")[0] != '\0' ? ", " : "",
	    row_text(n, "contact")[0] != '\0' ? row_text(n, "contact") : "no contact");
	return out;
}

/* Of one family, for how long it was known what it sends; of who has no session, being behind a
 * route server, that is all the time. */
static unsigned long long
known_of(const json_t *n, const char *family, unsigned long long watched)
{
	const json_t *sessions = json_object_get(n, "sessions");
	unsigned long long longest = json_array_size(sessions) == 0 ? watched : 0;

	for (size_t i = 0; i < json_array_size(sessions); i++) {
		const json_t *s = json_array_get(sessions, i);

		if (strcmp(row_text(s, "family"), family) == 0 &&
		    row_number(s, "known_s") > longest)
			longest = row_number(s, "known_s");
	}
	return longest;
}

/* Wrong routes at a time, over the time in which they were counted. They are counted some seconds
 * before it is known that there is a session, and once by each of two incidents, so that no more of
 * them are said than there are routes. */
static const char *
mean_of_wrong(const json_t *n, const char *fate, unsigned long long watched, char *text)
{
	static const char *const families[] = { "ipv4", "ipv6" };
	const json_t *wrong = json_object_get(n, "wrong"),
		     *sessions = json_object_get(n, "sessions");
	unsigned long long x100 = 0, any = 0, sent = sum_of(sessions, NULL, "sent_x100");

	for (unsigned k = 0; k < 2; k++) {
		unsigned long long known = known_of(n, families[k], watched), route_s = 0;

		for (size_t i = 0; i < json_array_size(wrong); i++)
			if (strcmp(row_text(json_array_get(wrong, i), "family"), families[k]) == 0)
				route_s += row_number(
				    json_object_get(json_array_get(wrong, i), "route_s"), fate);
		any += known;
		x100 += known > 0 ? route_s * 100 / known : 0;
	}
	return any > 0 ? words_mean(sent > 0 && x100 > sent ? sent : x100, text) : "gap";
}

static void
put_neighbor(struct page *p, const json_t *n, const json_t *month)
{
	const json_t *sessions = json_object_get(n, "sessions"),
		     *wrong = json_object_get(n, "wrong");
	unsigned long long known =
			       sum_of(sessions, NULL, "known_s") + sum_of(sessions, NULL, "down_s"),
			   seconds = sum_of(sessions, NULL, "known_s"),
			   count = json_array_size(sessions),
			   watched = row_number(month, "watched_s");
	char text[WORDS_MAX], name[256];

	page_cell(p, "AS%llu", row_number(n, "asn"));
	page_cell(p, "%s", row_text(n, "relation"));
	page_cell(p, "%s", name_of(n, name, sizeof(name)));
	page_cell(p, "%s", words_halves(row_number(n, "halves"), text));
	page_cell(
	    p, "%s", seconds > 0 ? words_mean(sum_of(sessions, NULL, "sent_x100"), text) : "gap");
	page_cell(p, "%s", mean_of_wrong(n, "sent", watched, text));
	page_cell(p, "%s", held_of(wrong, text));
	page_cell(p, "%s", mean_of_wrong(n, "spread", watched, text));
	page_cell(p, "%s", words_percent(known, row_number(month, "passed_s") * count, text));
	page_cell(p, "%s", row_text(n, "evidence"));
}

static void
put_neighbors(struct page *p, const json_t *answer)
{
	static const struct page_column columns[] = { { "neighbour", 12, CELL_LEFT },
		{ "relation", 10, CELL_LEFT }, { "name, contact", 34, CELL_LEFT },
		{ "points", 6, CELL_RIGHT }, { "sent", 11, CELL_RIGHT }, { "wrong", 9, CELL_RIGHT },
		{ "held", 8, CELL_RIGHT }, { "passed on", 9, CELL_RIGHT },
		{ "watched", 8, CELL_RIGHT }, { "evidence", 0, CELL_CODE } };
	const json_t *list = list_of(answer, "neighbors");
	size_t n = json_array_size(list);

	page_heading(p, "Neighbours, the worst first");
	page_table(p, columns, 10);
	for (size_t i = 0; i < n && i < NEIGHBORS_SHOWN; i++)
		put_neighbor(p, json_array_get(list, i), json_object_get(answer, "month"));
	page_table_end(p);
	if (n > NEIGHBORS_SHOWN)
		page_say(p, "%zu more: bellman manrs -o json has all.", n - NEIGHBORS_SHOWN);
	page_say(p,
	    "Routes are means over the time in which the session was known. Held: of the "
	    "wrong routes sent, those that a view which is really monitored shows not to be "
	    "accepted; they cost no points.");
}

/* Of one neighbour that is asked for: sessions and rules. */
static void
put_details(struct page *p, const json_t *n)
{
	static const struct page_column sessions[] = { { "session", 40, CELL_LEFT },
		{ "family", 6, CELL_LEFT }, { "sent", 11, CELL_RIGHT },
		{ "accepted", 11, CELL_RIGHT }, { "told", 11, CELL_RIGHT },
		{ "most sent", 11, CELL_RIGHT }, { "limit", 11, CELL_RIGHT },
		{ "down", 12, CELL_RIGHT }, { "gap", 0, CELL_RIGHT } };
	static const struct page_column rules[] = { { "rule", 24, CELL_LEFT },
		{ "family", 6, CELL_LEFT }, { "most sent", 9, CELL_RIGHT },
		{ "most accepted", 13, CELL_RIGHT }, { "most used", 9, CELL_RIGHT },
		{ "most passed on", 14, CELL_RIGHT }, { "held", 0, CELL_RIGHT } };
	const json_t *list = json_object_get(n, "sessions");
	char text[WORDS_MAX];

	page_heading(p, "Its sessions");
	page_table(p, sessions, 9);
	for (size_t i = 0; i < json_array_size(list); i++) {
		static const char *const means[] = { "sent_x100", "accepted_x100", "told_x100" };
		const json_t *s = json_array_get(list, i);

		page_cell(p, "%s", row_text(s, "session"));
		page_cell(p, "%s", row_text(s, "family"));
		for (unsigned k = 0; k < 3; k++)
			page_cell(p, "%s",
			    json_object_get(s, means[k]) != NULL
				? words_mean(row_number(s, means[k]), text)
				: "not seen");
		page_cell(p, "%llu", row_number(s, "sent_most"));
		if (row_number(s, "limit") > 0)
			page_cell(p, "%llu", row_number(s, "limit"));
		else
			page_cell(p, "none");
		page_cell(p, "%s", words_seconds(row_number(s, "down_s"), text));
		page_cell(p, "%s", words_seconds(row_number(s, "gap_s"), text));
	}
	page_table_end(p);
	manrs_routers(p, n);
	list = json_object_get(n, "wrong");
	page_heading(p, "What it sent that is wrong, by rule");
	page_table(p, rules, 7);
	for (size_t i = 0; i < json_array_size(list); i++) {
		static const char *const fates[] = { "sent", "accepted", "used", "spread" };
		const json_t *w = json_array_get(list, i), *of = json_object_get(w, "route_s");
		unsigned long long sent = row_number(of, "sent"),
				   unproved = row_number(of, "unproved");

		page_cell(p, "%s", row_text(w, "rule"));
		page_cell(p, "%s", row_text(w, "family"));
		for (unsigned k = 0; k < 4; k++)
			page_cell(p, "%llu", row_number(json_object_get(w, "most"), fates[k]));
		page_cell(p, "%s",
		    sent > 0 && unproved >= sent
			? "not seen"
			: words_percent(row_number(of, "held"), sent - unproved, text));
	}
	page_table_end(p);
}

/* --- incidents */

/* Where it was for longest, and how long. */
static const char *
how_far(const json_t *i, char *out, size_t size)
{
	static const char *const reaches[] = { "passed-on", "in-use", "accepted", "received",
		"filtered", "unknown" };
	const json_t *seconds = json_object_get(i, "seconds");
	char text[WORDS_MAX];

	out[0] = '\0';
	for (unsigned k = 0; k < 6; k++)
		if (row_number(seconds, reaches[k]) > 0) {
			snprintf(out, size, "%s %s",
			    strcmp(reaches[k], "filtered") == 0 ? "held" : reaches[k],
			    words_seconds(row_number(seconds, reaches[k]), text));
			break;
		}
	return out;
}

static void
put_incidents(struct page *p, const json_t *answer)
{
	static const struct page_column columns[] = { { "metric", 6, CELL_LEFT },
		{ "points", 6, CELL_RIGHT }, { "rule", 22, CELL_LEFT },
		{ "from whom", 13, CELL_LEFT }, { "family", 6, CELL_LEFT },
		{ "how far", 22, CELL_LEFT }, { "from", 20, CELL_LEFT }, { "until", 20, CELL_LEFT },
		{ "evidence", 0, CELL_CODE } };
	const json_t *list = list_of(answer, "incidents");
	size_t n = json_array_size(list);
	char text[WORDS_MAX], far[WORDS_MAX];

	page_heading(p, "Incidents behind the points, and those that the filter held");
	page_table(p, columns, 9);
	for (size_t k = 0; k < n && k < INCIDENTS_SHOWN; k++) {
		const json_t *i = json_array_get(list, k);

		page_cell(p, "%s", row_text(i, "metric")[0] != '\0' ? row_text(i, "metric") : "-");
		page_cell(p, "%s", words_halves(row_number(i, "halves"), text));
		page_cell(
		    p, "%s%s", row_text(i, "rule"), row_true(i, "doubtful") ? " (doubtful)" : "");
		if (row_number(i, "asn") == 0)
			page_cell(p, "ourselves");
		else
			page_cell(p, "AS%llu", row_number(i, "asn"));
		page_cell(p, "%s", row_text(i, "family"));
		page_cell(p, "%s", how_far(i, far, sizeof(far)));
		page_cell(p, "%s", row_text(i, "from"));
		page_cell(p, "%s", row_text(i, "to"));
		page_cell(p, "%s%s", row_true(i, "evidence_gone") ? "gone: " : "",
		    row_text(i, "evidence"));
	}
	page_table_end(p);
	if (n > INCIDENTS_SHOWN)
		page_say(p, "%zu more: bellman manrs -o json has up to 1000.", n - INCIDENTS_SHOWN);
}

/* --- permit lists */

static void
put_permits(struct page *p, const json_t *answer)
{
	static const struct page_column columns[] = { { "customer", 12, CELL_LEFT },
		{ "list", 10, CELL_LEFT }, { "prefixes", 9, CELL_RIGHT },
		{ "what may be missing", 60, CELL_LEFT }, { "evidence", 0, CELL_CODE } };
	const json_t *list = list_of(answer, "permit_lists");
	size_t n = json_array_size(list);

	if (n == 0)
		return;
	page_heading(p, "Action 2: permit lists of customers, now");
	page_table(p, columns, 5);
	for (size_t i = 0; i < n && i < OWN_SHOWN; i++) {
		const json_t *l = json_array_get(list, i);

		page_cell(p, "AS%llu", row_number(l, "asn"));
		page_cell(p, "%s", row_text(l, "state"));
		if (json_object_get(l, "prefixes") != NULL)
			page_cell(p, "%llu", row_number(l, "prefixes"));
		else
			page_cell(p, "-");
		page_cell(p, "%s", row_text(l, "gap"));
		page_cell(p, "%s", row_text(l, "evidence"));
	}
	page_table_end(p);
	if (n > OWN_SHOWN)
		page_say(p, "%zu more: bellman manrs -o json has all.", n - OWN_SHOWN);
	page_say(p,
	    "Which source addresses may come in from a customer (sav.watch). Red: a list has lost "
	    "much at once (shrunken) or lacks what ROAs name the customer for (missing), and would "
	    "drop packets of the innocent; green: there is a whole list of every customer; yellow: "
	    "of some, or from half the data. Whether routers drop by it is not seen here.");
}

void
manrs_content(const json_t *answer, enum programme programme, bool html, struct sbuf *out)
{
	const json_t *month = json_object_get(answer, "month"),
		     *collector = json_object_get(answer, "collector");
	struct page p = { .html = html, .out = out };
	char title[128], subtitle[256], seen[WORDS_MAX];
	unsigned long long neighbor = row_number(collector, "neighbor");

	if (neighbor != 0)
		snprintf(title, sizeof(title), "Routing security norms, %s, neighbour AS%llu",
		    row_text(month, "month"), neighbor);
	else
		snprintf(
		    title, sizeof(title), "Routing security norms, %s", row_text(month, "month"));
	snprintf(subtitle, sizeof(subtitle),
	    "MANRS for %s; collector %s; made %s; %s of the month so far was watched",
	    programmes[programme].name, row_text(collector, "collector"), row_text(month, "now"),
	    words_percent(row_number(month, "watched_s"), row_number(month, "passed_s"), seen));
	page_begin(&p, title, subtitle);
	put_actions(&p, answer, programme);
	put_scores(&p, answer);
	put_days(&p, answer);
	put_neighbors(&p, answer);
	if (neighbor != 0 && json_array_size(list_of(answer, "neighbors")) > 0)
		put_details(&p, json_array_get(list_of(answer, "neighbors"), 0));
	put_incidents(&p, answer);
	manrs_filters(&p, answer);
	put_permits(&p, answer);
	if (neighbor == 0) {
		manrs_put_contacts(&p, answer);
		manrs_put_validation(&p, answer);
	}
	page_end(&p);
}
