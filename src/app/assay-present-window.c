/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>

#include "assay-display.h"
#include "assay-present-change.h"
#include "assay-present-drop.h"
#include "assay-present-fit.h"
#include "assay-present-photo.h"
#include "assay-present-side.h"
#include "assay-present-strip.h"
#include "assay-present-text.h"

#define POINTER_SECONDS 3
#define QUIET_SECONDS 60
#define WORDS_SECONDS 4

/* Columns of the same width: five for the photo and four for the verdict; with two
 * versions three and six; on a portrait screen one below the other. */
#define COLUMNS 9
#define PHOTO 5
#define PHOTO_OF_TWO 3

/* Sizes of style.css, in the window's font. */
#define PADDING 1.6
#define CHANGE 1.3
#define CHANGE_LINES 2

/* Invariants: items are those of the rows that are images; item is what is looked at, in
 * them or not; position is where it is, or was last seen. */
struct _AssayPresentWindow {
  GtkWindow parent_instance;

  GtkWidget *stage;
  GtkLabel *file_name;
  GtkWidget *recorded;
  GtkWidget *grid;
  GtkWidget *picture;
  AssayPresentPhoto *photo;
  GtkWidget *sides;
  GtkWidget *pair;
  GtkLabel *change;
  AssayPresentSide *other;
  AssayPresentSide *side;
  AssayPresentStrip *strip;
  GtkLabel *target;
  GtkWidget *help;
  GtkGrid *keys;
  GtkLabel *words;
  GtkWidget *blank;

  AssaySession *session;
  GSettings *settings;
  GListModel *items;
  AssayItem *item;               /* (nullable) */
  GSignalGroup *item_signals;
  guint position;
  GCancellable *looking;         /* (nullable): while what is held over it is read */
  gboolean awaits;               /* something was given here: the next that comes is shown */
  gboolean two;                  /* the other version beside it */
  GtkCssProvider *style;
  int width, height;             /* that the style is for */
  double sides_width;            /* pixels, 0 until it is known */
  GtkApplication *application;   /* (nullable): that keeps the screen awake */
  guint inhibited;
  guint pointer_source;
  guint size_source;
  guint loop_source;
  guint quiet_source;
  guint words_source;
};

G_DEFINE_FINAL_TYPE (AssayPresentWindow, assay_present_window, GTK_TYPE_WINDOW)

enum {
  LEFT,
  OFFERED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* ---- what is shown ---- */

static void
fit_change (AssayPresentWindow *self)
{
  assay_present_fit (self->change, CHANGE * assay_present_get_em (self->width, self->height),
                     self->sides_width, CHANGE_LINES);
}

static void
show_change (AssayPresentWindow *self)
{
  AssayPrediction *a = assay_present_side_get_prediction (self->other);
  AssayPrediction *b = assay_present_side_get_prediction (self->side);
  g_autofree char *text = NULL;

  if (self->two && self->item != NULL && a != NULL && b != NULL)
    text = assay_present_dup_change (assay_item_get_truth (self->item), a, b);
  assay_present_side_follow (self->other, b);
  gtk_label_set_text (self->change, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->change), text != NULL);
  fit_change (self);
}

/* Only the version: where it is asked is nobody's business here. */
static char *
dup_version (AssayTarget *target)
{
  g_autofree char *model = assay_display_name (assay_target_get_model (target));
  g_autofree char *version = assay_display_name (assay_target_get_version (target));

  if (*version == '\0')
    return g_strdup (*model != '\0' ? model : _("the service’s own model"));
  return *model != '\0' ? g_strdup_printf ("%s %s", model, version) : g_steal_pointer (&version);
}

static void
show_other (AssayPresentWindow *self)
{
  AssayTarget *baseline = self->two ? assay_session_get_baseline (self->session) : NULL;
  AssayAnswer *answer = baseline != NULL && self->item != NULL
                          ? assay_item_find_answer (self->item, baseline) : NULL;
  gboolean asked = baseline != NULL && assay_session_get_baseline_link (self->session) != NULL;
  g_autofree char *name = baseline != NULL ? dup_version (baseline) : NULL;
  const char *waiting = baseline == NULL ? _("No other version is known")
                        : asked ? _("No answer yet") : _("No answer is kept");

  gtk_widget_set_visible (GTK_WIDGET (self->other), self->two);
  if (self->two)
    assay_present_side_set_heading (self->other, name != NULL ? name : _("Other version"));
  assay_present_side_set_answer (self->other, answer, waiting);
  show_change (self);
}

