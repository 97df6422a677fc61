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

#include "base/text.h"
#include "proto/record.h"

enum { NODES_MAX = 128, DEPTH_MAX = 32, WORD_MAX = 128 };

enum field {
	F_SEVERITY,
	F_KIND,
	F_ROUTER,
	F_PEER,
	F_AS,
	F_ORIGIN,
	F_PREFIX,
	F_TRANSITION,
	F_TYPE,
	F_REASON,
	F_ID,
	FIELDS
};
enum op { OP_EQ, OP_NE, OP_CONTAINS, OP_GE, OP_LE, OP_GT, OP_LT, OP_IN, OP_COVERS };
enum node_type { N_ALL, N_AND, N_OR, N_NOT, N_TEST };

static const char *const field_names[FIELDS] = { "severity", "kind", "router", "peer", "as",
	"origin", "prefix", "transition", "type", "reason", "id" };
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
	const char *word_at;
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

/* --- words
 * -------------------------------------------------------------------------------------------------------------
 */

static bool
is_op_char(char c)
{
	return c != '\0' && strchr("=!~<>", c) != NULL;
}

/* The next word, left where it is; "" at the end. */
static const char *
peek(struct parser *p)
{
	const char *s = p->pos;
	size_t n = 0;

	while (isspace((unsigned char)*s))
		s++;
	p->word_at = s;
	if (*s == '"') {
		for (s++; *s != '\0' && *s != '"' && n + 1 < WORD_MAX; s++)
			p->word[n++] = *s;
	} else if (*s == '(' || *s == ')') {
		p->word[n++] = *s;
	} else if (is_op_char(*s)) {
		while (is_op_char(*s) && n < 2)
			p->word[n++] = *s++;
	} else {
		while (*s != '\0' && !isspace((unsigned char)*s) && *s != '(' && *s != ')' &&
		       !is_op_char(*s) && n + 1 < WORD_MAX)
			p->word[n++] = *s++;
	}
	p->word[n] = '\0';
	return p->word;
}

static void
take(struct parser *p)
{
	peek(p);
	p->pos = p->word_at + strlen(p->word);
	if (*p->word_at == '"')
		p->pos += p->word_at[1 + strlen(p->word)] == '"' ? 2 : 1;
}

static bool
accept(struct parser *p, const char *word)
{
	if (strcasecmp(peek(p), word) != 0 || *p->word_at == '"')
		return false;
	take(p);
	return true;
}

/* --- grammar
 * -------------------------------------------------------------------------------------------------------------
 */

static uint16_t
node_new(struct parser *p, enum node_type type)
{
	if (p->f->n == NODES_MAX)
		return fail(p, p->pos, "more than %d conditions", NODES_MAX);
	p->f->node[p->f->n].type = (uint8_t)type;
	return p->f->n++;
}

static bool
take_number(const char *text, uint64_t *out)
{
	char *end;

	if (strncasecmp(text, "AS", 2) == 0)
		text += 2;
	*out = strtoull(text, &end, 10);
	return *text != '\0' && *end == '\0';
}

static uint16_t
parse_value(struct parser *p, uint16_t at)
{
	struct node *n = &p->f->node[at];
	uint8_t severity;

	if (peek(p)[0] == '\0' && *p->word_at != '"')
		return fail(p, p->word_at, "a value should follow \"%s\"", field_names[n->field]);
	text_copy(n->text, sizeof(n->text), p->word);
	switch (n->field) {
	case F_SEVERITY:
		if (!severity_parse(n->text, &severity))
			return fail(p, p->word_at,
			    "\"%s\" is no severity; right would be info, notice, warning, major, "
			    "critical",
			    n->text);
		n->number = severity;
		break;
	case F_AS:
	case F_ORIGIN:
		if (!take_number(n->text, &n->number))
			return fail(p, p->word_at,
			    "\"%s\" is no AS number; right would be 64500 or AS64500", n->text);
		break;
	case F_PREFIX:
		if (!ip_prefix_parse(n->text, false, &n->prefix))
			return fail(p, p->word_at,
			    "\"%s\" is no prefix; right would be 203.0.113.0/24", n->text);
		break;
	default:
		break;
	}
	take(p);
	return at;
}

static uint16_t
parse_condition(struct parser *p)
{
	uint16_t at = node_new(p, N_TEST);
	struct node *n = &p->f->node[at];
	unsigned f = 0;

	peek(p);
	while (f < FIELDS && strcasecmp(p->word, field_names[f]) != 0)
		f++;
	if (f == FIELDS)
		return fail(p, p->word_at,
		    "\"%s\" is no field; right would be severity, kind, router, peer, as, origin, "
		    "prefix, transition, type, reason or id",
		    p->word);
	n->field = (uint8_t)f;
	n->op = OP_EQ;
	take(p);
	peek(p);
	for (size_t i = 0; i < sizeof(ops) / sizeof(ops[0]); i++) {
		if (strcasecmp(p->word, ops[i].text) == 0 && *p->word_at != '"') {
			n->op = (uint8_t)ops[i].op;
			take(p);
			break;
		}
	}
	return parse_value(p, at);
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

	while (!p->failed && !at_end(p) && strcasecmp(p->word, "or") != 0) {
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

void
record_filter_free(struct record_filter *f)
{
	free(f);
}

/* --- matching
 * --------------------------------------------------------------------------------------------------------------
 */

static bool
compare(uint64_t have, uint8_t op, uint64_t want)
{
	switch (op) {
	case OP_NE:
		return have != want;
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
	return (strcasecmp(have, want) == 0) == (op != OP_NE);
}

static bool
test_prefix(const struct node *n, const struct record_incident *i)
{
	bool any = false;

	for (unsigned k = 0; k < i->examples_n && !any; k++) {
		if (n->op == OP_IN)
			any = ip_prefix_covers(&n->prefix, &i->examples[k]);
		else if (n->op == OP_COVERS)
			any = ip_prefix_covers(&i->examples[k], &n->prefix);
		else
			any = ip_prefix_cmp(&i->examples[k], &n->prefix) == 0;
	}
	return n->op == OP_NE ? !any : any;
}

static bool
test(const struct node *n, const struct record *r)
{
	bool incident = r->kind == RECORD_INCIDENT;
	const struct record_incident *i = &r->incident;
	const struct record_event *e = &r->event;

	switch (n->field) {
	case F_SEVERITY:
		return compare(incident ? i->severity : e->severity, n->op, n->number);
	case F_KIND:
		return compare_text(incident ? i->kind : e->type, n->op, n->text);
	case F_ROUTER:
		return compare_text(incident ? i->router : e->router, n->op, n->text);
	case F_PEER:
		return compare_text(incident ? i->peer : e->peer, n->op, n->text);
	case F_AS:
		return compare(incident ? i->peer_as : e->peer_as, n->op, n->number) ||
		       (incident && n->op == OP_EQ && i->has_origin && i->origin == n->number);
	case F_ORIGIN:
		return incident && i->has_origin && compare(i->origin, n->op, n->number);
	case F_PREFIX:
		return incident && test_prefix(n, i);
	case F_TRANSITION:
		return incident && compare_text(transition_name(i->transition), n->op, n->text);
	case F_TYPE:
		return compare_text(incident ? "incident" : "event", n->op, n->text);
	case F_REASON:
		return incident && compare_text(i->reason, n->op, n->text);
	default:
		return incident && compare_text(i->id, n->op, n->text);
	}
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
