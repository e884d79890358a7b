// Show the chosen picture before it is sent.

const file = document.getElementById("file");
const preview = document.querySelector("[data-preview]");
let shown = null;

file?.addEventListener("change", () => {
  if (shown) URL.revokeObjectURL(shown);
  shown = null;
  const chosen = file.files[0];
  preview.replaceChildren();
  preview.hidden = !chosen?.type.startsWith("image/");
  if (preview.hidden) return;
  shown = URL.createObjectURL(chosen);
  const picture = new Image();
  picture.src = shown;
  picture.alt = chosen.name;
  preview.append(picture);
});
