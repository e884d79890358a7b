// What the web client is told before it starts, and a browser history that behaves like a phone's stack of screens.
const base = document.querySelector("base").getAttribute("href");
var flet = {
  pyodide: false, multiView: false, noCdn: true, webRenderer: "auto", routeUrlStrategy: "hash",
  webSocketEndpoint: base + "ws", entrypointBaseUrl: base, assetBase: base,
  canvasKitBaseUrl: base + "canvaskit/", fontFallbackBaseUrl: "assets/fonts/", appPackageUrl: null,
  // A phone gives the app the whole page, so that its keyboard is taken care of; anything wider gives it a column.
  hostElement: () => {
    const phone = navigator.maxTouchPoints > 0 && Math.min(screen.width, screen.height) < 600;
    return phone ? undefined : document.getElementById("phone");
  },
};
flet.flutterAppLoaded = new Promise((resolve) => { flet.flutterAppResolve = resolve; });

// WebKit brings a page back from its cache with drawing broken: load it afresh (flet's own index.html does the same).
addEventListener("pageshow", (event) => {
  if (event.persisted && navigator.vendor?.startsWith("Apple")) location.reload();
});

// The app only ever says "show this address". A phone user expects Back to leave a screen for the one above it, so:
// an address that is already in the stack goes back to it, and a screen that is over is replaced, never returned to.
// A code in the address (#/l/CODE) is replaced at the first step, so that it is in no history either.
const over = /^#\/(l\/|consent|done|problem|menu$|linked\/[^/]+\/revoke)/;
const hash = (url) => { const at = String(url).indexOf("#"); return at < 0 ? "#/" : String(url).slice(at); };
const key = "sparklink.stack";
let stack = JSON.parse(sessionStorage.getItem(key) || "null") || [];
const here = () => hash(location.href);
if (stack[stack.length - 1] !== here()) stack = [here()];
const keep = () => sessionStorage.setItem(key, JSON.stringify(stack.map((at) => at.startsWith("#/l/") ? "#/" : at)));
const push = history.pushState.bind(history), replace = history.replaceState.bind(history);
history.pushState = (state, title, url) => {
  const next = hash(url ?? location.href), known = stack.lastIndexOf(next);
  if (known === stack.length - 1 && known >= 0) return replace(state, title, url);
  if (known >= 0) {
    const steps = known + 1 - stack.length;
    stack.length = known + 1;
    keep();
    return history.go(steps);
  }
  if (over.test(here())) { stack[stack.length - 1] = next; keep(); return replace(state, title, url); }
  stack.push(next);
  keep();
  push(state, title, url);
};
history.replaceState = (state, title, url) => {
  stack[stack.length - 1] = hash(url ?? location.href);
  keep();
  replace(state, title, url);
};
addEventListener("popstate", () => {
  const known = stack.lastIndexOf(here());
  if (known >= 0) stack.length = known + 1; else stack.push(here());
  keep();
}, true);
