/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>

#include "assay-display.h"
#include "assay-toast.h"
#include "assay-truth-dialog.h"
#include "assay-truth-loader.h"

/* More of a kind than a person reads. */
#define MAX_ROWS 100

/* With more labels than these it is faster to write than to look. */
#define MAX_UNSEARCHED 10

/* What a drop-down offers before the labels. */
enum {
  CHOICE_AUTOMATIC,
  CHOICE_LEAVE_OUT,
  N_CHOICES
};

typedef enum {
  CHANGE_FOLDERS,
  CHANGE_TABLE,
  CHANGE_READING,
} ChangeKind;

/* What was so before a change. */
typedef struct {
  ChangeKind kind;
  gboolean folders;
  AssayTruthTable *table;     /* (nullable) */
  char *given;                /* of a reading */
  gboolean mapped;
  char *label;                /* (nullable) */
} Change;

/* Invariants: reading_rows has a drop-down for each of reading_names, in their order, and
 * labels is what they offer behind the choices. */
struct _AssayTruthDialog {
  AdwWindow parent_instance;

  AdwToastOverlay *toasts;
  GtkSwitch *folders;
  AdwActionRow *table_row;
  GtkWidget *load_button;
  GtkWidget *remove_button;
  AdwActionRow *marks_row;
  AdwActionRow *known_row;
  AdwPreferencesGroup *readings_group;
  AdwPreferencesGroup *conflicts_group;
  AdwPreferencesGroup *missing_group;
  AdwExpanderRow *missing_row;

  AssayTruths *truths;
  GCancellable *cancellable;
  GtkFileChooserNative *chooser; /* (nullable) while it is open */
  AdwToast *toast;            /* (nullable) while it is on show */
  GPtrArray *changes;         /* (element-type Change): the latest one last */
  GPtrArray *labels;          /* (element-type utf8) (nullable) until they are needed */
  GPtrArray *reading_names;   /* (element-type utf8) */
  GPtrArray *reading_rows;    /* (element-type GtkWidget), not owned */
  GPtrArray *conflict_rows;   /* (element-type GtkWidget), not owned */
  GPtrArray *missing_rows;    /* (element-type GtkWidget), not owned */
  gboolean has_new_labels;
  gboolean loading;
};

G_DEFINE_FINAL_TYPE (AssayTruthDialog, assay_truth_dialog, ADW_TYPE_WINDOW)

static void
change_free (gpointer data)
{
  Change *self = data;

  g_clear_pointer (&self->table, assay_truth_table_free);
  g_free (self->given);
  g_free (self->label);
  g_free (self);
}

static char *
dup_images (guint n)
{
  return g_strdup_printf (ngettext ("%'u image", "%'u images", n), n);
}

static void
set_more (AdwPreferencesGroup *group,
          guint n)
{
  g_autofree char *more = NULL;

  if (n > MAX_ROWS)
    more = g_strdup_printf (ngettext ("%'u more is not listed", "%'u more are not listed",
                                      n - MAX_ROWS),
                            n - MAX_ROWS);
  adw_preferences_group_set_description (group, more);
  gtk_widget_set_visible (GTK_WIDGET (group), n > 0);
}

/* What stands on a disk is no markup. */
static GtkWidget *
new_row (const char *title,
         const char *subtitle)
{
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  return row;
}

/* ---- sources ---- */

static void
show_table (AssayTruthDialog *self)
{
  AssayTruthTable *table = assay_truths_get_table (self->truths);
  g_autofree char *words = NULL;

  if (self->loading)
    words = g_strdup (_("Loading…"));
  else if (table == NULL)
    words = g_strdup (_("CSV with a file and its label in each line"));
  else
    {
      guint n = assay_truth_table_count_rows (table);
      const char *name = assay_truth_table_get_name (table);

      words = g_strdup_printf (ngettext ("%s · %'u row", "%s · %'u rows", n),
                               name != NULL ? name : _("Table"), n);
    }
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self->table_row), FALSE);
  adw_action_row_set_subtitle (self->table_row, words);
  gtk_widget_set_sensitive (self->load_button, !self->loading);
  gtk_widget_set_visible (self->remove_button, table != NULL && !self->loading);
}

