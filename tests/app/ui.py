# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A real desktop for the tests: Xvfb, a session bus, the real window, driven
through accessibility, keyboard and mouse.

Nothing here waits by sleeping for a guess: every wait has a condition and a
bound, and says what it saw when the bound is reached.
"""
import atexit
import contextlib
import ctypes
import functools
import os
import re
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))

# A program under a sanitizer, or on a machine with much else to do, takes longer.
PATIENCE = float(os.environ.get("ASSAY_TEST_PATIENCE", "1"))

# What a GNOME desktop would say of fonts, which Xvfb has nobody to say.
SETTINGS = """[Settings]
gtk-font-name=Cantarell 11
gtk-xft-antialias=1
gtk-xft-hinting=1
gtk-xft-hintstyle=hintslight
gtk-decoration-layout=:close
"""

# No compositor: the frame that would be a shadow is left out of pictures.
STYLE = """
window.solid-csd { padding: 0; border-radius: 0; box-shadow: none; }
popover.background > contents { margin: 0; box-shadow: none; }
tooltip { margin: 0; box-shadow: none; }
"""


class Gone(Exception):
    """What was waited for did not come."""


def wait_for(what, condition, seconds=20.0, seen=None):
    """Calls condition() until it gives something true, at most `seconds`.

    `what` is for the message, and so is what `seen`, if given, returns.
    """
    seconds *= PATIENCE
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            note = f"; seen: {seen()}" if seen is not None else ""
            raise Gone(f"{what}: not within {seconds:g} s{note}")
        time.sleep(0.02)


def _end_with_parent():
    """In a child before it runs its program: no test leaves anything behind."""
    PR_SET_PDEATHSIG = 1
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def start(*command, **options):
    """Runs a program that does not outlive this one."""
    try:
        return subprocess.Popen(command, preexec_fn=_end_with_parent, **options)
    except FileNotFoundError:
        raise Gone(f"{command[0]} is missing; install the package that has it") from None


def _first_line(command, option, what):
    """Starts a server that writes its address to the file descriptor after `option`."""
    read, write = os.pipe()
    with os.fdopen(read) as lines:
        try:
            server = start(*command, option.format(write) if "{}" in option else option,
                            *([] if "{}" in option else [str(write)]), pass_fds=[write],
                            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                            stderr=subprocess.DEVNULL)
        finally:
            os.close(write)
        line = lines.readline().strip()
    if not line:
        raise Gone(f"{what} did not start")
    return server, line


def stop(process, seconds=20):
    """Ends a process that was started here, kindly first."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    return process.returncode


def within_session_bus():
    """Gives this process a home folder and a session bus of its own until it ends."""
    if os.environ.get("ASSAY_TEST_BUS") == str(os.getpid()):
        return
    # What the desktop of whoever runs this has must not be touched.
    for name in ("WAYLAND_DISPLAY", "DISPLAY", "AT_SPI_BUS_ADDRESS", "GTK_A11Y", "GTK_THEME",
                 "GTK_MODULES", "LANGUAGE", "NO_AT_BRIDGE", "XDG_CURRENT_DESKTOP",
                 "GNOME_ACCESSIBILITY"):
        os.environ.pop(name, None)
    home = tempfile.mkdtemp(prefix="assay-home-")
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    for name, folder in (("HOME", ""), ("XDG_CONFIG_HOME", ".config"),
                         ("XDG_DATA_HOME", ".local/share"), ("XDG_CACHE_HOME", ".cache"),
                         ("XDG_STATE_HOME", ".local/state"), ("XDG_RUNTIME_DIR", ".run")):
        os.environ[name] = os.path.join(home, folder).rstrip("/")
        os.makedirs(os.environ[name], mode=0o700, exist_ok=True)
    gtk = os.path.join(os.environ["XDG_CONFIG_HOME"], "gtk-4.0")
    os.makedirs(gtk)
    for name, text in (("settings.ini", SETTINGS), ("gtk.css", STYLE)):
        with open(os.path.join(gtk, name), "w", encoding="utf-8") as file:
            file.write(text)
    # A bus would start an installed keyring, which asks for a password in a window.  In
    # this folder a file counts only when it has the name of its service.
    services = os.path.join(os.environ["XDG_RUNTIME_DIR"], "dbus-1", "services")
    os.makedirs(services)
    with open(os.path.join(services, "org.freedesktop.secrets.service"), "w", encoding="utf-8") as file:
        file.write("[D-BUS Service]\nName=org.freedesktop.secrets\nExec=/bin/false\n")
    # The settings of a window outlive it, as on a real desktop, but not the test.
    os.environ["GSETTINGS_BACKEND"] = "keyfile"
    os.environ.setdefault("LC_ALL", "C.UTF-8")
    server, address = _first_line(["dbus-daemon", "--session", "--nofork", "--nopidfile"],
                                  "--print-address={}", "the session bus")
    atexit.register(stop, server)
    os.environ["DBUS_SESSION_BUS_ADDRESS"] = address
    os.environ["ASSAY_TEST_BUS"] = str(os.getpid())
    # Ended by a signal, this process still cleans up.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))


