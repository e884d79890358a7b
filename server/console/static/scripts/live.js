// Listen to the events of the Business Center and keep the open page up to date.

import { refresh } from "./refresh.js";

const GATHER_MS = 120;
const TROUBLE_MS = 4000;
const AGAIN_MS = 5000;
const LOOK_EVERY_MS = 15000;
const LOG_EVERY_MS = 4000;
const HIDDEN_MS = 30000;
const note = document.getElementById("feed-state");
let source = null;
let gathering = 0;
let trouble = 0;
let lastId = null;

function happened(event) {
  lastId = event.lastEventId || lastId;
  clearTimeout(gathering);
  gathering = setTimeout(() => refresh().catch(() => {}), GATHER_MS);
}

function connect() {
  const address = new URL(document.body.dataset.feed, location.href);
  if (lastId) address.searchParams.set("after", lastId);
  source = new EventSource(address);
  for (const type of document.body.dataset.feedTypes.split(" ")) source.addEventListener(type, happened);
  source.addEventListener("open", () => {
    clearTimeout(trouble);
    trouble = 0;
    if (!note.hidden) refresh().catch(() => {});
    note.hidden = true;
  });
  source.addEventListener("error", () => {
    trouble ||= setTimeout(() => (note.hidden = false), TROUBLE_MS);
    if (source?.readyState !== EventSource.CLOSED) return;
    refresh().catch(() => {});
    setTimeout(connect, AGAIN_MS);
  });
}

// Browsers open few connections to one server, so a hidden page closes its own, unless it shows a code.
let leaving = 0;

function seenOrNot() {
  clearTimeout(leaving);
  if (document.hidden) {
    leaving = setTimeout(() => {
      if (document.querySelector("[data-live][data-state='pending'], [data-live][data-state='scanned']")) return;
      source?.close();
      source = null;
    }, HIDDEN_MS);
  } else if (!source) {
    connect();
    refresh().catch(() => {});
  }
}

// Only admins get the feed. For everyone else, a visible page refreshes from time to time.
function look() {
  if (!document.hidden) refresh().catch(() => {});
}

if (document.body.dataset.feed) {
  connect();
  document.addEventListener("visibilitychange", seenOrNot);
  addEventListener("pagehide", () => source?.close());
} else if (document.querySelector("[data-live]")) {
  setInterval(look, LOOK_EVERY_MS);
  document.addEventListener("visibilitychange", look);
}
// The feed has no events for API calls, so their open log refreshes regularly. It also lacks some causes of a paused
// ad: a creator who revokes a Spark code belongs to no Business Center.
const looked = document.querySelector("[data-look]");
if (looked) setInterval(look, looked.dataset.look === "slow" ? LOOK_EVERY_MS : LOG_EVERY_MS);
