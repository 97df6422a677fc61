#include "collector/detect/finding.h"

#include <string.h>

const char *
finding_cause_name(uint8_t cause)
{
	static const char *const names[] = { "announced", "withdrawn", "replaced", "peer-down",
		"rpki", "config", "feed-lost" };

	return cause < sizeof(names) / sizeof(names[0]) ? names[cause] : "unknown";
}

size_t
finding_size(const struct finding *f)
{
	return offsetof(struct finding, as_path) + strnlen(f->as_path, sizeof(f->as_path) - 1) + 1;
}
