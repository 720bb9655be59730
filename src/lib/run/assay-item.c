/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "assay-display.h"
#include "assay-item.h"
#include "assay-label.h"

#define DIGEST_BYTES 32

/* What most items have nothing of. */
typedef struct {
  GRefString *mark;         /* (nullable) interned */
  guint64 sent_bytes;       /* both 0 unless its archive is being sent */
  guint64 total_bytes;
  guint8 sent_digest[DIGEST_BYTES]; /* where that is of something else than its own bytes */
} Rest;

/* Most have no more answers than these: a baseline's and a candidate's. */
#define FEW_ANSWERS 2

/* Invariants: the source only changes for what is fetched, and then keeps its name;
 * answers holds at most one answer a target; shown is borrowed from answers, or
 * NULL when the target on show was never asked; nobody but shown is watched.  There may be
 * a hundred thousand: mind the size. */
struct _AssayItem {
  GObject parent_instance;

  AssaySource *source;
  char *own_name;           /* NULL where the source's is safe to show */
  GRefString *group;        /* (nullable) interned */
  GRefString *truth;        /* (nullable) interned */
  union {
    AssayAnswer *few[FEW_ANSWERS]; /* while there are no more than fit, */
    AssayAnswer **many;       /* else these */
  } answers;
  AssayTarget *target;
  AssayAnswer *shown;
  Rest *rest;               /* (nullable) */
  const AssayItemWatch *watch; /* (nullable) (not owned) */
  AssayAnswerWatch answer_watch;
  guint64 size;
  AssayFacts facts;
  guint serial;
  guint fitted;
  guint8 digest[DIGEST_BYTES]; /* SHA-256 of its bytes, once it is prepared */
  guint16 n_answers;
  gint8 percent;
  AssayTruthOrigin origin : 3;
  guint prepared : 1;
  guint converted : 1;
  guint has_sent_digest : 1;
};

G_DEFINE_FINAL_TYPE (AssayItem, assay_item, G_TYPE_OBJECT)

