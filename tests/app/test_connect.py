# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The window that connects to a service: service keys, kinds of sign-in, Test
Connection with each of its steps failing, certificates, the life of tokens."""
import json
import os
import re
import select
import shutil
import socket
import subprocess

import mlf
import pytest
import ui

BUILD = os.environ["ASSAY_BUILD"]
SHOTS = os.path.join(BUILD, "screenshots")
NEW = "Connect to a Service"
CLIENT = "sb-9a93!b6427|foundation"
SECRET = "hush+/=:s3cret"
OAUTH_SERVER = "oauth2-mock-server@7.2.1"   # the last for the floor's Node.js
OAUTH_PROGRAM = """
const { OAuth2Server } = require('oauth2-mock-server');
(async () => {
  const server = new OAuth2Server();
  await server.issuer.keys.generate('RS256');
  server.service.on('beforeResponse', (response, request) => {
    if (request.headers.authorization !== process.argv[2]) {
      response.statusCode = 401;
      response.body = { error: 'invalid_client' };
    }
  });
  await server.start(0, '127.0.0.1');
  console.log(server.address().port);
  process.stdin.resume();
  process.stdin.on('end', () => process.exit(0));
})();
"""


class Form:
    """The window, worked by keyboard; what a screen reader does stands for Tab."""

    def __init__(self, app, title=NEW, action="win.add-connection"):
        self.app = app
        app.find(role="frame", name="Assay")
        app.act(action)
        self.window = app.window(title)

    def focused(self):
        return next((node for node in self.app.tree().walk() if node.has("focused")), None)

    def entry(self, title):
        return self.app.find(role="text", name=title)

    def text(self, title):
        return self.entry(title).text()

    def focus(self, role, name):
        """By Tab, around the window until it is there: while an entry has the focus,
        GTK 4.8 says of nothing that it has."""
        def there():
            now = self.focused()
            return now is not None and (now.role, now.name) == (role, name)

        for _ in range(60):
            try:
                ui.wait_for(f"the focus on {name}", there, 0.5)
                return
            except ui.Gone:
                self.app.key("Tab", window=self.window)
        raise ui.Gone(f"{role} {name} does not get the focus; seen: {self.app.texts()}")

    def write(self, title, text):
        """As assistive technology does; what has the focus anyway is typed."""
        assert self.entry(title).call("EditableText", "SetTextContents", "(s)", text)[0]
        ui.wait_for(f"{text} in {title}", lambda: self.text(title) == text)

    def choose(self, kind):
        self.focus("combo box", "Authentication")
        self.app.key("space", window=self.window)
        for key in ["Down"] * ("OAuth", "Bearer", "API", "None").index(kind) + ["Return"]:
            self.app.key(key, window=self.window)

    def press(self, name):
        self.app.press(role="push button", name=name)

    def test(self):
        self.press("Test Connection")

    def gone(self):
        ui.wait_for("one window", lambda: len(self.app.windows()) == 1, seen=self.app.texts)

    def shoot(self, screen, name):
        x, y, width, height = self.app.size(self.window)
        screen.picture(os.path.join(SHOTS, name + ".png"), width, height, x, y)


@pytest.fixture
def start(start):
    """As the other; what a test has left open goes with the main window."""
    apps = []

    def begin(*arguments, **environment):
        apps.append(start(*arguments, **environment))
        return apps[-1]

    yield begin
    for app in apps:
        if app.process.poll() is None:
            app.act("window.close")
            app.wait()


def saved():
    path = os.path.join(os.environ["XDG_CONFIG_HOME"], "assay", "connections.conf")
    if not os.path.exists(path):
        return ""
    with open(path, encoding="utf-8") as file:
        return file.read()


@pytest.fixture(scope="module")
def key():
    """The service key of an assay-serve with the models that come with Assay."""
    child = subprocess.Popen([os.path.join(BUILD, "src", "serve", "assay-serve"), "--models",
                              os.path.join(BUILD, "data", "models"), "--listen", "127.0.0.1:0",
                              "--print-connection", "--client", CLIENT, "--client-secret-file", "-"],
                             stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                             stderr=subprocess.DEVNULL)
    child.stdin.write(SECRET.encode() + b"\n")
    child.stdin.flush()
    assert select.select([child.stdout], [], [], 60 * ui.PATIENCE)[0], "no service key"
    # A secret that was given is not printed.
    yield {**json.loads(child.stdout.readline()), "clientsecret": SECRET}
    child.stdin.close()
    ui.stop(child)
    child.stdout.close()


@pytest.mark.parametrize("focus", ["entry", "elsewhere"])
def test_a_pasted_service_key_signs_in(start, screen, key, samples, clipboard, focus):
    app = start()
    form = Form(app)
    app.find(contains="Secrets are kept in memory until Assay closes")
    clipboard("UTF8_STRING", text="Getting key k for service s as me...\n\n" + json.dumps(key))
    if focus == "elsewhere":
        form.focus("push button", "Test Connection")
    app.key("ctrl+v", window=form.window)
    app.find(name="Filled in from the service key")
    assert form.text("URL") == key["serviceurls"]["IMAGE_CLASSIFICATION_URL"]
    assert form.text("Models URL (Optional)") == key["serviceurls"]["IMAGE_RETRAIN_API_URL"]
    assert form.text("Client ID") == CLIENT
    assert form.text("Token URL") == key["url"] + "/oauth/token"
    form.shoot(screen, "connect-key")

    form.test()
    success = app.find(contains="2 versions ready")
    assert re.fullmatch(r"flowers: 2 versions ready · \d+\u202fms", success.name)
    app.find(contains="Token valid for 11 h 59 min")
    assert saved() == ""
    app.key("Return", window=form.window)
    form.gone()
    app.find(contains="flowers · v2, Ready")
    assert SECRET not in saved() and f"client-id={CLIENT}" in saved()

    # Where images go is seen before the first one does.
    app.press(role="push button", contains="Model flowers · v2")
    app.find(role="label", contains="127.0.0.1")
    app.key("Escape")


@pytest.fixture(scope="module")
def mock():
    """The token address of a server that others wrote, with SECRET for its CLIENT."""
    import base64
    folder = os.path.join(BUILD, "tests", "app", "node-oauth")
    if shutil.which("npm") is None or shutil.which("node") is None:
        pytest.skip("npm and node are not installed")
    os.makedirs(folder, exist_ok=True)
    for name, text in (("package.json", '{"private":true}'), ("server.js", OAUTH_PROGRAM)):
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            file.write(text)
    if not os.path.isdir(os.path.join(folder, "node_modules", "oauth2-mock-server")) \
            and subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts",
                                OAUTH_SERVER], cwd=folder, capture_output=True).returncode != 0:
        pytest.skip(f"{OAUTH_SERVER} could not be installed")
    basic = "Basic " + base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
    child = subprocess.Popen(["node", "server.js", basic], cwd=folder, stdin=subprocess.PIPE,
                             stdout=subprocess.PIPE)
    yield f"http://127.0.0.1:{int(child.stdout.readline())}/token"
    child.stdin.close()
    child.stdout.close()
    ui.stop(child)


def fill_addresses(form, service, scheme="http"):
    form.write("URL", f"{scheme}://127.0.0.1:{service.port}/classify")
    form.write("Models URL (Optional)", f"{scheme}://127.0.0.1:{service.port}/list")


def test_signing_in_at_a_server_that_others_wrote(start, service, mock):
    app = start()
    form = Form(app)
    fill_addresses(form, service)
    form.write("Name (Optional)", "Lab")
    form.write("Client ID", CLIENT)
    form.write("Client Secret", "wrong")
    form.write("Token URL", mock)
    form.press("Connect")
    app.find(contains="did not accept the client ID and secret")
    app.find(role="push button", name="Save Anyway")
    form.write("Client Secret", SECRET)
    app.gone(role="push button", name="Save Anyway")
    form.press("Refresh")
    app.find(contains="Token valid for ")
    form.press("Connect")
    form.gone()
    app.find(contains="tutorial · v1, Ready")
    assert service.signed and all(each.startswith("Bearer ey") for each in service.signed)


@pytest.mark.parametrize("kind", ["Bearer", "API"])
def test_a_secret_is_kept_until_another_is_typed(start, service, kind):
    service.token = SECRET
    service.key_header = "Authorization" if kind == "Bearer" else "X-Lab-Key"
    title = "Token" if kind == "Bearer" else "API Key"
    app = start()
    form = Form(app)
    fill_addresses(form, service)
    form.choose(kind)
    app.gone(role="text", name="Client ID")
    if kind == "API":
        assert form.text("Header Name") == "X-API-Key"
        form.write("Header Name", "X-Lab-Key")
    form.press("Connect")
    app.find(contains="Enter the ")
    form.write(title, SECRET)
    app.key("Return", window=form.window)
    form.gone()
    app.find(contains="tutorial · v1, Ready")

    form = Form(app, "Connection", "win.edit-connection")
    assert form.text(title + " (One Is Kept)") == ""
    form.write("Name (Optional)", "Renamed")
    app.key("Return", window=form.window)
    form.gone()
    app.find(contains="tutorial · v1, Ready")
    assert "name=Renamed" in saved() and SECRET not in saved()

    form = Form(app, "Connection", "win.edit-connection")
    form.write(title + " (One Is Kept)", "another")
    form.test()
    app.find(name="Failed at: Sign-in")
    app.key("Escape", window=form.window)
    form.gone()
    app.find(contains="tutorial · v1, Ready")


def refused(service):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{taken.getsockname()[1]}/classify"


def mute(service):
    service.versions = []


def closed(service):
    service.forbidding = True


def suspicious(service):
    service.token = "not this one"


@pytest.mark.parametrize("step, prepare, sentence, remedy", [
    ("Name lookup", "http://nowhere.invalid/classify", "No host was found for nowhere.invalid",
     "Check the address for a typing mistake"),
    ("Connection", refused, "refuses connections", "Check that the service runs"),
    ("Sign-in", suspicious, "Who are you?", "The service wants a sign-in"),
    ("Permission", closed, "Not for you", "Ask whoever runs the service to let this account"),
    ("Model", mute, "The service has no model that can be asked.", "Have a model deployed"),
])
def test_each_step_can_fail(start, screen, service, step, prepare, sentence, remedy):
    app = start()
    form = Form(app)
    form.choose("None")
    address = prepare if isinstance(prepare, str) else prepare(service)
    if address:
        form.write("URL", address)
    else:
        fill_addresses(form, service)
    form.test()
    app.find(name=f"Failed at: {step}")
    assert sentence in app.find(contains=f"{step}: ").name or app.find(contains=sentence)
    app.find(contains=remedy)
    form.shoot(screen, "connect-failed-" + step.lower().replace(" ", "-"))
    # What was found out is about what stood there.
    form.write("Name (Optional)", "Other")
    app.gone(name=f"Failed at: {step}")
    app.find(name="Not tested yet")
    assert saved() == ""


@pytest.fixture
def secure(fresh, tmp_path):
    """A service with a certificate that nobody else has signed, and its fingerprint."""
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "9", "-subj",
                    "/CN=alone", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "key.pem",
                    "-out", "cert.pem"], cwd=tmp_path, check=True, stderr=subprocess.DEVNULL)
    printed = subprocess.run(["openssl", "x509", "-noout", "-fingerprint", "-sha256", "-in",
                              "cert.pem"], cwd=tmp_path, capture_output=True, check=True)
    files = str(tmp_path / "cert.pem"), str(tmp_path / "key.pem")
    with mlf.Service(certificate=files) as served:
        yield served, printed.stdout.decode().strip().partition("=")[2]


@pytest.mark.parametrize("way", ["Test Connection", "Connect"])
def test_a_certificate_is_shown_and_accepted(start, screen, secure, way):
    service, fingerprint = secure
    app = start()
    form = Form(app)
    form.choose("None")
    fill_addresses(form, service, "https")
    form.press(way)
    app.find(contains="Certificate Not Trusted")
    shown = next(node.name for node in app.all(role="label") if re.match("[0-9A-F]{2}:", node.name))
    assert shown.replace("\n", ":") == fingerprint
    assert len(app.all(role="label", name="CN=alone")) == 2
    form.shoot(screen, "connect-certificate")
    app.press(role="push button", contains="Accept for This Connection")
    if way == "Connect":
        form.gone()
        app.find(contains="tutorial · v1, Ready")
        assert f"fingerprint={fingerprint.replace(':', '').lower()}" in saved()
        form = Form(app, "Connection", "win.edit-connection")
    else:
        app.find(contains="tutorial: 1 version ready")
    app.find(name="Accepted Certificate")
    form.press("Forget")
    app.gone(name="Accepted Certificate")
    # It is not trusted from now on, though TLS could go on from an earlier handshake.
    n_asked = len(service.signed)
    before = app.windows()
    form.press("Connect")
    app.find(contains="Certificate Not Trusted")
    app.key("Escape", window=next(each for each in app.windows() if each not in before))
    app.gone(contains="Certificate Not Trusted")
    assert len(service.signed) == n_asked
    form.press("Save Anyway")
    form.gone()
    assert fingerprint.replace(":", "").lower() not in saved()


def test_what_is_no_service_key_changes_nothing(start, key, clipboard, service):
    app = start()
    form = Form(app)
    form.write("URL", "http://127.0.0.1:9/")
    form.focus("push button", "Test Connection")
    wrong = {**key, "serviceurls": {"TEXT_CLASSIFIER_URL": "https://example.com/"}}
    for text, reason in (("{\"a\": 1}", "it has no “clientid”"),
                         (json.dumps(wrong), "does not classify images"),
                         ("tulips", "it is not JSON")):
        clipboard("UTF8_STRING", text=text)
        ui.wait_for("the text on the clipboard", lambda: ui.clipboard() == text)
        app.key("ctrl+v", window=form.window)
        app.find(contains=reason)
    assert form.text("URL") == "http://127.0.0.1:9/" and form.text("Client ID") == ""
    # Into an entry any text goes: the last one before the button.
    form.focus("push button", "Refresh")
    app.key("shift+Tab", "ctrl+v", window=form.window)
    ui.wait_for("the text", lambda: form.text("Token URL") == "tulips",
                seen=lambda: form.text("Token URL"))


def test_escape_discards(start, service):
    service.as_connection()
    app = start()
    app.find(contains="tutorial · v1, Ready")
    for title, action in ((NEW, "win.add-connection"), ("Connection", "win.edit-connection")):
        form = Form(app, title, action)
        form.write("Name (Optional)", "Never")
        app.key("Escape", window=form.window)
        form.gone()
        assert "Never" not in saved() and saved().count("[connection ") == 1


def test_the_life_of_a_token(start, screen, service):
    service.token, service.client, service.lifetime = "t0ken", (CLIENT, SECRET), 62
    app = start()
    form = Form(app)
    fill_addresses(form, service)
    form.write("Client ID", CLIENT)
    form.write("Client Secret", SECRET)
    form.write("Token URL", f"http://127.0.0.1:{service.port}/oauth/token")
    form.press("Refresh")
    app.find(name="Token valid for 1 min")
    form.shoot(screen, "connect-token")
    # By seconds in the last minute, and on a machine with much to do not by each.
    seen = set()

    def counts_down():
        seen.update(re.findall(r"Token valid for (\d+) s\b", " ".join(app.texts())))
        return len(seen) > 1

    ui.wait_for("seconds that pass", counts_down, 20, seen=lambda: seen)
    assert all(0 < int(each) < 60 for each in seen)
    form.press("Refresh")
    app.find(name="Token valid for 1 min")
    form.write("Client Secret", "wrong")
    app.find(name="No token yet")
    form.press("Refresh")
    app.find(contains="did not accept the client ID and secret")


def test_headers_are_added_changed_and_removed(start, service):
    app = start()
    form = Form(app)
    form.choose("None")
    fill_addresses(form, service)
    form.press("Add Header")
    app.find(role="text", name="Name: Value")
    app.type("Authorization: no", window=form.window)
    form.press("Connect")
    app.find(contains="is there for a secret")
    form.write("Name: Value", "X-Lab: 7")
    form.press("Connect")
    form.gone()
    app.find(contains="tutorial · v1, Ready")
    assert "X-Lab: 7" in saved()
    form = Form(app, "Connection", "win.edit-connection")
    app.find(name="1 header")
    form.press("Remove Header")
    app.gone(name="1 header")
    form.press("Connect")
    form.gone()
    assert "X-Lab" not in saved()


def test_only_removing_asks(start, service):
    service.as_connection()
    app = start()
    app.find(contains="tutorial · v1, Ready")
    form = Form(app, "Connection", "win.edit-connection")
    form.press("Remove Connection…")
    app.find(contains="will be forgotten")
    app.key("Escape", window=ui.wait_for("the question", lambda: app.windows()[2:])[0])
    app.gone(contains="will be forgotten")
    form.press("Remove Connection…")
    app.press(role="push button", contains="Remove Remove")
    form.gone()
    assert "Tutorial" not in saved()
