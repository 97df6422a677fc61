/* Paths that ASPAs contradict (draft-ietf-sidrops-aspa-verification), by who has them from whom. */
#include "collector/detect/detect_private.h"

/* Which answer counts, as a bit of the path; 0: none does. What a neighbour is that nobody knows:
 * what is invalid from a provider is so from everybody. */
static uint16_t
answer_of(const struct route_facts *f)
{
	bool in = bmp_view_is_inbound(f->view);

	if (!in && f->view != BMP_VIEW_OUT_POST)
		return 0;
	switch (f->relation) {
	case NEIGHBOR_PROVIDER:
		return in ? PATH_ASPA_DOWNSTREAM : PATH_ASPA_UPSTREAM;
	case NEIGHBOR_UNKNOWN:
		return in ? PATH_ASPA_DOWNSTREAM : 0;
	case NEIGHBOR_PEER:
	case NEIGHBOR_RS:
		return PATH_ASPA_UPSTREAM;
	case NEIGHBOR_CUSTOMER:
	case NEIGHBOR_RS_CLIENT:
		return in ? PATH_ASPA_UPSTREAM : 0;
	default: /* ours, or a collector */
		return 0;
	}
}

uint32_t
detect_aspa(const struct route_facts *f)
{
	/* nearly every path has neither */
	if (!(f->path & (PATH_ASPA_UPSTREAM | PATH_ASPA_DOWNSTREAM)))
		return 0;
	return f->path & answer_of(f) ? 1U << RULE_ASPA : 0;
}