static guint
count_marks (GListModel *items)
{
  guint n = g_list_model_get_n_items (items);
  guint n_marks = 0;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (AssayItem) item = g_list_model_get_item (items, i);

      n_marks += assay_item_get_mark (item) != NULL;
    }
  return n_marks;
}

static void
show_sources (AssayTruthDialog *self)
{
  GListModel *items = G_LIST_MODEL (assay_truths_get_collection (self->truths));
  guint n = g_list_model_get_n_items (items);
  g_autofree char *marks = dup_images (count_marks (items));
  g_autofree char *known =
    g_strdup_printf (ngettext ("%'u of %'u image", "%'u of %'u images", n),
                     assay_truths_count_known (self->truths), n);

  gtk_switch_set_active (self->folders, assay_truths_get_folders (self->truths));
  show_table (self);
  adw_action_row_set_subtitle (self->marks_row, marks);
  adw_action_row_set_subtitle (self->known_row, n > 0 ? known : _("There are no images yet"));
}

/* ---- undo ---- */

static void
set_reading (AssayTruthDialog *self,
             const char *given,
             gboolean mapped,
             const char *label)
{
  if (mapped)
    assay_truths_map (self->truths, given, label);
  else
    assay_truths_unmap (self->truths, given);
}

static void
forget_toast_cb (AdwToast *toast,
                 AssayTruthDialog *self)
{
  if (self->toast == toast)
    self->toast = NULL;
}

static void
dismiss_toast (AssayTruthDialog *self)
{
  AdwToast *toast = g_steal_pointer (&self->toast);

  if (toast != NULL)
    adw_toast_dismiss (toast);
}

/* "Undo" on a toast is about the latest change, so no earlier one stays. */
static void
take_change (AssayTruthDialog *self,
             Change *change,
             const char *words)
{
  g_ptr_array_add (self->changes, change);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "truth.undo", TRUE);
  dismiss_toast (self);
  self->toast = assay_toast_new (words);
  adw_toast_set_button_label (self->toast, _("Undo"));
  adw_toast_set_action_name (self->toast, "truth.undo");
  g_signal_connect_object (self->toast, "dismissed", G_CALLBACK (forget_toast_cb), self, 0);
  adw_toast_overlay_add_toast (self->toasts, self->toast);
}

static void
undo (AssayTruthDialog *self)
{
  Change *change;

  if (self->changes->len == 0)
    return;
  change = g_ptr_array_steal_index (self->changes, self->changes->len - 1);
  dismiss_toast (self);
  switch (change->kind)
    {
    case CHANGE_FOLDERS:
      assay_truths_set_folders (self->truths, change->folders);
      break;
    case CHANGE_TABLE:
      change->table = assay_truths_swap_table (self->truths, change->table);
      break;
    case CHANGE_READING:
      set_reading (self, change->given, change->mapped, change->label);
      break;
    }
  change_free (change);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "truth.undo", self->changes->len > 0);
  show_sources (self);
}

static void
undo_action (GtkWidget *widget,
             const char *name,
             GVariant *parameter)
{
  undo (ASSAY_TRUTH_DIALOG (widget));
}

/* ---- edits of the sources ---- */

static void
folders_cb (AssayTruthDialog *self)
{
  gboolean active = gtk_switch_get_active (self->folders);
  Change *change;

  /* What is shown is no edit. */
  if (active == assay_truths_get_folders (self->truths))
    return;
  change = g_new0 (Change, 1);
  change->kind = CHANGE_FOLDERS;
  change->folders = !active;
  assay_truths_set_folders (self->truths, active);
  take_change (self, change, active ? _("Folder names count") : _("Folder names no longer count"));
}