static void
show_target (AssayPresentWindow *self)
{
  g_autofree char *title = assay_session_dup_target_title (self->session);

  gtk_label_set_text (self->target, title != NULL ? title : "");
  assay_present_side_set_heading (self->side, self->two ? title : NULL);
  gtk_widget_set_visible (self->recorded, assay_session_shows_kept (self->session));
}

static void
show_answer (AssayPresentWindow *self)
{
  AssayAnswer *answer = self->item != NULL ? assay_item_get_answer (self->item) : NULL;

  assay_present_side_set_answer (self->side, answer,
                                 self->item == NULL ? _("Drop an image here") : NULL);
  show_other (self);
}

static void
show_name (AssayPresentWindow *self)
{
  gtk_label_set_text (self->file_name, self->item != NULL
                                         && gtk_widget_get_visible (GTK_WIDGET (self->file_name))
                                         ? assay_item_get_name (self->item) : "");
}

static gboolean
is_at (AssayPresentWindow *self,
       guint position)
{
  g_autoptr (AssayItem) item = g_list_model_get_item (self->items, position);

  return item != NULL && item == self->item;
}

/* Mostly it is where it was: of very many all are looked through only when it isn't. */
static void
find_item (AssayPresentWindow *self)
{
  guint n = g_list_model_get_n_items (self->items);
  guint found = is_at (self, self->position) ? self->position : G_MAXUINT;

  for (guint i = 0; i < n && found == G_MAXUINT; i++)
    if (is_at (self, i))
      found = i;
  if (found != G_MAXUINT)
    self->position = found;
  assay_present_strip_show (self->strip, self->items, found);
}

/* The other version is asked about what is looked at and about what may be next, not
 * about all that nobody may ever come to. */
static void
compare (AssayPresentWindow *self)
{
  guint n = g_list_model_get_n_items (self->items);
  g_autoptr (GPtrArray) near = g_ptr_array_new_with_free_func (g_object_unref);

  if (self->item != NULL)
    g_ptr_array_add (near, g_object_ref (self->item));
  for (guint i = self->position > 0 ? self->position - 1 : 0; i < MIN (n, self->position + 2); i++)
    {
      g_autoptr (AssayItem) item = g_list_model_get_item (self->items, i);

      if (item != self->item)
        g_ptr_array_add (near, g_steal_pointer (&item));
    }
  assay_session_compare_items (self->session, near);
}

static void
show_item (AssayPresentWindow *self,
           AssayItem *item)
{
  g_set_object (&self->item, item);
  g_signal_group_set_target (self->item_signals, item);
  assay_present_photo_set_item (self->photo, item);
  show_name (self);
  show_answer (self);
  find_item (self);
  /* What is looked at goes first. */
  if (item != NULL && !assay_session_shows_kept (self->session))
    assay_session_prefer (self->session, item);
  if (self->two)
    compare (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->side));
}

static void
show_at (AssayPresentWindow *self,
         guint position)
{
  g_autoptr (AssayItem) item = g_list_model_get_item (self->items, position);

  if (item == NULL)
    return;
  self->position = position;
  show_item (self, item);
}

static void
move (AssayPresentWindow *self,
      int by)
{
  guint n = g_list_model_get_n_items (self->items);

  if (n > 0)
    show_at (self, (guint) CLAMP ((gint64) self->position + by, 0, (gint64) n - 1));
}

static void
items_changed_cb (AssayPresentWindow *self)
{
  if (self->item == NULL)
    show_at (self, 0);
  else
    find_item (self);
}

/* What was dropped is looked at, even where the filter of the list hides it. */
static void
added_cb (GListModel *collection,
          guint position,
          guint removed,
          guint added,
          AssayPresentWindow *self)
{
  g_autoptr (AssayItem) item = NULL;

  if (!self->awaits || added == 0)
    return;
  self->awaits = FALSE;
  item = g_list_model_get_item (collection, position);
  show_item (self, item);
}

static void
threshold_cb (AssayPresentWindow *self)
{
  double threshold =
    assay_collection_get_threshold (assay_session_get_collection (self->session));

  assay_present_side_set_threshold (self->side, threshold);
  assay_present_side_set_threshold (self->other, threshold);
}

