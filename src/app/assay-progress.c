/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>
#include <math.h>

#include "assay-progress.h"
#include "assay-run-text.h"

/* What is over sooner shows in the rows; a bar that flashes up tells nothing. */
#define APPEAR_MILLISECONDS 300

/* Figures that change faster cannot be read. */
#define REFRESH_MILLISECONDS 250

/* Before so many refreshes an estimate says more of the start than of the run. */
#define REFRESHES_BEFORE_ESTIMATE 4

/* Weight of the newest estimate of the time left. */
#define SMOOTHING 0.25

struct _AssayProgress {
  GtkWidget parent_instance;

  GtkRevealer *revealer;
  GtkProgressBar *bar;
  GtkLabel *label;
  GtkButton *pause;
  GtkWidget *pause_icon;
  GtkWidget *cancel;
  GtkWidget *cancel_icon;

  AssaySession *session;
  double seconds_left;           /* smoothed; negative while unknown */
  guint n_refreshes;
  AssayPause shown_pause;
  gboolean compact;
  guint appear_source;
  guint refresh_source;
};

G_DEFINE_FINAL_TYPE (AssayProgress, assay_progress, GTK_TYPE_WIDGET)

/* Rounded to what a person would say. */
static char *
format_left (double seconds,
             gboolean compact)
{
  guint whole = (guint) ceil (seconds);

  if (whole < 60)
    return g_strdup_printf (compact ? _("%u s left") : _("about %u s left"), MAX (whole, 1));
  whole = (guint) round (seconds / 60);
  if (whole < 90)
    return g_strdup_printf (compact ? _("%u min left") : _("about %u min left"), MAX (whole, 1));
  whole = (guint) round (seconds / 3600);
  return g_strdup_printf (compact ? _("%u h left") : _("about %u h left"), whole);
}

static char *
format_rate (double rate,
             gboolean compact)
{
  if (rate >= 9.5)
    return g_strdup_printf (compact ? _("%'.0f/s") : _("%'.0f images/s"), rate);
  return g_strdup_printf (compact ? _("%.1f/s") : _("%.1f images/s"), rate);
}

/**
 * assay_progress_dup_markup:
 * @figures: how far it is
 * @seconds_left: negative while unknown
 * @compact: for a narrow window
 *
 * Returns: (transfer full): "<b>94</b> of 128 · 41 images/s · about 1 s left", as
 *   markup
 */
char *
assay_progress_dup_markup (const AssayProgressFigures *figures,
                         double seconds_left,
                         gboolean compact)
{
  GString *text = g_string_new (NULL);

  g_return_val_if_fail (figures != NULL, NULL);

  if (figures->total == 0)
    g_string_append (text, _("Looking for images…"));
  else if (figures->walking)
    g_string_append_printf (text, _("<b>%'u</b> of at least %'u"), figures->done, figures->total);
  else
    g_string_append_printf (text, _("<b>%'u</b> of %'u"), figures->done, figures->total);

  if (figures->rate > 0 && figures->done < figures->total)
    {
      g_autofree char *rate = format_rate (figures->rate, compact);

      g_string_append_printf (text, "  ·  %s", rate);
    }
  if (seconds_left >= 0 && figures->done < figures->total)
    {
      g_autofree char *left = format_left (seconds_left, compact);

      g_string_append_printf (text, "  ·  %s", left);
    }
  return g_string_free (text, FALSE);
}

static void
estimate (AssayProgress *self,
          const AssayProgressFigures *figures)
{
  double newest;

  if (self->n_refreshes++ < REFRESHES_BEFORE_ESTIMATE
      || figures->rate <= 0 || figures->walking || figures->done >= figures->total
      || figures->pause != ASSAY_PAUSE_NONE)
    {
      self->seconds_left = -1;
      return;
    }
  newest = (figures->total - figures->done) / figures->rate;
  if (self->seconds_left < 0)
    self->seconds_left = newest;
  else
    self->seconds_left += SMOOTHING * (newest - self->seconds_left);
}

/**
 * assay_progress_dup_paused:
 * @figures: how far it is, with a pause
 * @now: monotonic time in microseconds
 *
 * What stands in the way is said elsewhere, with what to do about it; here only
 * what a person did, and what a service may well ask for.
 *
 * Returns: (transfer full): "<b>588</b> of 1,000 · waiting", as markup
 */
char *
assay_progress_dup_paused (const AssayProgressFigures *figures,
                           gint64 now)
{
  g_autofree char *text = NULL;

  g_return_val_if_fail (figures != NULL, NULL);

  if (figures->pause == ASSAY_PAUSE_PERSON)
    return assay_run_text_dup_paused (figures->total - figures->done, figures->total);
  if (figures->pause == ASSAY_PAUSE_ASKED)
    text = assay_run_text_dup_pause (figures->pause, figures->until - now);
  else
    text = g_strdup (_("waiting"));
  return g_strdup_printf (_("<b>%'u</b> of %'u  ·  %s"), figures->done, figures->total, text);
}

/* One button, which does what can be done now. */
static void
show_pause (AssayProgress *self,
            AssayPause pause)
{
  gboolean paused = pause == ASSAY_PAUSE_PERSON;
  const char *words = paused ? _("Resume") : _("Pause");

  self->shown_pause = pause;
  gtk_button_set_label (self->pause, words);
  gtk_button_set_icon_name (GTK_BUTTON (self->pause_icon), paused
                              ? "media-playback-start-symbolic" : "media-playback-pause-symbolic");
  gtk_widget_set_tooltip_text (self->pause_icon, words);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->pause_icon),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, words, -1);
  gtk_label_set_wrap (self->label, pause != ASSAY_PAUSE_NONE);
  if (pause != ASSAY_PAUSE_NONE)
    gtk_widget_add_css_class (GTK_WIDGET (self), "paused");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "paused");
}

