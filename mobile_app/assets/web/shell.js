// Configures the web client before it starts, and makes the browser's history behave like a phone's stack of screens.
const base = document.querySelector("base").getAttribute("href");
var flet = {
  pyodide: false, multiView: false, noCdn: true, webRenderer: "auto", routeUrlStrategy: "hash",
  webSocketEndpoint: base + "ws", entrypointBaseUrl: base, assetBase: base,
  canvasKitBaseUrl: base + "canvaskit/", fontFallbackBaseUrl: "assets/fonts/", appPackageUrl: null,
  // On a phone the app gets the whole page, so that Flutter makes room for the keyboard; elsewhere it gets a column.
  hostElement: () => {
    const phone = navigator.maxTouchPoints > 0 && Math.min(screen.width, screen.height) < 600;
    if (!phone) return document.getElementById("phone");
    addEventListener("flutter-first-frame", () => document.getElementById("phone").remove(), { once: true });
    return undefined;
  },
};
// The app reads the device's languages from the place where it keeps its preferences.
try {
  localStorage.setItem("flutter.sparklink.device-languages", JSON.stringify(navigator.languages.join(",")));
} catch { /* no storage here: English until a language is chosen */ }
// Screen readers read the app in the language that this page declares: the chosen one, or else the device's own.
const spoken = ["en", "es", "id", "ar"], languageKey = "flutter.sparklink.language";
let language = "en";
const speak = (code) => { document.documentElement.lang = language = spoken.find((one) => one === code) ?? "en"; };
try {
  const chosen = JSON.parse(localStorage.getItem(languageKey) || "null");
  const asked = navigator.languages.map((tag) => tag.split("-")[0]);
  speak(chosen ?? asked.find((code) => spoken.includes(code)));
} catch { /* the same: English */ }
flet.flutterAppLoaded = new Promise((resolve) => { flet.flutterAppResolve = resolve; });

// The page and the browser's own bars are as light or dark as the app: as chosen there, or else like the device.
const theme = "flutter.sparklink.theme", deviceIsDark = matchMedia("(prefers-color-scheme: dark)");
const shade = () => {
  let chosen = null;
  try { chosen = JSON.parse(localStorage.getItem(theme)); } catch { /* nothing chosen */ }
  const dark = chosen === "dark" || (chosen !== "light" && deviceIsDark.matches);
  document.documentElement.dataset.shade = dark ? "dark" : "light";
  document.querySelector('meta[name="theme-color"]').content = dark ? "#101216" : "#ffffff";
};
shade();
deviceIsDark.addEventListener("change", shade);

// A tab keeps its session until it is closed: sealed by the server, unreadable here. A new page sends it first.
// After a restart of the server the client is still tied to the lost session, so the page reloads.
const saved = "sparklink.place", session = "_flet_session_id";
const keepItem = Storage.prototype.setItem;
let lost = false, afresh = false;
Storage.prototype.setItem = function (name, value) {
  if (this === localStorage && name === `flutter.${saved}`) {
    keepItem.call(sessionStorage, saved, JSON.parse(value));
  } else if (this === sessionStorage && name === session && lost && this.getItem(name) !== value) {
    this.removeItem(name);
    afresh = true;
    location.reload();
  } else {
    keepItem.call(this, name, value);
    if (name === theme) shade();
    if (name === languageKey) speak(JSON.parse(value));
  }
};
window.WebSocket = class extends WebSocket {
  constructor(...given) {
    super(...given);
    this.addEventListener("open", () => {
      const at = sessionStorage.getItem(saved);
      if (at && !lost) this.send(new Uint8Array([2, ...new TextEncoder().encode(at)]));
    });
    this.addEventListener("message", () => setTimeout(() => away(afresh), 200), { once: true });
    this.addEventListener("close", () => { lost = true; away(true); });
  }
};

