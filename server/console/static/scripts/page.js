// For every page: show local times, close menus, send forms only once.

import { localize } from "./times.js";

localize(document);

// A message is about the last action, so a reload must not show it again.
const address = new URL(location.href);
if (address.searchParams.has("done") || address.searchParams.has("note")) {
  address.searchParams.delete("done");
  address.searchParams.delete("note");
  history.replaceState(history.state, "", address);
}

// On a phone, the tabs are wider than the screen: scroll to the current one.
document.querySelector(".tabs [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

const popups = () => document.querySelectorAll("details[data-popup][open]");
document.addEventListener("click", (event) => {
  for (const popup of popups()) if (!popup.contains(event.target)) popup.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const popup of popups()) {
    popup.open = false;
    popup.querySelector("summary").focus();
  }
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "1";
  setTimeout(() => delete form.dataset.sent, 4000);
});