static void
session_changed_cb (AssayPresentWindow *self)
{
  show_target (self);
  show_answer (self);
}

/* ---- words ---- */

/**
 * assay_present_window_say:
 * @words: (nullable): what stands in the middle, %NULL for nothing
 */
void
assay_present_window_say (AssayPresentWindow *self,
                          const char *words)
{
  g_return_if_fail (ASSAY_IS_PRESENT_WINDOW (self));

  g_clear_handle_id (&self->words_source, g_source_remove);
  gtk_label_set_text (self->words, words != NULL ? words : "");
  gtk_widget_set_visible (GTK_WIDGET (self->words),
                          words != NULL && !gtk_widget_get_visible (self->blank));
}

static gboolean
words_over_cb (gpointer data)
{
  AssayPresentWindow *self = data;

  self->words_source = 0;
  assay_present_window_say (self, NULL);
  return G_SOURCE_REMOVE;
}

/**
 * assay_present_window_say_briefly:
 * @words: what stands in the middle for a few seconds
 */
void
assay_present_window_say_briefly (AssayPresentWindow *self,
                                  const char *words)
{
  g_return_if_fail (ASSAY_IS_PRESENT_WINDOW (self));

  assay_present_window_say (self, words);
  self->words_source = g_timeout_add_seconds (WORDS_SECONDS, words_over_cb, self);
}

/**
 * assay_present_window_look:
 *
 * Something is held over the window.
 *
 * Returns: (transfer none): what stops reading it, as does assay_present_window_forget()
 */
GCancellable *
assay_present_window_look (AssayPresentWindow *self)
{
  g_return_val_if_fail (ASSAY_IS_PRESENT_WINDOW (self), NULL);

  assay_present_window_forget (self);
  self->looking = g_cancellable_new ();
  return self->looking;
}

void
assay_present_window_forget (AssayPresentWindow *self)
{
  g_return_if_fail (ASSAY_IS_PRESENT_WINDOW (self));

  if (self->looking != NULL)
    g_cancellable_cancel (self->looking);
  g_clear_object (&self->looking);
}

/**
 * assay_present_window_take:
 * @offer: what was dropped or pasted
 *
 * Returns: whether there was anything of use in it; it is looked at as soon as it is there
 */
gboolean
assay_present_window_take (AssayPresentWindow *self,
                           const AssayOffer *offer)
{
  gboolean taken = FALSE;

  g_return_val_if_fail (ASSAY_IS_PRESENT_WINDOW (self), FALSE);

  if (self->session == NULL)
    return FALSE;
  self->awaits = TRUE;
  g_signal_emit (self, signals[OFFERED], 0, offer, &taken);
  if (!taken)
    self->awaits = FALSE;
  return taken;
}

AssaySession *
assay_present_window_get_session (AssayPresentWindow *self)
{
  g_return_val_if_fail (ASSAY_IS_PRESENT_WINDOW (self), NULL);

  return self->session;
}

/* ---- size ---- */

static void
place (AssayPresentWindow *self,
       GtkWidget *child,
       int column,
       int row,
       int columns)
{
  GtkLayoutManager *manager = gtk_widget_get_layout_manager (self->grid);

  g_object_set (gtk_layout_manager_get_layout_child (manager, child),
                "column", column, "row", row, "column-span", columns, NULL);
}

/* What is said has as much width as the columns give it, and is made to fit. */
static void
give_room (AssayPresentWindow *self,
           int columns,
           int gap)
{
  double em = assay_present_get_em (self->width, self->height);
  double side;

  self->sides_width = (self->width - 2 * PADDING * em) * columns / COLUMNS
                      - gtk_widget_get_margin_start (self->sides);
  side = self->two ? (self->sides_width - gap) / 2 : self->sides_width;
  assay_present_side_set_room (self->side, side, em);
  assay_present_side_set_room (self->other, side, em);
  fit_change (self);
}