static void
swap_table (AssayTruthDialog *self,
            AssayTruthTable *table,
            const char *words)
{
  Change *change = g_new0 (Change, 1);

  change->kind = CHANGE_TABLE;
  change->table = assay_truths_swap_table (self->truths, table);
  show_table (self);
  take_change (self, change, words);
}

static void
remove_cb (AssayTruthDialog *self)
{
  /* The button vanishes, and the focus must not be lost with it. */
  gtk_widget_grab_focus (self->load_button);
  swap_table (self, NULL, _("Table removed"));
}

static void
tell_error (AssayTruthDialog *self,
            const GError *error)
{
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (self), _("Labels Can’t Be Loaded"),
                                              error->message);

  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _("_Close"));
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
loaded_cb (GObject *source,
           GAsyncResult *result,
           gpointer data)
{
  g_autoptr (AssayTruthDialog) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayTruthTable) table = assay_truth_load_finish (result, &error);

  self->loading = FALSE;
  /* The dialog may have been closed meanwhile; then nobody wants the table. */
  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  if (table != NULL)
    swap_table (self, g_steal_pointer (&table), _("Labels loaded"));
  show_table (self);
  if (error != NULL)
    tell_error (self, error);
}

/**
 * assay_truth_dialog_load:
 * @file: a table of files and labels, read on another thread
 *
 * Puts it in place of the one before, or tells why that can't be done.  Nothing is done
 * while another is being read.
 */
void
assay_truth_dialog_load (AssayTruthDialog *self,
                         GFile *file)
{
  g_return_if_fail (ASSAY_IS_TRUTH_DIALOG (self));
  g_return_if_fail (G_IS_FILE (file));

  if (self->loading)
    return;
  self->loading = TRUE;
  show_table (self);
  assay_truth_load_async (file, self->cancellable, loaded_cb, g_object_ref (self));
}

static void
chosen_cb (AssayTruthDialog *self,
           int response)
{
  g_autoptr (GFile) file =
    response == GTK_RESPONSE_ACCEPT
      ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (self->chooser)) : NULL;

  g_clear_object (&self->chooser);
  if (file != NULL)
    assay_truth_dialog_load (self, file);
}

static void
add_filter (GtkFileChooser *chooser,
            const char *name,
            const char *const *patterns)
{
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

  gtk_file_filter_set_name (filter, name);
  for (; *patterns != NULL; patterns++)
    gtk_file_filter_add_pattern (filter, *patterns);
  gtk_file_chooser_add_filter (chooser, filter);
}