class Screen:
    """An Xvfb of our own."""

    def __init__(self, width=1400, height=1000):
        self.width, self.height = width, height
        # It would start over when its last client leaves, and refuse who comes meanwhile.
        self.process, number = _first_line(
            ["Xvfb", "-screen", "0", f"{width}x{height}x24", "-nolisten", "tcp", "-noreset"],
            "-displayfd", "Xvfb")
        self.name = f":{number}"
        os.environ.update(DISPLAY=self.name, GDK_BACKEND="x11", GSK_RENDERER="cairo")
        # Out of the way, so that no tooltip opens.
        xdotool("mousemove", width - 1, height - 1)

    def close(self):
        stop(self.process)

    def picture(self, path, width=None, height=None, x=0, y=0):
        """Saves a part of the screen as PNG."""
        os.makedirs(os.path.dirname(os.path.abspath(path)), exist_ok=True)
        size = f"{width or self.width}x{height or self.height}+{x}+{y}"
        _run("import", "-silent", "-window", "root", "-crop", size, "+repage", path)

    def still(self, path, place):
        """Saves a part of the screen once nothing in it moves any more."""
        x, y, width, height = place
        before = [None]

        def is_still():
            self.picture(path, width, height, x, y)
            with open(path, "rb") as file:
                pixels = file.read()
            same = pixels == before[0]
            before[0] = pixels
            return same

        wait_for(f"a still picture of {os.path.basename(path)}", is_still)
        # More than a plain surface.
        assert os.path.getsize(path) > 3000


@contextlib.contextmanager
def screen(width=1400, height=1000):
    shown = Screen(width, height)
    try:
        yield shown
    finally:
        shown.close()


def _run(*words, check=True):
    words = [str(word) for word in words]
    try:
        result = subprocess.run(words, capture_output=True, text=True, timeout=60)
    except FileNotFoundError:
        raise Gone(f"{words[0]} is missing; install the package that has it") from None
    except subprocess.TimeoutExpired:
        raise Gone(f"{' '.join(words)}: not within 60 s") from None
    if check and result.returncode != 0:
        raise Gone(f"{' '.join(words)}: {result.stderr.strip()}")
    return result.stdout


def xdotool(*words):
    return _run("xdotool", *words)


@functools.lru_cache
def _atspi():
    import gi
    gi.require_version("Atspi", "2.0")
    from gi.repository import Atspi
    return Atspi


@functools.lru_cache
def _role_name(role):
    # "push button", "level bar", …; an enumeration alone connects to nothing.
    return _atspi().role_get_name(_atspi().Role(role))