static void
arrange (AssayPresentWindow *self)
{
  gboolean portrait = self->height > self->width;
  int photo = portrait ? COLUMNS : self->two ? PHOTO_OF_TWO : PHOTO;
  int gap = (int) (PADDING * assay_present_get_em (self->width, self->height));

  if (self->two)
    gtk_widget_add_css_class (GTK_WIDGET (self), "two");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "two");
  place (self, self->picture, 0, 0, photo);
  place (self, self->sides, portrait ? 0 : photo, portrait ? 1 : 0,
         portrait ? COLUMNS : COLUMNS - photo);
  gtk_grid_set_row_spacing (GTK_GRID (self->grid), gap / 2);
  gtk_widget_set_margin_start (self->sides, portrait ? 0 : gap);
  gtk_box_set_spacing (GTK_BOX (self->pair), gap);
  gtk_grid_set_column_spacing (self->keys, gap / 2);
  give_room (self, portrait ? COLUMNS : COLUMNS - photo, gap);
}

static void
set_size (AssayPresentWindow *self,
          int width,
          int height)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  g_autofree char *css = NULL;

  if (width <= 1 || height <= 1 || (width == self->width && height == self->height))
    return;
  self->width = width;
  self->height = height;
  g_ascii_formatd (number, sizeof number, "%.2f", assay_present_get_em (width, height));
  css = g_strdup_printf ("window.present { font-size: %spx; }", number);
  gtk_css_provider_load_from_data (self->style, css, -1);
  arrange (self);
}

static gboolean
size_cb (gpointer data)
{
  AssayPresentWindow *self = data;
  GdkSurface *surface = gtk_native_get_surface (GTK_NATIVE (self));

  self->size_source = 0;
  if (surface != NULL)
    set_size (self, gdk_surface_get_width (surface), gdk_surface_get_height (surface));
  return G_SOURCE_REMOVE;
}

/* Told of while sizes are given out: those of another font would be given to what was
 * measured with this one. */
static void
size_changed_cb (AssayPresentWindow *self)
{
  if (self->size_source == 0)
    self->size_source = g_idle_add_full (G_PRIORITY_HIGH, size_cb, self, NULL);
}

/* ---- the loop of a stand that nobody attends ---- */

static gboolean
loop_cb (gpointer data)
{
  AssayPresentWindow *self = data;
  guint n = g_list_model_get_n_items (self->items);

  if (n > 0)
    show_at (self, (self->position + 1) % n);
  return G_SOURCE_CONTINUE;
}

static void
start_loop (AssayPresentWindow *self)
{
  guint seconds = g_settings_get_uint (self->settings, "present-seconds");

  g_clear_handle_id (&self->loop_source, g_source_remove);
  g_clear_handle_id (&self->quiet_source, g_source_remove);
  if (seconds > 0)
    self->loop_source = g_timeout_add_seconds (seconds, loop_cb, self);
}

static gboolean
quiet_cb (gpointer data)
{
  AssayPresentWindow *self = data;

  self->quiet_source = 0;
  start_loop (self);
  return G_SOURCE_REMOVE;
}

/* Somebody is there. */
static void
hold_loop (AssayPresentWindow *self)
{
  g_clear_handle_id (&self->loop_source, g_source_remove);
  g_clear_handle_id (&self->quiet_source, g_source_remove);
  self->quiet_source = g_timeout_add_seconds (QUIET_SECONDS, quiet_cb, self);
}

/* ---- the pointer ---- */

static gboolean
hide_pointer_cb (gpointer data)
{
  AssayPresentWindow *self = data;

  self->pointer_source = 0;
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self), "none");
  return G_SOURCE_REMOVE;
}

static void
rest_pointer (AssayPresentWindow *self)
{
  g_clear_handle_id (&self->pointer_source, g_source_remove);
  self->pointer_source = g_timeout_add_seconds (POINTER_SECONDS, hide_pointer_cb, self);
}

static void
motion_cb (GtkEventControllerMotion *controller,
           double x,
           double y,
           AssayPresentWindow *self)
{
  gtk_widget_set_cursor (GTK_WIDGET (self), NULL);
  rest_pointer (self);
}

static void
pressed_cb (GtkGestureClick *gesture,
            int n_press,
            double x,
            double y,
            AssayPresentWindow *self)
{
  hold_loop (self);
}

static void
picked_cb (AssayPresentStrip *strip,
           guint position,
           AssayPresentWindow *self)
{
  show_at (self, position);
}

/* ---- keys ---- */

static void
leave (AssayPresentWindow *self)
{
  gtk_window_close (GTK_WINDOW (self));
}

static gboolean
quit_cb (gpointer data)
{
  g_action_group_activate_action (G_ACTION_GROUP (data), "quit", NULL);
  return G_SOURCE_REMOVE;
}

