/*
 * What would become of our routes by a change that is pending: a file as a validator writes it,
 * which is what VRPs there would be, or local exceptions (RFC 8416), which are laid upon those in
 * force. Others judge by it as we do; what is invalid then they drop.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/sbuf.h"
#include "cli/control_rows.h"
#include "cli/manrs/validation_private.h"
#include "collector/recordings/source.h"
#include "collector/rpki/slurm.h"
#include "collector/rpki/vrp_json.h"

struct candidate {
	bool is_slurm;
	struct slurm slurm;
	struct vrp_list vrps;
	struct aspa_list aspas;
	struct vrp_set *set; /* of a validator's file */
};

static bool
load(const char *path, struct candidate *c)
{
	struct sbuf text = sbuf_of((size_t)4 << 30);
	struct vrp_json_how how = { .aspas = &c->aspas, .aspas_alone = true };
	struct vrp_file_stats stats;
	char error[SOURCE_ERROR_MAX] = "";
	bool ok = source_whole(path, &text, error, sizeof(error));

	if (!ok) {
		fprintf(stderr, "bellman manrs: %s\n", error);
		sbuf_free(&text);
		return false;
	}
	c->is_slurm = strstr(sbuf_text(&text), "\"slurmVersion\"") != NULL;
	if (c->is_slurm)
		ok = slurm_parse(sbuf_text(&text), text.len, &c->slurm, error, sizeof(error));
	else
		ok = vrp_json_parse(
		    sbuf_text(&text), text.len, &how, &c->vrps, &stats, error, sizeof(error));
	if (!ok)
		fprintf(stderr, "bellman manrs: %s: %s\n", path, error);
	if (ok && !c->is_slurm) {
		if (stats.rejected > 0)
			fprintf(stderr,
			    "bellman manrs: %s: %zu entries are not usable, the first: %s\n", path,
			    stats.rejected, stats.first_rejected);
		vrp_list_sort_unique(&c->vrps);
		aspa_list_sort_unique(&c->aspas);
		c->set = vrp_set_new(&c->vrps, 0);
	}
	sbuf_free(&text);
	return ok;
}

/* Those in force that cover the route, as the exceptions would leave them. */
static struct vrp_set *
with_exceptions(const struct candidate *c, const json_t *row)
{
	const json_t *list = json_object_get(row, "vrps");
	struct vrp_list vrps = { 0 };
	struct vrp_set *set;

	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *v = json_array_get(list, i);
		struct vrp one = { .max_len = (uint8_t)row_number(v, "max_length"),
			.asn = (uint32_t)row_number(v, "asn") };

		if (ip_prefix_parse(row_text(v, "prefix"), true, &one.prefix))
			(void)vrp_list_add(&vrps, &one);
	}
	slurm_filter(&c->slurm, &vrps);
	for (size_t i = 0; i < c->slurm.assertions.n; i++)
		(void)vrp_list_add(&vrps, &c->slurm.assertions.v[i]);
	vrp_list_sort_unique(&vrps);
	set = vrp_set_new(&vrps, 0);
	vrp_list_free(&vrps);
	return set;
}

static const char *
state_then(const struct candidate *c, const json_t *row)
{
	struct vrp_set *set = c->is_slurm ? with_exceptions(c, row) : vrp_set_ref(c->set);
	struct rov_result r = { ROV_NOT_FOUND, ROV_REASON_NONE };
	struct ip_prefix prefix;

	if (ip_prefix_parse(row_text(row, "prefix"), true, &prefix))
		r = vrp_validate(set, &prefix, true, (uint32_t)row_number(row, "origin"));
	vrp_set_unref(set);
	return r.state == ROV_INVALID ? rov_reason_name(r.reason) : rov_state_name(r.state);
}

/* Of each of our AS numbers that has an ASPA in the file: the providers of ours it does not list.
 */
static json_t *
aspas_then(const struct candidate *c, const json_t *answer)
{
	const struct aspa_list *list = c->is_slurm ? &c->slurm.aspas : &c->aspas;
	const json_t *providers = json_object_get(answer, "providers");
	json_t *out = json_array();

	for (size_t i = 0; i < json_array_size(providers); i++) {
		const json_t *p = json_array_get(providers, i);
		uint32_t customer = (uint32_t)row_number(p, "asn"),
			 provider = (uint32_t)row_number(p, "provider");
		bool has = false, listed = false;

		for (size_t k = aspa_list_find(list, customer);
		     k < list->n && list->v[k].customer == customer; k++) {
			has = true;
			listed |= list->v[k].provider == provider;
		}
		if (has && !listed)
			json_array_append_new(
			    out, json_pack("{s:I, s:I}", "customer", (json_int_t)customer,
				     "missing", (json_int_t)provider));
	}
	return out;
}

bool
manrs_pending(const char *path, json_t *answer)
{
	const json_t *announced = json_object_get(answer, "announced");
	struct candidate c = { .is_slurm = false };
	json_t *changes = json_array();
	unsigned dropped = 0;
	bool ok = load(path, &c);

	for (size_t i = 0; ok && i < json_array_size(announced); i++) {
		const json_t *row = json_array_get(announced, i);
		const char *now = row_text(row, "rov"), *then = state_then(&c, row);

		dropped += strncmp(then, "invalid", 7) == 0 && strncmp(now, "invalid", 7) != 0;
		if (strcmp(now, then) != 0)
			json_array_append_new(changes,
			    json_pack("{s:s, s:I, s:s, s:s}", "prefix", row_text(row, "prefix"),
				"origin", (json_int_t)row_number(row, "origin"), "now", now, "then",
				then));
	}
	if (ok)
		json_object_set_new(answer, "pending",
		    json_pack("{s:s, s:s, s:O, s:i, s:o}", "file", path, "kind",
			c.is_slurm ? "local exceptions" : "VRPs", "changes", changes, "dropped",
			(int)dropped, "aspas", aspas_then(&c, answer)));
	json_decref(changes);
	slurm_free(&c.slurm);
	vrp_list_free(&c.vrps);
	aspa_list_free(&c.aspas);
	vrp_set_unref(c.set);
	return ok;
}
