#include "collector/detect/finding.h"

#include <string.h>

#include "parsers/bgp/update.h"

size_t
finding_size(const struct finding *f)
{
	return offsetof(struct finding, path) + f->path_len;
}

void
finding_set_path(struct finding *f, struct cursor path)
{
	struct as_segment seg;
	size_t at = 0;

	while (FINDING_PATH_MAX - at >= 2 + 4 && as_path_next(&path, 4, &seg)) {
		size_t room = (FINDING_PATH_MAX - at - 2) / 4,
		       n = seg.count < room ? seg.count : room;

		f->path[at] = seg.type;
		f->path[at + 1] = (uint8_t)n;
		memcpy(f->path + at + 2, seg.asns, 4 * n);
		at += 2 + 4 * n;
	}
	f->path_len = (uint16_t)at;
}
