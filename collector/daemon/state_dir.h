/*
 * state_dir: the folder of what outlives the collector. One collector at a time has it: two that
 * write one journal would each give the other's numbers away.
 */
#pragma once

#include <stddef.h>

/*
 * Make the folder where there is none (mode 0750), and take it. The lock is on the folder itself,
 * so that deleting what is in it frees nothing; it ends with the process, however that ends.
 * Returns a descriptor to be closed at the end; -1 with the reason in error, which names the
 * process that has the folder.
 */
int state_dir_take(const char *path, char *error, size_t size);
