// The TikTok accounts tab: a click on a row opens the account beside the list.

import { BY_A_PERSON, load } from "./refresh.js";
import { morph } from "./morph.js";

const panel = document.getElementById("panel");
const content = document.getElementById("panel-content");
const wide = matchMedia("(min-width: 861px)");
let shown = null;
let asked = 0;

function show(page, address) {
  const detail = page.getElementById("account-detail");
  if (!detail) return false;
  const open = content.firstElementChild;
  if (open && shown === address.split(/[?#]/)[0]) morph(open, document.importNode(detail, true));
  else content.replaceChildren(document.importNode(detail, true));
  shown = address.split(/[?#]/)[0];
  return true;
}

async function open(address, options) {
  asked += 1;
  const loaded = await load(address, { ...BY_A_PERSON, ...options }).catch(() => null);
  if (!loaded || !loaded.response.ok || !show(loaded.page, loaded.response.url)) {
    location.assign(loaded ? loaded.response.url : address);
    return;
  }
  if (!panel.open) panel.showModal();
  const question = content.querySelector(".confirm a, .confirm button");
  if (question) question.closest(".confirm").scrollIntoView({ block: "nearest" });
}

document.addEventListener("click", (event) => {
  if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const inPanel = event.target.closest("#panel-content a[data-in-panel]");
  if (inPanel) {
    event.preventDefault();
    open(inPanel.href).then(() => content.querySelector("[data-testid='unlink-confirm'], [data-testid='unlink']")?.focus());
    return;
  }
  const row = event.target.closest("[data-testid='account-row']");
  if (!row || event.target.closest("summary, button, .grants") || String(getSelection())) return;
  const link = row.querySelector("a[data-panel]");
  if (wide.matches) {
    event.preventDefault();
    open(link.href);
  } else if (!event.target.closest("a")) {
    link.click();
  }
});

content.addEventListener("submit", (event) => {
  event.preventDefault();
  const form = event.target;
  open(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
});

panel.querySelector("[data-close]").addEventListener("click", () => panel.close());
panel.addEventListener("click", (event) => {
  if (event.target === panel) panel.close();
});
panel.addEventListener("close", () => {
  shown = null;
  content.replaceChildren();
});

// Someone else may change the open account.
document.addEventListener("refreshed", async () => {
  if (!panel.open || !shown || content.querySelector(".confirm")) return;
  const before = asked;
  const loaded = await load(shown).catch(() => null);
  if (asked !== before || !panel.open) return; // a newer request is running
  if (loaded?.response.ok) show(loaded.page, shown);
  else if (loaded?.response.status === 404) panel.close();
});