enum {
  PROP_0,
  PROP_NAME,
  PROP_GROUP,
  PROP_ANSWER,
  PROP_SENT_BYTES,
  PROP_SOURCE,
  PROP_PERCENT,
  PROP_TRUTH,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
assay_item_get_property (GObject *object,
                         guint id,
                         GValue *value,
                         GParamSpec *pspec)
{
  AssayItem *self = ASSAY_ITEM (object);

  switch (id)
    {
    case PROP_NAME:
      g_value_set_string (value, assay_item_get_name (self));
      break;
    case PROP_GROUP:
      g_value_set_string (value, self->group);
      break;
    case PROP_ANSWER:
      g_value_set_object (value, self->shown);
      break;
    case PROP_SENT_BYTES:
      g_value_set_uint64 (value, assay_item_get_sent_bytes (self, NULL));
      break;
    case PROP_SOURCE:
      g_value_set_object (value, self->source);
      break;
    case PROP_PERCENT:
      g_value_set_int (value, self->percent);
      break;
    case PROP_TRUTH:
      g_value_set_string (value, self->truth);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
rest_free (Rest *self)
{
  g_clear_pointer (&self->mark, assay_label_release);
  g_free (self);
}

static AssayAnswer **
get_answers (AssayItem *self)
{
  return self->n_answers <= FEW_ANSWERS ? self->answers.few : self->answers.many;
}

static void
add_answer (AssayItem *self,
            AssayAnswer *answer)
{
  AssayAnswer **many = NULL;

  if (self->n_answers == FEW_ANSWERS)
    {
      many = g_new (AssayAnswer *, FEW_ANSWERS + 1);
      memcpy (many, self->answers.few, sizeof self->answers.few);
    }
  else if (self->n_answers > FEW_ANSWERS)
    many = g_renew (AssayAnswer *, self->answers.many, self->n_answers + 1);
  if (many != NULL)
    self->answers.many = many;
  self->n_answers++;
  get_answers (self)[self->n_answers - 1] = answer;
}

static Rest *
ensure_rest (AssayItem *self)
{
  if (self->rest == NULL)
    self->rest = g_new0 (Rest, 1);
  return self->rest;
}

static void
assay_item_finalize (GObject *object)
{
  AssayItem *self = ASSAY_ITEM (object);

  g_clear_object (&self->source);
  if (self->shown != NULL)
    assay_answer_set_watch (self->shown, NULL);
  for (guint i = 0; i < self->n_answers; i++)
    g_object_unref (get_answers (self)[i]);
  if (self->n_answers > FEW_ANSWERS)
    g_free (self->answers.many);
  g_clear_pointer (&self->target, assay_target_unref);
  g_free (self->own_name);
  g_clear_pointer (&self->group, assay_label_release);
  g_clear_pointer (&self->truth, assay_label_release);
  g_clear_pointer (&self->rest, rest_free);
  G_OBJECT_CLASS (assay_item_parent_class)->finalize (object);
}

static void
assay_item_class_init (AssayItemClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = assay_item_get_property;
  object_class->finalize = assay_item_finalize;

  properties[PROP_NAME] =
    g_param_spec_string ("name", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_GROUP] =
    g_param_spec_string ("group", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_ANSWER] =
    g_param_spec_object ("answer", NULL, NULL, ASSAY_TYPE_ANSWER,
                         G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_SENT_BYTES] =
    g_param_spec_uint64 ("sent-bytes", NULL, NULL, 0, G_MAXUINT64, 0,
                         G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_SOURCE] =
    g_param_spec_object ("source", NULL, NULL, ASSAY_TYPE_SOURCE,
                         G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_PERCENT] =
    g_param_spec_int ("percent", NULL, NULL, -1, 100, -1,
                      G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_TRUTH] =
    g_param_spec_string ("truth", NULL, NULL, NULL,
                         G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
answer_changed (AssayAnswer *answer,
                const AssayAnswerWatch *watch)
{
  AssayItem *self = (AssayItem *) ((char *) watch - G_STRUCT_OFFSET (AssayItem, answer_watch));

  if (self->watch != NULL)
    self->watch->changed (self, self->watch->data);
}

static void
assay_item_init (AssayItem *self)
{
  self->percent = -1;
  self->answer_watch = (AssayAnswerWatch) { answer_changed };
}

/* Most names are safe as they are, and then there is no need for a second one. */
static void
set_name (AssayItem *self,
          const char *name)
{
  g_autofree char *safe = assay_display_name (name);

  if (strcmp (safe, name) != 0)
    self->own_name = g_steal_pointer (&safe);
}

static void
set_group (AssayItem *self,
           const char *group)
{
  g_autofree char *safe = group != NULL ? assay_display_name (group) : NULL;

  self->group = safe != NULL ? assay_label_intern (safe) : NULL;
}

/**
 * assay_item_new:
 * @source: (transfer none): where its bytes come from
 *
 * Returns: (transfer full): a row without answers
 */
AssayItem *
assay_item_new (AssaySource *source)
{
  AssayItem *self;

  g_return_val_if_fail (ASSAY_IS_SOURCE (source), NULL);

  self = g_object_new (ASSAY_TYPE_ITEM, NULL);
  self->source = g_object_ref (source);
  set_name (self, assay_source_get_name (source));
  set_group (self, assay_source_get_group (source));
  self->facts = *assay_source_get_facts (source);
  self->size = assay_source_get_size (source);
  return self;
}

AssaySource *
assay_item_get_source (AssayItem *self)
{
  g_return_val_if_fail (ASSAY_IS_ITEM (self), NULL);

  return self->source;
}

/**
 * assay_item_set_source:
 * @source: (transfer none): the same thing by the same name, with its bytes, with
 *   the reason why there are none, or awaited once more
 */
void
assay_item_set_source (AssayItem *self,
                       AssaySource *source)
{
  g_return_if_fail (ASSAY_IS_ITEM (self));
  g_return_if_fail (ASSAY_IS_SOURCE (source));

  if (self->source == source)
    return;
  /* The other may be called something else. */
  if (self->own_name == NULL)
    self->own_name = g_strdup (assay_source_get_name (self->source));
  g_set_object (&self->source, source);
  self->facts = *assay_source_get_facts (source);
  self->size = assay_source_get_size (source);
  self->percent = -1;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SOURCE]);
}

/**
 * assay_item_get_percent:
 *
 * Returns: how much of what is fetched has come, -1 while nobody knows
 */
int
assay_item_get_percent (AssayItem *self)
{
  g_return_val_if_fail (ASSAY_IS_ITEM (self), -1);

  return self->percent;
}

void
assay_item_set_percent (AssayItem *self,
                        int percent)
{
  g_return_if_fail (ASSAY_IS_ITEM (self));

  percent = CLAMP (percent, -1, 100);
  if (self->percent == percent)
    return;
  self->percent = percent;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PERCENT]);
}

const char *
assay_item_get_name (AssayItem *self)
{
  g_return_val_if_fail (ASSAY_IS_ITEM (self), NULL);

  return self->own_name != NULL ? self->own_name : assay_source_get_name (self->source);
}

/**
 * assay_item_get_group:
 *
 * Returns: (transfer none) (nullable): the folder that it was given with
 */
const char *
assay_item_get_group (AssayItem *self)
{
  g_return_val_if_fail (ASSAY_IS_ITEM (self), NULL);

  return self->group;
}

guint
assay_item_get_serial (AssayItem *self)
{
  g_return_val_if_fail (ASSAY_IS_ITEM (self), 0);

  return self->serial;
}

void
assay_item_set_serial (AssayItem *self,
                       guint serial)
{
  g_return_if_fail (ASSAY_IS_ITEM (self));

  self->serial = serial;
}

static gboolean
set_label (GRefString **place,
           const char *label)
{
  if (g_strcmp0 (*place, label) == 0)
    return FALSE;
  g_clear_pointer (place, assay_label_release);
  *place = label != NULL ? assay_label_intern (label) : NULL;
  return TRUE;
}

/**
 * assay_item_get_truth:
 *
 * Returns: (transfer none) (nullable): what it really shows, as the model calls it
 */
const char *
assay_item_get_truth (AssayItem *self)
{
  g_return_val_if_fail (ASSAY_IS_ITEM (self), NULL);

  return self->truth;
}

/**
 * assay_item_get_truth_origin:
 *
 * Returns: who says so, %ASSAY_TRUTH_NONE while it isn't known
 */
AssayTruthOrigin
assay_item_get_truth_origin (AssayItem *self)
{
  g_return_val_if_fail (ASSAY_IS_ITEM (self), ASSAY_TRUTH_NONE);

  return self->origin;
}

/**
 * assay_item_set_truth:
 * @label: (nullable): a label of the model
 * @origin: who says so; %ASSAY_TRUTH_NONE exactly without a label
 *
 * For AssayTruths, which weighs who says what.
 */
void
assay_item_set_truth (AssayItem *self,
                      const char *label,
                      AssayTruthOrigin origin)
{
  g_return_if_fail (ASSAY_IS_ITEM (self));
  g_return_if_fail ((label == NULL) == (origin == ASSAY_TRUTH_NONE));

  if (!set_label (&self->truth, label) && self->origin == origin)
    return;
  self->origin = origin;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TRUTH]);
}

