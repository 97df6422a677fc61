#include "collector/config/config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "collector/config/options.h"
#include "collector/config/wire.h"

enum {
	FILE_MAX = 16 * 1024 * 1024,
	DEPTH_MAX = 32,
	VALUES_MAX = 1000000,
};

static void
set_defaults(struct config *c, const char *path)
{
	char host[64] = "";

	options_default(&config_options, c);
	c->path = arena_text(&c->memory, path);
	if (gethostname(host, sizeof(host) - 1) != 0)
		snprintf(host, sizeof(host), "bellman");
	c->coordinator.records.collector = arena_text(&c->memory, host);
}

static void
cannot_parse(struct loader *l, const yaml_parser_t *parser)
{
	l->failed = true;
	sbuf_printf(l->messages, "%s:%zu:%zu: %s%s%s\n", l->name, parser->problem_mark.line + 1,
	    parser->problem_mark.column + 1, parser->context != NULL ? parser->context : "",
	    parser->context != NULL ? ", " : "",
	    parser->problem != NULL ? parser->problem : "cannot be read");
}

/*
 * Is it no deeper and no larger than a configuration can be? libyaml takes a time for its depth
 * that grows with the square, and for each value a hundred octets. What is no YAML is for
 * load_document to say.
 */
static bool
is_bounded(struct loader *l, const char *text, size_t len)
{
	yaml_parser_t parser;
	yaml_event_t event;
	unsigned depth = 0, values = 0, documents = 0;
	bool more = true;

	if (!yaml_parser_initialize(&parser))
		return false;
	yaml_parser_set_input_string(&parser, (const unsigned char *)text, len);
	while (more && !l->failed && yaml_parser_parse(&parser, &event)) {
		bool opens = event.type == YAML_SEQUENCE_START_EVENT ||
			     event.type == YAML_MAPPING_START_EVENT;

		depth += opens;
		depth -= event.type == YAML_SEQUENCE_END_EVENT ||
			 event.type == YAML_MAPPING_END_EVENT;
		values += opens || event.type == YAML_SCALAR_EVENT;
		documents += event.type == YAML_DOCUMENT_START_EVENT;
		if (documents > 1 && !l->failed) {
			l->failed = true;
			sbuf_printf(l->messages,
			    "%s:%zu:%zu: a second YAML document begins here; right would be one\n",
			    l->name, event.start_mark.line + 1, event.start_mark.column + 1);
		}
		if (depth > DEPTH_MAX || values > VALUES_MAX) {
			l->failed = true;
			sbuf_printf(l->messages, "%s:%zu:%zu: ", l->name, event.start_mark.line + 1,
			    event.start_mark.column + 1);
			sbuf_printf(l->messages,
			    depth > DEPTH_MAX ? "nested deeper than %d\n" : "more than %d values\n",
			    depth > DEPTH_MAX ? DEPTH_MAX : VALUES_MAX);
		}
		more = event.type != YAML_STREAM_END_EVENT;
		yaml_event_delete(&event);
	}
	yaml_parser_delete(&parser);
	return !l->failed;
}

static void
load_document(struct loader *l, yaml_parser_t *parser, struct config *c)
{
	yaml_node_t *root;

	if (!yaml_parser_load(parser, &l->doc)) {
		cannot_parse(l, parser);
		return;
	}
	root = yaml_document_get_root_node(&l->doc);
	if (root != NULL)
		options_read(l, &config_options, "", root, c);
	yaml_document_delete(&l->doc);
}

struct config *
config_parse(const char *name, const char *text, size_t len, struct sbuf *messages)
{
	struct config *c = calloc(1, sizeof(*c));
	struct loader l = { .name = name, .messages = messages };
	yaml_parser_t parser;

	if (c == NULL || !yaml_parser_initialize(&parser)) {
		free(c);
		sbuf_puts(messages, "out of memory\n");
		return NULL;
	}
	l.memory = &c->memory;
	set_defaults(c, name);
	yaml_parser_set_input_string(&parser, (const unsigned char *)text, len);
	if (is_bounded(&l, text, len))
		load_document(&l, &parser, c);
	yaml_parser_delete(&parser);
	if (l.failed) {
		config_free(c);
		return NULL;
	}
	config_wire(c);
	return c;
}

/* The whole file. Only a regular one: a pipe may have us wait for ever. */
static bool
read_file(int fd, const char *path, struct sbuf *text, struct sbuf *messages)
{
	struct stat st;
	char chunk[65536];
	ssize_t n;

	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		sbuf_printf(messages, "%s: is no regular file\n", path);
		return false;
	}
	while ((n = read(fd, chunk, sizeof(chunk))) > 0 && !text->failed)
		sbuf_add(text, chunk, (size_t)n);
	if (n < 0)
		sbuf_printf(messages, "%s: %s\n", path, strerror(errno));
	else if (text->failed)
		sbuf_printf(messages, "%s: larger than %d MiB\n", path, FILE_MAX >> 20);
	return n == 0 && !text->failed;
}

struct config *
config_load(const char *path, struct sbuf *messages)
{
	struct sbuf text = sbuf_of(FILE_MAX);
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	struct config *c = NULL;

	if (fd < 0) {
		sbuf_printf(messages, "%s: %s\n", path, strerror(errno));
		return NULL;
	}
	if (read_file(fd, path, &text, messages))
		c = config_parse(path, sbuf_text(&text), text.len, messages);
	close(fd);
	sbuf_free(&text);
	return c;
}

void
config_free(struct config *c)
{
	if (c == NULL)
		return;
	arena_free(&c->memory);
	free(c);
}
