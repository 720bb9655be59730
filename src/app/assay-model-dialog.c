/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>

#include "assay-display.h"
#include "assay-error.h"
#include "assay-limits.h"
#include "assay-model-adding.h"
#include "assay-model-dialog.h"
#include "assay-preprocess.h"
#include "assay-sight.h"

/* Labels named in the row; the file has all of them. */
#define SHOWN_LABELS 5

/* What most networks take whose file leaves the size open. */
#define LIKELY_SIZE "size=224x224"

/* Of the presets: numbers that are none of theirs. */
#define OTHER_NUMBERS 4

/* Invariants: @exam is set while the form is shown; @preprocess is what the rows below the
 * pictures say.  While @showing they are set, and nothing of it is an edit. */
struct _AssayModelDialog {
  AdwWindow parent_instance;

  GtkWidget *add_button;
  GtkStack *stack;
  GtkSpinner *spinner;
  GtkLabel *busy_label;
  AdwStatusPage *trouble;
  GtkLabel *refusal;
  GtkEditable *name;
  AdwActionRow *version_row;
  AdwActionRow *labels_row;
  AdwActionRow *scores_row;
  AdwPreferencesGroup *sight_group;
  AssaySight *sight;
  AdwComboRow *preset;
  AdwComboRow *crop;
  AdwComboRow *filter;
  AdwComboRow *order;
  GtkWidget *resize_row;
  GtkSpinButton *width;
  GtkSpinButton *height;
  GtkSpinButton *resize;

  GFile *onnx;
  GFile *labels;                 /* (nullable): that a person has chosen */
  AssayModelExam *exam;          /* (nullable) */
  AssayPreprocess preprocess;
  GtkFileChooserNative *chooser; /* (nullable) while it is open */
  GCancellable *cancellable;
  char *before;                  /* (nullable): the newest version of that name */
  gboolean size_guessed;
  gboolean edited;               /* the preprocessing is a person's */
  gboolean showing;
};

G_DEFINE_FINAL_TYPE (AssayModelDialog, assay_model_dialog, ADW_TYPE_WINDOW)