const char *
assay_item_get_mark (AssayItem *self)
{
  g_return_val_if_fail (ASSAY_IS_ITEM (self), NULL);

  return self->rest != NULL ? self->rest->mark : NULL;
}

/**
 * assay_item_set_mark:
 * @label: (nullable): what somebody has said of this picture
 *
 * For AssayTruths.
 */
void
assay_item_set_mark (AssayItem *self,
                     const char *label)
{
  g_return_if_fail (ASSAY_IS_ITEM (self));

  if (label != NULL || self->rest != NULL)
    set_label (&ensure_rest (self)->mark, label);
}

/**
 * assay_item_set_watch:
 * @watch: (nullable): who is told of each change of what is on show, in place of whoever
 *   was; it has to live until it is taken away again
 *
 * For AssayCollection.
 */
void
assay_item_set_watch (AssayItem *self,
                      const AssayItemWatch *watch)
{
  g_return_if_fail (ASSAY_IS_ITEM (self));

  self->watch = watch;
}

/**
 * assay_item_get_watch:
 *
 * Returns: (nullable): who is told; for AssayCollection, whose items are those that it watches
 */
const AssayItemWatch *
assay_item_get_watch (AssayItem *self)
{
  g_return_val_if_fail (ASSAY_IS_ITEM (self), NULL);

  return self->watch;
}

/**
 * assay_item_get_facts:
 *
 * Returns: (transfer none): what the first bytes said, or, once it was read for
 *   sending, the whole of it
 */
const AssayFacts *
assay_item_get_facts (AssayItem *self)
{
  g_return_val_if_fail (ASSAY_IS_ITEM (self), NULL);

  return &self->facts;
}