/* What the program may have to ask first is asked where it is seen; and the window that is
 * told of the key is still at work here. */
static void
quit (AssayPresentWindow *self)
{
  if (self->application != NULL)
    g_idle_add_full (G_PRIORITY_DEFAULT, quit_cb, g_object_ref (self->application), g_object_unref);
  leave (self);
}

static void
start_over (AssayPresentWindow *self)
{
  show_at (self, 0);
  assay_present_side_grow (self->side);
  assay_present_side_grow (self->other);
}

static void
toggle_names (AssayPresentWindow *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self->file_name),
                          !gtk_widget_get_visible (GTK_WIDGET (self->file_name)));
  show_name (self);
}

static void
toggle_two (AssayPresentWindow *self)
{
  self->two = !self->two;
  if (self->two)
    compare (self);
  else
    assay_session_set_comparing (self->session, FALSE);
  show_target (self);
  show_answer (self);
  arrange (self);
  if (!self->two)
    return;
  assay_present_side_grow (self->side);
  assay_present_side_grow (self->other);
}

static void
set_blank (AssayPresentWindow *self,
           gboolean blank)
{
  gtk_widget_set_visible (self->blank, blank);
  assay_present_window_say (self, NULL);
  /* What is covered is read out no more. */
  gtk_widget_set_visible (self->stage, !blank);
  if (!blank)
    gtk_widget_grab_focus (GTK_WIDGET (self->side));
}

static void
toggle_help (AssayPresentWindow *self)
{
  gtk_widget_set_visible (self->help, !gtk_widget_get_visible (self->help));
}

/* Returns: whether it was a key of these */
static gboolean
move_by_key (AssayPresentWindow *self,
             guint key)
{
  gboolean rtl = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;

  switch (key)
    {
    case GDK_KEY_Right:
    case GDK_KEY_KP_Right:
      move (self, rtl ? -1 : 1);
      return TRUE;
    case GDK_KEY_Left:
    case GDK_KEY_KP_Left:
      move (self, rtl ? 1 : -1);
      return TRUE;
    case GDK_KEY_space:
    case GDK_KEY_KP_Space:
    case GDK_KEY_Down:
    case GDK_KEY_KP_Down:
    case GDK_KEY_Page_Down:
    case GDK_KEY_KP_Page_Down:
      move (self, 1);
      return TRUE;
    case GDK_KEY_Up:
    case GDK_KEY_KP_Up:
    case GDK_KEY_Page_Up:
    case GDK_KEY_KP_Page_Up:
    case GDK_KEY_BackSpace:
      move (self, -1);
      return TRUE;
    case GDK_KEY_Home:
    case GDK_KEY_KP_Home:
      show_at (self, 0);
      return TRUE;
    case GDK_KEY_End:
    case GDK_KEY_KP_End:
      move (self, G_MAXINT);
      return TRUE;
    default:
      return FALSE;
    }
}

static gboolean
do_key (AssayPresentWindow *self,
        guint key)
{
  switch (gdk_keyval_to_lower (key))
    {
    case GDK_KEY_b:
    case GDK_KEY_period:
      set_blank (self, TRUE);
      return TRUE;
    case GDK_KEY_v:
      toggle_two (self);
      return TRUE;
    case GDK_KEY_n:
      toggle_names (self);
      return TRUE;
    case GDK_KEY_r:
      start_over (self);
      return TRUE;
    case GDK_KEY_question:
    case GDK_KEY_F1:
      toggle_help (self);
      return TRUE;
    case GDK_KEY_F11:
    case GDK_KEY_Escape:
      leave (self);
      return TRUE;
    default:
      return move_by_key (self, key);
    }
}

static gboolean
do_control_key (AssayPresentWindow *self,
                guint key)
{
  switch (gdk_keyval_to_lower (key))
    {
    case GDK_KEY_v:
      assay_present_drop_paste (self);
      return TRUE;
    case GDK_KEY_w:
      leave (self);
      return TRUE;
    case GDK_KEY_q:
      quit (self);
      return TRUE;
    default:
      return FALSE;
    }
}

static gboolean
is_modifier (guint key)
{
  return (key >= GDK_KEY_Shift_L && key <= GDK_KEY_Hyper_R) || key == GDK_KEY_ISO_Level3_Shift;
}