static void
show_figures (AssayProgress *self)
{
  AssayProgressFigures figures;
  g_autofree char *text = NULL;

  assay_session_get_progress (self->session, &figures);
  estimate (self, &figures);
  if (figures.pause != self->shown_pause)
    show_pause (self, figures.pause);
  if (figures.pause != ASSAY_PAUSE_NONE)
    text = assay_progress_dup_paused (&figures, g_get_monotonic_time ());
  else
    text = assay_progress_dup_markup (&figures, self->seconds_left, self->compact);
  gtk_label_set_markup (self->label, text);
  gtk_progress_bar_set_fraction (self->bar,
                                 figures.total > 0 ? (double) figures.done / figures.total : 0);
}

static gboolean
refresh_cb (gpointer data)
{
  show_figures (data);
  return G_SOURCE_CONTINUE;
}

static void
stop_refreshing (AssayProgress *self)
{
  g_clear_handle_id (&self->appear_source, g_source_remove);
  g_clear_handle_id (&self->refresh_source, g_source_remove);
}

static gboolean
appear_cb (gpointer data)
{
  AssayProgress *self = data;

  self->appear_source = 0;
  self->seconds_left = -1;
  self->n_refreshes = 0;
  show_figures (self);
  gtk_widget_set_visible (GTK_WIDGET (self), TRUE);
  gtk_revealer_set_reveal_child (self->revealer, TRUE);
  self->refresh_source = g_timeout_add (REFRESH_MILLISECONDS, refresh_cb, self);
  return G_SOURCE_REMOVE;
}

/* A hand that has pressed the button sees at once that it did. */
static gboolean
has_paused (AssayProgress *self)
{
  AssayProgressFigures figures;

  assay_session_get_progress (self->session, &figures);
  return figures.pause != self->shown_pause;
}

static void
progress_cb (AssayProgress *self)
{
  if (!assay_session_is_busy (self->session))
    {
      stop_refreshing (self);
      gtk_revealer_set_reveal_child (self->revealer, FALSE);
    }
  else if (self->refresh_source != 0 && has_paused (self))
    show_figures (self);
  else if (self->appear_source == 0 && self->refresh_source == 0)
    self->appear_source = g_timeout_add (APPEAR_MILLISECONDS, appear_cb, self);
}

static void
child_revealed_cb (AssayProgress *self)
{
  if (!gtk_revealer_get_reveal_child (self->revealer)
      && !gtk_revealer_get_child_revealed (self->revealer))
    gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

static void
assay_progress_dispose (GObject *object)
{
  AssayProgress *self = ASSAY_PROGRESS (object);

  stop_refreshing (self);
  g_clear_object (&self->session);
  gtk_widget_dispose_template (GTK_WIDGET (self), ASSAY_TYPE_PROGRESS);
  G_OBJECT_CLASS (assay_progress_parent_class)->dispose (object);
}

static void
assay_progress_class_init (AssayProgressClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = assay_progress_dispose;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/assay/Assay/assay-progress.ui");
  gtk_widget_class_bind_template_child (widget_class, AssayProgress, revealer);
  gtk_widget_class_bind_template_child (widget_class, AssayProgress, bar);
  gtk_widget_class_bind_template_child (widget_class, AssayProgress, label);
  gtk_widget_class_bind_template_child (widget_class, AssayProgress, pause);
  gtk_widget_class_bind_template_child (widget_class, AssayProgress, pause_icon);
  gtk_widget_class_bind_template_child (widget_class, AssayProgress, cancel);
  gtk_widget_class_bind_template_child (widget_class, AssayProgress, cancel_icon);
  gtk_widget_class_bind_template_callback (widget_class, child_revealed_cb);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "assay-progress");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
assay_progress_init (AssayProgress *self)
{
  self->seconds_left = -1;
  gtk_widget_init_template (GTK_WIDGET (self));
  show_pause (self, ASSAY_PAUSE_NONE);
}

/**
 * assay_progress_set_session:
 * @session: (transfer none): whose work is shown; once
 */
void
assay_progress_set_session (AssayProgress *self,
                            AssaySession *session)
{
  g_return_if_fail (ASSAY_IS_PROGRESS (self));
  g_return_if_fail (self->session == NULL);

  self->session = g_object_ref (session);
  g_signal_connect_object (session, "progress", G_CALLBACK (progress_cb), self, G_CONNECT_SWAPPED);
  progress_cb (self);
}

/**
 * assay_progress_set_compact:
 * @compact: whether the window is narrow
 */
void
assay_progress_set_compact (AssayProgress *self,
                            gboolean compact)
{
  g_return_if_fail (ASSAY_IS_PROGRESS (self));

  self->compact = compact;
  gtk_widget_set_visible (GTK_WIDGET (self->pause), !compact);
  gtk_widget_set_visible (self->pause_icon, compact);
  gtk_widget_set_visible (self->cancel, !compact);
  gtk_widget_set_visible (self->cancel_icon, compact);
  if (self->refresh_source != 0)
    show_figures (self);
}
