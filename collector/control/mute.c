/* What an operator mutes and acknowledges. Whoever may use the socket may. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "collector/control/control_private.h"

enum { FOR_MAX_S = 366 * 86400 };

static const double us = 1e6;

static const struct {
	const char *name;
	enum mute_verb verb;
} verbs[] = { { "mute", MUTE_SET }, { "ack", MUTE_ACK }, { "unmute", MUTE_END } };

/* When it begins: seconds since 1970; NULL: now. */
static const char *
read_from(const char *text, struct mute_request *q)
{
	int64_t now_us = clock_wall_us();
	char *end;
	double v;

	if (text == NULL)
		return NULL;
	v = strtod(text, &end);
	if (end == text || *end != '\0' || !isfinite(v) || v * us <= (double)now_us ||
	    v * us > (double)now_us + FOR_MAX_S * us)
		return "from is a time to come within 366 days; right would be +30m for in "
		       "half an hour, or nothing for now";
	q->from_us = (int64_t)(v * us);
	return NULL;
}

/* What is wrong with the request, NULL when nothing is. */
static const char *
read_request(const struct control_request *r, struct mute_request *q)
{
	char *end;
	double v;

	q->target = control_request_value(r, "target", "");
	q->why = control_request_value(r, "why", "");
	if (q->target[0] == '\0')
		return "of what? right would be the id of an incident, or a filter as kind ~ leak";
	if (strlen(q->target) >= MUTE_TARGET_MAX)
		return "the filter is too long; right would be less than 1024 octets";
	if (q->verb == MUTE_END)
		return NULL;
	if (q->verb == MUTE_ACK && !mute_is_id(q->target))
		return "an ack is of one incident; right would be its id, 32 hexadecimal digits";
	if (q->why[0] == '\0' || strlen(q->why) >= RECORD_VALUE_MAX)
		return "say why, in less than 160 octets";
	if (q->verb == MUTE_ACK)
		return NULL;
	v = strtod(control_request_value(r, "for", ""), &end);
	if (*end != '\0' || !isfinite(v) || v < 1 || v > FOR_MAX_S)
		return "for is from a second to 366 days; right would be 7200";
	q->for_us = (int64_t)(v * us);
	return read_from(control_request_value(r, "from", NULL), q);
}

bool
mute_request(struct client *c, const struct control_request *r)
{
	const struct control *control = c->control;
	struct mute_request q = { 0 };
	char who[RECORD_NAME_MAX], says[512];
	const char *wrong;
	size_t i = 0;

	while (i < sizeof(verbs) / sizeof(verbs[0]) && strcmp(verbs[i].name, r->verb) != 0)
		i++;
	if (i == sizeof(verbs) / sizeof(verbs[0]))
		return false;
	q.verb = (uint8_t)verbs[i].verb;
	q.who = who;
	client_user(c, r, who, sizeof(who));
	wrong = read_request(r, &q);
	if (wrong != NULL)
		client_refuse(c, wrong);
	else if (control->ops->mute(control->ctx, &q, says, sizeof(says)))
		client_say(c, says);
	else
		client_refuse(c, says);
	return true;
}
