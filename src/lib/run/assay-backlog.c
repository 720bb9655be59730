/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "assay-backlog.h"

/* Room for some hundred paths; given back when the last of them has been taken. */
#define BLOCK_BYTES (32 * 1024)

/* How an item lies in a block, followed by the path with its NUL.  Blocks are
 * packed without gaps, so that this is copied in and out. */
typedef struct {
  AssaySource *source;        /* (nullable) (transfer full): instead of a path */
  guint64 size;
  AssayFacts facts;
  guint serial;
  guint group;                /* its place in groups, counted from 1; 0 for none */
  guint path_bytes;           /* with the NUL; 0 where there is a source */
} Record;

/* Invariant: begin ≤ end ≤ size, and whole records lie between them. */
typedef struct {
  gsize begin;
  gsize end;
  gsize size;
  guint8 data[];
} Block;

/* Invariants: no block is empty; group_places has the place of each string in
 * groups, which owns it. */
struct _AssayBacklog {
  GQueue blocks;              /* (element-type Block) */
  GPtrArray *groups;          /* (element-type utf8) */
  GHashTable *group_places;   /* (element-type utf8 guint) */
  guint length;
};

/**
 * assay_backlog_new:
 *
 * Returns: (transfer full): an empty one
 */
AssayBacklog *
assay_backlog_new (void)
{
  AssayBacklog *self = g_new0 (AssayBacklog, 1);

  g_queue_init (&self->blocks);
  self->groups = g_ptr_array_new_with_free_func (g_free);
  self->group_places = g_hash_table_new (g_str_hash, g_str_equal);
  return self;
}

/**
 * assay_backlog_free:
 *
 * Frees it with all that it holds.
 */
void
assay_backlog_free (AssayBacklog *self)
{
  while (self->length > 0)
    g_object_unref (assay_backlog_pop (self));
  g_hash_table_unref (self->group_places);
  g_ptr_array_unref (self->groups);
  g_free (self);
}

/* All files of a folder share the string. */
static guint
place_group (AssayBacklog *self,
             const char *group)
{
  guint place;

  if (group == NULL)
    return 0;
  place = GPOINTER_TO_UINT (g_hash_table_lookup (self->group_places, group));
  if (place == 0)
    {
      char *owned = g_strdup (group);

      g_ptr_array_add (self->groups, owned);
      place = self->groups->len;
      g_hash_table_insert (self->group_places, owned, GUINT_TO_POINTER (place));
    }
  return place;
}

static guint8 *
reserve (AssayBacklog *self,
         gsize bytes)
{
  Block *block = g_queue_peek_tail (&self->blocks);
  guint8 *place;

  if (block == NULL || block->size - block->end < bytes)
    {
      gsize size = MAX (BLOCK_BYTES, bytes);

      block = g_malloc (sizeof (Block) + size);
      *block = (Block) { .size = size };
      g_queue_push_tail (&self->blocks, block);
    }
  place = block->data + block->end;
  block->end += bytes;
  return place;
}

/* What a source can be made of again, or NULL: a plain file's path. */
static const char *
peek_path (AssaySource *source)
{
  GFile *file = assay_source_get_file (source);

  if (assay_source_get_kind (source) != ASSAY_SOURCE_FILE
      || assay_source_get_error (source) != NULL || assay_source_is_unfit (source)
      || assay_source_get_parcel (source, NULL) != NULL || !g_file_is_native (file))
    return NULL;
  return g_file_peek_path (file);
}

/**
 * assay_backlog_push:
 * @item: (transfer none): one that has not been asked about and has no answer
 *
 * Puts it at the end.  The object itself is not kept.
 */
void
assay_backlog_push (AssayBacklog *self,
                    AssayItem *item)
{
  AssaySource *source = assay_item_get_source (item);
  const char *path = peek_path (source);
  Record record = { .serial = assay_item_get_serial (item) };
  guint8 *place;

  if (path != NULL)
    {
      record.size = assay_source_get_size (source);
      record.facts = *assay_source_get_facts (source);
      record.group = place_group (self, assay_source_get_group (source));
      record.path_bytes = strlen (path) + 1;
    }
  else
    record.source = g_object_ref (source);

  place = reserve (self, sizeof (Record) + record.path_bytes);
  memcpy (place, &record, sizeof (Record));
  if (path != NULL)
    memcpy (place + sizeof (Record), path, record.path_bytes);
  self->length++;
}

/* Takes record->source. */
static AssaySource *
make_source (AssayBacklog *self,
             const Record *record,
             const char *path)
{
  const char *group = NULL;
  g_autoptr (GFile) file = NULL;

  if (record->source != NULL)
    return record->source;
  if (record->group > 0)
    group = g_ptr_array_index (self->groups, record->group - 1);
  file = g_file_new_for_path (path);
  return assay_source_new_file (file, group, record->size, &record->facts, NULL);
}

/**
 * assay_backlog_pop:
 *
 * Returns: (transfer full) (nullable): an item like the one that has waited longest,
 *   with its serial; %NULL when none does
 */
AssayItem *
assay_backlog_pop (AssayBacklog *self)
{
  Block *block = g_queue_peek_head (&self->blocks);
  g_autoptr (AssaySource) source = NULL;
  AssayItem *item;
  Record record;

  if (block == NULL)
    return NULL;
  memcpy (&record, block->data + block->begin, sizeof (Record));
  source = make_source (self, &record,
                        (const char *) block->data + block->begin + sizeof (Record));
  item = assay_item_new (source);
  assay_item_set_serial (item, record.serial);

  block->begin += sizeof (Record) + record.path_bytes;
  if (block->begin == block->end)
    g_free (g_queue_pop_head (&self->blocks));
  self->length--;
  return item;
}

/**
 * assay_backlog_get_length:
 *
 * Returns: how many wait
 */
guint
assay_backlog_get_length (AssayBacklog *self)
{
  return self->length;
}