enum {
  SIGNAL_ADDED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
show_busy (AssayModelDialog *self,
           gboolean adding)
{
  g_autofree char *base = g_file_get_basename (self->onnx);
  g_autofree char *shown = assay_display_name (base);
  g_autofree char *text = g_strdup_printf (adding ? _("Adding %s…")
                                                   : _("Looking at %s…"), shown);

  gtk_label_set_text (self->busy_label, text);
  gtk_spinner_start (self->spinner);
  gtk_widget_set_sensitive (self->add_button, FALSE);
  gtk_stack_set_visible_child_name (self->stack, "busy");
}

static void
show_refusal (AssayModelDialog *self,
              const char *why)
{
  gtk_label_set_text (self->refusal, why != NULL ? why : "");
  gtk_widget_set_visible (GTK_WIDGET (self->refusal), why != NULL);
}

/* ---- name, version, labels ---- */

static void
show_version (AssayModelDialog *self)
{
  const char *name = gtk_editable_get_text (self->name);
  g_autoptr (GError) error = NULL;
  gboolean good = assay_model_adding_check_name (name, &error);
  g_autofree char *version = NULL;
  g_autofree char *text = NULL;

  g_clear_pointer (&self->before, g_free);
  if (good)
    version = assay_model_adding_dup_version (name, &self->before);
  if (!good)
    text = g_strdup (error->message);
  else if (self->before == NULL)
    text = g_strdup_printf (_("%s, the first of a new model"), version);
  else
    text = g_strdup_printf (_("%s, after version %s"), version, self->before);
  adw_action_row_set_subtitle (self->version_row, text);
  if (good)
    gtk_widget_remove_css_class (GTK_WIDGET (self->name), "error");
  else
    gtk_widget_add_css_class (GTK_WIDGET (self->name), "error");
  gtk_widget_set_sensitive (self->add_button, good && self->exam != NULL);
}

static void
name_cb (AssayModelDialog *self)
{
  show_version (self);
}

/* "daisy, dandelion, roses, …" */
static void
append_labels (GString *text,
               char **labels)
{
  for (guint i = 0; labels[i] != NULL && i <= SHOWN_LABELS; i++)
    {
      g_autofree char *safe = assay_display_text (labels[i], -1, 40);

      g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", i < SHOWN_LABELS ? safe : "…");
    }
}

static char *
dup_label_text (const AssayModelExam *exam)
{
  g_autoptr (GString) text = g_string_new (NULL);
  guint n = exam->n_scores;

  if (exam->labels == NULL)
    {
      if (exam->passed_over != NULL)
        g_string_append_printf (text, "%s. ", exam->passed_over);
      g_string_append_printf (text, _("None were found: the scores are called class 0 … class %u"),
                              n - 1);
      return g_string_free (g_steal_pointer (&text), FALSE);
    }
  if (exam->labels_from == ASSAY_LABELS_METADATA)
    g_string_append_printf (text, g_dngettext (GETTEXT_PACKAGE, "%u from the model’s file: ",
                                               "%u from the model’s file: ", n), n);
  else
    g_string_append_printf (text, g_dngettext (GETTEXT_PACKAGE, "%u from the file of labels: ",
                                               "%u from the file of labels: ", n), n);
  append_labels (text, exam->labels);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
show_exam (AssayModelDialog *self)
{
  g_autofree char *labels = dup_label_text (self->exam);

  adw_action_row_set_subtitle (self->labels_row, labels);
  adw_action_row_set_subtitle (self->scores_row,
                               self->exam->softmax
                                 ? _("No probabilities yet; softmax makes them of it")
                                 : _("Probabilities"));
}

/* ---- what the model sees ---- */

static void
show_seen (AssayModelDialog *self)
{
  g_autofree char *text = assay_preprocess_format (&self->preprocess);

  assay_sight_set_preprocess (self->sight, text);
}

static void
show_preprocess (AssayModelDialog *self)
{
  const AssayPreprocess *preprocess = &self->preprocess;
  const char *note = NULL;

  self->showing = TRUE;
  adw_combo_row_set_selected (self->preset, assay_preprocess_find_preset (preprocess));
  adw_combo_row_set_selected (self->crop, preprocess->crop);
  adw_combo_row_set_selected (self->filter, preprocess->filter);
  adw_combo_row_set_selected (self->order, preprocess->order);
  gtk_spin_button_set_value (self->width, preprocess->width);
  gtk_spin_button_set_value (self->height, preprocess->height);
  gtk_spin_button_set_value (self->resize, preprocess->resize);
  gtk_widget_set_visible (self->resize_row, preprocess->crop == ASSAY_CROP_CENTER);
  self->showing = FALSE;
  if (self->size_guessed && !self->edited)
    note = _("The file doesn’t say how large its pictures are. All of this is a guess: set it "
             "to what the model was trained with.");
  else if (!self->edited)
    note = _("The size is the file’s own, the rest a guess: set it to what the model was "
             "trained with.");
  adw_preferences_group_set_description (self->sight_group, note);
  show_seen (self);
}

static void
preset_cb (AssayModelDialog *self)
{
  guint preset = adw_combo_row_get_selected (self->preset);

  if (self->showing)
    return;
  self->edited = TRUE;
  if (preset < OTHER_NUMBERS)
    assay_preprocess_apply_preset (&self->preprocess, assay_preset_names[preset]);
  show_preprocess (self);
}

/* Numbers of a preset follow the colors; those of nobody's are turned round with them. */
static void
set_order (AssayPreprocess *preprocess,
           AssayOrder order)
{
  guint preset = assay_preprocess_find_preset (preprocess);
  AssayPreprocess other = *preprocess;

  if (preprocess->order == order)
    return;
  preprocess->order = other.order = order;
  if (preset == OTHER_NUMBERS)
    return;
  assay_preprocess_apply_preset (&other, assay_preset_names[preset]);
  preprocess->scale = other.scale;
  for (guint i = 0; i < G_N_ELEMENTS (other.mean); i++)
    {
      preprocess->mean[i] = other.mean[i];
      preprocess->deviation[i] = other.deviation[i];
    }
}

static void
edited_cb (AssayModelDialog *self)
{
  AssayPreprocess *preprocess = &self->preprocess;

  if (self->showing || self->exam == NULL)
    return;
  self->edited = TRUE;
  preprocess->crop = adw_combo_row_get_selected (self->crop);
  preprocess->filter = adw_combo_row_get_selected (self->filter);
  preprocess->width = gtk_spin_button_get_value_as_int (self->width);
  preprocess->height = gtk_spin_button_get_value_as_int (self->height);
  preprocess->resize = preprocess->crop == ASSAY_CROP_CENTER
                         ? gtk_spin_button_get_value_as_int (self->resize) : 0;
  set_order (preprocess, adw_combo_row_get_selected (self->order));
  show_preprocess (self);
}

/* ---- looking at the file ---- */

static void look (AssayModelDialog *self, const char *preprocess);

static void
show_trouble (AssayModelDialog *self,
              const GError *error)
{
  g_autofree char *words = NULL;

  gtk_spinner_stop (self->spinner);
  if (self->exam != NULL)
    {
      show_refusal (self, error->message);
      gtk_stack_set_visible_child_name (self->stack, "form");
      show_version (self);
      return;
    }
  words = g_markup_escape_text (error->message, -1);
  adw_status_page_set_description (self->trouble, words);
  gtk_stack_set_visible_child_name (self->stack, "trouble");
}

static void
take_exam (AssayModelDialog *self,
           AssayModelExam *exam)
{
  g_autoptr (GError) error = NULL;

  g_clear_pointer (&self->exam, assay_model_exam_free);
  self->exam = exam;
  assay_preprocess_init_default (&self->preprocess, 0, 0);
  if (exam->preprocess == NULL ||
      !assay_preprocess_parse (&self->preprocess, exam->preprocess, &error))
    g_warning ("What the service says of its preprocessing is not understood");
  gtk_spinner_stop (self->spinner);
  show_refusal (self, NULL);
  show_exam (self);
  show_preprocess (self);
  show_version (self);
  gtk_stack_set_visible_child_name (self->stack, "form");
}

static void
looked_cb (GObject *source,
           GAsyncResult *result,
           gpointer data)
{
  g_autoptr (AssayModelDialog) self = data;
  g_autoptr (GError) error = NULL;
  AssayModelExam *exam = assay_model_exam_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (exam != NULL)
    take_exam (self, exam);
  else if (g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_USAGE) && self->exam == NULL &&
           !self->size_guessed)
    {
      self->size_guessed = TRUE;
      look (self, LIKELY_SIZE);
    }
  else
    {
      g_clear_object (&self->labels);
      show_trouble (self, error);
    }
}

static void
look (AssayModelDialog *self,
      const char *preprocess)
{
  show_busy (self, FALSE);
  assay_model_exam_async (self->onnx, self->labels, preprocess, NULL, self->cancellable, looked_cb,
                          g_object_ref (self));
}

static void
chosen_cb (AssayModelDialog *self,
           int response)
{
  g_autoptr (GFile) file =
    response == GTK_RESPONSE_ACCEPT
      ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (self->chooser)) : NULL;
  g_autofree char *preprocess = NULL;

