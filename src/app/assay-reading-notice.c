/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>

#include "assay-display.h"
#include "assay-reading-notice.h"

/* All words of the collection are gone through so often at most, while they change. */
#define LOOK_MILLISECONDS 1000

struct _AssayReadingNotice {
  GObject parent_instance;

  AssayTruths *truths;
  GHashTable *noted;          /* (element-type utf8), by make_key() */
  char *text;                 /* (nullable) */
  guint look_source;
  gboolean active;
};

G_DEFINE_FINAL_TYPE (AssayReadingNotice, assay_reading_notice, G_TYPE_OBJECT)

static guint changed_signal;

static void
assay_reading_notice_dispose (GObject *object)
{
  AssayReadingNotice *self = ASSAY_READING_NOTICE (object);

  g_clear_handle_id (&self->look_source, g_source_remove);
  g_clear_object (&self->truths);
  G_OBJECT_CLASS (assay_reading_notice_parent_class)->dispose (object);
}

static void
assay_reading_notice_finalize (GObject *object)
{
  AssayReadingNotice *self = ASSAY_READING_NOTICE (object);

  g_hash_table_unref (self->noted);
  g_free (self->text);
  G_OBJECT_CLASS (assay_reading_notice_parent_class)->finalize (object);
}

static void
assay_reading_notice_class_init (AssayReadingNoticeClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = assay_reading_notice_dispose;
  G_OBJECT_CLASS (klass)->finalize = assay_reading_notice_finalize;
  changed_signal = g_signal_new ("changed", ASSAY_TYPE_READING_NOTICE, G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 0);
}

static void
assay_reading_notice_init (AssayReadingNotice *self)
{
  self->noted = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

/* The same word read as another label is to be told again. */
static char *
make_key (const char *given,
          const char *label)
{
  return g_strdup_printf ("%s\n%s", given, label);
}

static gboolean
is_noted (gpointer given,
          gpointer label,
          gpointer data)
{
  AssayReadingNotice *self = data;
  g_autofree char *key = make_key (given, label);

  return g_hash_table_contains (self->noted, key);
}

/* "“Rose” is read as “roses”", or of several how many. */
static char *
dup_text (GHashTable *readings)
{
  guint n = g_hash_table_size (readings);
  GHashTableIter iter;
  gpointer given, label;
  g_autofree char *word = NULL;
  g_autofree char *read = NULL;

  if (n == 0)
    return NULL;
  if (n > 1)
    return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%'u label is read as another",
                                         "%'u labels are read as others", n), n);
  g_hash_table_iter_init (&iter, readings);
  g_hash_table_iter_next (&iter, &given, &label);
  word = assay_display_text (given, -1, 0);
  read = assay_display_text (label, -1, 0);
  return g_strdup_printf (_("“%s” is read as “%s”"), word, read);
}

static void
take_text (AssayReadingNotice *self,
           char *text)
{
  g_autofree char *before = g_steal_pointer (&self->text);

  self->text = text;
  if (g_strcmp0 (before, text) != 0)
    g_signal_emit (self, changed_signal, 0);
}

/* While words are being looked at again, they tell when that is done. */
static gboolean
look_cb (gpointer data)
{
  AssayReadingNotice *self = data;
  g_autoptr (GHashTable) readings = NULL;

  self->look_source = 0;
  if (!self->active || !assay_truths_is_settled (self->truths))
    return G_SOURCE_REMOVE;
  readings = assay_truths_list_similar (self->truths);
  g_hash_table_foreach_remove (readings, is_noted, self);
  take_text (self, dup_text (readings));
  return G_SOURCE_REMOVE;
}

static void
look_soon (AssayReadingNotice *self)
{
  if (self->active && self->look_source == 0)
    self->look_source = g_timeout_add (LOOK_MILLISECONDS, look_cb, self);
}

/**
 * assay_reading_notice_new:
 * @truths: (transfer none): whose words are looked at
 *
 * Returns: (transfer full): one that looks at nothing until it is active
 */
AssayReadingNotice *
assay_reading_notice_new (AssayTruths *truths)
{
  AssayReadingNotice *self;

  g_return_val_if_fail (ASSAY_IS_TRUTHS (truths), NULL);

  self = g_object_new (ASSAY_TYPE_READING_NOTICE, NULL);
  self->truths = g_object_ref (truths);
  g_signal_connect_object (truths, "changed", G_CALLBACK (look_soon), self, G_CONNECT_SWAPPED);
  return self;
}

/**
 * assay_reading_notice_set_active:
 * @active: whether anybody could see the sentence
 */
void
assay_reading_notice_set_active (AssayReadingNotice *self,
                                 gboolean active)
{
  g_return_if_fail (ASSAY_IS_READING_NOTICE (self));

  self->active = active;
  look_soon (self);
}

/**
 * assay_reading_notice_get_text:
 *
 * Returns: (nullable): what is to be told, safe to show
 */
const char *
assay_reading_notice_get_text (AssayReadingNotice *self)
{
  g_return_val_if_fail (ASSAY_IS_READING_NOTICE (self), NULL);

  return self->text;
}

/**
 * assay_reading_notice_take_note:
 *
 * A person looks at how all words are read just now: of those nothing is told any more.
 */
void
assay_reading_notice_take_note (AssayReadingNotice *self)
{
  g_autoptr (GHashTable) readings = NULL;
  GHashTableIter iter;
  gpointer given, label;

  g_return_if_fail (ASSAY_IS_READING_NOTICE (self));

  readings = assay_truths_list_similar (self->truths);
  g_hash_table_iter_init (&iter, readings);
  while (g_hash_table_iter_next (&iter, &given, &label))
    g_hash_table_add (self->noted, make_key (given, label));
  take_text (self, NULL);
}