static gboolean
key_cb (GtkEventControllerKey *controller,
        guint key,
        guint code,
        GdkModifierType state,
        AssayPresentWindow *self)
{
  state &= GDK_CONTROL_MASK | GDK_ALT_MASK | GDK_SUPER_MASK;
  if (is_modifier (key))
    return GDK_EVENT_PROPAGATE;
  hold_loop (self);
  if (key == GDK_KEY_space)
    start_loop (self);
  /* Whatever key brings the picture back does nothing else. */
  if (gtk_widget_get_visible (self->blank))
    {
      set_blank (self, FALSE);
      return GDK_EVENT_STOP;
    }
  if (gtk_widget_get_visible (self->help))
    {
      toggle_help (self);
      return GDK_EVENT_STOP;
    }
  if (state == GDK_CONTROL_MASK && do_control_key (self, key))
    return GDK_EVENT_STOP;
  return state == 0 && do_key (self, key) ? GDK_EVENT_STOP : GDK_EVENT_PROPAGATE;
}

static void
fill_keys (AssayPresentWindow *self)
{
  const struct {
    const char *keys;
    const char *what;
  } lines[] = {
    { _("Space, →"), _("Next image") },
    { _("Backspace, ←"), _("Image before") },
    { _("Home, End"), _("First and last image") },
    { "B", _("Blank the screen; any key brings it back") },
    { "V", _("The other version beside it") },
    { "N", _("File names") },
    { "R", _("Start over") },
    { _("Ctrl+V"), _("Paste an image") },
    { _("Esc, F11"), _("Leave") },
  };

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      GtkWidget *keys = gtk_label_new (lines[i].keys);
      GtkWidget *what = gtk_label_new (lines[i].what);

      gtk_label_set_xalign (GTK_LABEL (keys), 0);
      gtk_label_set_xalign (GTK_LABEL (what), 0);
      gtk_label_set_yalign (GTK_LABEL (keys), 0);
      gtk_label_set_wrap (GTK_LABEL (keys), TRUE);
      gtk_label_set_wrap (GTK_LABEL (what), TRUE);
      gtk_widget_add_css_class (keys, "help-key");
      gtk_grid_attach (self->keys, keys, 0, (int) i, 1, 1);
      gtk_grid_attach (self->keys, what, 1, (int) i, 1, 1);
    }
}

/* ---- the window ---- */