  g_clear_object (&self->chooser);
  if (file == NULL)
    return;
  g_set_object (&self->labels, file);
  preprocess = assay_preprocess_format (&self->preprocess);
  look (self, preprocess);
}

static void
choose_cb (AssayModelDialog *self)
{
  g_autoptr (GFile) folder = g_file_get_parent (self->onnx);

  if (self->chooser != NULL)
    return;
  self->chooser = gtk_file_chooser_native_new (_("Choose Labels"), GTK_WINDOW (self),
                                               GTK_FILE_CHOOSER_ACTION_OPEN, _("_Choose"), NULL);
  if (folder != NULL)
    gtk_file_chooser_set_current_folder (GTK_FILE_CHOOSER (self->chooser), folder, NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (chosen_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

/* ---- adding ---- */

static void
added_cb (GObject *source,
          GAsyncResult *result,
          gpointer data)
{
  g_autoptr (AssayModelDialog) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayAddedModel) added = assay_model_adding_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (added == NULL)
    {
      show_trouble (self, error);
      return;
    }
  g_signal_emit (self, signals[SIGNAL_ADDED], 0, added->name, added->version, self->before);
  gtk_window_destroy (GTK_WINDOW (self));
}

static void
add_cb (AssayModelDialog *self)
{
  g_autofree char *preprocess = assay_preprocess_format (&self->preprocess);
  AssayModelWish wish = { self->onnx, self->labels, preprocess,
                          gtk_editable_get_text (self->name) };

  show_busy (self, TRUE);
  assay_model_adding_async (&wish, self->cancellable, added_cb, g_object_ref (self));
}

/* Return in the name adds it; in the rows below it is theirs. */
static void
entered_cb (AssayModelDialog *self)
{
  if (gtk_widget_is_sensitive (self->add_button))
    add_cb (self);
}

/* ---- life ---- */

static void
assay_model_dialog_dispose (GObject *object)
{
  AssayModelDialog *self = ASSAY_MODEL_DIALOG (object);

  g_cancellable_cancel (self->cancellable);
  if (self->chooser != NULL)
    gtk_native_dialog_destroy (GTK_NATIVE_DIALOG (self->chooser));
  g_clear_object (&self->chooser);
  g_clear_object (&self->onnx);
  g_clear_object (&self->labels);
  gtk_widget_dispose_template (GTK_WIDGET (self), ASSAY_TYPE_MODEL_DIALOG);

  G_OBJECT_CLASS (assay_model_dialog_parent_class)->dispose (object);
}

static void
assay_model_dialog_finalize (GObject *object)
{
  AssayModelDialog *self = ASSAY_MODEL_DIALOG (object);

  g_clear_pointer (&self->exam, assay_model_exam_free);
  g_object_unref (self->cancellable);
  g_free (self->before);

  G_OBJECT_CLASS (assay_model_dialog_parent_class)->finalize (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, AssayModelDialog, add_button);
  gtk_widget_class_bind_template_child (widget_class, AssayModelDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, AssayModelDialog, spinner);
  gtk_widget_class_bind_template_child (widget_class, AssayModelDialog, busy_label);
  gtk_widget_class_bind_template_child (widget_class, AssayModelDialog, trouble);
  gtk_widget_class_bind_template_child (widget_class, AssayModelDialog, refusal);
  gtk_widget_class_bind_template_child (widget_class, AssayModelDialog, name);
  gtk_widget_class_bind_template_child (widget_class, AssayModelDialog, version_row);
  gtk_widget_class_bind_template_child (widget_class, AssayModelDialog, labels_row);
  gtk_widget_class_bind_template_child (widget_class, AssayModelDialog, scores_row);
  gtk_widget_class_bind_template_child (widget_class, AssayModelDialog, sight_group);
  gtk_widget_class_bind_template_child (widget_class, AssayModelDialog, sight);
  gtk_widget_class_bind_template_child (widget_class, AssayModelDialog, preset);
  gtk_widget_class_bind_template_child (widget_class, AssayModelDialog, crop);
  gtk_widget_class_bind_template_child (widget_class, AssayModelDialog, filter);
  gtk_widget_class_bind_template_child (widget_class, AssayModelDialog, order);
  gtk_widget_class_bind_template_child (widget_class, AssayModelDialog, resize_row);
  gtk_widget_class_bind_template_child (widget_class, AssayModelDialog, width);
  gtk_widget_class_bind_template_child (widget_class, AssayModelDialog, height);
  gtk_widget_class_bind_template_child (widget_class, AssayModelDialog, resize);
  gtk_widget_class_bind_template_callback (widget_class, add_cb);
  gtk_widget_class_bind_template_callback (widget_class, entered_cb);
  gtk_widget_class_bind_template_callback (widget_class, name_cb);
  gtk_widget_class_bind_template_callback (widget_class, choose_cb);
  gtk_widget_class_bind_template_callback (widget_class, preset_cb);
  gtk_widget_class_bind_template_callback (widget_class, edited_cb);
}

static void
assay_model_dialog_class_init (AssayModelDialogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = assay_model_dialog_dispose;
  object_class->finalize = assay_model_dialog_finalize;

  signals[SIGNAL_ADDED] = g_signal_new ("added", ASSAY_TYPE_MODEL_DIALOG, G_SIGNAL_RUN_LAST, 0,
                                        NULL, NULL, NULL, G_TYPE_NONE, 3, G_TYPE_STRING,
                                        G_TYPE_STRING, G_TYPE_STRING);

  g_type_ensure (ASSAY_TYPE_SIGHT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/assay/Assay/assay-model-dialog.ui");
  bind_children (widget_class);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
assay_model_dialog_init (AssayModelDialog *self)
{
  GtkStringList *filters = gtk_string_list_new (NULL);

  self->cancellable = g_cancellable_new ();
  self->showing = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
  /* Their names are the same in every language. */
  for (guint i = 0; assay_filter_names[i] != NULL; i++)
    gtk_string_list_append (filters, assay_filter_names[i]);
  adw_combo_row_set_model (self->filter, G_LIST_MODEL (filters));
  g_object_unref (filters);
  gtk_spin_button_set_range (self->width, 1, ASSAY_LIMIT_MODEL_SIDE);
  gtk_spin_button_set_increments (self->width, 1, 32);
  gtk_spin_button_set_range (self->height, 1, ASSAY_LIMIT_MODEL_SIDE);
  gtk_spin_button_set_increments (self->height, 1, 32);
  gtk_spin_button_set_range (self->resize, 0, ASSAY_LIMIT_MODEL_SIDE);
  gtk_spin_button_set_increments (self->resize, 1, 32);
  self->showing = FALSE;
}

/**
 * assay_model_dialog_new:
 * @parent: (nullable): the window that asks
 * @onnx: the file
 *
 * Begins to look at the file at once.
 *
 * Returns: (transfer floating): the dialog
 */
GtkWidget *
assay_model_dialog_new (GtkWindow *parent,
                        GFile *onnx)
{
  AssayModelDialog *self = g_object_new (ASSAY_TYPE_MODEL_DIALOG, "transient-for", parent, NULL);
  g_autofree char *name = NULL;

  g_return_val_if_fail (G_IS_FILE (onnx), GTK_WIDGET (self));

  self->onnx = g_object_ref (onnx);
  name = assay_model_adding_propose_name (onnx);
  gtk_editable_set_text (self->name, name);
  look (self, NULL);
  return GTK_WIDGET (self);
}
