#include "collector/config/config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "collector/config/options.h"
#include "collector/config/wire.h"

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
load_document(struct loader *l, yaml_parser_t *parser, struct config *c)
{
	yaml_node_t *root;

	if (!yaml_parser_load(parser, &l->doc)) {
		l->failed = true;
		sbuf_printf(l->messages, "%s:%zu:%zu: %s%s%s\n", l->name,
		    parser->problem_mark.line + 1, parser->problem_mark.column + 1,
		    parser->context != NULL ? parser->context : "",
		    parser->context != NULL ? ", " : "",
		    parser->problem != NULL ? parser->problem : "cannot be read");
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
	load_document(&l, &parser, c);
	yaml_parser_delete(&parser);
	if (l.failed) {
		config_free(c);
		return NULL;
	}
	config_wire(c);
	return c;
}

struct config *
config_load(const char *path, struct sbuf *messages)
{
	struct sbuf text = sbuf_of(16 * 1024 * 1024);
	FILE *f = fopen(path, "r");
	struct config *c = NULL;
	char chunk[8192];
	size_t n;

	if (f == NULL) {
		sbuf_printf(messages, "%s: %s\n", path, strerror(errno));
		return NULL;
	}
	while ((n = fread(chunk, 1, sizeof(chunk), f)) > 0)
		sbuf_add(&text, chunk, n);
	if (ferror(f) || text.failed)
		sbuf_printf(messages, "%s: %s\n", path,
		    text.failed ? "larger than 16 MiB" : strerror(errno));
	else
		c = config_parse(path, sbuf_text(&text), text.len, messages);
	fclose(f);
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