static void
choose_cb (AssayTruthDialog *self)
{
  const char *const tables[] = { "*.csv", "*.CSV", "*.tsv", "*.TSV", "*.txt", "*.TXT", NULL };
  const char *const all[] = { "*", NULL };

  if (self->chooser != NULL)
    return;
  self->chooser = gtk_file_chooser_native_new (_("Load Labels"), GTK_WINDOW (self),
                                               GTK_FILE_CHOOSER_ACTION_OPEN, _("_Load"), NULL);
  add_filter (GTK_FILE_CHOOSER (self->chooser), _("Tables"), tables);
  add_filter (GTK_FILE_CHOOSER (self->chooser), _("All Files"), all);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (chosen_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

/* ---- readings ---- */

static guint
find_choice (AssayTruthDialog *self,
             const AssayTruthReading *reading)
{
  if (reading->kind != ASSAY_MATCH_MAPPED)
    return CHOICE_AUTOMATIC;
  for (guint i = 0; i < self->labels->len && reading->label != NULL; i++)
    if (g_str_equal (g_ptr_array_index (self->labels, i), reading->label))
      return N_CHOICES + i;
  return CHOICE_LEAVE_OUT;
}

/* What is shown is no edit. */
static void
edit_reading (AssayTruthDialog *self,
              const char *given,
              gboolean mapped,
              const char *label)
{
  const char *before = NULL;
  gboolean was_mapped = assay_truths_get_mapping (self->truths, given, &before);
  g_autofree char *shown = assay_display_text (given, -1, 0);
  g_autofree char *words = g_strdup_printf (_("“%s” is read differently"), shown);
  Change *change;

  if (mapped == was_mapped && (!mapped || g_strcmp0 (label, before) == 0))
    return;
  change = g_new0 (Change, 1);
  change->kind = CHANGE_READING;
  change->given = g_strdup (given);
  change->mapped = was_mapped;
  change->label = was_mapped ? g_strdup (before) : NULL;
  set_reading (self, given, mapped, label);
  take_change (self, change, words);
}

static void
reading_chosen_cb (AssayTruthDialog *self,
                   GParamSpec *pspec,
                   GtkDropDown *drop)
{
  guint choice = gtk_drop_down_get_selected (drop);
  guint place;

  /* A row that is being taken away loses its choice, which is no edit. */
  if (choice == GTK_INVALID_LIST_POSITION
      || !g_ptr_array_find (self->reading_rows, drop, &place))
    return;
  edit_reading (self, g_ptr_array_index (self->reading_names, place), choice != CHOICE_AUTOMATIC,
                choice >= N_CHOICES ? g_ptr_array_index (self->labels, choice - N_CHOICES) : NULL);
}

static void
setup_choice_cb (GtkSignalListItemFactory *factory,
                 GtkListItem *list_item)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_width_chars (GTK_LABEL (label), 9);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 20);
  gtk_list_item_set_child (list_item, label);
}

static void
bind_choice_cb (GtkSignalListItemFactory *factory,
                GtkListItem *list_item)
{
  GtkStringObject *choice = gtk_list_item_get_item (list_item);

  gtk_label_set_label (GTK_LABEL (gtk_list_item_get_child (list_item)),
                       gtk_string_object_get_string (choice));
}

static GListModel *
list_choices (AssayTruthDialog *self)
{
  GtkStringList *choices = gtk_string_list_new (NULL);

  gtk_string_list_append (choices, _("Automatic"));
  gtk_string_list_append (choices, _("Leave Out"));
  for (guint i = 0; i < self->labels->len; i++)
    gtk_string_list_take (choices,
                          assay_display_text (g_ptr_array_index (self->labels, i), -1, 0));
  return G_LIST_MODEL (choices);
}

static GtkWidget *
new_drop_down (AssayTruthDialog *self,
               GListModel *choices,
               const AssayTruthReading *reading)
{
  GtkExpression *by = gtk_property_expression_new (GTK_TYPE_STRING_OBJECT, NULL, "string");
  GtkWidget *drop = gtk_drop_down_new (g_object_ref (choices), by);
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  g_autofree char *shown = assay_display_text (reading->given, -1, 0);
  g_autofree char *name = g_strdup_printf (_("Read “%s” as"), shown);

  g_signal_connect (factory, "setup", G_CALLBACK (setup_choice_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_choice_cb), NULL);
  gtk_drop_down_set_factory (GTK_DROP_DOWN (drop), factory);
  g_object_unref (factory);
  gtk_drop_down_set_enable_search (GTK_DROP_DOWN (drop), self->labels->len > MAX_UNSEARCHED);
  gtk_drop_down_set_selected (GTK_DROP_DOWN (drop), find_choice (self, reading));
  gtk_widget_set_valign (drop, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (drop), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_signal_connect_object (drop, "notify::selected", G_CALLBACK (reading_chosen_cb), self,
                           G_CONNECT_SWAPPED);
  return drop;
}

static char *
dup_reading_words (const AssayTruthReading *reading)
{
  g_autofree char *images = dup_images (reading->n_items);
  g_autofree char *label =
    reading->label != NULL ? assay_display_text (reading->label, -1, 0) : NULL;

  if (label != NULL)
    return g_strdup_printf (_("Read as “%s” · %s"), label, images);
  if (reading->kind == ASSAY_MATCH_MAPPED)
    return g_strdup_printf (_("Left out · %s"), images);
  return g_strdup_printf (_("No label of the model · %s"), images);
}

static GtkWidget *
get_row (GtkWidget *drop)
{
  return gtk_widget_get_ancestor (drop, ADW_TYPE_ACTION_ROW);
}

static void
show_reading (AssayTruthDialog *self,
              GtkWidget *drop,
              const AssayTruthReading *reading)
{
  g_autofree char *words = dup_reading_words (reading);

  adw_action_row_set_subtitle (ADW_ACTION_ROW (get_row (drop)), words);
  gtk_drop_down_set_selected (GTK_DROP_DOWN (drop), find_choice (self, reading));
}

static void
add_reading (AssayTruthDialog *self,
             GListModel *choices,
             const AssayTruthReading *reading)
{
  g_autofree char *title = assay_display_text (reading->given, -1, 0);
  GtkWidget *row = new_row (title, NULL);
  GtkWidget *drop = new_drop_down (self, choices, reading);

  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 1);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), drop);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), drop);
  adw_preferences_group_add (self->readings_group, row);
  g_ptr_array_add (self->reading_names, g_strdup (reading->given));
  g_ptr_array_add (self->reading_rows, drop);
}

