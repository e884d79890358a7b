// Show times in the viewer's own zone and language; the server writes UTC.

import { said } from "./sentences.js";

// English uses the format of the viewer's region. All languages use the same digits.
const page = document.documentElement.lang;
const spoken = page === "en" ? undefined : `${page}-u-nu-latn`;
const clock = new Intl.DateTimeFormat(spoken, { hour: "2-digit", minute: "2-digit" });
const thisYear = new Intl.DateTimeFormat(spoken, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
const anyYear = new Intl.DateTimeFormat(spoken, { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" });
const exact = new Intl.DateTimeFormat(spoken, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", second: "2-digit" });
const whole = new Intl.DateTimeFormat(spoken, { dateStyle: "full", timeStyle: "long" });

function short(at, now) {
  if (at.toDateString() === now.toDateString()) return said("today", { time: clock.format(at) });
  return (at.getFullYear() === now.getFullYear() ? thisYear : anyYear).format(at);
}

export function localize(root) {
  const now = new Date();
  for (const element of root.querySelectorAll("time[datetime]")) {
    const at = new Date(element.dateTime);
    if (Number.isNaN(at.getTime())) continue;
    element.textContent = "seconds" in element.dataset ? exact.format(at) : short(at, now);
    element.title = whole.format(at);
  }
}
