/* Each figure with the command that shows what it rests on. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "cli/control_rows.h"
#include "cli/manrs/manrs_private.h"

enum { COMMAND_MAX = 256 };

/* So many days ago the month began, and one more. */
static int
days_since(const json_t *answer)
{
	const json_t *month = json_object_get(answer, "month");
	struct tm from = { 0 }, now = { 0 };

	if (strptime(row_text(month, "from"), "%Y-%m-%dT%H:%M:%SZ", &from) == NULL ||
	    strptime(row_text(month, "now"), "%Y-%m-%dT%H:%M:%SZ", &now) == NULL)
		return 32;
	return (int)((timegm(&now) - timegm(&from)) / 86400) + 1;
}

static void
add(json_t *row, const char *command)
{
	json_object_set_new(row, "evidence", json_string(command));
}

static const char *
kinds_of(const char *metric)
{
	switch (metric[1]) {
	case '1':
		return "kind ~ leak or kind = aspa.invalid";
	case '2':
		return "kind ~ hijack or kind = rov.invalid.asn or kind = origin.burst";
	case '3':
		return "kind = bogon.prefix";
	default:
		return "kind = bogon.asn";
	}
}

static void
add_of_scores(const json_t *scores, int days)
{
	char command[COMMAND_MAX];

	for (size_t i = 0; i < json_array_size(scores); i++) {
		json_t *row = json_array_get(scores, i);

		snprintf(command, sizeof(command), "bellman tail -n 1000 --since %dd '%s'", days,
		    kinds_of(row_text(row, "metric")));
		add(row, command);
	}
}

static void
add_of_incidents(const json_t *incidents, int days)
{
	char command[COMMAND_MAX];

	for (size_t i = 0; i < json_array_size(incidents); i++) {
		json_t *row = json_array_get(incidents, i);

		snprintf(command, sizeof(command), "bellman tail -n 1000 --since %dd 'id ~ %.12s'",
		    days, row_text(row, "id"));
		add(row, command);
	}
}

static void
add_of_neighbors(const json_t *answer, int days)
{
	const json_t *list = json_object_get(answer, "neighbors");
	char command[COMMAND_MAX];

	(void)days;
	for (size_t i = 0; i < json_array_size(list); i++) {
		json_t *row = json_array_get(list, i);

		snprintf(command, sizeof(command), "bellman manrs --month %s --neighbor %llu",
		    row_text(json_object_get(answer, "month"), "month"), row_number(row, "asn"));
		add(row, command);
	}
}

static void
add_of_filters(const json_t *filters, int days)
{
	char command[COMMAND_MAX];

	for (size_t i = 0; i < json_array_size(filters); i++) {
		json_t *row = json_array_get(filters, i);

		snprintf(command, sizeof(command),
		    "bellman tail -n 1000 --since %dd 'kind = route.unlisted and as = %llu'", days,
		    row_number(row, "asn"));
		add(row, command);
	}
}

static void
add_of_permits(const json_t *lists)
{
	char command[COMMAND_MAX];

	for (size_t i = 0; i < json_array_size(lists); i++) {
		json_t *row = json_array_get(lists, i);

		snprintf(command, sizeof(command), "bellman sav AS%llu", row_number(row, "asn"));
		add(row, command);
	}
}

static void
add_of_own(const json_t *answer)
{
	const json_t *own = json_object_get(answer, "own_prefixes"),
		     *asns = json_object_get(answer, "own_asns");
	char command[COMMAND_MAX];

	for (size_t i = 0; i < json_array_size(own); i++) {
		json_t *row = json_array_get(own, i);

		snprintf(command, sizeof(command), "bellman show rpki %s %llu",
		    row_text(row, "prefix"), row_number(json_array_get(asns, 0), "asn"));
		add(row, command);
	}
}

void
manrs_add_evidence(json_t *answer)
{
	static const char *const of_actions[] = { "", "bellman show incidents",
		"bellman tail -n 100 'kind ~ sav.'", "bellman show contacts",
		"bellman manrs --propose" };
	const json_t *actions = json_object_get(answer, "actions");
	int days = days_since(answer);

	for (size_t i = 0; i < json_array_size(actions); i++) {
		json_t *row = json_array_get(actions, i);
		unsigned long long n = row_number(row, "action");

		add(row, n <= 4 ? of_actions[n] : "");
	}
	add_of_scores(json_object_get(answer, "scores"), days);
	add_of_incidents(json_object_get(answer, "incidents"), days);
	add_of_neighbors(answer, days);
	add_of_filters(json_object_get(answer, "filters"), days);
	add_of_permits(json_object_get(answer, "permit_lists"));
	add_of_own(answer);
}
