/*
 * Filters on records: "severity >= warning and kind ~ leak and prefix in 203.0.113.0/24 and not
 * router r1".
 *
 *   or     := and { "or" and }
 *   and    := not { ["and"] not }          two conditions side by side are both wanted
 *   not    := "not" not | "(" or ")" | condition
 *   condition := FIELD [OPERATOR] VALUE    without an operator: equal
 *
 * Compiled to a tree in one array; a record is matched by walking it.
 */
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/pure/text.h"
#include "proto/record.h"

enum { NODES_MAX = 128, DEPTH_MAX = 32, WORD_MAX = 128 };

enum field {
	F_SEVERITY,
	F_KIND,
	F_ROUTER,
	F_PEER,
	F_TABLE,
	F_AS,
	F_ORIGIN,
	F_PREFIX,
	F_TRANSITION,
	F_TYPE,
	F_REASON,
	F_ID,
	F_MUTED,
	F_DRY_RUN,
	F_VIEW,
	F_ROV,
	F_SUMMARY,
	FIELDS
};
enum op { OP_EQ, OP_NE, OP_CONTAINS, OP_GE, OP_LE, OP_GT, OP_LT, OP_IN, OP_COVERS };
enum node_type { N_ALL, N_AND, N_OR, N_NOT, N_TEST };

enum value { V_SEVERITY, V_NUMBER, V_TEXT, V_PREFIX, V_TRANSITION, V_BOOL, V_VIEW, V_ROV };

static const struct {
	const char *name;
	enum value value;
} fields[FIELDS] = {
	[F_SEVERITY] = { "severity", V_SEVERITY },
	[F_KIND] = { "kind", V_TEXT },
	[F_ROUTER] = { "router", V_TEXT },
	[F_PEER] = { "peer", V_TEXT },
	[F_TABLE] = { "table", V_TEXT },
	[F_AS] = { "as", V_NUMBER },
	[F_ORIGIN] = { "origin", V_NUMBER },
	[F_PREFIX] = { "prefix", V_PREFIX },
	[F_TRANSITION] = { "transition", V_TRANSITION },
	[F_TYPE] = { "type", V_TEXT },
	[F_REASON] = { "reason", V_TEXT },
	[F_ID] = { "id", V_TEXT },
	[F_MUTED] = { "muted", V_BOOL },
	[F_DRY_RUN] = { "dry_run", V_BOOL },
	[F_VIEW] = { "view", V_VIEW },
	[F_ROV] = { "rov", V_ROV },
	[F_SUMMARY] = { "summary", V_TEXT },
};

/* Names that JSON has for the same. */
static const struct {
	const char *name;
	enum field field;
} aliases[] = { { "peer_as", F_AS }, { "views", F_VIEW }, { "event", F_KIND } };

/* Which operators make sense with which values; `operators` is for the message. */
#define EQUALITY (1U << OP_EQ | 1U << OP_NE)
#define ORDER	 (1U << OP_GE | 1U << OP_LE | 1U << OP_GT | 1U << OP_LT)
static const struct {
	unsigned ops;
	const char *operators;
} values[] = {
	[V_SEVERITY] = { EQUALITY | ORDER, "= != >= <= > <" },
	[V_NUMBER] = { EQUALITY | ORDER, "= != >= <= > <" },
	[V_TEXT] = { EQUALITY | 1U << OP_CONTAINS, "= != ~" },
	[V_PREFIX] = { EQUALITY | 1U << OP_IN | 1U << OP_COVERS, "= != in covers" },
	[V_TRANSITION] = { EQUALITY, "= !=" },
	[V_BOOL] = { EQUALITY, "= !=" },
	[V_VIEW] = { EQUALITY, "= !=" },
	[V_ROV] = { EQUALITY, "= !=" },
};

static const struct {
	const char *text;
	enum op op;
} ops[] = { { "=", OP_EQ }, { "==", OP_EQ }, { "!=", OP_NE }, { "~", OP_CONTAINS }, { ">=", OP_GE },
	{ "<=", OP_LE }, { ">", OP_GT }, { "<", OP_LT }, { "in", OP_IN }, { "covers", OP_COVERS } };

struct node {
	uint8_t type, field, op;
	uint16_t left, right;
	uint64_t number;
	struct ip_prefix prefix;
	char text[WORD_MAX];
};

struct record_filter {
	struct node node[NODES_MAX];
	uint16_t n, root;
};

