/* SPDX-License-Identifier: GPL-2.0 */
/* The kinds of pools. zsmalloc.h has it for users. */
#ifndef ZSM_KIND_H
#define ZSM_KIND_H

/**
 * enum zsm_kind - how a pool puts objects together
 * @ZSM_CLASSES: by size classes in zspages; the densest
 * @ZSM_PAIRS: two objects a page, of any sizes that fit
 * @ZSM_TRIPLES: three
 *
 * In a page of its own, or with one or two others, an object never crosses pages, and
 * a page is free again when two or three objects are gone.
 *
 * All that zsmalloc.h says of pools holds for each kind, but for what a size costs: in
 * pairs and triples, what is left of a page that takes no other, too.
 */
enum zsm_kind {
	ZSM_CLASSES,
	ZSM_PAIRS,
	ZSM_TRIPLES,
/* private: */
	ZSM_NR_KINDS,
};

/* What users call them. */
extern const char *const zsm_kind_names[ZSM_NR_KINDS];

#endif /* ZSM_KIND_H */
