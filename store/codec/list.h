/* SPDX-License-Identifier: GPL-2.0 */
/* The one list of codecs, and their tables. */
#ifndef ZSM_CODEC_LIST_H
#define ZSM_CODEC_LIST_H

struct zsm_codec;

/*
 * In order of preference: the first that is available is the default. The
 * fast ones come first, then those that trade time for space.
 */
#define ZSM_CODECS(codec)						\
	codec(lz4)							\
	codec(w64)							\
	codec(w64hc)							\
	codec(lzo_rle)							\
	codec(lzo)							\
	codec(zstd)							\
	codec(lz4hc)							\
	codec(deflate)

/* Those with a dictionary, which are not found by name: see @with_dict. */
#define ZSM_DICT_CODECS(codec)						\
	codec(lz4_dict)							\
	codec(lz4hc_dict)						\
	codec(zstd_dict)

#define ZSM_DECLARE_CODEC(codec) extern const struct zsm_codec zsm_codec_##codec;

ZSM_CODECS(ZSM_DECLARE_CODEC)
ZSM_DICT_CODECS(ZSM_DECLARE_CODEC)

#endif /* ZSM_CODEC_LIST_H */
