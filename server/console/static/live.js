// Listen to what happens in the Business Center and bring the open page up to date.

import { refresh } from "./refresh.js";

const GATHER_MS = 120;
const TROUBLE_MS = 4000;
const AGAIN_MS = 5000;
const note = document.getElementById("feed-state");
let source = null;
let gathering = 0;
let trouble = 0;
let lastId = new URL(document.body.dataset.feed, location.href).searchParams.get("after");

function happened(event) {
  lastId = event.lastEventId || lastId;
  document.dispatchEvent(new Event("feed"));
  clearTimeout(gathering);
  gathering = setTimeout(() => refresh().catch(() => {}), GATHER_MS);
}

function connect() {
  const address = new URL(document.body.dataset.feed, location.href);
  address.searchParams.set("after", lastId);
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
    if (source.readyState === EventSource.CLOSED) setTimeout(connect, AGAIN_MS);
  });
}

connect();
addEventListener("pagehide", () => source.close());
