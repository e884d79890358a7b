// The page of one code: count down, renew the code while the page shows it, and copy it.

import { said } from "./sentences.js";
import { act, adopt } from "./refresh.js";

const RENEW_BEFORE_SECONDS = 75; // a hidden page's timers run once a minute
const SHORTEST_LIFE_SECONDS = 8; // do not renew codes with a shorter life
const region = document.getElementById("live");
const BY_ITSELF = { headers: { "X-Refresh": "page" } };
let renewedFor = null;
let renewBefore = RENEW_BEFORE_SECONDS;

// --- the countdown ---------------------------------------------------------------------------

const clock = () => region.querySelector("[data-testid='countdown']");
let ahead = offset();

function offset() {
  const shown = clock();
  return shown ? Date.parse(shown.dataset.now) - Date.now() : 0;
}

function words(seconds) {
  const parts = [Math.floor(seconds / 86400), Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60, seconds % 60];
  if (parts[0]) return said("daysLeft", { days: parts[0], hours: parts[1] });
  if (parts[1]) return said("hoursLeft", { hours: parts[1], minutes: parts[2] });
  return said("minutesLeft", { clock: `${parts[2]}:${String(parts[3]).padStart(2, "0")}` });
}

function secondsLeft() {
  return Math.max(0, Math.ceil((Date.parse(clock().dataset.until) - Date.now() - ahead) / 1000));
}

function tick() {
  const shown = clock();
  if (!shown) return;
  const left = secondsLeft();
  const text = left ? words(left) : said("expiring");
  const place = shown.querySelector("[data-left]");
  if (place.textContent !== text) place.textContent = text;
  const share = Math.min(1, left / Number(shown.dataset.total));
  shown.querySelector("[data-ring]").setAttribute("stroke-dashoffset", String(100 * (1 - share)));
  const renewed = shown.querySelector("[data-renews]");
  if (renewed) renewed.hidden = false;
  if (left <= renewBefore) renew(shown.dataset.until);
}

async function renew(until) {
  const form = region.querySelector("form[data-auto-renew]");
  if (!form || renewedFor === until) return;
  renewedFor = until; // renew each code only once
  try {
    await send(form, BY_ITSELF);
    const life = clock() ? secondsLeft() : 0;
    renewBefore = life < SHORTEST_LIFE_SECONDS ? -1 : Math.min(RENEW_BEFORE_SECONDS, life / 4);
  } catch {
    setTimeout(() => (renewedFor = null), 3000);
  }
}

// --- changes without leaving the page --------------------------------------------------------

async function put(loaded) {
  if (!loaded) return;
  if (loaded.response.status >= 500) throw new Error("the server cannot answer right now"); // the caller tries again
  if (!loaded.page.getElementById("live") || !loaded.response.ok) {
    location.assign(location.pathname);
    return;
  }
  history.replaceState(null, "", loaded.response.url); // so that a refresh keeps an open question
  adopt(loaded.page);
}

async function send(form, options = {}) {
  await put(await act(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), ...options }));
}

region.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-in-place]")) return;
  event.preventDefault();
  send(event.target).then(focusQuestion, () => event.target.submit());
});
region.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-in-place]");
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  await put(await act(link.href).catch(() => location.assign(link.href)));
  focusQuestion();
});

function focusQuestion() {
  const question = region.querySelector(".confirm a, [data-testid='new-code']");
  if (question && (document.activeElement === document.body || !document.activeElement.isConnected)) question.focus();
}

document.addEventListener("visibilitychange", tick);
document.addEventListener("refreshed", () => {
  ahead = offset();
  tick();
});

// --- copying ---------------------------------------------------------------------------------

function say(text, failed = false) {
  const place = document.getElementById("copied");
  if (!place) return;
  place.textContent = text;
  place.classList.toggle("failed", failed);
}

async function copyImage(address) {
  const picture = fetch(address, { cache: "no-store" }).then((response) => {
    if (!response.ok) throw new Error(String(response.status));
    return response.blob();
  });
  await navigator.clipboard.write([new ClipboardItem({ "image/png": picture })]);
}

region.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy-image], [data-copy-text], [data-copy-from]");
  if (!button) return;
  const { copyImage: image, copyText: text, copyFrom: from } = button.dataset;
  try {
    if (image) await copyImage(image);
    else await navigator.clipboard.writeText(text ?? steps(from));
    say(said(image ? "codeCopied" : text ? "linkCopied" : "stepsCopied"));
  } catch {
    if (text) byHand(text);
    say(said(image ? "pictureNotCopied" : "textNotCopied"), true);
  }
});

function steps(id) {
  return [...document.getElementById(id).children].map((item, index) => `${index + 1}. ${item.textContent}`).join("\n");
}

function byHand(text) {
  const place = document.getElementById("by-hand");
  place.hidden = false;
  const input = place.querySelector("input");
  input.value = text;
  input.select();
}

tick();
setInterval(tick, 500);