class Bus:
    """The bus of assistive technology, with as few questions as can be: one for
    everything that the program knows already, one more for each widget whose
    children nobody has asked about so far."""

    CACHE = ("/org/a11y/atspi/cache", "org.a11y.atspi.Cache")

    def __init__(self):
        from gi.repository import Gio, GLib
        self.Variant, self.Error = GLib.Variant, GLib.Error
        session = Gio.bus_get_sync(Gio.BusType.SESSION)
        address, = session.call_sync("org.a11y.Bus", "/org/a11y/bus", "org.a11y.Bus", "GetAddress",
                                     None, None, Gio.DBusCallFlags.NONE, 60000).unpack()
        flags = Gio.DBusConnectionFlags
        self.no_flags = Gio.DBusCallFlags.NONE
        self.connection = Gio.DBusConnection.new_for_address_sync(
            address, flags.AUTHENTICATION_CLIENT | flags.MESSAGE_BUS_CONNECTION, None, None)

    def call(self, name, path, interface, method, kinds=None, *values):
        arguments = self.Variant(kinds, values) if kinds else None
        return self.connection.call_sync(name, path, interface, method, arguments, None,
                                         self.no_flags, int(60000 * PATIENCE), None).unpack()

    def find_name(self, pid):
        """The bus name of a process once it stands on the desktop, else None: before
        it has put itself there, GLib 2.74 may take a question for a fault of its own."""
        desktop = ("org.a11y.atspi.Registry", "/org/a11y/atspi/accessible/root",
                   "org.a11y.atspi.Accessible")
        bus = ("org.freedesktop.DBus", "/", "org.freedesktop.DBus")
        for name, _ in self.call(*desktop, "GetChildren")[0]:
            try:
                if self.call(*bus, "GetConnectionUnixProcessID", "(s)", name)[0] == pid:
                    return name
            except self.Error:
                continue  # it has gone meanwhile
        return None

    def items(self, name):
        found, = self.call(name, *self.CACHE, "GetItems")
        return {item[0][1]: item for item in found}

    def snapshot(self, name):
        """{path: item} and {path: [paths of its children]}, as they are now.

        Items keep a parent that shows them no more, and widgets that nobody has
        asked for are missing: only where an item's own count of children agrees
        with what is known of them is there nothing to ask."""
        children = {}
        for _ in range(100):
            items = self.items(name)
            known = {}
            for path, item in items.items():
                known.setdefault(item[2][1], []).append((item[3], path))
            missing = False
            for path, item in items.items():
                found = sorted(known.get(path, ()))
                if [index for index, _ in found] == list(range(item[4])):
                    children[path] = [child for _, child in found]
                    continue
                try:
                    listed, = self.call(name, path, "org.a11y.atspi.Accessible", "GetChildren")
                except self.Error:
                    listed = []  # it has gone meanwhile
                children[path] = [child for _, child in listed]
                missing = missing or not all(child in items for child in children[path])
            if not missing:
                break
        return items, children


class Pulse:
    """Asks the app's main loop for something small, again and again, from a thread of
    its own, and keeps the longest time that it took to answer.

    with Pulse(app) as pulse: …
    """

    def __init__(self, app):
        self.app = app
        self.bus = Bus()
        self.longest = 0.0
        self.answers = 0
        self.over = threading.Event()
        self.thread = threading.Thread(target=self._beat, daemon=True)

    def _beat(self):
        while not self.over.is_set():
            before = time.monotonic()
            try:
                self.bus.call(self.app.bus_name, "/org/a11y/atspi/accessible/root",
                              "org.freedesktop.DBus.Properties", "Get", "(ss)",
                              "org.a11y.atspi.Accessible", "ChildCount")
            except self.bus.Error:
                return  # the app has gone; whoever waits for it says so
            self.longest = max(self.longest, time.monotonic() - before)
            self.answers += 1
            self.over.wait(0.02)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.thread.join()