static gboolean
are_same (AssayTruthDialog *self,
          GPtrArray *readings)
{
  if (self->labels == NULL || self->has_new_labels
      || self->reading_rows->len != MIN (readings->len, MAX_ROWS))
    return FALSE;
  for (guint i = 0; i < self->reading_rows->len; i++)
    {
      const AssayTruthReading *reading = g_ptr_array_index (readings, i);

      if (!g_str_equal (reading->given, g_ptr_array_index (self->reading_names, i)))
        return FALSE;
    }
  return TRUE;
}

static void
clear_readings (AssayTruthDialog *self)
{
  for (guint i = 0; i < self->reading_rows->len; i++)
    adw_preferences_group_remove (self->readings_group,
                                  get_row (g_ptr_array_index (self->reading_rows, i)));
  g_ptr_array_set_size (self->reading_rows, 0);
  g_ptr_array_set_size (self->reading_names, 0);
}

/* The rows stay as long as they are about the same words, so that whoever works on them
 * keeps the place. */
static void
show_readings (AssayTruthDialog *self)
{
  g_autoptr (GPtrArray) readings = assay_truths_list_readings (self->truths);

  if (!are_same (self, readings))
    {
      g_autoptr (GListModel) choices = NULL;

      clear_readings (self);
      g_clear_pointer (&self->labels, g_ptr_array_unref);
      self->labels = assay_truths_list_labels (self->truths);
      self->has_new_labels = FALSE;
      choices = list_choices (self);
      for (guint i = 0; i < MIN (readings->len, MAX_ROWS); i++)
        add_reading (self, choices, g_ptr_array_index (readings, i));
    }
  for (guint i = 0; i < self->reading_rows->len; i++)
    show_reading (self, g_ptr_array_index (self->reading_rows, i),
                  g_ptr_array_index (readings, i));
  set_more (self->readings_group, readings->len);
}

/* The truths look at all items again and tell when they are done.  Until then the old
 * offers stay, which go with the old labels. */
static void
labels_changed_cb (AssayTruthDialog *self)
{
  self->has_new_labels = TRUE;
}

/* ---- what doesn't fit ---- */

static char *
dup_said (AssayTruthOrigin origin,
          const char *label)
{
  g_autofree char *shown = assay_display_text (label, -1, 0);

  if (origin == ASSAY_TRUTH_FOLDER)
    return g_strdup_printf (_("Folder “%s”"), shown);
  if (origin == ASSAY_TRUTH_FILE)
    return g_strdup_printf (_("Table “%s”"), shown);
  return g_strdup_printf (_("By hand “%s”"), shown);
}

