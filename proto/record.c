#include "proto/record.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/pure/text.h"

static const char *const severities[] = { "unspecified", "info", "notice", "warning", "major",
	"critical" };
static const char *const transitions[] = { "unspecified", "opened", "updated", "closed",
	"unknown" };

const char *
severity_name(uint8_t s)
{
	return s <= SEVERITY_CRITICAL ? severities[s] : severities[0];
}

const char *
transition_name(uint8_t t)
{
	return t <= TRANSITION_UNKNOWN ? transitions[t] : transitions[0];
}

const char *
record_view_name(uint8_t view)
{
	static const char *const names[VIEWS] = { "adj-rib-in-pre", "adj-rib-in-post", "loc-rib",
		"adj-rib-out-pre", "adj-rib-out-post" };

	return view < VIEWS ? names[view] : "unspecified";
}

static const char *const reasons[REASONS] = { "", "announced", "withdrawn", "replaced", "peer-down",
	"rpki", "config", "feed-lost", "feed-restored", "feed-gone", "severity", "growth", "roles",
	"victim", "shrunk", "flapping", "rpki-lost", "cleared", "baseline", "registry-lost" };

const char *
reason_name(uint8_t reason)
{
	return reason < REASONS ? reasons[reason] : "";
}

uint8_t
reason_parse(const char *text)
{
	for (uint8_t r = REASON_ANNOUNCED; r < REASONS; r++)
		if (strcmp(text, reasons[r]) == 0)
			return r;
	return REASON_NONE;
}

const char *
relation_name(uint8_t relation)
{
	static const char *const names[RELATIONS] = { "unknown", "customer", "peer", "provider",
		"rs", "rs-client", "internal", "collector" };

	return relation < RELATIONS ? names[relation] : names[0];
}

static const char *const benigns[BENIGNS] = { "", "otc-of-the-origin", "peer-may-buy", "customer",
	"scrubber", "answer" };

const char *
call_role_name(unsigned place)
{
	static const char *const names[CALL_ROLES] = { "neighbor", "origin", "victim" };

	return place < CALL_ROLES ? names[place] : "";
}

const char *
benign_name(uint8_t benign)
{
	return benign < BENIGNS ? benigns[benign] : "";
}

uint8_t
benign_parse(const char *text)
{
	for (uint8_t b = BENIGN_NONE + 1; b < BENIGNS; b++)
		if (strcmp(text, benigns[b]) == 0)
			return b;
	return BENIGN_NONE;
}

static const char *const families[HOLDER_FAMILIES] = { "", "ipv4", "ipv6", "ipv4-labelled",
	"ipv6-labelled" };

const char *
holder_family_name(uint8_t family)
{
	return family < HOLDER_FAMILIES ? families[family] : "";
}

uint8_t
holder_family_parse(const char *text)
{
	for (uint8_t f = HOLDER_V4; f < HOLDER_FAMILIES; f++)
		if (strcmp(text, families[f]) == 0)
			return f;
	return HOLDER_ANY;
}

bool
severity_parse(const char *text, uint8_t *severity)
{
	for (uint8_t s = SEVERITY_INFO; s <= SEVERITY_CRITICAL; s++) {
		if (strcasecmp(text, severities[s]) == 0) {
			*severity = s;
			return true;
		}
	}
	return false;
}

bool
record_is_test(const struct record_incident *i)
{
	return strcmp(i->kind, RECORD_KIND_TEST) == 0;
}

/* The anchors are those of GitHub and others: small letters, digits and "-" of the heading. */
const char *
record_doc(const struct record_incident *i, char buf[RECORD_DOC_MAX])
{
	/* what a kind about routes begins with; all others are alarms */
	static const char *const of_routes[] = { "rov.", "leak.", "hijack.", "own.", "origin.",
		"aspa.", "blackhole.", "bogon.", "route.", "path." };
	const char *file = "ALARMS.md";
	size_t n;

	for (size_t k = 0; k < sizeof(of_routes) / sizeof(of_routes[0]); k++)
		if (strncmp(i->kind, of_routes[k], strlen(of_routes[k])) == 0)
			file = "RULES.md";
	n = (size_t)snprintf(buf, RECORD_DOC_MAX, "%s#", file);
	for (const char *c = i->kind; *c != '\0' && n + 1 < RECORD_DOC_MAX; c++)
		if (*c != '.')
			buf[n++] = *c;
	buf[n] = '\0';
	return buf;
}

const char *
record_key(const struct record *r, char *buf, size_t size)
{
	if (r->kind == RECORD_INCIDENT)
		text_copy(buf, size, r->incident.id);
	else
		text_copy(buf, size, r->event.router[0] != '\0' ? r->event.router : "collector");
	return buf;
}

/*
 * The journal number distinguishes copies of one record from different records. The time beside it
 * does so for a journal that was begun anew, or that lost its last transactions with the power: the
 * number is then given a second time.
 */
const char *
record_uid(const struct record *r, char *buf, size_t size)
{
	snprintf(buf, size, "%s.%llu.%llx", r->collector, (unsigned long long)r->seq,
	    (unsigned long long)r->at_us);
	return buf;
}

static void add(struct record_evidence *v, uint8_t *n, const char *name, const char *fmt,
    va_list ap) __attribute__((format(printf, 4, 0)));
static void
add(struct record_evidence *v, uint8_t *n, const char *name, const char *fmt, va_list ap)
{
	char text[4 * RECORD_TEXT_MAX];

	if (*n >= RECORD_EVIDENCE_MAX)
		return;
	vsnprintf(text, sizeof(text), fmt, ap);
	text_copy(v[*n].name, sizeof(v[*n].name), name);
	text_copy(v[*n].value, sizeof(v[*n].value), text);
	(*n)++;
}

void
record_evidence_add(struct record_incident *r, const char *name, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	add(r->evidence, &r->evidence_n, name, fmt, ap);
	va_end(ap);
}

void
record_detail_add(struct record_event *r, const char *name, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	add(r->details, &r->details_n, name, fmt, ap);
	va_end(ap);
}