class Node:
    """An accessible as it was when the tree was looked at; what it does and what
    its value is are asked when they are wanted."""

    STATES = {"active": 1, "checked": 4, "enabled": 8, "expanded": 10, "focusable": 11,
              "focused": 12, "pressed": 20, "selected": 23, "sensitive": 24, "showing": 25,
              "visible": 30}

    def __init__(self, app, item):
        (_, self.path), _, _, _, _, self.interfaces, self.name, role, self.description, states = item
        self.app = app
        self.role = _role_name(role)
        self.bits = states[0] | states[1] << 32
        self.parent = None
        self.children = []

    def __repr__(self):
        return f"{self.role} {self.name!r}"

    def has(self, state):
        return bool(self.bits >> self.STATES[state] & 1)

    def walk(self):
        """This and everything visible below, parents first."""
        stack = [self]
        while stack:
            node = stack.pop()
            yield node
            stack += [child for child in reversed(node.children) if child.has("visible")]

    def call(self, interface, method, *arguments):
        return self.app.bus.call(self.app.bus_name, self.path, "org.a11y.atspi." + interface,
                                 method, *arguments)

    def get(self, interface, name):
        value, = self.app.bus.call(self.app.bus_name, self.path, "org.freedesktop.DBus.Properties",
                                   "Get", "(ss)", "org.a11y.atspi." + interface, name)
        return value

    def value(self):
        return self.get("Value", "CurrentValue")

    def text(self):
        # An entry of GTK 4.8 takes -1 for the beginning.
        return self.call("Text", "GetText", "(ii)", 0, self.get("Text", "CharacterCount"))[0]

    def extents(self):
        """x, y, width, height in the window."""
        return self.call("Component", "GetExtents", "(u)", 1)[0]

    def is_shown(self):
        """Whether it has a place in the window: the pages of a stack that are not on
        show are visible to GTK, and have none."""
        return min(self.extents()[2:]) > 0

    def act(self, action=None):
        """Does an action by its name, or the first, as a screen reader would."""
        names = [entry[0] for entry in self.call("Action", "GetActions")[0]]
        if action is not None and action not in names or not names:
            raise Gone(f"{self} has no action {action or ''}, only {', '.join(names) or 'none'}")
        self.call("Action", "DoAction", "(i)", names.index(action) if action else 0)


# What GTK 4.8 says of a frame that is due before a button has its new place; seen once in many
# runs under a sanitizer, where each step takes long, and never without.
HURRIED = re.compile(r"\n?\(assay:\d+\): Gtk-WARNING \*\*: [0-9:.]+: "
                     r"Trying to snapshot GtkButton 0x[0-9a-f]+ without a current allocation\n")