static void
realize_cb (AssayPresentWindow *self)
{
  GdkSurface *surface = gtk_native_get_surface (GTK_NATIVE (self));

  g_signal_connect_object (surface, "notify::width", G_CALLBACK (size_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (surface, "notify::height", G_CALLBACK (size_changed_cb), self,
                           G_CONNECT_SWAPPED);
}

/* Also from dispose: with the window that it was opened from it isn't asked to close. */
static void
let_sleep (AssayPresentWindow *self)
{
  if (self->inhibited != 0)
    gtk_application_uninhibit (self->application, self->inhibited);
  self->inhibited = 0;
}

static gboolean
assay_present_window_close_request (GtkWindow *window)
{
  AssayPresentWindow *self = ASSAY_PRESENT_WINDOW (window);

  let_sleep (self);
  g_signal_emit (self, signals[LEFT], 0, self->item);
  return GTK_WINDOW_CLASS (assay_present_window_parent_class)->close_request (window);
}

static void
assay_present_window_dispose (GObject *object)
{
  AssayPresentWindow *self = ASSAY_PRESENT_WINDOW (object);

  let_sleep (self);
  g_clear_object (&self->application);
  assay_present_window_forget (self);
  g_clear_handle_id (&self->pointer_source, g_source_remove);
  g_clear_handle_id (&self->size_source, g_source_remove);
  g_clear_handle_id (&self->loop_source, g_source_remove);
  g_clear_handle_id (&self->quiet_source, g_source_remove);
  g_clear_handle_id (&self->words_source, g_source_remove);
  if (self->item_signals != NULL)
    g_signal_group_set_target (self->item_signals, NULL);
  g_clear_object (&self->item_signals);
  g_clear_object (&self->item);
  g_clear_object (&self->items);
  g_clear_object (&self->settings);
  g_clear_object (&self->session);
  g_clear_object (&self->style);
  gtk_widget_dispose_template (GTK_WIDGET (object), ASSAY_TYPE_PRESENT_WINDOW);
  G_OBJECT_CLASS (assay_present_window_parent_class)->dispose (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, AssayPresentWindow, stage);
  gtk_widget_class_bind_template_child (widget_class, AssayPresentWindow, file_name);
  gtk_widget_class_bind_template_child (widget_class, AssayPresentWindow, recorded);
  gtk_widget_class_bind_template_child (widget_class, AssayPresentWindow, grid);
  gtk_widget_class_bind_template_child (widget_class, AssayPresentWindow, picture);
  gtk_widget_class_bind_template_child (widget_class, AssayPresentWindow, photo);
  gtk_widget_class_bind_template_child (widget_class, AssayPresentWindow, sides);
  gtk_widget_class_bind_template_child (widget_class, AssayPresentWindow, pair);
  gtk_widget_class_bind_template_child (widget_class, AssayPresentWindow, change);
  gtk_widget_class_bind_template_child (widget_class, AssayPresentWindow, other);
  gtk_widget_class_bind_template_child (widget_class, AssayPresentWindow, side);
  gtk_widget_class_bind_template_child (widget_class, AssayPresentWindow, strip);
  gtk_widget_class_bind_template_child (widget_class, AssayPresentWindow, target);
  gtk_widget_class_bind_template_child (widget_class, AssayPresentWindow, help);
  gtk_widget_class_bind_template_child (widget_class, AssayPresentWindow, keys);
  gtk_widget_class_bind_template_child (widget_class, AssayPresentWindow, words);
  gtk_widget_class_bind_template_child (widget_class, AssayPresentWindow, blank);
}

static void
assay_present_window_class_init (AssayPresentWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = assay_present_window_dispose;
  GTK_WINDOW_CLASS (klass)->close_request = assay_present_window_close_request;
  signals[LEFT] = g_signal_new ("left", ASSAY_TYPE_PRESENT_WINDOW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 1, ASSAY_TYPE_ITEM);
  signals[OFFERED] = g_signal_new ("offered", ASSAY_TYPE_PRESENT_WINDOW, G_SIGNAL_RUN_LAST, 0,
                                   g_signal_accumulator_true_handled, NULL, NULL, G_TYPE_BOOLEAN,
                                   1, G_TYPE_POINTER);
  g_type_ensure (ASSAY_TYPE_PRESENT_PHOTO);
  g_type_ensure (ASSAY_TYPE_PRESENT_SIDE);
  g_type_ensure (ASSAY_TYPE_PRESENT_STRIP);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/assay/Assay/assay-present-window.ui");
  bind_children (widget_class);
}

static void
add_controllers (AssayPresentWindow *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkGesture *click = gtk_gesture_click_new ();

  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect_object (keys, "key-pressed", G_CALLBACK (key_cb), self, 0);
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
  g_signal_connect_object (motion, "motion", G_CALLBACK (motion_cb), self, 0);
  gtk_widget_add_controller (GTK_WIDGET (self), motion);
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (click), GTK_PHASE_CAPTURE);
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), 0);
  g_signal_connect_object (click, "pressed", G_CALLBACK (pressed_cb), self, 0);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
}