/**
 * assay_item_get_size:
 *
 * Returns: bytes of the original
 */
guint64
assay_item_get_size (AssayItem *self)
{
  g_return_val_if_fail (ASSAY_IS_ITEM (self), 0);

  return self->size;
}

/* As half as many bytes as it has characters. */
static void
read_digest (const char *text,
             guint8 digest[DIGEST_BYTES])
{
  for (guint i = 0; i < DIGEST_BYTES; i++)
    digest[i] = g_ascii_xdigit_value (text[2 * i]) << 4 | g_ascii_xdigit_value (text[2 * i + 1]);
}

static char *
dup_digest (const guint8 digest[DIGEST_BYTES])
{
  static const char digits[] = "0123456789abcdef";
  char *text = g_malloc (2 * DIGEST_BYTES + 1);

  for (guint i = 0; i < DIGEST_BYTES; i++)
    {
      text[2 * i] = digits[digest[i] >> 4];
      text[2 * i + 1] = digits[digest[i] & 15];
    }
  text[2 * DIGEST_BYTES] = '\0';
  return text;
}

/**
 * assay_item_is_read:
 *
 * Returns: whether it was read for sending, so that its hash is known
 */
gboolean
assay_item_is_read (AssayItem *self)
{
  g_return_val_if_fail (ASSAY_IS_ITEM (self), FALSE);

  return self->prepared;
}

/**
 * assay_item_dup_sha256:
 *
 * Returns: (transfer full) (nullable): of its bytes, hex; %NULL until it was read
 */
char *
assay_item_dup_sha256 (AssayItem *self)
{
  g_return_val_if_fail (ASSAY_IS_ITEM (self), NULL);

  return self->prepared ? dup_digest (self->digest) : NULL;
}

/**
 * assay_item_dup_sent_sha256:
 *
 * Returns: (transfer full) (nullable): of what is sent, hex, which is the same unless it was
 *   converted or is sent in an archive
 */
char *
assay_item_dup_sent_sha256 (AssayItem *self)
{
  g_return_val_if_fail (ASSAY_IS_ITEM (self), NULL);

  if (self->has_sent_digest)
    return dup_digest (self->rest->sent_digest);
  return assay_item_dup_sha256 (self);
}

/**
 * assay_item_hash_bytes:
 * @item: one that was read
 *
 * For a GHashTable of items by assay_item_has_same_bytes().
 */
guint
assay_item_hash_bytes (gconstpointer item)
{
  guint hash;

  memcpy (&hash, ((const AssayItem *) item)->digest, sizeof hash);
  return hash;
}

/**
 * assay_item_has_same_bytes:
 * @a: one that was read
 * @b: likewise
 */
gboolean
assay_item_has_same_bytes (gconstpointer a,
                           gconstpointer b)
{
  const AssayItem *left = a;
  const AssayItem *right = b;

  return memcmp (left->digest, right->digest, sizeof left->digest) == 0;
}

gboolean
assay_item_get_converted (AssayItem *self)
{
  g_return_val_if_fail (ASSAY_IS_ITEM (self), FALSE);

  return self->converted;
}

/**
 * assay_item_get_fitted:
 *
 * Returns: the longer side in pixels of what was sent, if that was a copy that was
 *   made to fit the connection's bounds; else 0
 */
guint
assay_item_get_fitted (AssayItem *self)
{
  g_return_val_if_fail (ASSAY_IS_ITEM (self), 0);

  return self->fitted;
}

/**
 * assay_item_set_prepared:
 * @prepared: (transfer none): what reading it for sending has found
 *
 * Keeps the hashes and facts, not the bytes.
 */
void
assay_item_set_prepared (AssayItem *self,
                         const AssayPrepared *prepared)
{
  g_return_if_fail (ASSAY_IS_ITEM (self));
  g_return_if_fail (prepared != NULL);

  read_digest (prepared->sha256, self->digest);
  self->has_sent_digest = strcmp (prepared->sha256, prepared->sent_sha256) != 0;
  if (self->has_sent_digest)
    read_digest (prepared->sent_sha256, ensure_rest (self)->sent_digest);
  self->facts = prepared->facts;
  self->size = prepared->size;
  self->converted = prepared->converted;
  self->fitted = prepared->fitted;
  self->prepared = TRUE;
}

