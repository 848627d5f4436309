/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How swap to compressed memory is to be set up, decided before anything is
 * done. Pure: a plan follows from what was read and what was asked for, and can
 * be shown as the commands that a person would type.
 */
#ifndef ZSMCTL_FIGURES_PLAN_HH
#define ZSMCTL_FIGURES_PLAN_HH

#include "tools/zsmctl/sys/system.hh"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace zsmctl {

/* What a person has asked for; what is absent is proposed. */
struct wishes {
	std::optional<uint64_t>
		memory; /* bytes that it may take; 0: no limit */
	/* The same in percent of the machine's; what goes before @memory. */
	std::optional<uint64_t> memory_percent;
	std::optional<uint64_t> size; /* bytes of pages that it may hold */
	std::optional<std::string> algorithm;
	std::optional<std::string> secondary; /* empty: none */
	std::string disk;                     /* empty: none */
	uint64_t disk_bytes = 0;
	bool erase = false; /* what is on the disk may go */
	int priority = 100;
	std::string mount; /* a folder: files, and no swap */
	std::string fs = "ext4";
	std::string label;      /* empty: none */
	std::string parameters; /* of the algorithm; empty: its own */
	/* Nothing is done on a machine with so much memory; 0: on all. */
	uint64_t only_below = 0;
};

/* What the device that is to be set up can do. */
struct abilities {
	std::vector<std::string> algorithms;
	std::string selected;    /* if nothing is chosen */
	bool secondary = false;  /* it can compress again */
	bool again = false;      /* and does so by itself */
	bool parameters = false; /* its algorithms take parameters */
	bool disk = false;       /* it can have a backing device */
	bool worker = false;     /* it writes cold pages back by itself */
};

struct plan {
	std::string device; /* zram0 */
	uint64_t memory = 0;
	uint64_t size = 0;
	std::string algorithm;
	std::string secondary;
	std::string disk;
	bool erase = false; /* what the disk holds is wiped first */
	bool again = false; /* it compresses again by itself */
	bool worker = false;
	int priority = 100;
	std::string mount; /* empty: it is swap */
	std::string fs;
	std::string label;
	std::string parameters;
	uint64_t only_below = 0;
	/* Wishes that cannot be met; then nothing may be done. */
	std::vector<std::string> refusals;
};

/* How many bytes of pages are expected in a byte of memory. */
constexpr uint64_t expected_ratio = 2;

/* Whether the machine has too much memory for what is wanted. */
bool has_enough(const machine &m, const wishes &want);

plan propose(const machine &m, const std::string &device, const abilities &can,
	     const wishes &want);

/* The plan in one line, for people. */
std::string plan_words(const plan &p, const machine &m);

/* A step: a knob that is written, or a program that is run. */
struct step {
	std::string file; /* empty: a program */
	std::string text;
	std::vector<std::string> program;
};

std::vector<step> steps_of(const plan &p);

/* As a shell would take it. */
std::string step_command(const step &s);

} /* namespace zsmctl */

#endif /* ZSMCTL_FIGURES_PLAN_HH */
