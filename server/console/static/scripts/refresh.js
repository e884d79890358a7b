// Reload a page in the background and copy its live parts into the open one.

import { morph } from "./morph.js";
import { localize } from "./times.js";

// A console session ends after a while without use by a person. Automatic refreshes do not count as use.
export const BY_A_PERSON = { headers: { "X-Refresh": "person" } };

export async function load(address, options = {}) {
  const response = await fetch(address, { cache: "no-store", ...options, headers: { "X-Refresh": "page", ...options.headers } });
  if (response.status === 401) {
    location.reload(); // leads to the sign-in page, which says why
    return null;
  }
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  localize(page);
  return { response, page };
}

function rowsOf(list) {
  return new Map([...list.children].map((row) => [row.dataset.key, row]));
}

function announce(text) {
  document.getElementById("announcer").textContent = text;
}

function sayWhatChanged(before) {
  for (const [list, old] of before) {
    if (!list.isConnected) continue;
    const now = rowsOf(list);
    const added = [...now.values()].filter((row) => !old.has(row.dataset.key));
    const removed = [...old.values()].filter((row) => !now.has(row.dataset.key));
    for (const row of added) row.classList.add("is-new");
    const said = added.slice(0, 3).map((row) => list.dataset.added.replace("{}", row.dataset.label));
    if (!("partial" in list.dataset)) said.push(...removed.slice(0, 3).map((row) => list.dataset.removed.replace("{}", row.dataset.label)));
    if (said.length) announce(said.join(" "));
  }
}

export function adopt(page) {
  const hadList = document.querySelector("[data-list]");
  const before = [...document.querySelectorAll("[data-list]")].map((list) => [list, rowsOf(list)]);
  for (const region of document.querySelectorAll("[data-live]")) {
    const fresh = region.closest("dialog") ? null : page.getElementById(region.id);
    if (fresh) morph(region, fresh);
  }
  const first = document.querySelector("[data-list]");
  if (!hadList && first) before.push([first, new Map()]);
  sayWhatChanged(before);
  if (page.title) document.title = page.title;
  document.dispatchEvent(new Event("refreshed"));
}

// A person's actions take precedence over refreshes, and an older answer never replaces a newer one.
let newest = 0;
let acting = 0;
let missed = false;

export async function act(address, options) {
  newest += 1;
  acting += 1;
  try {
    return await load(address, { ...BY_A_PERSON, ...options });
  } finally {
    acting -= 1;
    if (missed && !acting) setTimeout(() => refresh().catch(() => {}));
  }
}

export async function refresh() {
  if (!document.querySelector("[data-live]")) return;
  missed = acting > 0;
  if (missed) return;
  newest += 1;
  const mine = newest;
  const loaded = await load(location.href);
  if (!loaded || mine !== newest) return;
  if (loaded.response.ok) adopt(loaded.page);
  else if (loaded.response.status < 500) location.reload(); // the page is gone or no longer allowed, and says so
}
