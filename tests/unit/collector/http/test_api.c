/* files/openapi.json against the table of resources: a path for each, with its parameters, and
 * nothing else. */
#include "tests/unit/support/harness.h"

#include <jansson.h>

#include "collector/http/api.h"

static json_t *document;

static void
setup(void)
{
	document = json_loadb(api_document, (size_t)(api_document_end - api_document), 0, NULL);
	ck_assert_msg(document != NULL, "openapi.json is no JSON");
}

static void
teardown(void)
{
	json_decref(document);
}

/* "/incidents/{id}"; where a member is looked for the document calls it by that. */
static const char *
path_of(const struct api_resource *r, char *buf, size_t size)
{
	const char *id = strstr(r->path, "{id}");

	if (id == NULL || r->id_member == NULL)
		snprintf(buf, size, "/%s", r->path);
	else
		snprintf(buf, size, "/%.*s{%s}", (int)(id - r->path), r->path, r->id_member);
	return buf;
}

/* The parameter of this name, in this place. */
static const json_t *
parameter(const json_t *operation, const char *name, const char *in)
{
	const json_t *p;
	size_t i;

	json_array_foreach(json_object_get(operation, "parameters"), i, p)
		if (strcmp(json_string_value(json_object_get(p, "name")), name) == 0 &&
		    strcmp(json_string_value(json_object_get(p, "in")), in) == 0)
			return p;
	return NULL;
}

START_TEST(each_resource)
{
	const struct api_resource *r = &api_resources[_i];
	char path[128], name[64];
	const json_t *paths = json_object_get(document, "paths"),
		     *get = json_object_get(
			 json_object_get(paths, path_of(r, path, sizeof(path))), "get"),
		     *p;
	size_t n = 0;

	ck_assert_msg(get != NULL, "openapi.json has no %s", path);
	for (int i = 0; i < API_PARAMETERS_MAX && r->words[i] != NULL; i++, n++) {
		snprintf(name, sizeof(name), "%.*s", (int)strcspn(r->words[i], "!"), r->words[i]);
		p = parameter(get, name, "query");
		ck_assert_msg(p != NULL, "%s: no parameter %s", path, name);
		ck_assert_int_eq(
		    json_is_true(json_object_get(p, "required")), strchr(r->words[i], '!') != NULL);
	}
	for (int i = 0; i < API_PARAMETERS_MAX && r->where[i] != NULL; i++, n++)
		ck_assert_msg(parameter(get, r->where[i], "query") != NULL, "%s: no parameter %s",
		    path, r->where[i]);
	n += strstr(path, "{") != NULL;
	n += r->shape == API_LIST ? 2 : 0;   /* limit, offset */
	n += r->shape == API_EVENTS ? 1 : 0; /* Last-Event-ID */
	ck_assert_uint_eq(json_array_size(json_object_get(get, "parameters")), n);
}
END_TEST

START_TEST(no_other_path)
{
	ck_assert_uint_eq(json_object_size(json_object_get(document, "paths")), api_resources_n);
}
END_TEST

HARNESS_MAIN("http_api")
{
	CASE("all");
	FIXTURE(setup, teardown);
	LOOP(each_resource, (int)api_resources_n);
	TEST(no_other_path);
}
