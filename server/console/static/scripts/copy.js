// Copy a value that the page shows only once. A reload must not send the form again that made it.

if (document.querySelector("[data-once]")) history.replaceState(history.state, "", location.href);

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const field = document.getElementById(button.dataset.copy);
  field.select();
  const said = button.querySelector("[data-copy-text]");
  const before = said.textContent;
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    return; // without access to the clipboard, the text is selected, ready for Ctrl+C
  }
  said.textContent = said.dataset.copied;
  const announcer = document.getElementById("announcer");
  if (announcer) announcer.textContent = said.dataset.copied;
  setTimeout(() => (said.textContent = before), 2000);
});