class App:
    """The real program, and its tree of accessibles."""

    def __init__(self, program, *arguments, environment=None, errors=None):
        self.program = os.path.basename(program)
        self.errors = errors or os.path.join(os.environ["HOME"], f"stderr-{time.monotonic_ns()}")
        with open(self.errors, "ab") as file:
            self.process = start(program, *arguments, env=dict(os.environ, **(environment or {})),
                                  stdin=subprocess.DEVNULL, stdout=file, stderr=file)
        self.bus = Bus()
        self.bus_name = wait_for(f"{self.program} on the accessibility bus", self._find_name, 60)
        wait_for(f"a window of {self.program}", lambda: self.all(role="frame"), 60)

    def _find_name(self):
        if self.process.poll() is not None:
            raise Gone(f"{self.program} ended with {self.process.returncode}: "
                       f"{self.read_errors()[-2000:]}")
        name = self.bus.find_name(self.process.pid)
        try:
            return name if name and self.bus.items(name) else None
        except self.bus.Error:
            return None  # it has no window yet

    def read_errors(self):
        with open(self.errors, encoding="utf-8", errors="replace") as file:
            said = file.read()
        return HURRIED.sub("", said) if PATIENCE > 1 else said

    def forgive_errors(self):
        """For a test that asked for messages and has read them."""
        os.truncate(self.errors, 0)

    def tree(self):
        """The application's node; everything below it is as it is now."""
        try:
            items, children = self.bus.snapshot(self.bus_name)
        except self.bus.Error as error:
            raise Gone(f"{self.program} no longer answers ({self.process.poll()}): {error.message}; "
                       f"{self.read_errors()[-2000:]}") from None
        nodes = {path: Node(self, item) for path, item in items.items()}
        for path, node in nodes.items():
            node.children = [nodes[child] for child in children[path] if child in nodes]
            for child in node.children:
                child.parent = node
        return nodes["/org/a11y/atspi/accessible/root"]

    def all(self, role=None, name=None, contains=None, below=None):
        """Every visible accessible that fits, in reading order."""
        return [node for node in (below or self.tree()).walk()
                if (role is None or node.role == role) and (name is None or node.name == name)
                and (contains is None or contains in node.name)]

    def find(self, role=None, name=None, contains=None, seconds=20.0):
        what = " ".join(filter(None, (role, name, contains and f"with {contains!r}")))
        return wait_for(what, lambda: next(iter(self.all(role, name, contains)), None), seconds,
                        seen=self.texts)

    def gone(self, role=None, name=None, contains=None, seconds=20.0):
        what = " ".join(filter(None, (role, name, contains and f"with {contains!r}", "gone")))
        wait_for(what, lambda: not self.all(role, name, contains), seconds, seen=self.texts)

    def texts(self):
        """Every name on the screen, in reading order."""
        return [node.name for node in self.tree().walk()
                if node.name and not node.name.startswith(("Gtk", "Adw"))]

    def press(self, role=None, name=None, contains=None, seconds=20.0):
        """Waits for a control and does what a click on it would."""
        node = wait_for(f"{role or ''} {name or contains} that can be used",
                        lambda: next((node for node in self.all(role, name, contains)
                                      if node.has("sensitive") and self._has_action(node)), None),
                        seconds, seen=self.texts)
        node.act()
        return node

    @staticmethod
    def _has_action(node):
        return node.role not in ("label", "panel", "filler") \
            and bool(node.call("Action", "GetActions")[0])

    def act(self, action):
        """Does an action of the window, "win.add-connection".  What closes it may have ended
        the program before that has answered; how it ended is for the test to see."""
        try:
            self.find(role="frame", name="Assay").act(action)
        except self.bus.Error as error:
            if action != "window.close" or "NoReply" not in str(error):
                raise

    def memory(self):
        """MiB that it has written to: what it shares with other programs, which differs
        with how many of them run, is left out."""
        with open(f"/proc/{self.process.pid}/smaps_rollup", encoding="ascii") as file:
            found = dict(line.split(":") for line in file if line.endswith(" kB\n"))
        return int(found["Anonymous"].split()[0]) / 1024

    def children(self, name):
        """Process ids of its child processes of that name."""
        found = _run("pgrep", "-P", self.process.pid, "-x", name, check=False)
        return [int(pid) for pid in found.split()]

    def windows(self, title=None):
        """X windows with a title, oldest first; menus and tooltips have none, or
        rather the program's name."""
        found = _run("xdotool", "search", "--onlyvisible", "--all", "--pid", self.process.pid,
                     "--name", ".", check=False).split()
        titles = {window: _run("xdotool", "getwindowname", window, check=False).strip()
                  for window in found}
        return sorted((window for window, name in titles.items()
                       if name not in ("", self.program) and title in (None, name)), key=int)

    def window(self, title="Assay"):
        return wait_for(f"the window “{title}” on the screen", lambda: self.windows(title), 40)[0]

    def size(self, window=None):
        """x, y, width, height on the screen."""
        words = dict(line.split("=") for line in xdotool(
            "getwindowgeometry", "--shell", window or self.window()).split() if "=" in line)
        return int(words["X"]), int(words["Y"]), int(words["WIDTH"]), int(words["HEIGHT"])

    def resize(self, width, height, window=None):
        window = window or self.window()
        xdotool("windowsize", window, width, height)
        wait_for(f"a window of {width} × {height}",
                 lambda: self.size(window)[2:] == (width, height), 20,
                 seen=lambda: self.size(window))

    def key(self, *keys, window=None):
        """Keys as from a keyboard, to a window."""
        self._give(window, "key", *keys)

    def type(self, text, window=None):
        self._give(window, "type", text)

    def _give(self, window, what, *words):
        window = window or self.window()

        def given():
            # A window that is only now coming up cannot have the focus yet: BadMatch.
            try:
                return xdotool("windowfocus", "--sync", window, what, "--clearmodifiers",
                               *words) is not None
            except Gone as gone:
                if "BadMatch" in str(gone):
                    return False
                raise

        wait_for("the focus of a window", given)

    def quit(self, seconds=30):
        """Closes its windows as a person would, who means it if asked; its exit status."""
        self.key("ctrl+q")
        with contextlib.suppress(subprocess.TimeoutExpired):
            return self.process.wait(2 * PATIENCE)
        for node in self.all(role="push button"):
            if node.name.startswith(("_Close Window", "_Quit")):
                node.act()
        return self.wait(seconds)

    def wait(self, seconds=30):
        try:
            return self.process.wait(seconds * PATIENCE)
        except subprocess.TimeoutExpired:
            raise Gone(f"{self.program} did not end within {seconds * PATIENCE:g} s; seen: "
                       f"{self.texts()}") from None

    def close(self):
        """Ends it in any case."""
        return stop(self.process)


