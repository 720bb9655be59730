# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A real desktop for the tests: Xvfb, a session bus, the real window, driven
through accessibility, keyboard and mouse.

Nothing here waits by sleeping for a guess: every wait has a condition and a
bound, and says what it saw when the bound is reached.
"""
import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))


def within_session_bus():
    """Runs this program again inside a session bus of its own, if it has none."""
    if os.environ.get("ASSAY_TEST_BUS") == "1":
        return
    environment = dict(os.environ, ASSAY_TEST_BUS="1")
    # What the desktop of whoever runs this has must not be touched.
    for name in ("DBUS_SESSION_BUS_ADDRESS", "WAYLAND_DISPLAY", "DISPLAY", "AT_SPI_BUS_ADDRESS"):
        environment.pop(name, None)
    home = tempfile.mkdtemp(prefix="assay-home-")
    for name, folder in (("HOME", ""), ("XDG_CONFIG_HOME", ".config"), ("XDG_DATA_HOME", ".local/share"),
                         ("XDG_CACHE_HOME", ".cache"), ("XDG_STATE_HOME", ".local/state"),
                         ("XDG_RUNTIME_DIR", ".run")):
        environment[name] = os.path.join(home, folder).rstrip("/")
        os.makedirs(environment[name], mode=0o700, exist_ok=True)
    # What a GNOME desktop would say of fonts, which Xvfb has nobody to say.
    os.makedirs(os.path.join(environment["XDG_CONFIG_HOME"], "gtk-4.0"), exist_ok=True)
    with open(os.path.join(environment["XDG_CONFIG_HOME"], "gtk-4.0", "settings.ini"), "w",
              encoding="utf-8") as file:
        file.write("[Settings]\ngtk-font-name=Cantarell 11\ngtk-xft-antialias=1\ngtk-xft-hinting=1\n"
                   "gtk-xft-hintstyle=hintslight\ngtk-decoration-layout=:close\n")
    # The settings of a window outlive it, as on a real desktop, but not the test.
    environment["GSETTINGS_BACKEND"] = "keyfile"
    environment["NO_AT_BRIDGE"] = "0"
    environment.setdefault("LC_ALL", "C.UTF-8")
    environment["LSAN_OPTIONS"] = environment.get("LSAN_OPTIONS", "")
    try:
        status = subprocess.call(["dbus-run-session", "--", sys.executable, *sys.argv], env=environment)
    finally:
        shutil.rmtree(home, ignore_errors=True)
    sys.exit(status)


class Gone(Exception):
    """What was waited for did not come."""


def wait_for(what, condition, seconds=20.0, tick=None):
    """Calls condition() until it gives something true, at most `seconds`."""
    end = time.monotonic() + seconds
    while True:
        try:
            value = condition()
        except Exception as error:  # an accessible may vanish between two calls
            if type(error).__name__ not in ("Error", "GError"):
                raise
            value = None
        if value:
            return value
        if time.monotonic() > end:
            raise Gone(f"{what}: not within {seconds:g} s")
        if tick is not None:
            tick()
        time.sleep(0.03)


class Screen:
    """An Xvfb of our own."""

    def __init__(self, width=1400, height=1000):
        read, write = os.pipe()
        self.process = subprocess.Popen(
            ["Xvfb", "-displayfd", str(write), "-screen", "0", f"{width}x{height}x24", "-nolisten", "tcp"],
            pass_fds=[write], stderr=subprocess.DEVNULL)
        os.close(write)
        with os.fdopen(read) as numbers:
            number = numbers.readline().strip()
        if not number:
            raise RuntimeError("Xvfb did not start")
        self.name = f":{number}"
        os.environ.update(DISPLAY=self.name, GDK_BACKEND="x11", GSK_RENDERER="cairo")

    def close(self):
        self.process.terminate()
        self.process.wait()

    def picture(self, path, width, height, x=0, y=0):
        subprocess.run(["import", "-window", "root", "-crop", f"{width}x{height}+{x}+{y}", "+repage", path],
                       check=True)


def xdotool(*words):
    return subprocess.run(["xdotool", *map(str, words)], check=True, capture_output=True, text=True).stdout


class App:
    """The real program, and its tree of accessibles."""

    def __init__(self, program, *arguments, name="assay", environment=None, errors=None):
        import gi
        gi.require_version("Atspi", "2.0")
        from gi.repository import Atspi

        self.atspi = Atspi
        self.name = name
        self.errors = errors or tempfile.NamedTemporaryFile(prefix="assay-errors-", delete=False).name
        with open(self.errors, "ab") as errors_file:
            self.process = subprocess.Popen([program, *arguments], env=dict(os.environ, **(environment or {})),
                                            stdout=errors_file, stderr=errors_file)
        self.root = wait_for(f"the accessible of {name}", self._find_root, 60)

    def _find_root(self):
        if self.process.poll() is not None:
            raise Gone(f"{self.name} ended with {self.process.returncode}: {self.read_errors()[-2000:]}")
        desktop = self.atspi.get_desktop(0)
        for index in range(desktop.get_child_count()):
            child = desktop.get_child_at_index(index)
            if child is not None and child.get_process_id() == self.process.pid and child.get_child_count():
                return child
        return None

    def read_errors(self):
        with open(self.errors, encoding="utf-8", errors="replace") as file:
            return file.read()

    def close(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        return self.process.returncode

    def walk(self, node=None, showing=True):
        """Yields every accessible below node, parents first."""
        stack = [node or self.root]
        while stack:
            node = stack.pop()
            yield node
            try:
                count = node.get_child_count()
                children = [node.get_child_at_index(i) for i in range(min(count, 500))]
            except Exception:
                continue
            for child in reversed(children):
                if child is None:
                    continue
                if showing and not child.get_state_set().contains(self.atspi.StateType.VISIBLE):
                    continue
                stack.append(child)

    def all(self, role=None, name=None, contains=None, node=None):
        found = []
        for each in self.walk(node):
            try:
                if role is not None and each.get_role_name() != role:
                    continue
                text = each.get_name() or ""
            except Exception:
                continue
            if name is not None and text != name:
                continue
            if contains is not None and contains not in text:
                continue
            found.append(each)
        return found

    def find(self, role=None, name=None, contains=None, seconds=20.0, node=None):
        what = f"{role or 'anything'} {name or contains or ''}"
        return wait_for(what, lambda: next(iter(self.all(role, name, contains, node)), None), seconds)

    def texts(self):
        """Every name on the screen, in reading order."""
        return [text for text in (node.get_name() for node in self.walk()) if text]

    def press(self, node):
        """Does the default action of a control, as a screen reader would."""
        action = node.get_action_iface()
        if action is None or action.get_n_actions() == 0:
            raise Gone(f"{node.get_role_name()} {node.get_name()!r} has no action")
        action.do_action(0)

    def window(self):
        def look():
            result = subprocess.run(["xdotool", "search", "--onlyvisible", "--pid", str(self.process.pid)],
                                    capture_output=True, text=True)
            return result.stdout.split()
        return wait_for("the window on the screen", look, 40)[-1]

    def size(self):
        words = dict(line.split("=") for line in
                     xdotool("getwindowgeometry", "--shell", self.window()).split() if "=" in line)
        return int(words["X"]), int(words["Y"]), int(words["WIDTH"]), int(words["HEIGHT"])

    def key(self, *keys):
        xdotool("windowfocus", "--sync", self.window())
        xdotool("key", "--clearmodifiers", *keys)


@contextlib.contextmanager
def screen(width=1400, height=1000):
    shown = Screen(width, height)
    try:
        yield shown
    finally:
        shown.close()


def drag_files(paths, target_x, target_y, offset_x=1250, hover=None):
    """A real drag from another program's window, dropped at a place on the screen.

    `hover`, if given, is called while the files hang over the target.
    """
    source = subprocess.Popen([sys.executable, os.path.join(HERE, "drag_source.py"), *paths],
                              stdout=subprocess.PIPE, text=True)
    try:
        window = source.stdout.readline().strip()
        if not window:
            raise RuntimeError("the drag source did not open its window")
        wait_for("the drag source's window",
                 lambda: subprocess.run(["xdotool", "windowmove", "--sync", window, str(offset_x), "5"],
                                        timeout=10, capture_output=True).returncode == 0)
        x, y = offset_x + 50, 55
        xdotool("mousemove", "--sync", x, y)
        xdotool("mousedown", 1)
        for step in range(1, 8):
            xdotool("mousemove", "--sync", x - 6 * step, y + 4 * step)
        for step in range(1, 13):
            xdotool("mousemove", "--sync", int(x + (target_x - x) * step / 12),
                    int(y + (target_y - y) * step / 12))
        # The target must have seen the drag before the button is let go.
        for step in range(4):
            xdotool("mousemove", "--sync", target_x + step, target_y)
            time.sleep(0.08)
        if hover is not None:
            hover()
        xdotool("mouseup", 1)
        # The drag icon of GTK lands where the pointer is; then the source says how it ended.
        if source.stdout.readline().strip() != "dropped":
            raise Gone("the drop was not taken")
    finally:
        source.terminate()
        source.wait()