/* In the order in which they count, the last one most. */
static char *
dup_conflict_words (const AssayTruthConflict *conflict)
{
  const char *const winners[] = { "", _("Folder counts"), _("Table counts"),
                                  _("Mark counts") };
  g_autoptr (GString) words = g_string_new (NULL);
  guint counts = ASSAY_TRUTH_NONE;

  for (guint i = ASSAY_TRUTH_FOLDER; i <= ASSAY_TRUTH_HAND; i++)
    {
      g_autofree char *said =
        conflict->labels[i] != NULL ? dup_said (i, conflict->labels[i]) : NULL;

      if (said == NULL)
        continue;
      g_string_append_printf (words, "%s · ", said);
      counts = i;
    }
  g_string_append (words, winners[counts]);
  return g_string_free (g_steal_pointer (&words), FALSE);
}

static void
show_conflicts (AssayTruthDialog *self)
{
  g_autoptr (GPtrArray) conflicts = assay_truths_list_conflicts (self->truths);

  for (guint i = 0; i < self->conflict_rows->len; i++)
    adw_preferences_group_remove (self->conflicts_group,
                                  g_ptr_array_index (self->conflict_rows, i));
  g_ptr_array_set_size (self->conflict_rows, 0);
  for (guint i = 0; i < MIN (conflicts->len, MAX_ROWS); i++)
    {
      const AssayTruthConflict *conflict = g_ptr_array_index (conflicts, i);
      g_autofree char *words = dup_conflict_words (conflict);
      GtkWidget *row = new_row (assay_item_get_name (conflict->item), words);

      adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 1);
      adw_preferences_group_add (self->conflicts_group, row);
      g_ptr_array_add (self->conflict_rows, row);
    }
  set_more (self->conflicts_group, conflicts->len);
}

static void
add_missing (AssayTruthDialog *self,
             const AssayTruthRow *line)
{
  g_autofree char *name = assay_display_text (line->file, -1, 0);
  g_autofree char *words = g_strdup_printf (_("Line %'u"), line->line);
  GtkWidget *row = new_row (name, words);

  adw_expander_row_add_row (self->missing_row, row);
  g_ptr_array_add (self->missing_rows, row);
}

static void
show_missing (AssayTruthDialog *self)
{
  AssayTruthTable *table = assay_truths_get_table (self->truths);
  g_autoptr (GPtrArray) missing =
    table != NULL ? assay_truth_table_list_missing (table) : g_ptr_array_new ();
  g_autofree char *title =
    g_strdup_printf (ngettext ("%'u file of the table is not in the list",
                               "%'u files of the table are not in the list", missing->len),
                     missing->len);

  for (guint i = 0; i < self->missing_rows->len; i++)
    adw_expander_row_remove (self->missing_row, g_ptr_array_index (self->missing_rows, i));
  g_ptr_array_set_size (self->missing_rows, 0);
  for (guint i = 0; i < MIN (missing->len, MAX_ROWS); i++)
    add_missing (self, g_ptr_array_index (missing, i));
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->missing_row), title);
  set_more (self->missing_group, missing->len);
}

/* Each list is as long as the collection; halfway it would tell nothing that stays. */
static void
changed_cb (AssayTruthDialog *self)
{
  if (!assay_truths_is_settled (self->truths))
    return;
  show_sources (self);
  show_readings (self);
  show_conflicts (self);
  show_missing (self);
}

/* ---- life ---- */

static void
assay_truth_dialog_dispose (GObject *object)
{
  AssayTruthDialog *self = ASSAY_TRUTH_DIALOG (object);

  g_cancellable_cancel (self->cancellable);
  if (self->truths != NULL)
    g_signal_handlers_disconnect_by_data (self->truths, self);
  if (self->chooser != NULL)
    gtk_native_dialog_destroy (GTK_NATIVE_DIALOG (self->chooser));
  g_clear_object (&self->chooser);
  self->toast = NULL;
  G_OBJECT_CLASS (assay_truth_dialog_parent_class)->dispose (object);
}

