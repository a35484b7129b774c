/* The commands of the machine file. */
#ifndef HEAL_FAKE_COMMANDS_H
#define HEAL_FAKE_COMMANDS_H

#include "parse.h"

/* Applies a line `gpu N ...` to one GPU; false where something is wrong with it. */
bool apply_to_gpu(struct gpu *gpu, const struct line *line);
/* The same for one command each; words[2] is its name. */
bool change_process(struct gpu *gpu, const struct line *line);
bool change_instance(struct gpu *gpu, const struct line *line);
bool change_lost(struct gpu *gpu, const struct line *line);
bool raise_xid(struct gpu *gpu, const struct line *line);
bool raise_event(struct gpu *gpu, const struct line *line);
bool word_is(const struct line *line, int number, const char *word);
/* Reads DOMAIN:BUS:DEVICE with or without .FUNCTION, in hexadecimal. */
bool parse_pci(const char *text, unsigned int *domain, unsigned int *bus, unsigned int *device);

#endif
