// Fit the console and the phone into the window, and reset the demo.

const find = (id) => document.getElementById(id);
const DESKTOP_PX = 1180; // the narrowest width at which the console shows every column, and its figures in one row
const NARROW_DESKTOP_PX = 900; // wide enough for the menu
const PHONE_HEIGHT_PX = 868;
const PHONE_SCALE_LIMIT = 1.2; // it is an enlarged picture and would blur

function fit() {
  const phone = document.querySelector(".phone");
  const phoneScale = Math.min(PHONE_SCALE_LIMIT, find("app-room").clientHeight / PHONE_HEIGHT_PX);
  document.documentElement.style.setProperty("--phone-scale", phoneScale);
  phone.style.transform = `scale(${phoneScale})`;
  const { clientWidth: width, clientHeight: height } = find("console-room");
  if (!width || !height) return;
  const wanted = Math.max(width, width < 760 ? NARROW_DESKTOP_PX : DESKTOP_PX);
  const scale = width / wanted;
  const frame = document.querySelector(".window");
  document.documentElement.style.setProperty("--console-scale", scale);
  Object.assign(frame.style, { width: `${wanted}px`, height: `${height / scale}px`, transform: `scale(${scale})` });
}

new ResizeObserver(fit).observe(document.querySelector(".stage"));
fit();

for (const dialog of document.querySelectorAll("dialog")) {
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || event.target.closest("[data-close]")) dialog.close();
  });
}
find("ask-reset").addEventListener("click", () => find("reset-dialog").showModal());
find("show-code")?.addEventListener("click", () => find("code-dialog").showModal());

find("reset").addEventListener("click", async (event) => {
  event.target.disabled = true;
  try {
    const answer = await fetch("/demo/reset", { method: "POST" });
    if (!answer.ok) throw new Error(String(answer.status));
    say((await answer.json()).said);
    const inside = find("console").contentWindow.location;
    inside.replace(inside.pathname === "/login" ? "/login" : "/");
    find("app").contentWindow.location.replace("/app/");
  } catch {
    say(document.body.dataset.failed, true);
  }
  event.target.disabled = false;
  find("reset-dialog").close();
});

function say(text, wrong = false) {
  find("said").textContent = text;
  find("said").classList.toggle("wrong", wrong);
}