static void
assay_truth_dialog_finalize (GObject *object)
{
  AssayTruthDialog *self = ASSAY_TRUTH_DIALOG (object);

  g_object_unref (self->cancellable);
  g_ptr_array_unref (self->changes);
  g_clear_pointer (&self->labels, g_ptr_array_unref);
  g_ptr_array_unref (self->reading_names);
  g_ptr_array_unref (self->reading_rows);
  g_ptr_array_unref (self->conflict_rows);
  g_ptr_array_unref (self->missing_rows);
  g_clear_object (&self->truths);
  G_OBJECT_CLASS (assay_truth_dialog_parent_class)->finalize (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, AssayTruthDialog, toasts);
  gtk_widget_class_bind_template_child (widget_class, AssayTruthDialog, folders);
  gtk_widget_class_bind_template_child (widget_class, AssayTruthDialog, table_row);
  gtk_widget_class_bind_template_child (widget_class, AssayTruthDialog, load_button);
  gtk_widget_class_bind_template_child (widget_class, AssayTruthDialog, remove_button);
  gtk_widget_class_bind_template_child (widget_class, AssayTruthDialog, marks_row);
  gtk_widget_class_bind_template_child (widget_class, AssayTruthDialog, known_row);
  gtk_widget_class_bind_template_child (widget_class, AssayTruthDialog, readings_group);
  gtk_widget_class_bind_template_child (widget_class, AssayTruthDialog, conflicts_group);
  gtk_widget_class_bind_template_child (widget_class, AssayTruthDialog, missing_group);
  gtk_widget_class_bind_template_child (widget_class, AssayTruthDialog, missing_row);
  gtk_widget_class_bind_template_callback (widget_class, folders_cb);
  gtk_widget_class_bind_template_callback (widget_class, remove_cb);
  gtk_widget_class_bind_template_callback (widget_class, choose_cb);
}

static void
assay_truth_dialog_class_init (AssayTruthDialogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = assay_truth_dialog_dispose;
  object_class->finalize = assay_truth_dialog_finalize;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/assay/Assay/assay-truth-dialog.ui");
  bind_children (widget_class);
  gtk_widget_class_install_action (widget_class, "truth.undo", NULL, undo_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_z, GDK_CONTROL_MASK, "truth.undo",
                                       NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
assay_truth_dialog_init (AssayTruthDialog *self)
{
  self->cancellable = g_cancellable_new ();
  self->changes = g_ptr_array_new_with_free_func (change_free);
  self->reading_names = g_ptr_array_new_with_free_func (g_free);
  self->reading_rows = g_ptr_array_new ();
  self->conflict_rows = g_ptr_array_new ();
  self->missing_rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "truth.undo", FALSE);
}

/**
 * assay_truth_dialog_new:
 * @parent: (nullable): the window that asks
 * @truths: (transfer none): what is shown and changed
 *
 * Returns: (transfer floating): the dialog
 */
GtkWidget *
assay_truth_dialog_new (GtkWindow *parent,
                        AssayTruths *truths)
{
  AssayTruthDialog *self = g_object_new (ASSAY_TYPE_TRUTH_DIALOG, "transient-for", parent, NULL);

  g_return_val_if_fail (ASSAY_IS_TRUTHS (truths), GTK_WIDGET (self));

  self->truths = g_object_ref (truths);
  g_signal_connect_object (truths, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (truths, "labels-changed", G_CALLBACK (labels_changed_cb), self,
                           G_CONNECT_SWAPPED);
  show_sources (self);
  changed_cb (self);
  return GTK_WIDGET (self);
}

/**
 * assay_truth_dialog_show_readings:
 *
 * Turns to how words are read, once it is presented.
 */
void
assay_truth_dialog_show_readings (AssayTruthDialog *self)
{
  g_return_if_fail (ASSAY_IS_TRUTH_DIALOG (self));

  if (self->reading_rows->len > 0)
    gtk_widget_grab_focus (g_ptr_array_index (self->reading_rows, 0));
}