def _shaped(text):
    """A pattern of what comes of a format."""
    return re.compile(".+".join(map(re.escape, re.split(r"%(?:\d\$)?[a-z]", text))))


INVITATIONS = ["Classify %s with %s", "Add %s", "Drop to classify", "This can’t be classified"]


def drag_files(paths, app, hover=None, say=str, window=None):
    """A real drag of files from another program's window."""
    drag(paths, app, hover, say=say, window=window)


def begin_drag(source, place):
    """Takes hold of what is in the window that stands at `place`."""
    for _ in range(10):
        # Above a window of the app that may be there, and under the pointer.
        xdotool("mousemove", "--sync", place + 50, 55, "mousedown", 1)
        for step in range(1, 8):
            xdotool("mousemove", "--sync", place + 50 - 6 * step, 55 + 4 * step)
        # A window that has just come may not have felt the first press.
        if select.select([source.stdout], [], [], 2 * PATIENCE)[0]:
            break
        xdotool("mouseup", 1)
    if (said := source.stdout.readline().strip()) != "begun":
        raise Gone(f"the other program says of its drag: {said}")


def drag(words, app, hover=None, taken=True, say=str, window=None):
    """A real drag from another program's window, dropped in the middle of the app's.

    `words` are what drag_source.py is told to offer.
    `hover`, if given, is called while it hangs over the target; `say` gives a text in
    the language that the program speaks.
    """
    left, top, width, height = app.size(window)
    invitations = [_shaped(say(text)) for text in INVITATIONS]
    x, y = left + width // 2, top + height // 2
    source = start(sys.executable, os.path.join(HERE, "drag_source.py"), *words,
                    stdout=subprocess.PIPE, text=True)
    try:
        window = source.stdout.readline().strip()
        if not window:
            raise Gone("the window to drag from did not open")
        place = left + width + 10
        xdotool("windowmove", "--sync", window, place, 5)
        begin_drag(source, place)
        near = iter(range(1, 1000000))

        def seen():
            # Small movements, as of a hand; what is invited is what the target has seen.
            xdotool("mousemove", "--sync", x + next(near) % 7, y)
            return next((node for node in app.all(role="label")
                         if any(shape.fullmatch(node.name) for shape in invitations)
                         and not node.name.endswith("…")), None)

        wait_for("the drag over the window", seen, 30, seen=app.texts)
        wait_for("what the drag would do",
                 lambda: seen().name != say("Drop to classify"), 30, seen=app.texts)
        if hover is not None:
            hover()
        xdotool("mouseup", 1)
        said = source.stdout.readline().strip()
        if said != ("dropped" if taken else "refused"):
            raise Gone(f"the other program says that its drag was {said}")
    finally:
        xdotool("mouseup", 1)
        stop(source)


def clipboard():
    """The text on the clipboard, "" if there is none."""
    return _run("xclip", "-selection", "clipboard", "-t", "UTF8_STRING", "-o", check=False)


def clipboard_kinds():
    """The kinds of data that the clipboard's owner offers by itself."""
    lines = _run("xclip", "-selection", "clipboard", "-t", "TARGETS", "-o", check=False).split("\n")
    return {line for line in lines if line and line not in ("TARGETS", "MULTIPLE", "TIMESTAMP")}


def rows(app):
    """(name, what is said of it) of each image's row, in order."""
    pictures = next(iter(app.all(role="list", name="Images")), None)
    found = []
    for node in pictures.walk() if pictures else ():
        name, comma, said = node.name.partition(", ")
        if node.role == "list item" and comma:
            found.append((name, said))
    return found
