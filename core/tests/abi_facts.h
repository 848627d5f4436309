/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * What C and C++ must see alike in the headers they share. Both sides make a
 * table of these, and abi_test.cc compares the two.
 */
#ifndef ZSM_TESTS_ABI_FACTS_H
#define ZSM_TESTS_ABI_FACTS_H

#define ABI_FACTS(fact)						\
	fact(sizeof(struct zsm_class_row))			\
	fact(offsetof(struct zsm_class_row, inv))		\
	fact(offsetof(struct zsm_class_row, full_mul))		\
	fact(offsetof(struct zsm_class_row, nr_objs))		\
	fact(offsetof(struct zsm_class_row, nr_pages))		\
	fact(offsetof(struct zsm_class_row, nr_words))		\
	fact(sizeof(struct zsm_class_table))			\
	fact(offsetof(struct zsm_class_table, of_granules))	\
	fact(offsetof(struct zsm_class_table, nr_classes))	\
	fact(sizeof(struct zsm_zspage))				\
	fact(offsetof(struct zsm_zspage, prev))			\
	fact(offsetof(struct zsm_zspage, id))			\
	fact(offsetof(struct zsm_zspage, class_idx))		\
	fact(offsetof(struct zsm_zspage, nr_used))		\
	fact(offsetof(struct zsm_zspage, nr_unready))		\
	fact(offsetof(struct zsm_zspage, populated))		\
	fact(offsetof(struct zsm_zspage, list))			\
	fact(offsetof(struct zsm_zspage, tail))			\
	fact(sizeof(struct zsm_class))				\
	fact(offsetof(struct zsm_class, nonempty))		\
	fact(offsetof(struct zsm_class, class_idx))		\
	fact(offsetof(struct zsm_class, nr_zspages))		\
	fact(offsetof(struct zsm_class, nr_used))		\
	fact(offsetof(struct zsm_class, nr_ready))		\
	fact(offsetof(struct zsm_class, nr_pages))		\
	fact(offsetof(struct zsm_class, settled))		\
	fact(sizeof(struct zsm_reserve))			\
	fact(offsetof(struct zsm_reserve, pfn))			\
	fact(sizeof(struct zsm_object))				\
	fact(offsetof(struct zsm_object, obj))			\
	fact(sizeof(struct zsm_taken))				\
	fact(offsetof(struct zsm_taken, obj))			\
	fact(offsetof(struct zsm_taken, page))			\
	fact(sizeof(struct zsm_released))			\
	fact(offsetof(struct zsm_released, nr))			\
	fact(offsetof(struct zsm_released, state))		\
	fact(sizeof(struct zsm_move))				\
	fact(offsetof(struct zsm_move, to))			\
	fact(sizeof(struct zsm_page_objs))			\
	fact(offsetof(struct zsm_page_objs, last))		\
	fact(sizeof(struct zsm_extent))				\
	fact(offsetof(struct zsm_extent, offset))		\
	fact(sizeof(struct zsm_table))				\
	fact(offsetof(struct zsm_table, nr_ids))		\
	fact(offsetof(struct zsm_table, free))			\
	fact(sizeof(struct zsm_buddy_page))			\
	fact(offsetof(struct zsm_buddy_page, owners))		\
	fact(offsetof(struct zsm_buddy_page, first))		\
	fact(offsetof(struct zsm_buddy_page, used))		\
	fact(offsetof(struct zsm_buddy_page, held))		\
	fact(sizeof(struct zsm_buddies))			\
	fact(offsetof(struct zsm_buddies, nonempty))		\
	fact(offsetof(struct zsm_buddies, per_page))		\
	fact(offsetof(struct zsm_buddies, nr_granules))		\
	fact(sizeof(struct zsm_placing))			\
	fact(offsetof(struct zsm_placing, slid_to))		\
	fact(sizeof(struct zsm_buddy_move))			\
	fact(offsetof(struct zsm_buddy_move, to))		\
	fact(sizeof(enum zram_fill_form))			\
	fact(sizeof(struct zsm_table_top))			\
	fact(ZSM_NO_PAGE)					\
	fact(ZSM_MAX_OBJS)					\
	fact(ZSM_MAX_ZSPAGE_BYTES)				\
	fact(zsm_zspage_bytes(16, ZSM_MAX_OBJS))		\
	fact(ZSM_ID_BITS)					\
	fact(ZSM_TABLE_ENTRIES)					\
	fact(ZSM_FREED_LAST)					\
	fact(ZSM_NOT_ALLOCATED)					\
	fact(ZRAM_FILL_OUTSIDE)

#endif /* ZSM_TESTS_ABI_FACTS_H */