struct parser {
	struct record_filter *f;
	const char *text, *pos;
	char word[WORD_MAX];
	const char *word_at, *word_end;
	unsigned depth;
	char *error;
	size_t error_size;
	bool failed;
};

static uint16_t fail(struct parser *p, const char *at, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
static uint16_t
fail(struct parser *p, const char *at, const char *fmt, ...)
{
	va_list ap;
	int n;

	if (!p->failed) {
		n = snprintf(
		    p->error, p->error_size, "filter, column %d: ", (int)(at - p->text) + 1);
		va_start(ap, fmt);
		if (n > 0 && (size_t)n < p->error_size)
			vsnprintf(p->error + n, p->error_size - (size_t)n, fmt, ap);
		va_end(ap);
	}
	p->failed = true;
	return 0;
}

/* --- words */

static bool
is_op_char(char c)
{
	return c != '\0' && strchr("=!~<>", c) != NULL;
}

/* The next word, left where it is; "" at the end. A word that is too long, or a quote that is not
 * closed, fails. */
static const char *
peek(struct parser *p)
{
	const char *s = p->pos, *end;
	size_t n;

	while (isspace((unsigned char)*s))
		s++;
	p->word_at = end = s;
	if (*s == '"') {
		end = strchr(++s, '"');
		if (end == NULL) {
			fail(p, p->word_at, "a closing quote is missing");
			end = s;
		}
	} else if (*s == '(' || *s == ')') {
		end++;
	} else if (is_op_char(*s)) {
		while (is_op_char(*end) && end - s < 2)
			end++;
	} else {
		while (*end != '\0' && !isspace((unsigned char)*end) &&
		       strchr("()\"", *end) == NULL && !is_op_char(*end))
			end++;
	}
	n = (size_t)(end - s);
	if (n >= WORD_MAX) {
		fail(p, p->word_at, "a word is longer than %d characters", WORD_MAX - 1);
		n = 0;
	}
	memcpy(p->word, s, n);
	p->word[n] = '\0';
	p->word_end = *p->word_at == '"' && *end == '"' ? end + 1 : end;
	return p->word;
}

static void
next_word(struct parser *p)
{
	peek(p);
	p->pos = p->word_end;
}

static bool
accept(struct parser *p, const char *word)
{
	const char *sign = strcmp(word, "and") == 0 ? "&&" : strcmp(word, "or") == 0 ? "||" : word;

	if ((strcasecmp(peek(p), word) != 0 && strcmp(p->word, sign) != 0) || *p->word_at == '"')
		return false;
	next_word(p);
	return true;
}

/* --- grammar */

static uint16_t
node_new(struct parser *p, enum node_type type)
{
	if (p->f->n == NODES_MAX)
		return fail(p, p->pos, "more than %d conditions", NODES_MAX);
	p->f->node[p->f->n].type = (uint8_t)type;
	return p->f->n++;
}

/* "64500" or "AS64500". */
static bool
read_as(const char *text, uint64_t *out)
{
	size_t n;

	if (strncasecmp(text, "AS", 2) == 0)
		text += 2;
	n = strspn(text, "0123456789");
	*out = n > 0 && n <= 10 ? strtoull(text, NULL, 10) : UINT64_MAX;
	return text[n] == '\0' && *out <= UINT32_MAX;
}

static bool
read_transition(const char *text)
{
	for (uint8_t t = TRANSITION_OPENED; t <= TRANSITION_UNKNOWN; t++)
		if (strcasecmp(text, transition_name(t)) == 0)
			return true;
	return false;
}

/* A view by its name, with "adj-rib-" in front or without. */
static bool
read_view(const char *text, uint64_t *bit)
{
	for (uint8_t v = 0; v < VIEWS; v++) {
		const char *name = record_view_name(v);

		if (strcasecmp(text, name) == 0 ||
		    (strncmp(name, "adj-rib-", 8) == 0 && strcasecmp(text, name + 8) == 0)) {
			*bit = 1U << v;
			return true;
		}
	}
	return false;
}

/* Bit per enum record_rov. */
static bool
read_rov(const char *text, uint64_t *bits)
{
	*bits = strcasecmp(text, "asn") == 0	   ? 1U << RECORD_ROV_ASN
		: strcasecmp(text, "length") == 0  ? 1U << RECORD_ROV_LENGTH
		: strcasecmp(text, "invalid") == 0 ? 1U << RECORD_ROV_ASN | 1U << RECORD_ROV_LENGTH
						   : 0;
	return *bits != 0;
}

static uint16_t
parse_value(struct parser *p, uint16_t at)
{
	struct node *n = &p->f->node[at];
	const char *right = NULL;
	uint8_t severity = 0;

	if (peek(p)[0] == '\0' && *p->word_at != '"')
		return fail(p, p->word_at, "a value should follow \"%s\"", fields[n->field].name);
	text_copy(n->text, sizeof(n->text), p->word);
	switch (fields[n->field].value) {
	case V_SEVERITY:
		if (!severity_parse(n->text, &severity))
			right = "info, notice, warning, major or critical";
		n->number = severity;
		break;
	case V_NUMBER:
		if (!read_as(n->text, &n->number))
			right = "64500 or AS64500";
		break;
	case V_PREFIX:
		if (!ip_prefix_parse(n->text, false, &n->prefix))
			right = "203.0.113.0/24";
		break;
	case V_TRANSITION:
		if (!read_transition(n->text))
			right = "opened, updated, closed or unknown";
		break;
	case V_BOOL:
		if (strcasecmp(n->text, "true") != 0 && strcasecmp(n->text, "false") != 0)
			right = "true or false";
		n->number = strcasecmp(n->text, "true") == 0;
		break;
	case V_VIEW:
		if (!read_view(n->text, &n->number))
			right = "in-pre, in-post, loc-rib, out-pre or out-post";
		break;
	case V_ROV:
		if (!read_rov(n->text, &n->number))
			right = "invalid, asn or length";
		break;
	case V_TEXT:
		break;
	}
	if (right != NULL)
		return fail(p, p->word_at, "\"%.40s\" is no value of %s; right would be %s",
		    n->text, fields[n->field].name, right);
	next_word(p);
	return at;
}

/* The operator, "=" when there is none. */
static enum op
parse_operator(struct parser *p, unsigned field)
{
	enum value value = fields[field].value;

	peek(p);
	for (size_t i = 0; i < sizeof(ops) / sizeof(ops[0]); i++) {
		if (*p->word_at == '"' || strcasecmp(p->word, ops[i].text) != 0)
			continue;
		if ((values[value].ops & 1U << ops[i].op) == 0)
			fail(p, p->word_at, "\"%s\" says nothing about %s; right would be %s",
			    p->word, fields[field].name, values[value].operators);
		next_word(p);
		return ops[i].op;
	}
	if (is_op_char(*p->word_at))
		fail(p, p->word_at, "\"%s\" is no operator; right would be %s", p->word,
		    values[value].operators);
	return OP_EQ;
}

/* Does a new condition follow, or nothing, where a value may be left out? */
static bool
stands_alone(struct parser *p)
{
	const char *w = peek(p);

	return *p->word_at != '"' && strcasecmp(w, "true") != 0 && strcasecmp(w, "false") != 0;
}

/* The field of this name; FIELDS for none. */
static unsigned
field_named(const char *word)
{
	unsigned f = 0;

	for (size_t i = 0; i < sizeof(aliases) / sizeof(aliases[0]); i++)
		if (strcasecmp(word, aliases[i].name) == 0)
			return aliases[i].field;
	while (f < FIELDS && strcasecmp(word, fields[f].name) != 0)
		f++;
	return f;
}

/* A prefix alone: what lies in it; an address alone: what it lies in. false: it is neither. */
static bool
bare_prefix(struct parser *p, struct node *n)
{
	if (*p->word_at == '"' || !ip_prefix_parse(p->word, false, &n->prefix))
		return false;
	n->field = F_PREFIX;
	n->op = strchr(p->word, '/') != NULL ? OP_IN : OP_COVERS;
	next_word(p);
	return true;
}

static uint16_t
parse_condition(struct parser *p)
{
	uint16_t at = node_new(p, N_TEST);
	struct node *n = &p->f->node[at];
	const char *field_end;
	unsigned f;

	peek(p);
	f = field_named(p->word);
	if (f == FIELDS && bare_prefix(p, n))
		return at;
	if (f == FIELDS)
		return fail(p, p->word_at,
		    "\"%.40s\" is no field; right would be severity, kind, router, peer, table, "
		    "as, origin, prefix, view, rov, summary, transition, type, reason, id, muted "
		    "or "
		    "dry_run",
		    p->word);
	n->field = (uint8_t)f;
	next_word(p);
	field_end = p->pos;
	n->op = (uint8_t)parse_operator(p, f);
	if (fields[f].value == V_BOOL && p->pos == field_end && stands_alone(p)) {
		n->number = 1;
		return at;
	}
	return p->failed ? 0 : parse_value(p, at);
}

static uint16_t parse_or(struct parser *);

static uint16_t
parse_not(struct parser *p)
{
	uint16_t at;

	if (++p->depth > DEPTH_MAX)
		return fail(p, p->pos, "nested too deeply");
	if (accept(p, "not")) {
		at = node_new(p, N_NOT);
		p->f->node[at].left = p->failed ? 0 : parse_not(p);
	} else if (accept(p, "(")) {
		at = parse_or(p);
		if (!p->failed && !accept(p, ")"))
			at = fail(p, p->word_at, "a closing parenthesis is missing");
	} else {
		at = parse_condition(p);
	}
	p->depth--;
	return at;
}

static bool
at_end(struct parser *p)
{
	const char *w = peek(p);

	return (w[0] == '\0' && *p->word_at != '"') || strcmp(w, ")") == 0;
}

static uint16_t
parse_and(struct parser *p)
{
	uint16_t left = parse_not(p);

	while (!p->failed && !at_end(p) && strcasecmp(p->word, "or") != 0 &&
	       strcmp(p->word, "||") != 0) {
		uint16_t at;

		accept(p, "and");
		at = node_new(p, N_AND);
		p->f->node[at].left = left;
		p->f->node[at].right = p->failed ? 0 : parse_not(p);
		left = at;
	}
	return left;
}

static uint16_t
parse_or(struct parser *p)
{
	uint16_t left = parse_and(p);

	while (!p->failed && accept(p, "or")) {
		uint16_t at = node_new(p, N_OR);

		p->f->node[at].left = left;
		p->f->node[at].right = p->failed ? 0 : parse_and(p);
		left = at;
	}
	return left;
}

struct record_filter *
record_filter_new(const char *text, char *error, size_t size)
{
	struct record_filter *f = calloc(1, sizeof(*f));
	struct parser p = { .f = f, .text = text, .pos = text, .error = error, .error_size = size };

	if (f == NULL) {
		snprintf(error, size, "out of memory");
		return NULL;
	}
	f->root = node_new(&p, N_ALL);
	if (peek(&p)[0] == '\0' && *p.word_at != '"')
		return f;
	f->root = parse_or(&p);
	if (!p.failed && peek(&p)[0] != '\0')
		fail(&p, p.word_at, "\"%s\" is left over", p.word);
	if (p.failed) {
		free(f);
		return NULL;
	}
	return f;
}

bool
record_filter_asks(const struct record_filter *f, const char *field)
{
	for (unsigned i = 0; i < f->n; i++)
		if (f->node[i].type == N_TEST &&
		    strcasecmp(fields[f->node[i].field].name, field) == 0)
			return true;
	return false;
}

void
record_filter_free(struct record_filter *f)
{
	free(f);
}

/* --- matching */

static bool
compare(uint64_t have, uint8_t op, uint64_t want)
{
	switch (op) {
	case OP_GE:
		return have >= want;
	case OP_LE:
		return have <= want;
	case OP_GT:
		return have > want;
	case OP_LT:
		return have < want;
	default:
		return have == want;
	}
}

static bool
compare_text(const char *have, uint8_t op, const char *want)
{
	if (op == OP_CONTAINS)
		return strcasestr(have, want) != NULL;
	return strcasecmp(have, want) == 0;
}

/* A kind, or all that begin like this up to a dot: "hijack". */
static bool
compare_kind(const char *have, uint8_t op, const char *want)
{
	size_t n = strlen(want);

	if (op == OP_CONTAINS)
		return compare_text(have, op, want);
	return strncasecmp(have, want, n) == 0 && (have[n] == '\0' || have[n] == '.');
}

/* So many characters of the front of an id are as good as all of it: no two incidents that anybody
 * will meet have them in common. */
static bool
compare_id(const char *have, uint8_t op, const char *want)
{
	enum { ENOUGH = 8 };

	return op != OP_CONTAINS && strlen(want) >= ENOUGH
		   ? strncasecmp(have, want, strlen(want)) == 0
		   : compare_text(have, op, want);
}

static bool
test_prefix(const struct node *n, const struct record_incident *i)
{
	for (unsigned k = 0; k < i->examples_n; k++) {
		if (n->op == OP_IN && ip_prefix_covers(&n->prefix, &i->examples[k]))
			return true;
		if (n->op == OP_COVERS && ip_prefix_covers(&i->examples[k], &n->prefix))
			return true;
		if (ip_prefix_cmp(&i->examples[k], &n->prefix) == 0)
			return true;
	}
	return false;
}

static bool
test_incident(const struct node *n, const struct record_incident *i)
{
	switch (n->field) {
	case F_SEVERITY:
		return compare(i->severity, n->op, n->number);
	case F_KIND:
		return compare_kind(i->kind, n->op, n->text);
	case F_VIEW:
		return (i->views & n->number) != 0;
	case F_ROV:
		return i->facts.rov != RECORD_ROV_NONE && (n->number >> i->facts.rov & 1) != 0;
	case F_SUMMARY:
		return compare_text(i->summary, n->op, n->text);
	case F_ROUTER:
		return compare_text(i->router, n->op, n->text);
	case F_PEER:
		return compare_text(i->peer, n->op, n->text);
	case F_TABLE:
		return compare_text(i->table, n->op, n->text) ||
		       compare_text(i->distinguisher, n->op, n->text);
	case F_AS:
		return compare(i->peer_as, n->op, n->number) ||
		       (i->has_origin && compare(i->origin, n->op, n->number));
	case F_ORIGIN:
		return i->has_origin && compare(i->origin, n->op, n->number);
	case F_PREFIX:
		return test_prefix(n, i);
	case F_TRANSITION:
		return compare_text(transition_name(i->transition), n->op, n->text);
	case F_TYPE:
		return compare_text("incident", n->op, n->text);
	case F_REASON:
		return compare_text(reason_name(i->reason), n->op, n->text);
	case F_MUTED:
		return i->muted == (n->number != 0);
	case F_DRY_RUN:
		return i->dry_run == (n->number != 0);
	default:
		return compare_id(i->id, n->op, n->text);
	}
}

/* What only incidents have, no event has. */
static bool
test_event(const struct node *n, const struct record_event *e)
{
	switch (n->field) {
	case F_SEVERITY:
		return compare(e->severity, n->op, n->number);
	case F_ROUTER:
		return compare_text(e->router, n->op, n->text);
	case F_PEER:
		return compare_text(e->peer, n->op, n->text);
	case F_TABLE:
		return compare_text(e->table, n->op, n->text) ||
		       compare_text(e->distinguisher, n->op, n->text);
	case F_AS:
		return compare(e->peer_as, n->op, n->number);
	case F_KIND:
		return compare_kind(e->type, n->op, n->text);
	case F_SUMMARY:
		return compare_text(e->summary, n->op, n->text);
	case F_TYPE:
		return compare_text("event", n->op, n->text) ||
		       compare_text(e->type, n->op, n->text);
	case F_MUTED:
		return n->number == 0; /* nobody can mute one */
	case F_DRY_RUN:
		return n->number == 0;
	default:
		return false;
	}
}

/* "a != b" is "not a = b", for every field. */
static bool
test(const struct node *n, const struct record *r)
{
	bool yes = r->kind == RECORD_INCIDENT ? test_incident(n, &r->incident)
					      : test_event(n, &r->event);

	return n->op == OP_NE ? !yes : yes;
}

static bool
match(const struct record_filter *f, uint16_t at, const struct record *r)
{
	const struct node *n = &f->node[at];

	switch (n->type) {
	case N_AND:
		return match(f, n->left, r) && match(f, n->right, r);
	case N_OR:
		return match(f, n->left, r) || match(f, n->right, r);
	case N_NOT:
		return !match(f, n->left, r);
	case N_TEST:
		return test(n, r);
	default:
		return true;
	}
}

bool
record_filter_match(const struct record_filter *f, const struct record *r)
{
	return f == NULL || match(f, f->root, r);
}

bool
record_filter_shows(const struct record_filter *f, const struct record *r)
{
	bool dry_run = r->kind == RECORD_INCIDENT && r->incident.dry_run;

	return (!dry_run || (f != NULL && record_filter_asks(f, "dry_run"))) &&
	       record_filter_match(f, r);
}