static void
assay_present_window_init (AssayPresentWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->style = gtk_css_provider_new ();
  gtk_style_context_add_provider (gtk_widget_get_style_context (GTK_WIDGET (self)),
                                  GTK_STYLE_PROVIDER (self->style),
                                  GTK_STYLE_PROVIDER_PRIORITY_APPLICATION + 1);
  self->item_signals = g_signal_group_new (ASSAY_TYPE_ITEM);
  g_signal_group_connect_object (self->item_signals, "notify::answer", G_CALLBACK (show_answer),
                                 self, G_CONNECT_SWAPPED);
  g_signal_group_connect_object (self->item_signals, "notify::truth", G_CALLBACK (show_change),
                                 self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->strip, "picked", G_CALLBACK (picked_cb), self, 0);
  g_signal_connect_object (self->side, "answered", G_CALLBACK (show_change), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->other, "answered", G_CALLBACK (show_change), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect (self, "realize", G_CALLBACK (realize_cb), NULL);
  fill_keys (self);
  add_controllers (self);
  assay_present_drop_add (self);
  rest_pointer (self);
}

static gboolean
is_item (gpointer object,
         gpointer data)
{
  return ASSAY_IS_ITEM (object);
}

static void
follow (AssayPresentWindow *self,
        GListModel *rows)
{
  AssayCollection *collection = assay_session_get_collection (self->session);
  GtkFilter *filter = GTK_FILTER (gtk_custom_filter_new (is_item, NULL, NULL));

  self->items = G_LIST_MODEL (gtk_filter_list_model_new (g_object_ref (rows), filter));
  g_signal_connect_object (self->items, "items-changed", G_CALLBACK (items_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (collection, "items-changed", G_CALLBACK (added_cb), self, 0);
  g_signal_connect_object (collection, "notify::threshold", G_CALLBACK (threshold_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->session, "changed", G_CALLBACK (session_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->session, "progress", G_CALLBACK (show_other), self,
                           G_CONNECT_SWAPPED);
  assay_present_side_set_trimmer (self->side, assay_session_get_trimmer (self->session));
  assay_present_side_set_trimmer (self->other, assay_session_get_trimmer (self->session));
}

/* The one that was chosen, while it is there; else the one that the window is on. */
static GdkMonitor *
dup_monitor (AssayPresentWindow *self,
             GtkWindow *parent)
{
  GdkDisplay *display = gtk_widget_get_display (GTK_WIDGET (parent));
  GListModel *monitors = gdk_display_get_monitors (display);
  GdkSurface *surface = gtk_native_get_surface (GTK_NATIVE (parent));
  g_autofree char *wanted = g_settings_get_string (self->settings, "present-monitor");
  GdkMonitor *here;

  for (guint i = 0; *wanted != '\0' && i < g_list_model_get_n_items (monitors); i++)
    {
      g_autoptr (GdkMonitor) monitor = g_list_model_get_item (monitors, i);

      if (g_strcmp0 (gdk_monitor_get_connector (monitor), wanted) == 0)
        return g_steal_pointer (&monitor);
    }
  here = surface != NULL ? gdk_display_get_monitor_at_surface (display, surface) : NULL;
  return here != NULL ? g_object_ref (here) : g_list_model_get_item (monitors, 0);
}

static void
fill_screen (AssayPresentWindow *self,
             GtkWindow *parent)
{
  g_autoptr (GdkMonitor) monitor = dup_monitor (self, parent);
  GdkRectangle geometry;

  if (monitor == NULL)
    {
      gtk_window_fullscreen (GTK_WINDOW (self));
      return;
    }
  /* Where nobody manages windows it is as large all the same. */
  gdk_monitor_get_geometry (monitor, &geometry);
  gtk_window_set_default_size (GTK_WINDOW (self), geometry.width, geometry.height);
  set_size (self, geometry.width, geometry.height);
  gtk_window_fullscreen_on_monitor (GTK_WINDOW (self), monitor);
}

/**
 * assay_present_window_new:
 * @parent: the window that it is opened from
 * @session: (transfer none): what is presented
 * @rows: (transfer none): its list as it stands, of #AssayItem and others, which are left out
 * @settings: (transfer none): of the application
 * @item: (nullable) (transfer none): what to begin with
 *
 * Returns: (transfer none): the window, not yet on screen; GTK owns it
 */
GtkWidget *
assay_present_window_new (GtkWindow *parent,
                          AssaySession *session,
                          GListModel *rows,
                          GSettings *settings,
                          AssayItem *item)
{
  AssayPresentWindow *self;
  GtkApplication *application;

  g_return_val_if_fail (GTK_IS_WINDOW (parent), NULL);
  g_return_val_if_fail (ASSAY_IS_SESSION (session), NULL);
  g_return_val_if_fail (G_IS_LIST_MODEL (rows), NULL);

  application = gtk_window_get_application (parent);
  self = g_object_new (ASSAY_TYPE_PRESENT_WINDOW, "transient-for", parent,
                       "destroy-with-parent", TRUE, NULL);
  self->session = g_object_ref (session);
  self->settings = g_object_ref (settings);
  follow (self, rows);
  threshold_cb (self);
  show_target (self);
  show_item (self, item);
  if (item == NULL)
    show_at (self, 0);
  fill_screen (self, parent);
  if (g_set_object (&self->application, application))
    self->inhibited = gtk_application_inhibit (application, parent, GTK_APPLICATION_INHIBIT_IDLE,
                                               _("Images are presented"));
  g_signal_connect_object (settings, "changed::present-seconds", G_CALLBACK (start_loop), self,
                           G_CONNECT_SWAPPED);
  start_loop (self);
  return GTK_WIDGET (self);
}