// While the connection is broken, the client cannot show the app: say so, in the app's language.
let patience = null;
const away = (gone) => {
  const panel = document.getElementById("away");
  if (!gone) {
    clearTimeout(patience);
    patience = null;
    panel.hidden = true;
  } else patience ??= setTimeout(() => {
    const said = JSON.parse(document.getElementById("words").textContent);
    panel.lang = language;
    panel.dir = said[language].dir;
    panel.querySelector("h1").textContent = said[language].title;
    panel.querySelector("p").textContent = said[language].text;
    panel.hidden = false;
  }, 800);
};

// Only Blink runs the WebAssembly build; ask for its two large files before the loader gets to them.
if (window.chrome) {
  for (const href of ["main.dart.wasm", "canvaskit/skwasm.wasm"]) {
    const link = Object.assign(document.createElement("link"), { rel: "preload", as: "fetch", crossOrigin: "anonymous", href });
    document.head.append(link);
  }
}

// A chosen file goes to the app in one message, and a file that is too large would break the connection. The app gets a
// placeholder for it (mobile_app/state/upload_limit.py), and the file is never read.
const most = 30 * 1024 * 1024, placeholder = "sparklink: larger than 30 MB";
const chosen = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "files");
Object.defineProperty(HTMLInputElement.prototype, "files", { ...chosen, get() {
  const files = chosen.get.call(this);
  if (![...files ?? []].some((file) => file.size > most)) return files;
  const instead = new DataTransfer();
  for (const file of files) instead.items.add(file.size > most ? new File([placeholder], file.name) : file);
  return instead.files;
} });

// WebKit restores a page from its cache with broken drawing: reload it (Flet's own index.html does the same).
addEventListener("pageshow", (event) => {
  if (event.persisted && navigator.vendor?.startsWith("Apple")) location.reload();
});

// The app can only say "show this address", but a phone user expects Back to lead to the screen above. So an address
// that is already in the stack goes back to it, and a screen that is over is replaced and never returns.
// A code in the address (#/l/CODE) is replaced at the first step, so that it is in no history either.
const over = /^#\/(l\/|consent|done|problem|menu$|linked\/[^/]+\/(revoke|off\/))/;
const hash = (url) => { const at = String(url).indexOf("#"); return at < 0 ? "#/" : String(url).slice(at); };
const here = () => hash(location.href);
const key = "sparklink.stack";
let stack = JSON.parse(sessionStorage.getItem(key) || "null") || [];
if (stack[stack.length - 1] !== here()) stack = [here()];
const keep = () => sessionStorage.setItem(key, JSON.stringify(stack.map((at) => at.startsWith("#/l/") ? "#/" : at)));
const push = history.pushState.bind(history), replace = history.replaceState.bind(history);

// Going back takes the browser a moment. The app's next addresses wait for it, and the app gets no event for its step.
let arrive = null;
const waiting = [];
const goBack = (steps, state, title, url) => {
  const landed = (there) => {
    clearTimeout(late);
    arrive = null;
    if (!there) replace(state, title, url);
    while (waiting.length && !arrive) history.pushState(...waiting.shift());
  };
  const late = setTimeout(() => landed(false), 700);
  arrive = () => landed(true);
  history.go(steps);
};
history.pushState = (state, title, url) => {
  if (arrive) { waiting.push([state, title, url]); return; }
  const next = hash(url ?? location.href), top = stack.length - 1, known = stack.lastIndexOf(next);
  if (known >= 0 && known === top) { replace(state, title, url); return; }
  if (known >= 0) {
    stack.length = known + 1;
    keep();
    goBack(known - top, state, title, url);
  } else if (over.test(stack[top])) {
    stack[top] = next;
    keep();
    replace(state, title, url);
  } else {
    stack.push(next);
    keep();
    push(state, title, url);
  }
};
history.replaceState = (state, title, url) => {
  stack[stack.length - 1] = hash(url ?? location.href);
  keep();
  replace(state, title, url);
};
addEventListener("popstate", (event) => {
  if (arrive) { event.stopImmediatePropagation(); arrive(); return; }
  const known = stack.lastIndexOf(here());
  if (known >= 0) stack.length = known + 1; else stack.push(here());
  keep();
}, true);
