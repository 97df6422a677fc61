/*
 * Is a text one JSON object (RFC 8259) in which no name comes twice in an object? Written apart
 * from the writer it checks, and without memory of its own, for it runs a hundred million times.
 */
#pragma once

#include <ctype.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { JSON_DEPTH_MAX = 64, JSON_NAMES_MAX = 4096 };

struct json_check {
	const char *at, *end;
	unsigned depth;
	uint64_t names[JSON_NAMES_MAX]; /* hashes of the names in the objects that are open */
	unsigned names_n;
};

static bool json_value(struct json_check *);

/* UTF-8 of two octets and more: as many go on as the first one says. */
static bool
json_utf8(struct json_check *j)
{
	uint8_t first = (uint8_t)*j->at++;
	int more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : 1;

	if (first < 0xc2 || first > 0xf4)
		return false;
	for (; more > 0; more--)
		if (j->at == j->end || ((uint8_t)*j->at++ & 0xc0) != 0x80)
			return false;
	return true;
}

static bool
json_escape(struct json_check *j)
{
	if (j->at == j->end)
		return false;
	if (*j->at != 'u')
		return strchr("\"\\/bfnrt", *j->at++) != NULL;
	for (int i = 0; i < 4; i++)
		if (++j->at == j->end || !isxdigit((unsigned char)*j->at))
			return false;
	j->at++;
	return true;
}

/* At the quotation mark; *hash: of what is between the two. */
static bool
json_string(struct json_check *j, uint64_t *hash)
{
	uint64_t h = 0xcbf29ce484222325;

	if (j->at == j->end || *j->at++ != '"')
		return false;
	while (j->at < j->end && *j->at != '"') {
		const char *from = j->at;

		if ((uint8_t)*from < 0x20)
			return false;
		if (*from == '\\') {
			j->at++;
			if (!json_escape(j))
				return false;
		} else if ((uint8_t)*from >= 0x80) {
			if (!json_utf8(j))
				return false;
		} else {
			j->at++;
		}
		for (; from < j->at; from++)
			h = (h ^ (uint8_t)*from) * 0x100000001b3;
	}
	if (hash != NULL)
		*hash = h;
	return j->at < j->end && *j->at++ == '"';
}

static bool
json_digits(struct json_check *j)
{
	const char *from = j->at;

	while (j->at < j->end && isdigit((unsigned char)*j->at))
		j->at++;
	return j->at > from;
}

static bool
json_number(struct json_check *j)
{
	const char *from;

	if (j->at < j->end && *j->at == '-')
		j->at++;
	from = j->at;
	if (!json_digits(j) || (*from == '0' && j->at - from > 1))
		return false;
	if (j->at < j->end && *j->at == '.') {
		j->at++;
		if (!json_digits(j))
			return false;
	}
	if (j->at < j->end && (*j->at == 'e' || *j->at == 'E')) {
		j->at++;
		if (j->at < j->end && (*j->at == '-' || *j->at == '+'))
			j->at++;
		return json_digits(j);
	}
	return true;
}

/* A name that is new in its object, the first of which is names[first]. */
static bool
json_name(struct json_check *j, unsigned first)
{
	uint64_t hash;

	if (!json_string(j, &hash) || j->names_n == JSON_NAMES_MAX)
		return false;
	for (unsigned i = first; i < j->names_n; i++)
		if (j->names[i] == hash)
			return false;
	j->names[j->names_n++] = hash;
	return j->at < j->end && *j->at++ == ':';
}

/* Behind the bracket that opens. */
static bool
json_members(struct json_check *j, char close)
{
	unsigned first = j->names_n;

	if (j->at < j->end && *j->at == close)
		return j->at++, true;
	for (;;) {
		if (close == '}' && !json_name(j, first))
			return false;
		if (!json_value(j) || j->at == j->end)
			return false;
		if (*j->at == close)
			break;
		if (*j->at++ != ',')
			return false;
	}
	j->at++;
	j->names_n = first;
	return true;
}

static bool
json_word(struct json_check *j, const char *word)
{
	size_t n = strlen(word);

	if ((size_t)(j->end - j->at) < n || memcmp(j->at, word, n) != 0)
		return false;
	j->at += n;
	return true;
}

static bool
json_value(struct json_check *j)
{
	bool good;

	if (j->at == j->end)
		return false;
	switch (*j->at) {
	case '{':
	case '[':
		if (++j->depth > JSON_DEPTH_MAX)
			return false;
		good = json_members(j, *j->at++ == '{' ? '}' : ']');
		j->depth--;
		return good;
	case '"':
		return json_string(j, NULL);
	case 't':
		return json_word(j, "true");
	case 'f':
		return json_word(j, "false");
	case 'n':
		return json_word(j, "null");
	default:
		return json_number(j);
	}
}

/* One object without white space around or in it. */
static inline bool
json_is_object(const char *text, size_t n)
{
	static struct json_check j;

	j.at = text;
	j.end = text + n;
	j.depth = j.names_n = 0;
	return n > 0 && *text == '{' && json_value(&j) && j.at == j.end;
}