/**
 * assay_item_get_sent_bytes:
 * @total: (out) (optional): of how many; 0 unless its archive is being sent
 *
 * Returns: how many bytes of the archive that it is sent within have gone out;
 *   "sent-bytes" notifies when either changes
 */
guint64
assay_item_get_sent_bytes (AssayItem *self,
                           guint64 *total)
{
  g_return_val_if_fail (ASSAY_IS_ITEM (self), 0);

  if (total != NULL)
    *total = self->rest != NULL ? self->rest->total_bytes : 0;
  return self->rest != NULL ? self->rest->sent_bytes : 0;
}

void
assay_item_set_sent_bytes (AssayItem *self,
                           guint64 sent,
                           guint64 total)
{
  guint64 total_before;

  g_return_if_fail (ASSAY_IS_ITEM (self));

  if (assay_item_get_sent_bytes (self, &total_before) == sent && total_before == total)
    return;
  ensure_rest (self)->sent_bytes = sent;
  self->rest->total_bytes = total;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SENT_BYTES]);
}

/**
 * assay_item_get_answer:
 *
 * Returns: (transfer none) (nullable): the answer of the target on show, %NULL
 *   when that was never asked
 */
AssayAnswer *
assay_item_get_answer (AssayItem *self)
{
  g_return_val_if_fail (ASSAY_IS_ITEM (self), NULL);

  return self->shown;
}

/**
 * assay_item_find_answer:
 * @target: (nullable): a target
 *
 * Returns: (transfer none) (nullable): that target's answer, if it was asked
 */
AssayAnswer *
assay_item_find_answer (AssayItem *self,
                        AssayTarget *target)
{
  g_return_val_if_fail (ASSAY_IS_ITEM (self), NULL);

  for (guint i = 0; i < self->n_answers; i++)
    if (assay_target_equal (assay_answer_get_target (get_answers (self)[i]), target))
      return get_answers (self)[i];
  return NULL;
}

static void
set_shown (AssayItem *self,
           AssayAnswer *answer)
{
  if (self->shown == answer)
    return;
  if (self->shown != NULL)
    assay_answer_set_watch (self->shown, NULL);
  self->shown = answer;
  if (answer != NULL)
    assay_answer_set_watch (answer, &self->answer_watch);
  if (self->watch != NULL)
    self->watch->changed (self, self->watch->data);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ANSWER]);
}

/**
 * assay_item_get_n_answers:
 *
 * Returns: how many targets were ever asked
 */
guint
assay_item_get_n_answers (AssayItem *self)
{
  g_return_val_if_fail (ASSAY_IS_ITEM (self), 0);

  return self->n_answers;
}

/**
 * assay_item_get_nth_answer:
 * @index: below assay_item_get_n_answers()
 *
 * Returns: (transfer none): one of the answers, in the order in which their targets were
 *   first asked
 */
AssayAnswer *
assay_item_get_nth_answer (AssayItem *self,
                           guint index)
{
  g_return_val_if_fail (ASSAY_IS_ITEM (self), NULL);
  g_return_val_if_fail (index < self->n_answers, NULL);

  return get_answers (self)[index];
}

/**
 * assay_item_ensure_answer:
 * @target: whom to ask
 *
 * Returns: (transfer none): that target's answer, a new queued one if it was
 *   never asked
 */
AssayAnswer *
assay_item_ensure_answer (AssayItem *self,
                          AssayTarget *target)
{
  AssayAnswer *answer;

  g_return_val_if_fail (ASSAY_IS_ITEM (self), NULL);
  g_return_val_if_fail (target != NULL, NULL);

  answer = assay_item_find_answer (self, target);
  if (answer != NULL)
    return answer;

  g_return_val_if_fail (self->n_answers < G_MAXUINT16, NULL);

  answer = assay_answer_new (target);
  add_answer (self, answer);
  if (assay_target_equal (target, self->target))
    set_shown (self, answer);
  return answer;
}

/**
 * assay_item_show_target:
 * @target: (nullable): the target on show
 *
 * Makes "answer" that target's.  Nothing is discarded.
 */
void
assay_item_show_target (AssayItem *self,
                        AssayTarget *target)
{
  AssayTarget *old;

  g_return_if_fail (ASSAY_IS_ITEM (self));

  old = self->target;
  self->target = target != NULL ? assay_target_ref (target) : NULL;
  if (old != NULL)
    assay_target_unref (old);
  set_shown (self, assay_item_find_answer (self, target));
}
